"""What a few measurements of one's own say of a prediction: a factor, and the range that is left.

The model of serving is off by much the same for all rows of one model on one accelerator, so that the middle of a few
ratios corrects the others. `scripts/fit_inference.py` judges these very functions on rows that they did not see.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, median

from computecalc.records import record
from computecalc.units.ranges import Range

__all__ = ["CARRIED", "SHRINKAGE", "OwnFactor", "left_range", "mean_error", "own_factor", "widened"]

SHRINKAGE = 0.3
"""Rows without any deviation that own rows are averaged with, so that few of them do not move a prediction too far."""

CARRIED = 1.0
"""The same for rows of other kinds on the accelerator, of which each kind counts once."""

TELLING = 5
"""Own rows from which on their scatter widens the range."""


@record
class OwnFactor:
    """Measured over predicted, as own rows have it."""

    factor: float
    rows: int
    before: float
    """Mean absolute error of the rows as they were predicted."""
    after: float
    """The same with the factor; of rows that it was taken from."""


def own_factor(ratios: Sequence[float], *, shrinkage: float = SHRINKAGE) -> float:
    """Return the factor that ratios of measured over predicted speak for.

    Parameters
    ----------
    ratios : sequence of float
        One for each row; at least one.
    shrinkage : float
        Rows without deviation that they are averaged with.

    Returns
    -------
    float
        Their median, drawn towards 1 as a logarithm.

    Examples
    --------
    >>> round(own_factor([1.2, 1.44, 9.0], shrinkage=0.0), 2)
    1.44
    >>> round(own_factor([1.44, 1.44], shrinkage=2.0), 2)
    1.2
    """
    middle = median(math.log(ratio) for ratio in ratios)
    return math.exp(middle * len(ratios) / (len(ratios) + shrinkage))


def mean_error(ratios: Sequence[float], factor: float = 1.0) -> float:
    """Return the mean of |predicted / measured - 1|, each prediction multiplied by a factor.

    Examples
    --------
    >>> mean_error([0.5, 2.0])
    0.75
    >>> mean_error([2.0, 2.0], 2.0)
    0.0
    """
    return fmean(abs(factor / ratio - 1.0) for ratio in ratios)


def left_range(whole: Range, within: Range, rows: int, *, shrinkage: float = SHRINKAGE) -> Range:
    r"""Return the range of measured over predicted that is left when own rows have corrected the prediction.

    Parameters
    ----------
    whole : Range
        Of predictions that know no row of the kind, around their middle.
    within : Range
        Of rows of one kind around the median of that kind.
    rows : int
        Own rows.
    shrinkage : float
        As of `own_factor`.

    Returns
    -------
    Range
        Around 1, and never wider than `whole`.

    Notes
    -----
    For each end as a logarithm, :math:`w^2 = w_i^2 (1 + 1/n) + (w_w^2 - w_i^2) k / (n + k)`: the scatter within a kind
    stays, and is in the factor once more; of the spread between kinds the part is left that shrinkage leaves.

    Examples
    --------
    >>> left_range(Range(0.5, 1.0, 2.0), Range(0.5, 1.0, 2.0), 1)
    Range(low=0.5, mid=1.0, high=2.0)
    """
    share = shrinkage / (rows + shrinkage)

    def end(far: float, near: float) -> float:
        wide, narrow = math.log(far), math.log(near)
        left = math.sqrt(narrow**2 * (1.0 + 1.0 / rows) + max(wide**2 - narrow**2, 0.0) * share)
        return min(left, abs(wide))

    low = end(whole.low / whole.mid, within.low / within.mid)
    high = end(whole.high / whole.mid, within.high / within.mid)
    return Range(math.exp(-low), 1.0, math.exp(high))


def widened(left: Range, rests: Sequence[float]) -> Range:
    """Return the range, wide enough for four fifths of own rows where there are enough of them to tell.

    Parameters
    ----------
    left : Range
        What is left of the prediction.
    rests : sequence of float
        Measured over corrected prediction of own rows.

    Examples
    --------
    >>> widened(Range(0.9, 1.0, 1.1), [0.5, 0.8, 1.0, 1.0, 1.4])
    Range(low=0.5, mid=1.0, high=1.4)
    >>> widened(Range(0.9, 1.0, 1.1), [0.5])
    Range(low=0.9, mid=1.0, high=1.1)
    """
    if len(rests) < TELLING:
        return left
    ordered, aside = sorted(rests), len(rests) // 10
    return Range(min(left.low, ordered[aside]), left.mid, max(left.high, ordered[-1 - aside]))
