// The editor of a survey model tells at every key how the weights of a group sum (the server checks too).
"use strict";

// Hundredths of a per cent as a whole number; what is no weight counts nothing.
function hundredths(typed) {
  return /^\d{1,3}(\.\d{1,2})?$/.test(typed.trim()) ? Math.round(Number(typed) * 100) : 0;
}

function tell(group) {
  let sum = 0;
  for (const input of document.querySelectorAll(`[data-of="${group}"]`)) sum += hundredths(input.value);
  const missing = 10000 - sum;
  for (const place of document.querySelectorAll(`[data-sum="${group}"]`)) {
    const words = missing > 0 ? place.dataset.less : missing < 0 ? place.dataset.more : place.dataset.right;
    const text = words.replace("[sum]", (sum / 100).toFixed(2)).replace("[by]", (Math.abs(missing) / 100).toFixed(2));
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("bg-green-lt", missing === 0);
    place.classList.toggle("bg-red-lt", missing !== 0);
  }
}

document.addEventListener("input", (event) => {
  if (event.target.dataset.of) tell(event.target.dataset.of);
});

for (const place of document.querySelectorAll("[data-sum]")) tell(place.dataset.sum);
document.addEventListener("htmx:afterSettle", () => {
  for (const place of document.querySelectorAll("[data-sum]")) tell(place.dataset.sum);
});
