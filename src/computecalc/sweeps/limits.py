"""Limits on metrics over columns of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from computecalc.records import record

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Limit"]

_EQUAL = 1e-9
"""Relative distance within which two numbers are equal, as in budgets."""


@record
class Limit:
    """A limit on a metric, in its canonical unit; a case whose metric is not known does not keep it."""

    metric: str
    operator: Literal["<=", "<", ">=", ">", "==", "in"]
    low: float
    """The bound; of `in` its low end."""
    high: float
    text: str
    """As it is written."""

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which values keep the limit."""
        bound = self.low
        match self.operator:
            case "<=":
                found = values <= bound
            case "<":
                found = values < bound
            case ">=":
                found = values >= bound
            case ">":
                found = values > bound
            case "==":
                found = np.abs(values - bound) <= _EQUAL * np.maximum(np.abs(values), abs(bound))
            case "in":
                found = (values >= bound) & (values <= self.high)
        return np.asarray(found)
