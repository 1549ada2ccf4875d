"""A metric of many scenarios over their cases, folded at once into what each scenario is told of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import MetricValue
from computecalc.estimators.swings import LateSwings, Moves
from computecalc.estimators.uncertainty import NOISE
from computecalc.formulas.table import Numeric

__all__ = ["folded_values"]


def folded_values(
    name: str, metric: Numeric, formula: str | None, count: int, axes: Sequence[str], lanes: int
) -> list[MetricValue | None]:
    """Fold a metric over the cases of each scenario.

    Parameters
    ----------
    name : str
        Its id.
    metric : numeric
        Its values over scenarios and cases, flat, or one number for all.
    formula : str, optional
        Last formula of its derivation.
    count : int
        Scenarios.
    axes : sequence of str
        The ranged inputs, in the order in which the cases have them at their ends.
    lanes : int
        Cases of a scenario: the middle, each input alone at both ends, then corners.

    Returns
    -------
    list
        The metric of each scenario; None where it is no finite number.
    """
    values = np.asarray(metric, dtype=np.float64)
    if values.ndim == 0:
        number = float(values)
        same = MetricValue(name, METRICS[name].unit, number, number, number, formula) if np.isfinite(number) else None
        return [same] * count
    table = values.reshape(count, lanes)
    low, mid, high = table.min(axis=1), table[:, 0], table.max(axis=1)
    finite = np.isfinite(low) & np.isfinite(high)
    still = high - low <= NOISE * np.abs(mid)
    low, high = np.where(still, mid, low), np.where(still, mid, high)
    moves = Moves(axes, table[:, : 1 + 2 * len(axes)])
    drivers = [None] * count if still.all() else moves.widest()
    unit, columns = METRICS[name].unit, (low, mid, high, still, finite)
    return [
        MetricValue(name, unit, a, b, c, formula, () if d or driver is None else LateSwings(moves, row, driver))
        if known
        else None
        for row, (a, b, c, d, known, driver) in enumerate(
            zip(*(column.tolist() for column in columns), drivers, strict=True)
        )
    ]
