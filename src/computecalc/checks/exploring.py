"""What a reader may move in the browser: the main assumptions with their travel, and the figures that follow.

A page cannot run the engine. It carries figures that the engine gave, over the product grid of marks on each slider,
and interpolates between them in logarithms of both sides. How far that may be off is measured here, against the engine
at points between the marks, and said in the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from computecalc.checks.breakdown import parts_of
from computecalc.checks.exploring_grid import (
    TOLERANCE,
    WANTED,
    Grid,
    Slider,
    evaluated,
    refined,
    rounded,
    spaced,
    thinned,
)
from computecalc.checks.levers import scalar_keys
from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.estimators.results import MetricValue
from computecalc.records import record
from computecalc.units.fields import Quantity
from computecalc.units.readable import rung_for

__all__ = ["Exploration", "ExploredFigure", "explored", "travel"]

_FIGURES = (
    "time.wall",
    "accelerators",
    "latency.ttft",
    "latency.tpot",
    "cost.total",
    "cost.per_mtoken_output",
    "energy.facility",
    "carbon.total",
    "water.total",
    "capital.total",
    "silicon.cost",
    "break_even.volume",
    "memory.fits",
)
"""Metrics that follow the sliders, where they are known and anything moves them."""

_INSTEAD = {"carbon.total": "carbon.operational"}
"""What takes the place of a total that is not known."""

_SUMS = ("cost.total", "carbon.total", "capital.total", "water.total")
"""Totals that are added up in the browser where their parts are known, which need fewer marks than the total."""

_MAIN = (
    "traffic.rate",
    "efficiency.mfu",
    "step.residual",
    "serving.residual",
    "efficiency.stack",
    "efficiency.goodput",
    "traffic.tokens",
    "data.tokens",
    "traffic.output",
    "traffic.input",
    "money.price",
    "site.grid_intensity",
    "site.pue",
    "power.accelerator",
    "power.draw",
)
"""Assumptions that people ask about first, in this order; others follow by how far they move the figures."""

_MOST = 6
_LEAST_MOVE = 0.02
"""Sum over the figures of how far a slider moves each, as a logarithm, below which it is left out."""

_STRUCTURE = ("model.", "layout.", "step.", "engine.", "calibration.", "targets.", "traffic.bundle", "traffic.month")
"""Starts of inputs that choose another plan, or are no assumption of one."""

_POINTS = 256
_DIGITS = 7


@record
class ExploredFigure:
    """One metric over the marks of the sliders that move it."""

    id: str
    unit: str
    sliders: tuple[int, ...]
    """Those at whose marks it is carried."""
    powers: Mapping[int, float]
    """Other sliders that move it, each with the power of its share of the reported value."""
    values: tuple[float | None, ...]
    """Over the product of the marks, the last slider moving fastest; None where the engine gives no number."""
    is_logarithmic: bool
    """Whether it is interpolated in its logarithm."""
    error: float
    """Greatest relative distance from the engine at the points that were tried."""
    parts: tuple[str, ...] = ()
    """Figures that it is the sum of; it then has no values of its own."""
    is_part: bool = False
    """Whether it is there for a sum, and is not shown by itself."""


@record
class Exploration:
    """Sliders and figures of one scenario."""

    sliders: tuple[Slider, ...]
    figures: tuple[ExploredFigure, ...]
    points: int
    """Points between the marks at which the engine was asked."""

    @property
    def error(self) -> float:
        """Greatest relative distance of any figure from the engine."""
        return max((figure.error for figure in self.figures), default=0.0)

    @property
    def numbers(self) -> int:
        """How many figures it carries."""
        return sum(len(figure.values) for figure in self.figures)


def explored(resolved: Resolved, outputs: Mapping[str, MetricValue], *, most: int) -> Exploration | None:
    """Lay out sliders of a scenario and the figures that follow them.

    Parameters
    ----------
    resolved : Resolved
        The scenario; its plan (layout, batch, count) is held.
    outputs : mapping
        Its metrics; unknown ones are left out.
    most : int
        Numbers that may be carried.

    Returns
    -------
    Exploration or None
        None where nothing can be moved.
    """
    shown = _known(outputs)
    sums = {name: [part.id for part in parts_of(outputs, name)] for name in _SUMS if name in shown}
    sums = {name: parts for name, parts in sums.items() if len(parts) > 1}
    parts = [part for each in sums.values() for part in each]
    names = tuple(dict.fromkeys([*(name for name in shown if name not in sums), *parts]))
    sliders = _chosen(resolved, shown)
    if not sliders or not names:
        return None
    grid, errors = _within(Grid(resolved, names, sliders, sums), most)
    figures = []
    moved = {name for name, each in sums.items() if any(part in grid.moved for part in each)}
    whole = [part for name in moved for part in sums[name]]
    for name in dict.fromkeys((*grid.moved, *whole, *moved)):
        made = _sum if name in moved else _figure
        figures.append(made(grid, name, outputs[name], errors.get(name, 0.0)))
    figures = [replace(each, is_part=each.id not in shown) for each in figures]
    order = (*shown, *parts)
    figures.sort(key=lambda figure: order.index(figure.id))
    return Exploration(grid.sliders, tuple(figures), _POINTS) if figures else None


def _known(outputs: Mapping[str, MetricValue]) -> tuple[str, ...]:
    known = {name for name, value in outputs.items() if value.mid is not None}
    wanted = (name if name in known else _INSTEAD.get(name, name) for name in _FIGURES)
    return tuple(name for name in wanted if name in known)


def _within(plain: Grid, most: int) -> tuple[Grid, Mapping[str, float]]:
    """Place marks until interpolation is close enough: more of them, then sliders that stop at marks alone."""
    grid, errors = plain, {}
    for wanted in WANTED:
        grid = thinned(refined(plain, wanted), most)
        errors = grid.errors(_POINTS)
        if max(errors.values(), default=0.0) <= TOLERANCE:
            return grid, errors
    while max(errors.values()) > TOLERANCE and not all(slider.is_stepped for slider in grid.sliders):
        grid = thinned(grid.with_worst_stepped(), most)
        errors = grid.errors(_POINTS)
    return grid, errors


def travel(given: ResolvedInput, accepted: Quantity | None) -> tuple[float, float]:
    """Return how far a slider goes: half to double and over the whole range, within what the key accepts."""
    mid = given.range.mid
    low, high = min(given.range.low, mid / 2.0), max(given.range.high, mid * 2.0)
    if accepted is None:
        return low, min(high, 1.0) if given.unit == "1" and given.range.high <= 1.0 else high
    if accepted.minimum is not None and (low < accepted.minimum or accepted.exclusive_minimum):
        low = max(low, accepted.minimum)
    if accepted.maximum is not None:
        limit = (mid + accepted.maximum) / 2.0 if accepted.exclusive_maximum else accepted.maximum
        high = min(high, limit)
    return low, high


def _chosen(resolved: Resolved, names: Sequence[str]) -> tuple[Slider, ...]:
    """Return the sliders: known assumptions first, then what moves the figures most."""
    keys = _keys(resolved.kind)
    found = {
        given.path: (given, travel(given, keys.get(given.path)))
        for given in resolved.inputs.values()
        if _is_assumption(given, keys.get(given.path))
    }
    found = {path: each for path, each in found.items() if 0.0 < each[1][0] < each[1][1]}
    moves = _moves(resolved, names, {path: ends for path, (_, ends) in found.items()})
    able = [path for path in found if moves[path] >= _LEAST_MOVE]
    main = [path for path in _MAIN if path in able]
    others = sorted((path for path in able if path not in main), key=lambda path: (-moves[path], path))
    return tuple(_slider(*found[path]) for path in (*main, *others)[:_MOST])


def _is_assumption(given: ResolvedInput, accepted: Quantity | None) -> bool:
    if given.range.mid <= 0.0 or given.path.startswith(_STRUCTURE) or given.axis:
        return False
    if accepted is not None or given.path in _MAIN:
        return accepted is None or not accepted.integer
    # What is no key of a scenario is a constant of the catalog, unless nobody knows it exactly.
    return not given.range.is_exact


def _keys(kind: str) -> dict[str, Quantity]:
    if kind == "infer":
        from computecalc.scenario.serving.schema import InferScenario

        return scalar_keys(InferScenario)
    from computecalc.scenario.schema import TrainScenario

    return scalar_keys(TrainScenario)


def _moves(resolved: Resolved, names: Sequence[str], travels: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return how far each input alone moves the figures over its travel, as a sum of logarithms."""
    paths = list(travels)
    if not paths:
        return {}
    count = 2 * len(paths)
    columns = {path: np.full(count, resolved.inputs[path].range.mid) for path in paths}
    for place, path in enumerate(paths):
        columns[path][2 * place : 2 * place + 2] = travels[path]
    found = evaluated(resolved, names, columns, count)
    return {
        path: sum(_distance(*found[name][2 * place : 2 * place + 2].tolist()) for name in names)
        for place, path in enumerate(paths)
    }


def _distance(low: float, high: float) -> float:
    if math.isfinite(low) and math.isfinite(high) and low > 0.0 and high > 0.0:
        return abs(math.log(high / low))
    return 0.0 if low == high else 1.0


def _slider(given: ResolvedInput, ends: tuple[float, float]) -> Slider:
    unit = given.formula_unit or given.unit
    rung = rung_for(unit, given.range.mid, digits=4)
    now = given.range.mid
    low, high = (rounded(end, rung) for end in ends)
    marks = spaced(low if low < now else now, now, high if high > now else now, 3)
    return Slider(given.path, unit, rung, marks, marks.index(now))


def _figure(grid: Grid, name: str, output: MetricValue, error: float) -> ExploredFigure:
    sliders, powers, values = grid.carried(name)
    numbers = tuple(float(f"{each:.{_DIGITS}g}") if math.isfinite(each) else None for each in values.ravel().tolist())
    return ExploredFigure(name, output.unit, sliders, powers, numbers, grid.is_logarithmic(name), error)


def _sum(grid: Grid, name: str, output: MetricValue, error: float) -> ExploredFigure:
    return ExploredFigure(name, output.unit, (), {}, (), True, error, tuple(grid.sums[name]))
