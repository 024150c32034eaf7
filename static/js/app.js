// What every page has: the search key, colours, questions before acts, and words when a request fails.
"use strict";

const toast = document.getElementById("toast");

function say(key) {
  if (!toast) return;
  toast.querySelector(".toast-text").textContent = toast.dataset[key];
  toast.hidden = false;
}

function typing(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

// "/" goes to the search box from anywhere; arrows walk through what it found; Esc puts it away.
const box = document.getElementById("search-box");
const found = document.getElementById("search-results");

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && box && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  }
});

if (box) {
  const form = document.getElementById("search");
  form.addEventListener("keydown", (event) => {
    const links = [...found.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      found.replaceChildren();
      box.focus();
    } else if (event.key === "ArrowDown" && links.length) {
      event.preventDefault();
      links[Math.min(at + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at === 0 ? box : links[at - 1]).focus();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) found.replaceChildren();
  });
  box.addEventListener("input", () => {
    if (!box.value.trim()) found.replaceChildren();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) found.replaceChildren();
  });
}

// Light and dark are a cookie: the server writes it into the page before it is painted.
document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
  const root = document.documentElement;
  const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
  root.dataset.bsTheme = theme;
  document.cookie = `theme=${theme};path=/;max-age=31536000;samesite=lax`;
  document.dispatchEvent(new CustomEvent("theme-changed", { detail: theme }));
});

// data-confirm on a form or button: ask before it is sent.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !event.target.hasAttribute("hx-post") && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);
document.addEventListener("htmx:confirm", (event) => {
  const question = event.detail.triggeringEvent?.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (!question) return;
  event.preventDefault();
  if (window.confirm(question)) event.detail.issueRequest(true);
});

// A form is sent once; the button rests until the answer is there.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// data-autosubmit: a filter that is sent when it is changed.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
});

// What the last act says is read first.
const flash = (root) => root.querySelector("[data-flash]")?.focus({ preventScroll: root === document });
flash(document);
document.addEventListener("htmx:afterSwap", (event) => flash(event.detail.target));

// A bar while requests run, words when they fail.
let running = 0;
const bar = document.getElementById("request-bar");
document.addEventListener("htmx:beforeRequest", () => bar?.classList.toggle("running", ++running > 0));
document.addEventListener("htmx:afterRequest", () => bar?.classList.toggle("running", --running > 0));
document.addEventListener("htmx:sendError", () => say("offline"));
document.addEventListener("htmx:timeout", () => say("slow"));
document.addEventListener("htmx:responseError", (event) => {
  const words = { 401: "signedOut", 403: "forbidden", 404: "gone", 410: "gone" };
  say(words[event.detail.xhr.status] || "failed");
});
toast?.querySelector("button").addEventListener("click", () => { toast.hidden = true; });
