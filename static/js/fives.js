// A 5S check on a phone (form[data-fives]): what is said and photographed is kept on this device
// until the server has it, so that neither a mistake nor a lost connection loses a photo.
"use strict";

import { deliver, fill, forget, keep, kept, showErrors, showPhotos, shrunk, valuesOf } from "./drafts.js";

const RETRY = 10000; // milliseconds between two tries without a connection
const form = document.querySelector("form[data-fives]");
const note = document.querySelector("[data-draft]");
const points = [...form.querySelectorAll("[data-point]")];
const address = location.pathname + location.search;
const key = `${form.dataset.user} ${address} ${new Date().toDateString()}`;
const photos = {}; // name of the field → the pictures taken
let ready = false; // sent by the person, not yet taken by the server
let busy = false;
let timer = 0;

function tell(word) {
  note.hidden = !word;
  note.querySelector("[data-draft-text]").textContent = word ? note.dataset[word] : "";
}

async function save() {
  clearTimeout(timer);
  try {
    await keep(key, { values: valuesOf(form), photos, ready });
  } catch {
    tell("full");
  }
}

function remember() {
  clearTimeout(timer);
  timer = setTimeout(save, 200);
}

async function draw(point) {
  const { name } = point.querySelector("input[type=file]");
  const changed = async () => { await draw(point); remember(); };
  await showPhotos(point.querySelector("[data-photos]"), photos[name] || [], changed);
}

async function take(point, input) {
  const broken = [];
  const files = [...input.files];
  input.value = ""; // sent are the pictures that are shown
  for (const file of files) {
    try {
      (photos[input.name] ||= []).push(await shrunk(file));
    } catch {
      broken.push(file.name);
    }
  }
  await draw(point);
  const strip = point.querySelector("[data-photos]");
  for (const name of broken) {
    const told = document.createElement("div");
    told.className = "text-danger";
    told.setAttribute("role", "alert");
    told.textContent = `${name}: ${strip.dataset.broken}`;
    strip.append(told);
  }
  remember();
}

async function packed(csrf) {
  const data = new FormData(form);
  data.set("csrfmiddlewaretoken", csrf);
  for (const [name, taken] of Object.entries(photos)) {
    data.delete(name);
    taken.forEach((blob, n) => data.append(name, blob, `${n + 1}.jpg`));
  }
  return data;
}

async function send() {
  if (busy) return;
  busy = ready = true;
  tell("sending");
  await save();
  const { went, errors, word } = await deliver(address, packed);
  busy = false;
  if (went) {
    clearTimeout(timer);
    await forget(key);
    location.assign(went);
    return;
  }
  tell(word || "");
  if (!errors) return;
  ready = false;
  await save();
  showErrors(errors);
}

async function start() {
  for (const point of points) {
    const input = point.querySelector("input[type=file]");
    point.classList.add("with-script");
    input.addEventListener("change", () => take(point, input));
  }
  form.addEventListener("input", remember);
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); }, true);
  note.querySelector("[data-forget]").addEventListener("click", async () => {
    if (!window.confirm(note.querySelector("[data-forget]").dataset.question)) return;
    clearTimeout(timer);
    await forget(key);
    location.reload();
  });
  const again = () => { if (ready) send(); };
  window.addEventListener("online", again);
  setInterval(again, RETRY);
  const draft = await kept(key).catch(() => undefined);
  if (!draft) return;
  fill(form, draft.values);
  Object.assign(photos, draft.photos);
  for (const point of points) await draw(point);
  ready = draft.ready;
  tell("restored");
  if (ready) send();
}

start();
