"""A part of a sweep: from numbers of cases to columns of axes, metrics and reasons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from computecalc.estimators.columns import judged_columns
from computecalc.estimators.inputs import Resolved
from computecalc.formulas.table import Numeric
from computecalc.records import record
from computecalc.sweeps.analysis import Analysis, AxisColumn
from computecalc.sweeps.forms import Bundle, Form, Key
from computecalc.sweeps.plan import Choices
from computecalc.sweeps.resolving import Refusal, mid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BLOCK", "Evaluated", "Prove", "evaluated"]

BLOCK = 2**15
"""Cases that go through the recipe at once: their columns stay in the caches of a processor."""

_BEYOND = Refusal("CC406", "a figure is too large or too small for a number")
_REFUSALS = {
    "CC406": _BEYOND,
    "CC611": Refusal("CC611", "no count of accelerators meets the deadline"),
}


@record
class Evaluated:
    """Cases with all that is known of them; NaN stands for null."""

    numbers: NDArray[np.int64]
    axes: Mapping[str, NDArray[np.float64] | NDArray[np.int64]]
    """Numbers in canonical units, or which of the texts, -1 for none."""
    metrics: Mapping[str, Numeric]
    """One number where it is the same in all cases."""
    refusals: NDArray[np.int64]
    """0 for a case that is estimated, else 1 + the number of the reason."""
    reasons: tuple[Refusal, ...]


Prove = Callable[[Mapping[Key, "NDArray[np.int64]"], "Evaluated"], object]
"""Is told of the places of the cases of each form, and of all that was evaluated."""


def evaluated(analysis: Analysis, first: int, stop: int, metrics: tuple[str, ...], prove: Prove) -> Evaluated:
    """Evaluate the cases from one number to the one before another.

    Parameters
    ----------
    analysis : Analysis
        The sweep.
    first, stop : int
        Numbers of the cases.
    metrics : tuple of str
        Metrics that are wanted.
    prove : callable
        Compares some cases of each form with estimates of their own.
    """
    numbers = np.arange(first, stop, dtype=np.int64)
    choices = analysis.plan.choices(numbers)
    work = _Work(analysis, choices, len(numbers), metrics)
    of_case, keys = analysis.keys(choices)
    places = {}
    for number, key in keys.items():
        chosen = slice(0, len(numbers)) if len(keys) == 1 else np.flatnonzero(of_case == number)
        work.add(analysis.forms[key], chosen)
        places[key] = np.arange(len(numbers))[chosen]
    found = work.result(numbers)
    prove(places, found)
    return found


class _Work:
    """Columns that are filled form by form, block by block."""

    def __init__(self, analysis: Analysis, choices: Choices, count: int, metrics: tuple[str, ...]) -> None:
        self._analysis, self._choices, self._count, self._wanted = analysis, choices, count, metrics
        self._drawn = {each.path: each.values(choices.shares[each.path]) for each in analysis.drawings}
        self._metrics: dict[str, NDArray[np.float64]] = {}
        self._constants: dict[str, float] = {}
        self._axes = {column.path: self._blank(column) for column in analysis.columns}
        self._refusals = np.zeros(count, dtype=np.int64)
        self._reasons: dict[tuple[str, str], int] = {}
        self._found: list[Refusal] = []

    def _blank(self, column: AxisColumn) -> NDArray[np.float64] | NDArray[np.int64]:
        path = column.path
        if path in self._drawn:
            return self._drawn[path]
        digits = self._digits(path)
        if column.unit is None:
            return digits
        return np.array([*column.numbers, nan])[digits]

    def _digits(self, path: str) -> NDArray[np.int64]:
        """Return which of the values of a column each case has; those of included points come after the axis's own."""
        plan = self._analysis.plan
        having = [i for i, point in enumerate(plan.included) if path in point]
        listed = self._choices.listed.get(path)
        if not having:
            return np.full(self._count, -1, dtype=np.int64) if listed is None else listed
        of_point = np.full(len(plan.included) + 1, -1, dtype=np.int64)
        of_point[having] = np.arange(len(having)) + (len(plan.axis[path].values) if listed is not None else 0)
        added = of_point[self._choices.included]
        return added if listed is None else np.where(added < 0, listed, added)

    def add(self, form: Form, chosen: slice | NDArray[np.int64]) -> None:
        """Evaluate the cases of one form."""
        if form.base is None:
            for bundle in form.bundles:
                self._refuse(chosen, bundle.refusals[self._places(bundle, chosen)], form.reasons)
            if not form.bundles:
                self._refuse(chosen, np.ones(1, dtype=np.int64), form.reasons)
            return
        places = range(chosen.start, chosen.stop, BLOCK) if isinstance(chosen, slice) else range(0, len(chosen), BLOCK)
        for start in places:
            part: slice | NDArray[np.int64]
            if isinstance(chosen, slice):
                part = slice(start, min(start + BLOCK, chosen.stop))
            else:
                part = chosen[start : start + BLOCK]
            self._block(form, part)

    def _block(self, form: Form, part: slice | NDArray[np.int64]) -> None:
        base = form.base
        if base is None:
            raise ValueError("a form without a scenario has no columns")
        columns = self._inputs(form, part)
        self._take_axes(base, columns, part)
        try:
            judged = judged_columns(base, columns)
        except ArithmeticError:
            # Only what is the same in all these cases can raise it.
            self._refuse(part, np.ones(1, dtype=np.int64), (_BEYOND,))
            return
        for name in self._wanted:
            if name in judged.metrics:
                self._metric(name)[part] = judged.metrics[name]
        for code, cases in judged.refused.items():
            if cases.any():
                self._refuse(part, np.where(cases, 1, 0), (_REFUSALS[code],))

    def _inputs(self, form: Form, part: slice | NDArray[np.int64]) -> dict[str, Numeric]:
        """Return the inputs that axes move, and note the cases whose values are refused."""
        columns: dict[str, Numeric] = {}
        for bundle in form.bundles:
            places = self._places(bundle, part)
            first = int(places[0])
            is_one = bool((places == first).all())
            for path, table in bundle.inputs.items():
                columns[path] = float(table[first]) if is_one else table[places]
            if bundle.refusals.any():
                self._refuse(part, bundle.refusals[places], form.reasons)
        for path, factors in (form.followers or {}).items():
            values = self._drawn[path][part]
            columns |= {name: values if factor == 1.0 else values * factor for name, factor in factors.items()}
        return columns

    def _places(self, bundle: Bundle, part: slice | NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the combination of a bundle that each case takes."""
        places = np.zeros(1, dtype=np.int64)
        for path, size in zip(bundle.paths, bundle.sizes, strict=True):
            places = places * size + self._choices.listed[path][part]
        return places

    def _metric(self, name: str) -> NDArray[np.float64]:
        if name not in self._metrics:
            self._metrics[name] = np.full(self._count, nan)
        return self._metrics[name]

    def _take_axes(self, base: Resolved, columns: Mapping[str, Numeric], part: slice | NDArray[np.int64]) -> None:
        """Write what was resolved of an axis: a batch in tokens comes to other sequences where their length varies."""
        for column in self._analysis.columns:
            if column.unit is None or column.path in self._drawn:
                continue
            given = columns.get(column.path)
            if given is None and column.path in base.inputs:
                given = mid_of(base, column.path)
            if given is not None:
                # Of a case that is refused, what is written of it stays.
                refused = self._refusals[part] > 0
                values = self._axes[column.path]
                values[part] = np.where(refused, values[part], given) if refused.any() else given

    def _refuse(self, part: slice | NDArray[np.int64], cases: NDArray[np.int64], reasons: tuple[Refusal, ...]) -> None:
        """Note why cases have no answer; the first reason of a case stays."""
        codes = np.array([0, *(self._reason(each) for each in reasons)])
        before = self._refusals[part]
        self._refusals[part] = np.where(before == 0, codes[cases], before)

    def _reason(self, refusal: Refusal) -> int:
        key = (refusal.code, refusal.reason)
        if key not in self._reasons:
            self._found.append(refusal)
            self._reasons[key] = len(self._found)
        return self._reasons[key]

    def result(self, numbers: NDArray[np.int64]) -> Evaluated:
        """Return all columns, refused cases without metrics."""
        refused = self._refusals > 0
        if refused.any():
            for values in self._metrics.values():
                values[refused] = nan
        return Evaluated(numbers, self._axes, self._metrics, self._refusals, tuple(self._found))
