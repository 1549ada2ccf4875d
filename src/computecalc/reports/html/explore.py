"""Sliders for the main assumptions, and the figures that follow them in the browser."""

from __future__ import annotations

from typing import Any

from computecalc.checks.exploring import Exploration, ExploredFigure
from computecalc.checks.exploring_grid import Slider
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate
from computecalc.reports.html.markup import Markup, element, void
from computecalc.reports.html.page import Section, section
from computecalc.reports.html.summary import NAMES
from computecalc.units.display import display
from computecalc.units.readable import Rung, ladder

__all__ = ["exploration_data", "explore_section"]

_STEPS = 24
"""Positions between two marks."""

_LABELS = {
    "data.tokens": "Training tokens",
    "efficiency.goodput": "Goodput",
    "efficiency.mfu": "Model FLOPs utilization (MFU)",
    "efficiency.stack": "Software stack factor",
    "campus.capital": "Capital of the facility",
    "money.ownership.accelerator_price": "Price of an accelerator",
    "money.ownership.lifetime": "Life of an accelerator",
    "money.ownership.operations": "Upkeep a year",
    "money.price": "Price of an accelerator hour",
    "power.accelerator": "Power of an accelerator",
    "power.draw": "Draw of an accelerator, share of its design power",
    "power.host_overhead": "Hosts and network, times accelerator power",
    "reliability.interruptions": "Rate of interruptions",
    "serving.residual": "Step time over that of the model",
    "site.electricity_price": "Price of electricity",
    "site.grid_intensity": "Carbon intensity of the grid",
    "site.grid_water": "Water of the grid",
    "site.pue": "Power usage effectiveness (PUE)",
    "step.residual": "Step time over that of the model",
    "traffic.input": "Tokens of a prompt",
    "traffic.output": "Tokens of an answer",
    "traffic.rate": "Rate of requests",
}


def explore_section(anchor: str, estimate: Estimate, found: Exploration, place: int, *, level: int) -> Section:
    """Return the panel of one scenario; the script fills it with life, and without it the reported values stand.

    Parameters
    ----------
    anchor : str
        Start of its anchors.
    estimate : Estimate
        The scenario.
    found : Exploration
        Sliders and figures.
    place : int
        Which of the page's data it has.
    level : int
        Of its heading.
    """
    lead = (
        "Move an assumption and see what follows. The plan stays as reported: model, layout, batch and what was "
        "searched are not searched again."
    )
    sliders = [_slider(anchor, number, slider) for number, slider in enumerate(found.sliders)]
    controls = element(
        "div",
        element("button", "Reset to the report", type="button"),
        element("span", "As reported.", class_="status small", role="status"),
        class_="controls",
        hidden=True,
    )
    panel = element(
        "div",
        controls,
        element(
            "div",
            element("div", *sliders),
            element("div", _figures(estimate, found), _response(anchor, found)),
            class_="explore-grid",
        ),
        data_explorer=str(place),
    )
    missing = element("noscript", element("p", "The sliders need JavaScript; all else on this page does not."))
    note = element("p", _honesty(found), class_="note")
    return section(f"{anchor}explore", "Explore", missing, panel, note, level=level, lead=lead)


def _honesty(found: Exploration) -> str:
    """Say what is the engine's, what is interpolated, and how far that may be off."""
    stepped = [_label(slider.path) for slider in found.sliders if slider.is_stepped]
    text = (
        "At the marks of the sliders, and as reported, the figures are those of the engine. Between marks they are "
        f"interpolated in logarithms: at {found.points} points between marks they differ from the engine by "
        f"{_percent(found.error)}."
    )
    if stepped:
        text += (
            f" {' and '.join([', '.join(stepped[:-1]), stepped[-1]] if stepped[1:] else stepped)} "
            f"{'stop' if stepped[1:] else 'stops'} at marks alone, because whole replicas, nodes or accelerators make "
            "figures jump between them."
        )
    return text


def _percent(share: float) -> str:
    return "less than 0.0001 %" if share < 1e-6 else f"at most {100.0 * share:.2g} %"


def _label(path: str) -> str:
    return _LABELS.get(path, path)


def _slider(anchor: str, number: int, slider: Slider) -> Markup:
    steps = 1 if slider.is_stepped else _STEPS
    name = f"{anchor}slider-{number}"
    now = _written(slider.marks[slider.now], slider.rung)
    return element(
        "div",
        element("label", element("span", _label(slider.path)), element("output", now, for_=name), for_=name),
        void(
            "input",
            type="range",
            id=name,
            min="0",
            max=str((len(slider.marks) - 1) * steps),
            step="1",
            value=str(slider.now * steps),
            disabled=True,
            data_path=slider.path,
            aria_valuetext=now,
        ),
        element(
            "div",
            element("span", _number(slider.marks[0], slider.rung)),
            element("code", slider.path),
            element("span", _number(slider.marks[-1], slider.rung)),
            class_="ends",
        ),
        class_="slider",
    )


def _number(value: float, rung: Rung) -> str:
    """Return a value in the unit of its slider, without it."""
    number = value / rung.factor
    return f"{number:.4g}{rung.suffix}" if abs(number) < 1e4 else f"{number:,.0f}{rung.suffix}"


def _written(value: float, rung: Rung) -> str:
    return f"{_number(value, rung)} {rung.unit}".rstrip()


def _figures(estimate: Estimate, found: Exploration) -> Markup:
    places = {figure.id: place for place, figure in enumerate(found.figures)}
    rows = []
    for figure in found.figures:
        if figure.is_part:
            continue
        rows.append(_row(estimate, figure.id, places[figure.id], is_part=False))
        rows += [_row(estimate, part, places[part], is_part=True) for part in figure.parts if part in places]
    heads = ("figure", "now", "change", "")
    return element(
        "div",
        element(
            "table",
            element("caption", "Figures that follow the sliders", class_="unseen"),
            element(
                "thead",
                element(
                    "tr",
                    *(
                        element("th", each, scope="col", class_="number" if place in (1, 2) else None)
                        for place, each in enumerate(heads)
                    ),
                ),
            ),
            element("tbody", *rows),
            class_="follow",
        ),
        class_="scrolls",
        role="region",
        aria_label="Figures that follow the sliders",
        tabindex="0",
    )


def _row(estimate: Estimate, name: str, place: int, *, is_part: bool) -> Markup:
    value = estimate.outputs[name]
    shown = str(display(value.mid or 0.0, value.unit))
    label = (
        f"of it {NAMES.get(name, name).partition(', ')[2] or name.rpartition('.')[2]}"
        if is_part
        else NAMES.get(name, name)
    )
    bar = element(
        "svg",
        element("rect", class_="zero", x="49.5", y="0", width="1", height="12"),
        element("rect", class_="bar up", x="50", y="2", width="0", height="8"),
        viewBox="0 0 100 12",
        aria_hidden="true",
    )
    return element(
        "tr",
        element("th", label, scope="row", title=f"{name}: {METRICS[name].meaning}"),
        element("td", shown, class_="now number"),
        element("td", "0.0 %", class_="change number"),
        element("td", bar),
        data_figure=str(place),
        data_metric=name,
        class_="part" if is_part else None,
    )


def _response(anchor: str, found: Exploration) -> Markup:
    options = [
        element("option", NAMES.get(figure.id, figure.id), value=str(place))
        for place, figure in enumerate(found.figures)
        if not figure.is_part
    ]
    name = f"{anchor}response"
    return element(
        "div",
        element(
            "div",
            element("label", "Response of ", for_=name),
            element("select", *options, id=name),
            element("span", " to the slider moved last; circles are its marks.", class_="small"),
        ),
        element("svg", viewBox="0 0 400 200", class_="picture", role="img", aria_label="Response to a slider"),
        class_="response chart",
        hidden=True,
    )


def exploration_data(found: Exploration) -> dict[str, Any]:
    """Return what the script needs of one scenario."""
    places = {figure.id: place for place, figure in enumerate(found.figures)}
    return {
        "sliders": [
            {
                "path": slider.path,
                "label": _label(slider.path),
                "marks": [float(f"{mark:.12g}") for mark in slider.marks],
                "now": slider.now,
                "steps": 1 if slider.is_stepped else _STEPS,
                "stepped": slider.is_stepped,
                "rung": _rung(slider.rung),
            }
            for slider in found.sliders
        ],
        "figures": [_figure(figure, places) for figure in found.figures],
    }


def _figure(figure: ExploredFigure, places: dict[str, int]) -> dict[str, Any]:
    return {
        "id": figure.id,
        "label": NAMES.get(figure.id, figure.id),
        "rungs": [_rung(rung) for rung in ladder(figure.unit)],
        "sliders": list(figure.sliders),
        "powers": [[place, power] for place, power in figure.powers.items()],
        "values": [None if each is None else int(each) if each.is_integer() else each for each in figure.values],
        "log": figure.is_logarithmic,
        "parts": [places[part] for part in figure.parts if part in places],
    }


def _rung(rung: Rung) -> dict[str, Any]:
    return {
        "start": rung.start,
        "factor": rung.factor,
        "unit": rung.unit,
        "suffix": rung.suffix,
        "style": rung.style,
    }
