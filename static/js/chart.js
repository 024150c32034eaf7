// <div data-chart="id of the JSON">: {days: […], series: [{name, values}]}: lines over days, in per
// cent; with kind "bar" numbers as bars, and links: where a bar leads to. stacked: bars upon one
// another. Of a bar chart a series with line is a line, one with right has points on its own scale.
// The same figures stand in a table beside it.
const drawn = new Map();

function look() {
  const style = getComputedStyle(document.body);
  const told = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  return {
    text: told("--tblr-body-color", "#182433"),
    line: told("--tblr-border-color", "#dadfe5"),
    paper: told("--tblr-bg-surface", "#fff"),
  };
}

function optionsOf({ kind, days, series, stacked }) {
  const { text, line, paper } = look();
  const bars = kind === "bar";
  const unit = bars ? "" : " %";
  const all = series.flatMap((one) => one.values).filter((value) => value !== null);
  const least = Math.max(0, Math.floor((Math.min(...all, 100) - 3) / 10) * 10);
  return {
    animation: false,
    color: ["#066fd1", "#d63939", "#f76707", "#ae3ec9", "#4b5563", "#2fb344", "#0ca678", "#f59f00", "#c2255c"],
    textStyle: { color: text, fontFamily: "inherit" },
    grid: { left: 8, right: 16, top: 64, bottom: 8, containLabel: true },
    legend: { top: 0, textStyle: { color: text }, icon: "roundRect", itemHeight: 4 },
    tooltip: {
      trigger: "axis",
      renderMode: "richText", // the other mode writes style attributes, which our policy forbids
      backgroundColor: paper,
      borderColor: line,
      textStyle: { color: text },
      valueFormatter: (value) => (value === null || value === undefined ? "–" : `${value}${unit}`),
    },
    xAxis: { type: "category", data: days, boundaryGap: bars, axisLabel: { color: text, hideOverlap: true }, axisLine: { lineStyle: { color: line } } },
    yAxis: [{
      type: "value",
      min: bars ? 0 : least,
      ...(bars ? { minInterval: 1 } : { max: 100 }),
      axisLabel: { color: text, formatter: `{value}${unit}` },
      splitLine: { lineStyle: { color: line } },
    }, { type: "value", show: series.some((one) => one.right), min: 0, axisLabel: { color: text }, splitLine: { show: false } }],
    series: series.map(({ name, values, line: drawn, right }, place) => bars ? {
      name,
      type: right ? "scatter" : drawn ? "line" : "bar",
      data: values,
      yAxisIndex: right ? 1 : 0,
      ...(stacked && !drawn ? { stack: "all" } : {}),
      ...(drawn ? { step: "middle", showSymbol: false, lineStyle: { color: text, width: 1.5 }, itemStyle: { color: text } } : {}),
    } : {
      name,
      type: "line",
      data: values,
      showSymbol: days.length < 3,
      connectNulls: true,
      lineStyle: { width: place ? 1.5 : 3 },
    }),
  };
}

for (const place of document.querySelectorAll("[data-chart]")) {
  const told = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const chart = echarts.init(place, null, { renderer: "svg" });
  chart.setOption(optionsOf(told));
  if (told.links) chart.on("click", ({ dataIndex }) => { location.href = told.links[dataIndex]; });
  drawn.set(chart, told);
}
addEventListener("resize", () => drawn.forEach((_told, chart) => chart.resize()));
addEventListener("beforeprint", () => drawn.forEach((_told, chart) => {
  const [width, height] = (chart.getDom().dataset.print ?? "640x190").split("x").map(Number);
  chart.resize({ width, height });
  chart.getZr().flush(); // now, not with the next frame: that one is not printed
}));
addEventListener("afterprint", () => drawn.forEach((_told, chart) => chart.resize()));
new MutationObserver(() => drawn.forEach((told, chart) => chart.setOption(optionsOf(told))))
  .observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
