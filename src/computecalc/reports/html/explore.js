(() => {
  const block = document.getElementById("explore-data");
  if (!block) return;
  const DIGITS = 4;
  const SVG = "http://www.w3.org/2000/svg";

  // Numbers as the rest of the page writes them: the unit by size, four digits, none of a count left out.
  const grouped = (text) => {
    const [whole, part] = text.split(".");
    return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
  };
  const rungOf = (value, rungs) => {
    if (value === 0) return rungs.find((rung) => rung.factor === 1) || rungs[0];
    let found = rungs[0];
    for (const rung of rungs.slice(1))
      if (Number((Math.abs(value) / rung.start).toPrecision(DIGITS)) >= 1) found = rung;
    return found;
  };
  const written = (value, rung) => {
    let scaled = value / rung.factor;
    if (scaled === 0) return "0";
    const nearest = Math.round(scaled);
    if (nearest && Math.abs(scaled / nearest - 1) < 1e-9) scaled = nearest;
    if (rung.style === "whole" && Math.abs(scaled) < 1e15) {
      const power = Math.floor(Math.log10(Math.abs(scaled)));
      const decimals = Number.isInteger(scaled) ? 0 : Math.max(DIGITS - 1 - power, 0);
      return grouped(scaled.toFixed(decimals)) + rung.suffix;
    }
    const [mantissa, power] = scaled.toExponential(DIGITS - 1).split("e").map(Number);
    if (rung.style === "scientific" || power >= 15 || power < -4)
      return `${mantissa.toFixed(DIGITS - 1)}e${power}${rung.suffix}`;
    return grouped(Number(scaled.toPrecision(DIGITS)).toFixed(Math.max(DIGITS - 1 - power, 0))) + rung.suffix;
  };
  const withUnit = (value, rung) => `${written(value, rung)} ${rung.unit}`.trim();
  const shown = (value, rungs) => (value === null ? "unknown" : withUnit(value, rungOf(value, rungs)));

  // Where a slider stands: between which marks, how far in logarithms, and the value there.
  const placed = (slider, position) => {
    const segment = Math.min(Math.floor(position / slider.steps), slider.marks.length - 2);
    const share = position / slider.steps - segment;
    const [low, high] = [slider.marks[segment], slider.marks[segment + 1]];
    const value = share === 0 ? low : share === 1 ? high : low * Math.pow(high / low, share);
    return share === 1 ? { segment: segment + 1, share: 0, value } : { segment, share, value };
  };

  const interpolated = (figure, places, sliders) => {
    const lengths = figure.sliders.map((each) => sliders[each].marks.length);
    let corners = [{ index: 0, weight: 1 }];
    figure.sliders.forEach((each, axis) => {
      const { segment, share } = places[each];
      const at = (corner, step, weight) =>
        ({ index: corner.index * lengths[axis] + segment + step, weight: corner.weight * weight });
      corners = corners.flatMap((corner) =>
        share === 0 ? [at(corner, 0, 1)] : [at(corner, 0, 1 - share), at(corner, 1, share)]);
    });
    const values = corners.map((corner) => figure.values[corner.index]);
    if (values.some((value) => value === null)) return null;
    if (values.length === 1) return values[0];
    const total = (scale) => corners.reduce((sum, corner, place) => sum + corner.weight * scale(values[place]), 0);
    return figure.log ? Math.exp(total(Math.log)) : total((value) => value);
  };
  const valueOf = (scenario, figure, places) => {
    if (figure.parts.length) {
      const values = figure.parts.map((part) => valueOf(scenario, scenario.figures[part], places));
      return values.includes(null) ? null : values.reduce((sum, value) => sum + value, 0);
    }
    const value = interpolated(figure, places, scenario.sliders);
    if (value === null) return null;
    return figure.powers.reduce((product, [place, power]) => {
      const slider = scenario.sliders[place];
      return product * Math.pow(places[place].value / slider.marks[slider.now], power);
    }, value);
  };

  const drawn = (tag, attributes, text) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const explorer = (panel, scenario) => {
    const inputs = [...panel.querySelectorAll("input[type=range]")];
    const rows = [...panel.querySelectorAll("tr[data-figure]")];
    const picture = panel.querySelector(".response svg");
    const wanted = panel.querySelector(".response select");
    const status = panel.querySelector(".status");
    let last = 0;
    const start = scenario.sliders.map((slider) => slider.now * slider.steps);
    const placesAt = (positions) => scenario.sliders.map((slider, place) => placed(slider, positions[place]));
    const reported = scenario.figures.map((figure) => valueOf(scenario, figure, placesAt(start)));

    const follow = (row, value, was) => {
      const figure = scenario.figures[Number(row.dataset.figure)];
      row.querySelector(".now").textContent = shown(value, figure.rungs);
      const ratio = value !== null && was ? value / was : null;
      const same = ratio === null || Math.abs(ratio - 1) < 5e-7;
      const change = row.querySelector(".change");
      change.textContent = ratio === null ? "" : same ? "0.0 %" : ratio >= 2 ? `×${ratio.toPrecision(3)}`
        : `${ratio > 1 ? "+" : "−"}${Math.abs(100 * (ratio - 1)).toFixed(1)} %`;
      const bar = row.querySelector("rect.bar");
      const reach = same || ratio <= 0 ? 0 : Math.max(-50, Math.min(50, 25 * Math.log2(ratio)));
      bar.setAttribute("x", String(reach < 0 ? 50 + reach : 50));
      bar.setAttribute("width", String(Math.abs(reach)));
      bar.setAttribute("class", `bar ${reach < 0 ? "down" : "up"}`);
    };

    const curve = (positions) => {
      const figure = scenario.figures[Number(wanted.value)];
      const slider = scenario.sliders[last];
      const most = (slider.marks.length - 1) * slider.steps;
      const points = [];
      for (let position = 0; position <= most; position += 1) {
        const at = positions.map((each, place) => (place === last ? position : each));
        const places = placesAt(at);
        points.push({ position, x: places[last].value, y: valueOf(scenario, figure, places) });
      }
      const known = points.filter((point) => point.y !== null);
      picture.replaceChildren();
      if (!known.length) return;
      const top = Math.max(...known.map((point) => point.y));
      const bottom = Math.min(0, ...known.map((point) => point.y));
      const across = (x) => 8 + 384 * Math.log(x / slider.marks[0]) / Math.log(slider.marks.at(-1) / slider.marks[0]);
      const upwards = (y) => 176 - 150 * (y - bottom) / (top - bottom || 1);
      const rung = rungOf(top, figure.rungs);
      picture.append(drawn("path", { class: "axis line", d: "M8 176 H392" }));
      if (slider.stepped) {
        for (const point of known)
          picture.append(drawn("path", { class: "guide line", d: `M${across(point.x)} 176 V${upwards(point.y)}` }));
      } else {
        const line = known.map((point) => `${across(point.x).toFixed(2)} ${upwards(point.y).toFixed(2)}`).join(" L");
        picture.append(drawn("path", { class: "curve", d: `M${line}` }));
      }
      for (const point of known) if (point.position % slider.steps === 0)
        picture.append(drawn("circle", { class: "mark", cx: across(point.x), cy: upwards(point.y), r: 3.5 }));
      const here = known.find((point) => point.position === positions[last]);
      if (here) picture.append(drawn("circle", { class: "here", cx: across(here.x), cy: upwards(here.y), r: 5.5 }));
      picture.append(
        drawn("text", { x: 8, y: 12 }, `${withUnit(top, rung)} at most`),
        drawn("text", { x: 8, y: 194 }, withUnit(slider.marks[0], slider.rung)),
        drawn("text", { x: 392, y: 194, class: "said-end" }, withUnit(slider.marks.at(-1), slider.rung)),
        drawn("text", { x: 200, y: 194, class: "said-middle name" }, slider.label));
      picture.setAttribute("aria-label",
        `${figure.label} against ${slider.label}: ${shown(known[0].y, figure.rungs)} at ` +
        `${withUnit(known[0].x, slider.rung)}, ${shown(known.at(-1).y, figure.rungs)} at ` +
        `${withUnit(known.at(-1).x, slider.rung)}`);
    };

    const update = () => {
      const positions = inputs.map((input) => Number(input.value));
      const places = placesAt(positions);
      inputs.forEach((input, place) => {
        const slider = scenario.sliders[place];
        const text = withUnit(places[place].value, slider.rung);
        input.closest(".slider").querySelector("output").textContent = text;
        input.setAttribute("aria-valuetext", text);
        input.closest(".slider").classList.toggle("moved", positions[place] !== start[place]);
      });
      rows.forEach((row) => {
        const place = Number(row.dataset.figure);
        follow(row, valueOf(scenario, scenario.figures[place], places), reported[place]);
      });
      const moved = positions.some((position, place) => position !== start[place]);
      const between = places.some((place) => place.share !== 0);
      status.textContent = !moved ? "As reported."
        : between ? "Between marks: interpolated." : "At marks: figures of the engine itself.";
      curve(positions);
    };
    inputs.forEach((input, place) => {
      input.disabled = false;
      input.addEventListener("input", () => { last = place; update(); });
    });
    wanted.addEventListener("change", update);
    panel.querySelector("button").addEventListener("click", () => {
      inputs.forEach((input, place) => { input.value = String(start[place]); });
      update();
    });
    panel.querySelector(".controls").hidden = false;
    panel.querySelector(".response").hidden = false;
    update();
  };

  const data = JSON.parse(block.textContent);
  for (const panel of document.querySelectorAll("[data-explorer]"))
    explorer(panel, data[Number(panel.dataset.explorer)]);
})();
