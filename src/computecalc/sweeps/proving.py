"""The proof of a sweep: some cases of every form and partition, resolved and estimated one by one, must be the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from math import isclose, isnan
from typing import TYPE_CHECKING

import numpy as np

from computecalc.errors import ComputecalcError, Diagnostic, EstimateError
from computecalc.estimators.method import Method
from computecalc.estimators.results import estimate
from computecalc.formulas.table import Numeric
from computecalc.sweeps.analysis import Analysis
from computecalc.sweeps.evaluating import Evaluated
from computecalc.sweeps.forms import Key
from computecalc.sweeps.resolving import Refusal
from computecalc.yamlio.nodes import Node

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Prover", "point_of", "single_estimate"]

_FIRST = 16
"""Cases of a form that are proved where it is met first."""

_MOST_FIRST = 1024
"""The same, of all forms together: many forms are proved by fewer cases each."""

_LATER = 2
"""Cases of a form that are proved in a later partition."""

_MOST_LATER = 32
"""The same, of all forms of a partition together: of many forms some are drawn."""

_TOLERANCE = 1e-9
"""Relative difference up to which two numbers are the same, as in lock files."""


def point_of(analysis: Analysis, number: int) -> dict[str, Node]:
    """Return the values that a case takes, as somebody would write them."""
    plan = analysis.plan
    choices = plan.choices(np.array([number], dtype=np.int64))
    included = int(choices.included[0])
    point: dict[str, Node] = {} if included < 0 else dict(plan.included[included])
    for path, digits in choices.listed.items():
        if digits[0] >= 0:
            point[path] = plan.axis[path].values[int(digits[0])]
    for drawing in analysis.drawings:
        point[drawing.path] = drawing.node(float(drawing.values(choices.shares[drawing.path])[0]))
    return plan.ordered(point, included)


def single_estimate(analysis: Analysis, number: int) -> dict[str, float] | Refusal:
    """Return the middle of every known metric of a case by an estimate of its own, or why there is none."""
    outcome = analysis.resolver.at(point_of(analysis, number), name=f"{analysis.plan.name}#{number}")
    if isinstance(outcome, Refusal):
        return outcome
    try:
        found = estimate(replace(outcome, method=Method("off")))
    except ComputecalcError as error:
        return Refusal.of(error)
    return {name: value.mid for name, value in found.outputs.items() if value.mid is not None}


class Prover:
    """Proves the columns of one sweep in one process."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._first = max(_LATER, min(_FIRST, _MOST_FIRST // max(len(analysis.forms), 1)))
        self._seen: set[Key] = set()
        self._digest = analysis.plan.digest

    def __call__(self, places: Mapping[Key, NDArray[np.int64]], found: Evaluated) -> None:
        """Compare some cases of what was evaluated.

        Raises
        ------
        EstimateError
            CC754 for the first that differs.
        """
        text = f"{self._digest} {found.numbers[0]}"
        draw = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little"))
        known = [key for key in places if key in self._seen]
        later = draw.choice(len(known), size=min(len(known), _MOST_LATER // _LATER), replace=False) if known else ()
        counts = {key: self._first for key in places if key not in self._seen}
        counts |= {known[i]: _LATER for i in sorted(later)}
        self._seen.update(places)
        for key, count in counts.items():
            cases = places[key]
            for place in sorted(draw.choice(cases, size=min(count, len(cases)), replace=False).tolist()):
                self._compare(int(found.numbers[place]), found, place)

    def _compare(self, number: int, found: Evaluated, place: int) -> None:
        alone = single_estimate(self._analysis, number)
        refusal = found.refusals[place]
        code = found.reasons[refusal - 1].code if refusal else ""
        if isinstance(alone, Refusal):
            if code != alone.code:
                told = f"refused with {alone.code} ({alone.reason})"
                raise self._difference(number, told, f"refused with {code}" if code else "estimated")
            return
        if code:
            raise self._difference(number, "estimated", f"refused with {code}")
        different = next((name for name in found.metrics if not _same(alone.get(name), found.metrics[name], place)), "")
        if different:
            single, column = alone.get(different), _at(found.metrics[different], place)
            raise self._difference(number, f"{different} {single!r}", f"{column!r}")

    def _difference(self, number: int, alone: str, column: str) -> EstimateError:
        plan = self._analysis.plan
        message = f"case {number} of {plan.name} comes out differently alone and in columns: {alone}, and {column}"
        hint = "please report it with the file; nothing of this partition was written"
        return EstimateError(Diagnostic("CC754", message, span=plan.span, hint=hint))


def _at(values: Numeric, place: int) -> float:
    array = np.asarray(values)
    return float(array[place] if array.ndim else array)


def _same(alone: float | None, values: Numeric, place: int) -> bool:
    column = _at(values, place)
    if alone is None or isnan(column):
        return alone is None and isnan(column)
    return isclose(alone, column, rel_tol=_TOLERANCE)
