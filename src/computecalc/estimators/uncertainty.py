"""Ranges: every combination of low and high inputs as one array, and what drives a metric's range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from computecalc.errors import Diagnostic, EstimateError
from computecalc.estimators.inputs import ResolvedInput
from computecalc.formulas.table import Numeric
from computecalc.records import record

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MOST_RANGES", "Cases", "Spread", "Swing", "corner_cases"]

MOST_RANGES = 14
"""Ranged inputs at most; their combinations double with each one more."""


_NOISE = 2.0**-40
"""Relative width that the rounding of floats may give to what is one value."""


class Swing(NamedTuple):
    """A metric with one input at its low and high end and all others in the middle."""

    path: str
    low: float
    high: float

    @property
    def width(self) -> float:
        """Distance between the two."""
        return abs(self.high - self.low)


@record
class Spread:
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
    """The cases of a scenario: the middle, each ranged input alone at its ends, and every corner."""

    paths: tuple[str, ...]
    """The ranged inputs; those that are low and high together under the name of their axis."""
    values: Mapping[str, NDArray[np.float64]]
    """For each ranged input one value a case, shape (case,)."""

    def number(self, given: ResolvedInput) -> Numeric:
        """Return what stands for an input: its cases, or its one value."""
        found = self.values.get(given.path)
        return given.range.mid if found is None else found

    def spread(self, metric: Numeric) -> Spread:
        """Fold a metric over the cases into low, middle, high and its drivers."""
        return self.spreads({"": metric})[""]

    def spreads(self, metrics: Mapping[str, Numeric]) -> dict[str, Spread]:
        """Fold several metrics at once."""
        moved = [name for name, metric in metrics.items() if isinstance(metric, np.ndarray) and metric.ndim]
        found = {name: Spread(*(float(metrics[name]),) * 3, ()) for name in metrics if name not in moved}
        if moved:
            values = np.stack([np.asarray(metrics[name], dtype=np.float64) for name in moved])
            columns = (values.min(axis=1), values.max(axis=1), values[:, : 1 + 2 * len(self.paths)])
            for name, low, high, alone in zip(moved, *(column.tolist() for column in columns), strict=True):
                found[name] = self._folded(low, high, alone)
        return found

    def _folded(self, low: float, high: float, alone: list[float]) -> Spread:
        mid = alone[0]
        if high - low <= _NOISE * abs(mid):
            # What is asked for comes out of a recipe again, but for rounding: no input moves it.
            return Spread(mid, mid, mid, ())
        ends = zip(self.paths, alone[1::2], alone[2::2], strict=True)
        moving = [Swing(*each) for each in ends if each[1] != each[2]]
        moving.sort(key=lambda swing: (-swing.width, swing.path))
        return Spread(low, mid, high, tuple(moving))


def corner_cases(inputs: Iterable[ResolvedInput]) -> Cases:
    """Lay out the cases of a scenario.

    Raises
    ------
    EstimateError
        CC601 when more than `MOST_RANGES` inputs are ranges.
    """
    ranged: dict[str, list[ResolvedInput]] = {}
    for given in inputs:
        if not given.range.is_exact:
            ranged.setdefault(given.axis or given.path, []).append(given)
    if len(ranged) > MOST_RANGES:
        names = ", ".join(ranged)
        raise EstimateError(
            Diagnostic(
                "CC601",
                f"{len(ranged)} inputs are ranges, at most {MOST_RANGES} can be combined: {names}",
                hint="state a single value for those that matter least",
            )
        )
    count = len(ranged)
    corners = np.arange(2**count) if count else np.arange(0)
    values: dict[str, NDArray[np.float64]] = {}
    for i, together in enumerate(ranged.values()):
        for given in together:
            low, mid, high = given.range.low, given.range.mid, given.range.high
            column = np.full(1 + 2 * count + corners.size, mid)
            column[1 + 2 * i], column[2 + 2 * i] = low, high
            column[1 + 2 * count :] = np.where((corners >> i) & 1, high, low)
            values[given.path] = column
    return Cases(tuple(ranged), values)
