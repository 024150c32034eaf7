// A form with a sheet to sign (form[data-sign]): what is entered and signed is kept on this device
// until the server has it, so that a lost connection loses nothing and sends nothing twice.
"use strict";

import { forget, keep, kept } from "./drafts.js";

const RETRY = 10000; // milliseconds between two tries without a connection
const form = document.querySelector("form[data-sign]");
const note = document.querySelector("[data-draft]");
const address = location.pathname + location.search;
const key = form && `${form.dataset.user} ${address}`;
const canvas = form?.querySelector("canvas.signature");
let pad = null;
let ready = false; // sent by the person, not yet taken by the server
let busy = false;
let timer = 0;

function tell(word) {
  note.hidden = !word;
  note.querySelector("[data-draft-text]").textContent = word ? note.dataset[word] : "";
}

function fit() {
  const lines = pad.toData();
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad.fromData(lines);
}

function values() {
  const found = {};
  for (const field of form.elements) {
    if (!field.name || field.type === "file" || field.name === "csrfmiddlewaretoken") continue;
    if (field.type === "checkbox") found[field.name] = field.checked;
    else if (field.type !== "radio" || field.checked) found[field.name] = field.value;
  }
  return found;
}

async function save() {
  clearTimeout(timer);
  try {
    await keep(key, { address, user: form.dataset.user, at: Date.now(), values: values(), lines: pad.toData(), ready });
  } catch {
    tell("full");
  }
}

function remember() {
  clearTimeout(timer);
  timer = setTimeout(save, 200);
}

async function restore() {
  const draft = await kept(key).catch(() => undefined);
  if (!draft) return;
  for (const field of form.elements) {
    if (!field.name || !(field.name in draft.values)) continue;
    if (field.type === "checkbox") field.checked = draft.values[field.name];
    else if (field.type === "radio") field.checked = field.value === draft.values[field.name];
    else field.value = draft.values[field.name];
  }
  pad.fromData(draft.lines);
  ready = draft.ready;
  tell("restored");
  if (ready) send();
}

function parse(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

async function packed(csrf) {
  const data = new FormData(form);
  data.set("csrfmiddlewaretoken", csrf);
  if (!pad.isEmpty()) {
    data.set("signature", await new Promise((done) => canvas.toBlob(done, "image/png")), "signature.png");
  }
  return data;
}

async function send() {
  if (busy) return;
  busy = true;
  ready = true;
  tell("sending");
  await save();
  try {
    // A page from before a sign-in has an old key against forgery: ask for a fresh one first. The
    // form may be gone from it, when the answer to an earlier try was lost on its way.
    const fresh = await fetch(address, { credentials: "same-origin" });
    const csrf = parse(await fresh.text()).querySelector("[name=csrfmiddlewaretoken]");
    if (!csrf || fresh.redirected) {
      tell(fresh.redirected ? "signedOut" : "waiting");
      return;
    }
    const answer = await fetch(address, { method: "POST", body: await packed(csrf.value), credentials: "same-origin" });
    if (answer.redirected && answer.ok && !parse(await answer.clone().text()).querySelector("[name=login]")) {
      clearTimeout(timer);
      await forget(key);
      location.assign(answer.url);
      return;
    }
    await told(answer);
  } catch {
    tell("waiting");
  } finally {
    busy = false;
  }
}

async function told(answer) {
  const errors = parse(await answer.text()).querySelector("[data-errors]");
  if (answer.status >= 500 || !errors) { tell("waiting"); return; }
  ready = false;
  await save();
  tell("");
  const place = document.querySelector("[data-errors]");
  place.replaceChildren(...errors.children);
  place.querySelector("[data-flash]")?.focus();
  place.scrollIntoView({ block: "center" });
}

async function startAnew() {
  if (!window.confirm(note.querySelector("[data-forget]").dataset.question)) return;
  clearTimeout(timer);
  await forget(key);
  location.reload();
}

async function start() {
  pad = new window.SignaturePad(canvas, { backgroundColor: "#fff", penColor: "#111" });
  fit();
  pad.addEventListener("endStroke", remember);
  window.addEventListener("resize", fit);
  form.querySelector("[data-clear]").addEventListener("click", () => { pad.clear(); remember(); });
  form.addEventListener("input", remember);
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); }, true);
  note.querySelector("[data-forget]").addEventListener("click", startAnew);
  const again = () => { if (ready) send(); };
  window.addEventListener("online", again);
  setInterval(again, RETRY);
  await restore();
}

if (form) start();
