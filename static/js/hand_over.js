// The run sheet of a hand-over: the time box with its steps, and photos that are kept on this
// device with what sign.js keeps, until the server has it all.
"use strict";

import { forget, keep, kept, showPhotos, shrunk } from "./drafts.js";

const form = document.querySelector("form[data-run]");
const sections = [...(form?.querySelectorAll("[data-step]") || [])];
const strip = form?.querySelector("[data-photos]");
const input = form?.querySelector("[data-photos-input]");
const key = form && `${form.dataset.user} ${location.pathname + location.search}`;
let photos = [];

// ---- the time box

function ended() {
  try {
    return JSON.parse(form.elements.ended.value || "{}");
  } catch {
    return {};
  }
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function draw() {
  const times = ended();
  const now = Date.now();
  let begin = Date.parse(form.dataset.started);
  const total = (now - begin) / 1000;
  let current = null;
  for (const section of sections) {
    const at = times[section.dataset.step];
    const end = at ? Date.parse(at) : null;
    const real = section.querySelector("[data-real]");
    const button = section.querySelector("[data-end]");
    if (!end && !current) current = section;
    const seconds = end ? (end - begin) / 1000 : current === section ? (now - begin) / 1000 : null;
    real.textContent = seconds === null ? "" : clock(seconds);
    real.classList.toggle("over", seconds > section.dataset.planned * 60);
    section.classList.toggle("current", current === section);
    button.classList.toggle("btn-success", Boolean(end));
    button.setAttribute("aria-pressed", String(Boolean(end)));
    const words = button.querySelector("span");
    words.dataset.words ||= words.textContent;
    const hour = end && new Date(end).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    words.textContent = end ? `${button.dataset.done} ${hour}` : words.dataset.words;
    if (end) begin = end;
  }
  const bar = form.querySelector("[data-total-bar]");
  form.querySelector("[data-total]").textContent = clock(total);
  bar.value = Math.min(total / 60, bar.max);
  form.querySelector(".run-clock").classList.toggle("over", total / 60 > bar.max);
}

function toggle(section) {
  const times = ended();
  const step = section.dataset.step;
  if (times[step]) delete times[step];
  else times[step] = new Date().toISOString();
  form.elements.ended.value = JSON.stringify(times);
  form.dispatchEvent(new Event("input"));
  draw();
  if (times[step]) document.querySelector("[data-step].current")?.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

// ---- photos

async function addPhotos(files) {
  strip.querySelectorAll("[role=alert]").forEach((old) => old.remove());
  const broken = [];
  for (const file of files) {
    try {
      photos.push(await shrunk(file));
    } catch {
      broken.push(`${file.name}: ${strip.dataset.broken}`);
    }
  }
  await carry();
  for (const text of broken) {
    const told = document.createElement("div");
    told.className = "text-danger";
    told.setAttribute("role", "alert");
    told.textContent = text;
    strip.append(told);
  }
  form.dispatchEvent(new Event("input"));
}

// What is shown, what is kept, and what the form sends are the same pictures.
async function carry() {
  const carried = new DataTransfer();
  photos.forEach((blob, n) => carried.items.add(new File([blob], `${n + 1}.jpg`, { type: "image/jpeg" })));
  input.files = carried.files;
  await keep(`${key} photos`, photos).catch(() => {});
  await showPhotos(strip, photos, async () => {
    await carry();
    form.dispatchEvent(new Event("input"));
  });
}

async function start() {
  const draft = await kept(key).catch(() => undefined);
  photos = (draft && (await kept(`${key} photos`).catch(() => undefined))) || [];
  await carry();
  input.addEventListener("change", () => {
    const files = [...input.files];
    addPhotos(files);
  });
  for (const section of sections) {
    section.querySelector("[data-end]").addEventListener("click", () => toggle(section));
  }
  await import("./sign.js"); // after the photos: what was ready to be sent goes with them
  draw();
  setInterval(draw, 1000);
}

const signed = document.querySelector("[data-signed]");
if (form) start();
else if (signed) forget(`${signed.dataset.user} ${signed.dataset.sheet} photos`).catch(() => {});
