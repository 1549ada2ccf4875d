"""One scenario with some of its inputs as columns: the metrics of a million cases by one pass through the recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.estimators.recipes import recipe_of
from computecalc.formulas.table import Numeric

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["column_metrics"]


def column_metrics(resolved: Resolved, columns: Mapping[str, NDArray[np.float64]]) -> dict[str, Numeric]:
    """Take the metrics of a scenario, some inputs replaced by columns of cases.

    Parameters
    ----------
    resolved : Resolved
        The scenario; inputs that are no column stand at the middle of their range.
    columns : mapping
        Path of a resolved input to its values over the cases, shape (case,), in coherent base units.

    Returns
    -------
    dict
        Metric id to its values, shape (case,), or to one number where no column reaches it; in the units of
        `computecalc.estimators.metrics`. What is not finite is left for the caller to tell.

    Raises
    ------
    KeyError
        For a column whose path is no input of the scenario.
    """
    strange = columns.keys() - resolved.inputs.keys()
    if strange:
        raise KeyError(", ".join(sorted(strange)))

    def number(given: ResolvedInput) -> Numeric:
        return columns.get(given.path, given.range.mid)

    metrics = recipe_of(resolved.kind).metrics
    if resolved.overrides:
        # Imported here: few scenarios override anything.
        from computecalc.estimators.overriding import with_overrides

        metrics = with_overrides(metrics, resolved)
    with np.errstate(all="ignore"):
        return metrics(resolved, number)
