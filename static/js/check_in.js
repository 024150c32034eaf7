// The form at the car: marks on the drawing, photos, the signature, and all of it kept on this
// device until the server has it, so that a lost connection loses nothing and sends nothing twice.
"use strict";

import { deliver, fill, forget, keep, kept, keptAll, showErrors, showPhotos, shrunk, valuesOf } from "./drafts.js";

const SVG = "http://www.w3.org/2000/svg";
const RETRY = 10000; // milliseconds between two tries without a connection
const DAYS = 3; // that a draft is kept
const NEAR = 25; // per mille: a tap on a mark, not beside it

const form = document.querySelector("form[data-check-in]");
const walk = document.querySelector("[data-walk]");
const names = JSON.parse(document.getElementById("mark-kinds")?.textContent || "{}");
let marks = JSON.parse(document.getElementById("seen-marks")?.textContent || "[]");
let photos = [];
let ready = false; // sent by the person, not yet taken by the server
let busy = false;

// ---- marks

const drawing = walk?.querySelector(".car-drawing");
const list = walk?.querySelector("[data-mark-list]");

function element(tag, attributes, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

function drawMarks() {
  const layer = drawing.querySelector("[data-marks]");
  layer.replaceChildren(...marks.map((mark, n) => {
    const group = document.createElementNS(SVG, "g");
    const old = mark.since && mark.since < (walk.dataset.shown || "9");
    group.setAttribute("class", `mark mark-${mark.kind}${old ? " mark-old" : ""}`);
    group.setAttribute("transform", `translate(${mark.x} ${mark.y * 0.7})`);
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("r", 15);
    const label = document.createElementNS(SVG, "text");
    label.textContent = n + 1;
    group.append(circle, label);
    return group;
  }));
  if (!list) return;
  list.replaceChildren(...marks.map(markLine));
  if (!marks.length) list.append(element("li", { class: "list-group-item px-0 text-secondary" }, list.dataset.none));
  form.elements.marks.value = JSON.stringify(marks);
}

function markLine(mark, n) {
  const line = element("li", { class: "list-group-item px-0 d-flex gap-2 align-items-center" });
  const since = mark.since ? ` ${list.dataset.since} ${mark.since}` : "";
  line.append(element("span", { class: "text-nowrap" }, `${n + 1}. ${names[mark.kind]}${since}`));
  const note = element("input", { class: "form-control form-control-sm", maxlength: 60, "aria-label": list.dataset.note, placeholder: list.dataset.note });
  note.value = mark.note || "";
  note.addEventListener("input", () => {
    mark.note = note.value;
    form.elements.marks.value = JSON.stringify(marks);
    remember();
  });
  const remove = element("button", { class: "btn btn-sm", type: "button" }, list.dataset.remove);
  remove.addEventListener("click", () => { marks.splice(n, 1); drawMarks(); remember(); });
  line.append(note, remove);
  return line;
}

function tap(event) {
  const box = drawing.getBoundingClientRect();
  const x = Math.round(((event.clientX - box.left) / box.width) * 1000);
  const y = Math.round(((event.clientY - box.top) / box.height) * 1000);
  const at = marks.findIndex((mark) => Math.hypot(mark.x - x, (mark.y - y) * 0.7) < NEAR);
  if (at >= 0) {
    list.children[at].querySelector("input").focus();
    return;
  }
  marks.push({ kind: form.elements.mark_kind.value, x, y, note: "" });
  drawMarks();
  remember();
}

// ---- photos

const strip = form?.querySelector("[data-photos]");

async function addPhotos(files) {
  for (const file of files) {
    let blob;
    try {
      blob = await shrunk(file);
    } catch {
      strip.append(element("div", { class: "text-danger", role: "alert" }, `${file.name}: ${strip.dataset.broken}`));
      continue;
    }
    photos.push(blob);
  }
  await drawPhotos();
  remember();
}

async function drawPhotos() {
  await showPhotos(strip, photos, async () => { await drawPhotos(); remember(); });
}

// ---- signature

const canvas = form?.querySelector("canvas.signature");
let pad = null;

function fitSignature() {
  const lines = pad.toData();
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad.fromData(lines);
}

function startSignature() {
  pad = new window.SignaturePad(canvas, { backgroundColor: "#fff", penColor: "#111" });
  fitSignature();
  pad.addEventListener("endStroke", remember);
  window.addEventListener("resize", fitSignature);
  form.querySelector("[data-clear]").addEventListener("click", () => { pad.clear(); remember(); });
  form.elements.in_hurry.addEventListener("change", showSignature);
  showSignature();
}

function showSignature() {
  form.querySelector("[data-signature]").hidden = form.elements.in_hurry.checked;
  if (!form.elements.in_hurry.checked) fitSignature();
}

// ---- kept on this device

const note = document.querySelector("[data-draft]");
const address = location.pathname + location.search;
const key = form && `${form.dataset.user} ${address}`;
let timer = 0;

function tell(word) {
  note.hidden = !word;
  note.querySelector("[data-draft-text]").textContent = word ? note.dataset[word] : "";
}

async function save() {
  clearTimeout(timer);
  try {
    await keep(key, {
      address, user: form.dataset.user, car: form.dataset.car, at: Date.now(),
      values: valuesOf(form), marks, photos, lines: pad ? pad.toData() : [], ready,
    });
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
  ({ marks, photos, ready } = draft);
  drawMarks();
  await drawPhotos();
  if (pad) {
    showSignature();
    pad.fromData(draft.lines);
  }
  tell("restored");
  if (ready) send();
}

async function startAnew() {
  if (!window.confirm(note.querySelector("[data-forget]").dataset.question)) return;
  clearTimeout(timer);
  await forget(key);
  location.reload();
}

// ---- sent, once: the form's token is part of the draft, and the server answers it once

async function packed(csrf) {
  const data = new FormData(form);
  data.set("csrfmiddlewaretoken", csrf);
  data.delete("photos");
  photos.forEach((blob, n) => data.append("photos", blob, `${n + 1}.jpg`));
  if (pad && !pad.isEmpty() && !form.elements.in_hurry.checked) {
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

function again() {
  if (ready) send();
}

async function start() {
  drawMarks();
  drawing.addEventListener("click", tap);
  form.querySelector("#photos").addEventListener("change", async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    await addPhotos(files);
  });
  if (canvas) startSignature();
  const odd = form.querySelector("[data-last-km]");
  form.addEventListener("input", () => {
    if (odd) {
      const less = form.elements.km.value !== "" && Number(form.elements.km.value) < Number(odd.dataset.lastKm);
      odd.querySelector("[data-odd]").textContent = less ? odd.dataset.words : "";
    }
    remember();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); }, true);
  note.querySelector("[data-forget]").addEventListener("click", startAnew);
  window.addEventListener("online", again);
  setInterval(again, RETRY);
  await restore();
}

async function listDrafts(box) {
  const now = Date.now();
  for (const [name, draft] of await keptAll()) {
    if (now - draft.at > DAYS * 86400000) await forget(name);
    else if (draft.user === box.dataset.user && draft.car) {
      const at = new Date(draft.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      box.querySelector(".list-group").append(element("a", { class: "list-group-item list-group-item-action", href: draft.address }, `${draft.car} · ${at}`));
      box.hidden = false;
    }
  }
}

const drafts = document.querySelector("[data-drafts]");
if (form) start();
else if (drawing) drawMarks();
if (drafts) listDrafts(drafts).catch(() => {});
