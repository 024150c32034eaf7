// The box in the heading of a list ticks or clears all boxes of that name.
document.addEventListener("change", (event) => {
  const name = event.target.dataset && event.target.dataset.checkAll;
  if (!name) return;
  const boxes = event.target.closest("form").querySelectorAll(`input[type="checkbox"][name="${name}"]`);
  for (const box of boxes) box.checked = event.target.checked;
});
