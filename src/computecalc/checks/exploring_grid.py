"""Figures over the product grid of sliders' marks: where marks are needed, and how far interpolation is off."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from computecalc.estimators.columns import column_metrics
from computecalc.estimators.inputs import Resolved
from computecalc.records import record
from computecalc.units.readable import Rung

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["TOLERANCE", "WANTED", "Grid", "Slider", "evaluated", "refined", "rounded", "spaced", "thinned"]

TOLERANCE = 0.005
"""Relative distance from the engine that is let pass between marks."""

WANTED = (0.0025, 0.001)
"""The same along one slider while marks are placed, because the distances of several add up: at first, and then."""

_MOST_MARKS = 9
_STEPS = (13, 9, 7, 5, 3)
"""Marks of a slider that has marks alone, from fine to coarse."""

_FEW = 5
_MOST_CASES = 60_000
_COMBINATIONS = 12
_EXACT = 1e-9
"""Relative distance that is rounding."""

_PARTS = (0.25, 0.5, 0.75)
"""Where between two marks the engine is asked while marks are placed."""


@record
class Slider:
    """One assumption: its marks in coherent units, ascending, and which of them is reported."""

    path: str
    unit: str
    rung: Rung
    """Unit that all its values are shown in."""
    marks: tuple[float, ...]
    now: int
    is_stepped: bool = False
    """Whether it stops at marks alone, because figures jump between them."""


def spaced(low: float, now: float, high: float, count: int) -> tuple[float, ...]:
    """Return marks from low to high, evenly in logarithms on both sides of the value as it is, which is one of them."""
    if low == now:
        below, above = 0, count - 1
    elif high == now:
        below, above = count - 1, 0
    else:
        share = math.log(now / low) / math.log(high / low)
        below = min(max(round(share * (count - 1)), 1), count - 2)
        above = count - 1 - below
    left = [low * (now / low) ** (step / below) for step in range(below)]
    right = [high * (now / high) ** (step / above) for step in range(above)]
    return (*left, now, *reversed(right))


def rounded(value: float, rung: Rung) -> float:
    """Round to what a reader sees, so that a mark is what is written on it."""
    return float(f"{value / rung.factor:.4g}") * rung.factor


def evaluated(
    resolved: Resolved, names: Sequence[str], columns: Mapping[str, NDArray[np.float64]], count: int
) -> dict[str, NDArray[np.float64]]:
    """Ask the engine for some metrics over columns of inputs; what it does not give is not a number."""
    found = column_metrics(resolved, columns)
    with np.errstate(all="ignore"):
        return {
            name: np.array(np.broadcast_to(np.asarray(found.get(name, math.nan), dtype=np.float64), (count,)))
            for name in names
        }


class Grid:
    """Sliders, and what the engine says at every combination of their marks."""

    def __init__(
        self, resolved: Resolved, names: tuple[str, ...], sliders: tuple[Slider, ...], sums: Mapping[str, Sequence[str]]
    ) -> None:
        self.resolved, self.names, self.sliders, self.sums = resolved, names, sliders, sums

    def with_slider(self, place: int, slider: Slider) -> Grid:
        """Return the grid with another slider in one place."""
        sliders = [*self.sliders]
        sliders[place] = slider
        return Grid(self.resolved, self.names, tuple(sliders), self.sums)

    def without_last(self) -> Grid:
        """Return the grid without its least important slider."""
        return Grid(self.resolved, self.names, self.sliders[:-1], self.sums)

    @property
    def cases(self) -> int:
        """Combinations of all marks."""
        return math.prod(len(slider.marks) for slider in self.sliders)

    @cached_property
    def values(self) -> dict[str, NDArray[np.float64]]:
        """Each figure over the grid, one axis a slider."""
        shape = tuple(len(slider.marks) for slider in self.sliders)
        mesh = np.meshgrid(*(np.array(slider.marks) for slider in self.sliders), indexing="ij")
        found = self._asked([each.ravel() for each in mesh], self.names)
        return {name: each.reshape(shape) for name, each in found.items()}

    def _asked(self, columns: Sequence[NDArray[np.float64]], names: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        paths = [slider.path for slider in self.sliders]
        return evaluated(self.resolved, names, dict(zip(paths, columns, strict=True)), len(columns[0]))

    @property
    def moved(self) -> tuple[str, ...]:
        """Figures that any slider moves."""
        return tuple(name for name in self.names if any(self._moves(name, place) for place in range(len(self.sliders))))

    def _moves(self, name: str, place: int) -> bool:
        values = self.values[name]
        first = np.take(values, [0], axis=place)
        return not np.allclose(values, first, rtol=_EXACT, atol=0.0, equal_nan=True)

    def is_logarithmic(self, name: str) -> bool:
        """Whether a figure is positive wherever it is known, so that it is interpolated in its logarithm."""
        values = self.values[name]
        return bool(np.all(values[np.isfinite(values)] > 0.0))

    def carried(self, name: str) -> tuple[tuple[int, ...], dict[int, float], NDArray[np.float64]]:
        """Return the sliders whose marks a figure is carried at, the others with their powers, and the figure."""
        values = self.values[name]
        sliders: list[int] = []
        powers: dict[int, float] = {}
        for place, slider in enumerate(self.sliders):
            power = self._power(name, place)
            if power is None:
                sliders.append(place)
                continue
            values = np.take(values, [slider.now], axis=place)
            if power:
                powers[place] = power
        return tuple(sliders), powers, values

    def _power(self, name: str, place: int) -> float | None:
        """Return which power of a slider a figure is, whatever the others are: 0 where it does not move it."""
        if not self._moves(name, place):
            return 0.0
        slider, values = self.sliders[place], self.values[name]
        if not self.is_logarithmic(name) or not np.all(np.isfinite(values)):
            return None
        logs = np.moveaxis(np.log(values), place, -1)
        marks = np.log(np.array(slider.marks))
        power = float((logs[..., -1] - logs[..., 0]).ravel()[0] / (marks[-1] - marks[0]))
        line = logs[..., slider.now][..., None] + power * (marks - marks[slider.now])
        return float(f"{power:.9g}") if bool(np.all(np.abs(line - logs) <= _EXACT)) else None

    @property
    def numbers(self) -> int:
        """How many figures would be carried."""
        return sum(self.carried(name)[2].size for name in self.moved)

    def errors(self, points: int) -> dict[str, float]:
        """Return how far each moved figure, and each sum, is from the engine at most, at points between the marks."""
        drawn = np.random.default_rng(points)
        columns = [_drawn(slider, drawn, points) for slider in self.sliders]
        truth = self._asked(columns, [*self.names, *self.sums])
        guesses = {name: self._interpolated(name, columns) for name in self.names}
        for name, parts in self.sums.items():
            guesses[name] = np.sum([guesses[part] for part in parts], axis=0)
        return {name: _distance(guesses[name], truth[name]) for name in (*self.moved, *self.sums)}

    def _interpolated(self, name: str, columns: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        """Interpolate a figure: linear in the logarithms of sliders, and of the figure where it is positive."""
        values = self.values[name]
        is_logarithmic = self.is_logarithmic(name)
        values = np.log(values) if is_logarithmic else values
        places = [_place(np.array(slider.marks), column) for slider, column in zip(self.sliders, columns, strict=True)]
        total = np.zeros(len(columns[0]))
        for corner in product((0, 1), repeat=len(places)):
            weight = np.ones(len(total))
            index = []
            for side, (segment, share) in zip(corner, places, strict=True):
                weight = weight * (share if side else 1.0 - share)
                index.append(segment + side)
            total += np.where(weight > 0.0, weight * values[tuple(index)], 0.0)
        return np.exp(total) if is_logarithmic else total

    def along(self, place: int) -> NDArray[np.float64]:
        """Return how far interpolation along one slider alone is off between each two marks, over all figures."""
        marks = np.array(self.sliders[place].marks)
        inner = [_between(marks, part) for part in _PARTS]
        line = np.concatenate([marks, *inner])
        drawn = np.random.default_rng(place)
        others = [_drawn(slider, drawn, _COMBINATIONS) for slider in self.sliders]
        columns = [np.repeat(each, len(line)) for each in others]
        columns[place] = np.tile(line, _COMBINATIONS)
        worst = np.zeros(len(marks) - 1)
        for found in self._asked(columns, self.names).values():
            rows = found.reshape(_COMBINATIONS, len(line))
            logs = np.log(rows) if np.all(rows > 0.0) else rows
            ends = logs[:, : len(marks)]
            for number, part in enumerate(_PARTS, 1):
                truth = rows[:, number * (len(marks) - 1) + 1 :][:, : len(marks) - 1]
                guess = ends[:, :-1] * (1.0 - part) + ends[:, 1:] * part
                guess = np.exp(guess) if np.all(rows > 0.0) else guess
                worst = np.maximum(worst, _apart(guess, truth).max(axis=0))
        return worst

    def spare(self, place: int) -> tuple[bool, int]:
        """Tell how well a slider can do with fewer marks: the more it has, above all where it stops at them."""
        slider = self.sliders[place]
        return (slider.is_stepped and len(slider.marks) > _FEW, len(slider.marks))

    def with_worst_stepped(self) -> Grid:
        """Return the grid with the slider that is interpolated worst stopping at its marks alone."""
        able = [place for place, slider in enumerate(self.sliders) if not slider.is_stepped]
        worst = max(able, key=lambda place: float(self.along(place).max()))
        return self.with_slider(worst, _stepped(self.sliders[worst], _STEPS[0]))


def refined(grid: Grid, wanted: float) -> Grid:
    """Place marks where interpolation along a slider is off; a slider that stays off stops at marks alone."""
    for place in range(len(grid.sliders)):
        slider = grid.sliders[place]
        while not slider.is_stepped:
            off = grid.with_slider(place, slider).along(place) > wanted
            if not off.any():
                break
            if len(slider.marks) + int(off.sum()) > _MOST_MARKS:
                slider = _stepped(slider, _STEPS[0])
                break
            middles = [rounded(each, slider.rung) for each in _between(np.array(slider.marks), 0.5)[off].tolist()]
            now = slider.marks[slider.now]
            marks = tuple(sorted({*slider.marks, *middles}))
            slider = replace(slider, marks=marks, now=marks.index(now))
        grid = grid.with_slider(place, slider)
    return grid


def thinned(grid: Grid, most: int) -> Grid:
    """Take marks away until the figures are few enough; the last slider goes when that is not enough."""
    while grid.cases > _MOST_CASES or grid.numbers > most:
        longest = max(range(len(grid.sliders)), key=grid.spare)
        slider = grid.sliders[longest]
        fewer = next((count for count in _STEPS if count < len(slider.marks)), None)
        if fewer is not None:
            grid = grid.with_slider(longest, _stepped(slider, fewer))
        elif len(grid.sliders) > 1:
            grid = grid.without_last()
        else:
            break
    return grid


def _stepped(slider: Slider, count: int) -> Slider:
    """Return a slider of so many marks that stops at them alone."""
    now = slider.marks[slider.now]
    marks = spaced(slider.marks[0], now, slider.marks[-1], count)
    marks = tuple(each if each == now else rounded(each, slider.rung) for each in marks)
    return replace(slider, marks=marks, now=marks.index(now), is_stepped=True)


def _drawn(slider: Slider, drawn: np.random.Generator, count: int) -> NDArray[np.float64]:
    marks = np.array(slider.marks)
    if slider.is_stepped:
        return np.array(marks[drawn.integers(len(marks), size=count)])
    return np.array(np.exp(drawn.uniform(math.log(marks[0]), math.log(marks[-1]), size=count)))


def _place(marks: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the segment of each value, and where in it, as a share of its logarithm."""
    segment = np.clip(np.searchsorted(marks, values, side="right") - 1, 0, len(marks) - 2)
    share = np.log(values / marks[segment]) / np.log(marks[segment + 1] / marks[segment])
    return segment, np.clip(share, 0.0, 1.0)


def _between(marks: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    return np.array(marks[:-1] ** (1.0 - share) * marks[1:] ** share)


def _distance(guess: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    return float(_apart(guess, truth).max(initial=0.0))


def _apart(guess: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Relative distances; infinite where one is a number and the other none, nothing where neither is."""
    with np.errstate(all="ignore"):
        apart = np.where(guess == truth, 0.0, np.abs(guess / truth - 1.0))
    neither = ~np.isfinite(guess) & ~np.isfinite(truth)
    return np.where(neither, 0.0, np.where(np.isfinite(apart), apart, math.inf))
