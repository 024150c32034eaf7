// The door of the showroom: running clocks, the parties again every few seconds, keys.
"use strict";

const place = document.getElementById("door");
const register = document.getElementById("register");
const EVERY = 5000; // milliseconds

// The clock of the server, whatever this tablet's says.
let ahead = 0;
function listen() {
  ahead = Math.floor(Date.now() / 1000) - Number(place.querySelector("[data-now]").dataset.now);
}

function tell() {
  const now = Math.floor(Date.now() / 1000) - ahead;
  for (const clock of place.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, now - Number(clock.dataset.since));
    const minutes = Math.floor(seconds / 60);
    clock.textContent = minutes < 60
      ? `${minutes}:${String(seconds % 60).padStart(2, "0")}`
      : `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}`;
    const until = Number(clock.dataset.until);
    if (until) clock.classList.toggle("text-danger", now > until);
  }
}

// Not while somebody chooses there.
function busy() {
  return document.hidden || place.querySelector(".door-more[open], form[data-sent]") || place.contains(document.activeElement);
}

listen();
tell();
setInterval(tell, 1000);
setInterval(() => { if (!busy()) htmx.trigger(place, "look"); }, EVERY);
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== place) return;
  listen();
  tell();
});

// One menu at a time; Esc or a click beside it closes it.
document.addEventListener("click", (event) => {
  for (const open of place.querySelectorAll(".door-more[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const open = place.querySelector(".door-more[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
  const typing = event.target.closest("input:not([type=radio]), textarea, select");
  if (event.key.toLowerCase() === "n" && register && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    register.querySelector("input[type=radio]:checked").focus();
  }
});
