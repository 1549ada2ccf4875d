"""Overrides: a number of the user's in the place where a recipe computes a metric, so that all that follows takes it.

No recipe knows of overrides. A first, recorded pass finds which call of which formula makes each metric; in every
later pass that call is answered with the user's number. A metric that is an input taken as it is has its input
answered instead. That the number came out again as the metric is proved after each pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from computecalc.errors import Diagnostic, EstimateError
from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.trace import InputNode, LiteralNode, StepNode, Traced, node_of, recorded
from computecalc.formulas.table import Formula, Numeric, current_recorder, recording
from computecalc.records import record
from computecalc.units.display import display

__all__ = ["override_notes", "with_overrides"]

Number = Callable[[ResolvedInput], Numeric]
Metrics = Callable[[Resolved, Number], dict[str, Numeric]]
_SHOWN = 4
"""Significant figures in messages."""

Call = tuple[str, int]
"""A formula, and which of its calls in a pass."""


@record
class _Places:
    """Where the overridden metrics are made."""

    calls: Mapping[Call, str]
    """Metric that a call makes."""
    inputs: Mapping[str, str]
    """Metric that is an input taken as it is, by the path of the input."""


def with_overrides(metrics: Metrics, resolved: Resolved) -> Metrics:
    """Return a recipe that takes the overrides of a scenario.

    Parameters
    ----------
    metrics : callable
        The recipe.
    resolved : Resolved
        The scenario; without overrides the recipe is returned as it is.

    Raises
    ------
    EstimateError
        CC656, when a metric is not computed in this scenario, or cannot be overridden.
    """
    if not resolved.overrides:
        return metrics
    places = _places(metrics, resolved)

    def overridden(resolved: Resolved, number: Number) -> dict[str, Numeric]:
        given = {name: number(override) for name, override in resolved.overrides.items()}

        def answered(wanted: ResolvedInput) -> Numeric:
            name = places.inputs.get(wanted.path)
            return number(wanted) if name is None else given[name]

        with recording(_answering(places.calls, given)):
            found = metrics(resolved, answered)
        for name, value in given.items():
            if found[name] is not value:
                reason = "the recipe makes it elsewhere once this or another override holds"
                raise EstimateError(_refusal(resolved, name, reason))
        return found

    return overridden


def override_notes(metrics: Metrics, resolved: Resolved) -> tuple[Diagnostic, ...]:
    """Say of each override what stood in its place, and how far it reaches by itself.

    Parameters
    ----------
    metrics : callable
        The recipe, without overrides.
    resolved : Resolved
        The scenario.
    """

    def middle(given: ResolvedInput) -> float:
        return given.range.mid

    found = []
    before = metrics(resolved, middle)
    for name, override in resolved.overrides.items():
        only = replace(resolved, overrides={name: override})
        after = with_overrides(metrics, only)(only, middle)
        moved = sum(after[other] != before[other] for other in before if other != name)
        values = (override.range.mid, float(before[name]))
        shown, was = (display(value, METRICS[name].unit, digits=_SHOWN) for value in values)
        reach = (
            f"it moves {moved} other metric{'s' if moved > 1 else ''}" if moved else "no other metric follows from it"
        )
        message = f"{name} is overridden: {shown} in place of {was}; {reach}"
        found.append(Diagnostic("CC657", message, severity="note", span=override.origin.span))
    return tuple(found)


def _answering(calls: Mapping[Call, str], given: Mapping[str, Numeric]) -> Callable[[Formula, Mapping[str, Any]], Any]:
    """Answer the calls that make overridden metrics, and hand the others on."""
    before, counts = current_recorder(), Counter[str]()

    def answer(formula: Formula, arguments: Mapping[str, Any]) -> Any:
        name = calls.get((formula.name, counts[formula.name]))
        counts[formula.name] += 1
        # Called even where its result is not wanted, so that calls inside of it are counted as in the first pass.
        result = formula.function(**arguments) if before is None else before(formula, arguments)
        return result if name is None else given[name]

    return answer


def _places(metrics: Metrics, resolved: Resolved) -> _Places:
    """Run the recipe once at the middle, without overrides, and see what makes each metric."""
    counts = Counter[str]()

    def count(formula: Formula, arguments: Mapping[str, Any]) -> Traced:
        result = recorded(formula, arguments)
        node = replace(result.node, call=counts[formula.name]) if isinstance(result.node, StepNode) else result.node
        counts[formula.name] += 1
        return Traced(node)

    with recording(count):
        found = metrics(resolved, lambda given: Traced(InputNode(given, given.range.mid)))
    calls: dict[Call, str] = {}
    inputs: dict[str, str] = {}
    for name in resolved.overrides:
        if name not in found:
            reason = "this scenario does not have it: state the inputs that it needs"
            raise EstimateError(_refusal(resolved, name, reason))
        match node_of(found[name]):
            case StepNode(formula=formula, call=call):
                other = calls.setdefault((formula.name, call), name)
            case InputNode(input=given):
                other = inputs.setdefault(given.path, name)
            case LiteralNode():
                raise EstimateError(_refusal(resolved, name, "the recipe sets it: nothing computes it here"))
        if other != name:
            raise EstimateError(_refusal(resolved, name, f"here it is the same number as {other}: override one"))
    return _Places(calls, inputs)


def _refusal(resolved: Resolved, name: str, reason: str) -> Diagnostic:
    span = resolved.overrides[name].origin.span
    return Diagnostic("CC656", f"{name} cannot be overridden: {reason}", span=span)
