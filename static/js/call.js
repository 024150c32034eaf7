// The call screen and the queue by keyboard. Everything works without this file, by mouse.
(() => {
  const form = document.getElementById("call-form");
  const typing = (element) => element.matches("input:not([type=radio]):not([type=checkbox]):not([type=hidden]), textarea, select, [contenteditable]");
  const panels = () => [...document.querySelectorAll("details.call-panel")];
  const openPanel = () => panels().find((panel) => panel.open);
  const close = (panel) => {
    panel.open = false;
    panel.querySelector("summary").focus();
  };

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const panel = openPanel();
      if (typing(target) && !target.closest("details.call-panel")) target.blur();
      else if (panel) close(panel);
      return;
    }
    const field = typing(target) || target.matches("input[type=radio], input[type=checkbox]");
    if (event.key === "Enter" && form && target.form === form && field && target.tagName !== "TEXTAREA") {
      event.preventDefault(); // in a panel Enter saves that result, elsewhere it leaves the field
      const panel = target.closest("details.call-panel");
      if (panel) panel.querySelector("button[name=result]").click();
      else target.blur();
      return;
    }
    if (typing(target)) return;
    if (target.closest(".call-panel-body") && target.matches("input")) return; // a choice is being made
    const key = event.key.toLowerCase();
    if (key === "k" && document.getElementById("km")) {
      event.preventDefault();
      document.getElementById("km").focus();
      return;
    }
    const button = /^[a-z0-9]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
    if (button && !event.repeat) {
      event.preventDefault();
      button.click();
      // "toggle" comes a moment later: the next key must find the focus in the panel already.
      const panel = button.closest("details.call-panel");
      if (button.tagName === "SUMMARY" && panel?.open) {
        byKey.add(panel);
        enter(panel);
      }
    }
  });

  // A panel that opens takes the focus, and the others close.
  const byKey = new WeakSet();
  const enter = (panel) => {
    for (const other of panels()) if (other !== panel) other.open = false;
    fillDefaults(panel);
    panel.querySelector("input:not([type=hidden]), select, button[name=result]")?.focus();
  };
  for (const panel of panels()) {
    panel.addEventListener("toggle", () => {
      if (panel.open && !byKey.delete(panel)) enter(panel);
    });
    if (panel.open) fillDefaults(panel);
  }
  // What a panel loads when it opens takes the focus that the panel had.
  document.addEventListener("htmx:afterSettle", (event) => {
    const panel = event.detail.target;
    if (panel.id === "booking" && !panel.contains(document.activeElement)) panel.querySelector("input:not([type=hidden]), select, button[name=result]")?.focus();
  });
  for (const button of document.querySelectorAll("[data-close-panel]")) {
    button.addEventListener("click", () => close(button.closest("details")));
  }

  function fillDefaults(panel) {
    const day = panel.querySelector("[data-default-day]");
    const time = panel.querySelector("[data-default-time]");
    if (day && !day.value) day.value = day.dataset.defaultDay;
    if (time && !time.value) time.value = `${String(Math.min(new Date().getHours() + 1, 17)).padStart(2, "0")}:00`;
  }

  // While something is done here the call stays mine.
  if (form) {
    let active = false;
    for (const name of ["keydown", "pointerdown", "input"]) document.addEventListener(name, () => { active = true; });
    setInterval(() => {
      if (!active) return;
      active = false;
      fetch(form.dataset.touch, { method: "POST", body: new FormData(form), credentials: "same-origin" })
        .then((answer) => { if (answer.status === 409) window.location.reload(); })
        .catch(() => {}); // the next one will do
    }, 60000);
  }
  document.querySelector("[data-first-focus]")?.focus();
})();
