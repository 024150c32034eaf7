// What was entered and not sent yet, kept by this browser (IndexedDB) under a name, and its way to
// the server: a form's token is part of the draft, and the server answers it once.
"use strict";

function ask(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("drafts", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("drafts");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const base = opening.result;
      const work = base.transaction("drafts", mode);
      const answer = act(work.objectStore("drafts"));
      work.oncomplete = () => { base.close(); done(answer.result); };
      work.onabort = () => { base.close(); failed(work.error); };
    };
  });
}

export const keep = (name, draft) => ask("readwrite", (drafts) => drafts.put(draft, name));
export const kept = (name) => ask("readonly", (drafts) => drafts.get(name));
export const forget = (name) => ask("readwrite", (drafts) => drafts.delete(name));

export async function keptAll() {
  const names = await ask("readonly", (drafts) => drafts.getAllKeys());
  return Promise.all(names.map(async (name) => [name, await kept(name)]));
}

export function valuesOf(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name || field.type === "file" || field.name === "csrfmiddlewaretoken") continue;
    if (field.type === "checkbox") found[field.name] = field.checked;
    else if (field.type !== "radio" || field.checked) found[field.name] = field.value;
  }
  return found;
}

export function fill(form, values) {
  for (const field of form.elements) {
    if (!field.name || !(field.name in values)) continue;
    if (field.type === "checkbox") field.checked = values[field.name];
    else if (field.type === "radio") field.checked = field.value === values[field.name];
    else field.value = values[field.name];
  }
}

const LONG_SIDE = 1920; // of a photo, as the server would shrink it

export async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
}

// The pictures in their strip, each with a button that takes it out and calls changed().
export async function showPhotos(strip, photos, changed) {
  const cells = await Promise.all(photos.map(async (blob, n) => {
    const picture = await createImageBitmap(blob, { resizeHeight: 192, resizeQuality: "medium" });
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    const cell = document.createElement("div");
    cell.className = "photo";
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn btn-icon";
    remove.setAttribute("aria-label", strip.dataset.remove);
    remove.textContent = "×";
    remove.addEventListener("click", () => { photos.splice(n, 1); changed(); });
    cell.append(canvas, remove);
    return cell;
  }));
  strip.replaceChildren(...cells);
}

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// Sends what packed(csrf) gives. One of: {went} the server has it, and where to go on; {errors} it
// refuses, and why; {word} it is to be tried again, and what to tell meanwhile.
export async function deliver(address, packed) {
  try {
    // A page from before a sign-in has an old key against forgery: ask for a fresh one first. The
    // form may be gone from it, when the answer to an earlier try was lost on its way.
    const fresh = await fetch(address, { credentials: "same-origin" });
    const csrf = parse(await fresh.text()).querySelector("[name=csrfmiddlewaretoken]");
    if (!csrf || fresh.redirected) return { word: fresh.redirected ? "signedOut" : "waiting" };
    const answer = await fetch(address, { method: "POST", body: await packed(csrf.value), credentials: "same-origin" });
    const page = parse(await answer.text());
    if (answer.redirected && answer.ok && !page.querySelector("[name=login]")) return { went: answer.url };
    const errors = page.querySelector("[data-errors]");
    return answer.status >= 500 || !errors ? { word: "waiting" } : { errors };
  } catch {
    return { word: "waiting" };
  }
}

export function showErrors(errors) {
  const place = document.querySelector("[data-errors]");
  place.replaceChildren(...errors.children);
  place.querySelector("[data-flash]")?.focus();
  place.scrollIntoView({ block: "center" });
}
