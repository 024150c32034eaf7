// The survey by keyboard: call.js presses the keys that the buttons name, here is what it lacks.
(() => {
  const typing = (element) => element.matches("input:not([type=radio]):not([type=hidden]), textarea, select");
  const fill = () => {
    for (const bar of document.querySelectorAll("#survey [data-width]")) {
      const all = Number(bar.parentElement.getAttribute("aria-valuemax")) || 1;
      bar.style.width = `${(100 * Number(bar.dataset.width)) / all}%`;
    }
    if (window.innerWidth < 992) document.querySelector(".survey-map")?.removeAttribute("open");
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" || event.repeat || typing(event.target)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=radio]")) return;
    document.querySelector("[data-step-back]")?.click();
  });
  document.addEventListener("htmx:afterSettle", fill);
  fill();
})();
