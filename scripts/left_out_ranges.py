"""Ranges of measured over predicted that hold the rows of groups which they were not drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from computecalc.units.ranges import Range

Array = NDArray[np.float64]

COVERED = 0.8
"""Share of rows of groups left out that a range is to hold."""

LEVELS = (0.10, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.03, 0.02)
"""Percentiles that are tried for the ends of a range, until it holds that share."""


@dataclass(frozen=True)
class Spread:
    """Measured over predicted of rows whose group the fit did not see."""

    range: Range
    level: float
    """Percentile of the low end; the high end is its mirror."""
    covered: float
    """Share of rows that such a range of the other groups' rows holds."""
    rows: int

    @property
    def text(self) -> str:
        """Say which percentiles these are, and what they hold."""
        return f"percentiles {self.level * 100:.0f} and {100 - self.level * 100:.0f} of {self.rows}"


def spread_of(ratios: Array, groups: Sequence[str]) -> Spread:
    """Return the narrowest of the ranges tried that holds the share `COVERED` of the rows of a new group."""
    names = np.array(groups)
    for level in LEVELS:
        covered = _covered(ratios, names, level)
        if covered >= COVERED:
            break
    return Spread(_ends(ratios, level), level, covered, len(ratios))


def _ends(ratios: Array, level: float) -> Range:
    low, high = np.quantile(ratios, (level, 1.0 - level))
    return Range(min(float(low), 1.0), 1.0, max(float(high), 1.0))


def _covered(ratios: Array, names: NDArray[np.str_], level: float) -> float:
    """Share of the rows of each group within the percentiles of the other groups."""
    inside = 0
    for name in set(names):
        own = names == name
        if own.all():
            continue
        ends = _ends(ratios[~own], level)
        inside += int(((ends.low <= ratios[own]) & (ratios[own] <= ends.high)).sum())
    return inside / len(ratios)
