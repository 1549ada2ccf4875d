"""The estimate: every metric as low, middle and high in its canonical unit, with the derivation behind it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

import numpy as np

from computecalc.errors import Diagnostic, EstimateError, Span
from computecalc.estimators.inputs import Choice, Resolved, ResolvedInput
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.recipes import Recipe, recipe_of
from computecalc.estimators.trace import InputNode, Node, Nodes, Traced, traced
from computecalc.estimators.uncertainty import Cases, Swing, corner_cases, directed_cases
from computecalc.formulas.table import Numeric
from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.estimators.thresholds import Crossing

__all__ = ["Estimate", "MetricValue", "estimate", "estimate_metrics"]


@record
class MetricValue:
    """One metric of an estimate; its numbers are None when it is unknown, and `reason` says why."""

    id: str
    unit: str
    low: float | None
    mid: float | None
    high: float | None
    formula: str | None = None
    """Last formula of the derivation, such as ``rental_cost@1``; None for an input taken as it is."""
    swings: tuple[Swing, ...] = ()
    """What each ranged input does to it alone, widest first."""
    reason: str = ""

    @property
    def driver(self) -> str | None:
        """Input that drives its range."""
        return self.swings[0].path if self.swings else None


@record
class Estimate:
    """What is known of one scenario; reports and checks read this and nothing else."""

    name: str
    kind: str
    source: Span | None
    inputs: Mapping[str, ResolvedInput]
    choices: Mapping[str, Choice]
    outputs: Mapping[str, MetricValue]
    nodes: Mapping[str, Node]
    """Derivation of each known metric, at the middle of all ranges."""
    diagnostics: tuple[Diagnostic, ...]
    crossings: tuple[Crossing, ...] = ()
    """Thresholds of training compute, and where its range lies."""
    resolved: Resolved | None = None
    """What it was estimated from."""
    formulas: Mapping[str, int] = field(default_factory=dict)
    """Formulas that were used, with their versions."""


def estimate(resolved: Resolved) -> Estimate:
    """Estimate a resolved scenario.

    Raises
    ------
    EstimateError
        When the question has no answer: CC406 for a metric too large for a number.
    """
    recipe = recipe_of(resolved.kind)
    try:
        with np.errstate(all="ignore"):  # what is not finite is told below, with its cause
            with traced() as used:
                middle = recipe.metrics(resolved, lambda given: Traced(InputNode(given, given.range.mid)))
            cases, spread = _over_cases(recipe, resolved, middle)
    except ArithmeticError as error:
        raise _beyond_numbers(resolved, "a figure on the way to the metrics") from error
    outputs: dict[str, MetricValue] = {}
    unknown, folds = recipe.unknown(resolved), cases.spreads(spread)
    for name, metric in METRICS.items():
        if name in middle:
            folded = folds[name]
            if not all(map(math.isfinite, (folded.low, folded.mid, folded.high))):
                raise _beyond_numbers(resolved, name)
            outputs[name] = MetricValue(
                name, metric.unit, folded.low, folded.mid, folded.high, _formula(middle[name]), folded.swings
            )
        elif name in unknown:
            outputs[name] = MetricValue(name, metric.unit, None, None, None, reason=unknown[name])
    outputs, found = recipe.judged(resolved, outputs)
    return Estimate(
        name=resolved.name,
        kind=resolved.kind,
        source=resolved.source,
        inputs=resolved.inputs,
        choices=resolved.choices,
        outputs=outputs,
        nodes=Nodes(middle),
        diagnostics=(*resolved.diagnostics, *found),
        crossings=_crossings(resolved, outputs),
        resolved=resolved,
        formulas=used,
    )


def _crossings(resolved: Resolved, outputs: Mapping[str, MetricValue]) -> tuple[Crossing, ...]:
    if not resolved.thresholds:
        return ()
    from computecalc.estimators.thresholds import crossings

    return crossings(resolved, outputs)


def estimate_metrics(resolved: Resolved, names: Iterable[str]) -> dict[str, MetricValue]:
    """Estimate a few metrics of a resolved scenario, without derivation and diagnostics: in less than half the time.

    Raises
    ------
    EstimateError
        When the question has no answer: CC406 for a metric too large for a number.
    """
    recipe = recipe_of(resolved.kind)
    try:
        with np.errstate(all="ignore"):  # what is not finite is told below
            cases, spread = _over_cases(recipe, resolved)
    except ArithmeticError as error:
        raise _beyond_numbers(resolved, "a figure on the way to the metrics") from error
    unknown = recipe.unknown(resolved)
    found: dict[str, MetricValue] = {}
    for name in names:
        unit = METRICS[name].unit
        if name not in spread:
            found[name] = MetricValue(name, unit, None, None, None, reason=unknown.get(name, "not estimated"))
            continue
        folded = cases.spread(spread[name])
        if not all(map(math.isfinite, (folded.low, folded.mid, folded.high))):
            raise _beyond_numbers(resolved, name)
        found[name] = MetricValue(name, unit, folded.low, folded.mid, folded.high)
    return found


def _over_cases(
    recipe: Recipe, resolved: Resolved, middle: dict[str, Numeric] | None = None
) -> tuple[Cases, dict[str, Numeric]]:
    """Take the metrics over all cases; where nothing is a range, `middle` is all there is."""
    cases = corner_cases(resolved.inputs.values())
    if not cases.paths and middle is not None:
        return cases, middle
    found = recipe.metrics(resolved, cases.number)
    if not cases.is_complete:
        cases = directed_cases(cases, found.values())
        found = recipe.metrics(resolved, cases.number)
    return cases, found


def _beyond_numbers(resolved: Resolved, what: str) -> EstimateError:
    """Blame the input that somebody stated farthest from 1."""
    stated = [given for given in resolved.inputs.values() if given.origin.kind in ("scenario", "flag")]
    worst = max(stated, key=lambda given: max(_magnitude(given.range.low), _magnitude(given.range.high)), default=None)
    hint = f"is `{worst.path}` what you mean?" if worst else "an input of the catalog is extreme"
    message = f"{what} is too large or too small for a number"
    return EstimateError(Diagnostic("CC406", message, span=worst.origin.span if worst else None, hint=hint))


def _magnitude(value: float) -> float:
    return abs(math.log10(abs(value))) if value else 0.0


def _formula(value: Numeric) -> str | None:
    formula = value.formula if isinstance(value, Traced) else None
    return None if formula is None else formula.reference
