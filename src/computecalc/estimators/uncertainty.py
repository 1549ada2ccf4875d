"""Ranges: corners of low and high inputs as one array, and what drives a metric's range.

Up to `COMPLETE` ranged inputs every combination of their ends is evaluated. Beyond it the combinations would double
with each one more, so those are evaluated that reach furthest: for each metric the corner that every input, alone,
pulls down to, and the one that it pulls up to, and all corners of the widest few. Low and high are always values
that were evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from computecalc.estimators.inputs import ResolvedInput
from computecalc.estimators.swings import Swing, sorted_swings
from computecalc.formulas.table import Numeric
from computecalc.records import record

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "COMPLETE",
    "NOISE",
    "Axes",
    "Cases",
    "Spread",
    "corner_cases",
    "directed_cases",
    "ranged_axes",
]

COMPLETE = 14
"""Ranged inputs of which all corners are evaluated."""

_WIDEST = 10
"""Ranged inputs of which all corners are evaluated where there are more than `COMPLETE`."""

NOISE = 2.0**-40
"""Relative width that the rounding of floats may give to what is one value."""

Axes = Mapping[str, Sequence[ResolvedInput]]
"""Ranged inputs by the name of their uncertainty; those under one name are low together and high together."""


class Spread(NamedTuple):
    """A metric over all cases; `swings` come widest first."""

    low: float
    mid: float
    high: float
    swings: tuple[Swing, ...]

    @property
    def driver(self) -> str | None:
        """Input that moves the metric most; None when no input moves it."""
        return self.swings[0].path if self.swings else None


@record
class Cases:
    """The cases of a scenario: the middle, each ranged input alone at its ends, and corners."""

    axes: Axes
    values: Mapping[str, NDArray[np.float64]]
    """For each ranged input one value a case, shape (case,)."""
    is_complete: bool = True
    """Whether every corner is among them."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The ranged inputs; those that are low and high together under the name of their axis."""
        return tuple(self.axes)

    def number(self, given: ResolvedInput) -> Numeric:
        """Return what stands for an input: its cases, or its one value."""
        found = self.values.get(given.path)
        return given.range.mid if found is None else found

    def alone(self, metric: Numeric) -> NDArray[np.float64]:
        """Return a metric in the middle, then with each ranged input alone at its low and its high end."""
        values = np.asarray(metric, dtype=np.float64)
        first = 1 + 2 * len(self.axes)
        return values[:first] if values.ndim else np.full(first, values)

    def spread(self, metric: Numeric) -> Spread:
        """Fold a metric over the cases into low, middle, high and its drivers."""
        return self.spreads({"": metric})[""]

    def spreads(self, metrics: Mapping[str, Numeric]) -> dict[str, Spread]:
        """Fold several metrics at once."""
        moved = [name for name, metric in metrics.items() if isinstance(metric, np.ndarray) and metric.ndim]
        found = {name: Spread(*(float(metrics[name]),) * 3, ()) for name in metrics if name not in moved}
        if moved:
            values = np.stack([np.asarray(metrics[name], dtype=np.float64) for name in moved])
            columns = (values.min(axis=1), values.max(axis=1), values[:, : 1 + 2 * len(self.axes)])
            for name, low, high, alone in zip(moved, *(column.tolist() for column in columns), strict=True):
                found[name] = self.folded(low, high, alone)
        return found

    def folded(self, low: float, high: float, alone: Sequence[float]) -> Spread:
        """Make a spread of a metric's extremes, its middle, and its values with each ranged input alone at its ends."""
        mid = alone[0]
        if high - low <= NOISE * abs(mid):
            # What is asked for comes out of a recipe again, but for rounding: no input moves it.
            return Spread(mid, mid, mid, ())
        return Spread(low, mid, high, sorted_swings(self.axes, alone))


def ranged_axes(inputs: Iterable[ResolvedInput]) -> Axes:
    """Group the inputs that are ranges by the uncertainty they share."""
    axes: dict[str, list[ResolvedInput]] = {}
    for given in inputs:
        if not given.range.is_exact:
            axes.setdefault(given.axis or given.path, []).append(given)
    return axes


def corner_cases(inputs: Iterable[ResolvedInput]) -> Cases:
    """Lay out the middle, each ranged input alone at its ends and, up to `COMPLETE` of them, every corner.

    Where there are more, `directed_cases` adds corners once it is known what each input alone does.
    """
    axes = ranged_axes(inputs)
    count = len(axes)
    if count > COMPLETE:
        return _laid_out(axes, _alone_ends(count), is_complete=False)
    return _laid_out(axes, np.hstack([_alone_ends(count), _corner_ends(count)]), is_complete=True)


def directed_cases(cases: Cases, metrics: Iterable[Numeric]) -> Cases:
    """Add corners to cases that have none, by what each input alone does to each metric.

    Parameters
    ----------
    cases : Cases
        The middle, and each ranged input alone.
    metrics : iterable of numeric
        The metrics over these cases.

    Returns
    -------
    Cases
        The same, then for each metric the corners that lower and raise it most where inputs do not interact, and all
        corners of the inputs that move any metric most, the others in the middle.
    """
    count = len(cases.axes)
    alone = [cases.alone(metric) for metric in metrics]
    wanted = [_widest_corners(alone, count)]
    for each in alone:
        if each.min() < each.max():
            wanted += [_pulled(sign * each, tie) for sign in (1.0, -1.0) for tie in (-1, 1)]
    corners = np.unique(np.hstack(wanted), axis=1)
    return _laid_out(cases.axes, np.hstack([_alone_ends(count), corners]), is_complete=False)


def _laid_out(axes: Axes, ends: NDArray[np.int8], *, is_complete: bool) -> Cases:
    """Take the ends (-1 low, 0 middle, 1 high; shape (axis, case)) as values of inputs."""
    values = {
        given.path: np.array([given.range.mid, given.range.high, given.range.low])[ends[i]]
        for i, together in enumerate(axes.values())
        for given in together
    }
    return Cases(axes, values, is_complete)


def _alone_ends(count: int) -> NDArray[np.int8]:
    ends = np.zeros((count, 1 + 2 * count), dtype=np.int8)
    each = np.arange(count)
    ends[each, 1 + 2 * each], ends[each, 2 + 2 * each] = -1, 1
    return ends


def _corner_ends(count: int) -> NDArray[np.int8]:
    """All corners, the first input fastest; none where there is no input."""
    corners = np.arange(2**count if count else 0)
    bits = (corners >> np.arange(count)[:, np.newaxis]) & 1
    return np.where(bits == 1, 1, -1).astype(np.int8)


def _pulled(alone: NDArray[np.float64], tie: int) -> NDArray[np.int8]:
    """The corner to which each input lowers a metric; `tie` is the end of inputs that, alone, do not move it."""
    low, high = alone[1::2], alone[2::2]
    ends = np.where(low < high, -1, np.where(high < low, 1, tie))
    stays = np.minimum(low, high) > alone[0]  # both ends raise it: the middle is lowest
    return np.where(stays, 0, ends).astype(np.int8)[:, np.newaxis]


def _widest_corners(alone: Sequence[NDArray[np.float64]], count: int) -> NDArray[np.int8]:
    """All corners of the inputs that move some metric most, in shares of its middle."""
    widths = np.zeros(count)
    for each in alone:
        if each[0]:
            widths = np.fmax(widths, np.abs(each[2::2] - each[1::2]) / abs(each[0]))
    widest = np.argsort(-widths, kind="stable")[:_WIDEST]
    ends = np.zeros((count, 2**_WIDEST), dtype=np.int8)
    ends[widest] = _corner_ends(_WIDEST)
    return ends
