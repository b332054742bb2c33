"use strict";
// Adds a curve that can be zoomed below each picture that has one. Nothing here is needed to read the report.
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const plots = [];
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  function draw(box, run) {
    const series = run.series;
    const place = document.createElement("div");
    place.className = "zoom";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Whole curve";
    const hint = document.createElement("span");
    hint.className = "note";
    hint.textContent = "Drag over a part to zoom.";
    place.append(button, hint);
    box.append(place);
    const values = [series.ran, series.total.map(Number), series.retained.map(Number)];
    const axis = { stroke: () => colour("--fg"), grid: { stroke: () => colour("--line") }, ticks: { stroke: () => colour("--line") } };
    const plot = new uPlot({
      width: Math.max(260, box.clientWidth), height: 260,
      scales: { x: { time: false } },
      axes: [Object.assign({ label: "steps that ran" }, axis),
        Object.assign({ size: 80, values: (u, ticks) => ticks.map(t => t === 0 ? "0" : t.toExponential(1)) }, axis)],
      series: [{ label: "steps" },
        { label: "everything that ran, FLOP", stroke: () => colour("--c0"), width: 2, value: (u, v) => v == null ? "" : v.toExponential(4) },
        { label: "still in the weights, FLOP", stroke: () => colour("--c1"), width: 2, dash: [6, 3], value: (u, v) => v == null ? "" : v.toExponential(4) }]
    }, values, place);
    button.addEventListener("click", () => plot.setScale("x", { min: values[0][0], max: values[0][values[0].length - 1] }));
    plots.push({ plot, box });
  }
  for (const box of document.querySelectorAll(".series")) {
    const run = data.runs.find(each => String(each.number) === box.dataset.run);
    if (run && run.series.ran.length > 1 && typeof uPlot === "function") {
      draw(box, run);
    }
  }
  addEventListener("resize", () => plots.forEach(each => each.plot.setSize({ width: Math.max(260, each.box.clientWidth), height: 260 })));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plots.forEach(each => each.plot.redraw(false, true)));
  window.flopledger = { data, plots: plots.map(each => each.plot) };
  document.documentElement.dataset.ready = String(plots.length);
})();
