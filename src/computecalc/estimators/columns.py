"""One scenario with some of its inputs as columns: the metrics of a million cases by one pass through the recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.estimators.recipes import recipe_of
from computecalc.formulas.table import Numeric
from computecalc.records import record

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Judged", "column_metrics", "judged_columns"]


@record
class Judged:
    """Metrics over cases, as an estimate of each would give them."""

    metrics: Mapping[str, Numeric]
    """Metric id to its values; NaN where an estimate of the case has none."""
    refused: Mapping[str, NDArray[np.bool_]]
    """Cases that have no answer, by the code of the reason."""


def judged_columns(resolved: Resolved, columns: Mapping[str, Numeric]) -> Judged:
    """Take the metrics of a scenario over columns of inputs, and leave out what an estimate leaves out.

    Parameters
    ----------
    resolved : Resolved
        The scenario; inputs that are no column stand at the middle of their range.
    columns : mapping
        Path of a resolved input to its values over the cases, or to the one value of all of them.

    Raises
    ------
    ArithmeticError
        When a figure that is the same in all cases is too large or too small for a number.
    """
    metrics = column_metrics(resolved, columns)
    finite = np.asarray(True)
    for value in metrics.values():
        finite = finite & np.isfinite(value)
    beyond = ~finite
    refused = {"CC406": beyond}
    if resolved.kind == "train":
        # Imported here: other kinds have nothing of it.
        from computecalc.estimators.training.checks import judged_metrics

        metrics, late = judged_metrics(resolved, metrics, columns)
        refused["CC611"] = late & ~beyond
    return Judged(metrics, refused)


def column_metrics(resolved: Resolved, columns: Mapping[str, Numeric]) -> dict[str, Numeric]:
    """Take the metrics of a scenario, some inputs replaced by columns of cases.

    Parameters
    ----------
    resolved : Resolved
        The scenario; inputs that are no column stand at the middle of their range.
    columns : mapping
        Path of a resolved input to its values over the cases, shape (case,), in coherent base units; a number where
        all cases have the same.

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
