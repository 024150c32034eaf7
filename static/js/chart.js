// <div data-chart="id of the JSON">: {days: […], series: [{name, values}]}: lines over days, in per
// cent; with kind "bar" numbers as bars, and links: where a bar leads to. stacked: bars upon one
// another. Of a bar chart a series with line is a line, one with right has points on its own scale.
// With kind "points" lines of points, not per cent, broken where a value is missing. A series with
// goal is what is to be reached. With kind
// "map" {x, y, points: [{name, x, y, told}]}: each point by its name, lines through the means.
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

function mapOf({ x, y, points }) {
  const { text, line, paper } = look();
  const mean = (name) => points.reduce((sum, one) => sum + one[name], 0) / (points.length || 1);
  const heavy = mean("x"), weak = mean("y");
  const axis = (name) => ({ type: "value", scale: true, name, nameLocation: "middle", nameGap: name === y ? 36 : 24, nameTextStyle: { color: text }, axisLabel: { color: text }, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: line } } });
  return {
    animation: false,
    textStyle: { color: text, fontFamily: "inherit" },
    grid: { left: 24, right: 44, top: 16, bottom: 24, containLabel: true },
    tooltip: { renderMode: "richText", backgroundColor: paper, borderColor: line, textStyle: { color: text }, formatter: ({ data }) => `${data.name}: ${data.value.join(" · ")} → ${data.told}` },
    xAxis: axis(x),
    yAxis: axis(y),
    series: [{
      type: "scatter",
      symbolSize: 12,
      label: { show: true, color: text, formatter: ({ data }) => data.name },
      markLine: { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: text, opacity: 0.4, type: "dashed" }, data: [{ xAxis: heavy }, { yAxis: weak }] },
      data: [...points].sort((one, other) => one.x - other.x || one.y - other.y).map(({ name, x: share, y: missing, told }, place, all) => ({ name, told, value: [share, missing], label: { position: place + 1 === all.length ? "top" : ["top", "bottom", "right"][place % 3] }, itemStyle: { color: share >= heavy && missing >= weak ? "#d63939" : "#066fd1" } })),
    }],
  };
}

function optionsOf(told) {
  return told.kind === "map" ? mapOf(told) : linesOf(told);
}

function linesOf({ kind, days, series, stacked }) {
  const { text, line, paper } = look();
  const bars = kind === "bar", points = kind === "points";
  const unit = bars || points ? "" : " %";
  const all = series.flatMap((one) => one.values).filter((value) => value !== null);
  const least = points ? Math.floor((Math.min(...all, 1000) - 10) / 50) * 50 : Math.max(0, Math.floor((Math.min(...all, 100) - 3) / 10) * 10);
  return {
    animation: false,
    color: ["#066fd1", "#d63939", "#f76707", "#ae3ec9", "#4b5563", "#2fb344", "#0ca678", "#f59f00", "#c2255c"],
    textStyle: { color: text, fontFamily: "inherit" },
    grid: { left: 8, right: 24, top: points ? 36 : 64, bottom: 8, containLabel: true },
    legend: { top: 0, type: points ? "scroll" : "plain", textStyle: { color: text }, icon: "roundRect", itemHeight: 4 },
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
      ...(bars ? { minInterval: 1 } : points ? { max: Math.ceil((Math.max(...all, 0) + 10) / 50) * 50 } : { max: 100 }),
      axisLabel: { color: text, formatter: `{value}${unit}` },
      splitLine: { lineStyle: { color: line } },
    }, { type: "value", show: series.some((one) => one.right), min: 0, axisLabel: { color: text }, splitLine: { show: false } }],
    series: series.map(({ name, values, line: drawn, right, goal }, place) => bars ? {
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
      showSymbol: !goal && (points || days.length < 3),
      connectNulls: !points,
      lineStyle: goal ? { width: 1.5, type: "dashed", color: text } : { width: place ? 1.5 : 3 },
      ...(goal ? { itemStyle: { color: text } } : {}),
    }),
  };
}

function drawIn(part) {
  for (const place of part.querySelectorAll("[data-chart]")) {
    if (echarts.getInstanceByDom(place)) continue;
    const told = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(optionsOf(told));
    if (told.links) chart.on("click", ({ dataIndex }) => { location.href = told.links[dataIndex]; });
    drawn.set(chart, told);
  }
}
drawIn(document);
document.addEventListener("htmx:load", ({ target }) => { // what came after the page, for what is gone
  for (const chart of drawn.keys()) {
    if (chart.getDom().isConnected) continue;
    drawn.delete(chart);
    chart.dispose();
  }
  drawIn(target);
});
addEventListener("resize", () => drawn.forEach((_told, chart) => chart.resize()));
addEventListener("beforeprint", () => drawn.forEach((_told, chart) => {
  const [width, height] = (chart.getDom().dataset.print ?? "640x190").split("x").map(Number);
  chart.resize({ width, height });
  chart.getZr().flush(); // now, not with the next frame: that one is not printed
}));
addEventListener("afterprint", () => drawn.forEach((_told, chart) => chart.resize()));
new MutationObserver(() => drawn.forEach((told, chart) => chart.setOption(optionsOf(told))))
  .observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
