// A form with a sheet to sign (form[data-sign]): what is entered and signed is kept on this device
// until the server has it, so that a lost connection loses nothing and sends nothing twice.
"use strict";

import { deliver, fill, forget, keep, kept, showErrors, valuesOf } from "./drafts.js";

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

async function save() {
  clearTimeout(timer);
  try {
    await keep(key, { address, user: form.dataset.user, at: Date.now(), values: valuesOf(form), lines: pad.toData(), ready });
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
  fill(form, draft.values);
  pad.fromData(draft.lines);
  ready = draft.ready;
  tell("restored");
  if (ready) send();
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
