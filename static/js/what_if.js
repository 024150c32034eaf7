// What if factors were raised: each slider raises its factor's score by so many points, which
// gives its weight's share of them to the index. The column without sliders says the same of one.
const table = document.querySelector("[data-what-if]");
const sliders = [...(table?.querySelectorAll("input[type=range]") ?? [])];
const whole = sliders.reduce((sum, one) => sum + Number(one.dataset.weight), 0);

function tell() {
  let total = 0;
  for (const one of sliders) {
    const points = (Number(one.value) * Number(one.dataset.weight)) / whole;
    one.nextElementSibling.textContent = `+${one.value} → +${points.toFixed(1)}`;
    total += points;
  }
  const place = table.querySelector("[data-total]");
  place.textContent = `+${total.toFixed(1)} → ${(Number(place.dataset.index) + total).toFixed(1)}`;
}

if (sliders.length) {
  for (const part of table.querySelectorAll(".scores-slider")) part.hidden = false;
  for (const one of sliders) one.addEventListener("input", tell);
  tell();
}
