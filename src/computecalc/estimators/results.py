"""The estimate: every metric as low, middle and high in its canonical unit, with the derivation behind it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING

import numpy as np

from computecalc.errors import Diagnostic, EstimateError, Span
from computecalc.estimators.inputs import Choice, Origin, Resolved, ResolvedInput
from computecalc.estimators.method import Method
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.recipes import Number, Recipe, recipe_of
from computecalc.estimators.swings import Swing, driver_of
from computecalc.estimators.trace import InputNode, Node, Nodes, Traced, traced
from computecalc.estimators.uncertainty import Cases, Spread, corner_cases, directed_cases
from computecalc.formulas.table import Numeric
from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.estimators.sampling import Percentiles
    from computecalc.estimators.thresholds import Crossing

_ROUNDING = 2.0**-26
"""Relative error that writing a percentile in its digits may have, with room to spare."""

Metrics = Callable[[Resolved, Number], dict[str, Numeric]]

__all__ = ["Derived", "Estimate", "MetricValue", "concluded", "estimate", "estimate_metrics", "formula_of"]


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
    swings: Sequence[Swing] = ()
    """What each ranged input does to it alone, widest first."""
    reason: str = ""
    percentiles: Percentiles | None = None
    """Over the samples, where there are any; low and high reach at least as far."""
    override: Origin | None = None
    """Where it was overridden."""

    @property
    def driver(self) -> str | None:
        """Input that drives its range."""
        return driver_of(self.swings)


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
    method: Method = Method()
    """How its ranges were found."""
    crossings: tuple[Crossing, ...] = ()
    """Thresholds of training compute, and where its range lies."""
    resolved: Resolved | None = None
    """What it was estimated from."""
    formulas: Mapping[str, int] = field(default_factory=dict)
    """Formulas that were used, with their versions."""


@record
class Derived:
    """How the metrics of a scenario came about."""

    nodes: Mapping[str, Node]
    used: Mapping[str, int]
    """All formulas that were called, with their versions."""


def estimate(resolved: Resolved) -> Estimate:
    """Estimate a resolved scenario.

    Raises
    ------
    EstimateError
        When the question has no answer: CC406 for a metric too large for a number.
    """
    recipe = recipe_of(resolved.kind)
    metrics = _metrics(recipe.metrics, resolved)
    sampled: Mapping[str, Percentiles] = {}
    try:
        with np.errstate(all="ignore"):  # what is not finite is told below, with its cause
            with traced() as used:
                middle = metrics(resolved, lambda given: Traced(InputNode(given, given.range.mid)))
            cases, spread = _over_cases(metrics, resolved, middle)
            if resolved.method.name == "mc":
                from computecalc.estimators.sampling import sampled_percentiles

                sampled = sampled_percentiles(_inputs(resolved), lambda n: metrics(resolved, n), resolved.method)
    except ArithmeticError as error:
        raise _beyond_numbers(resolved, "a figure on the way to the metrics") from error
    spreads = cases.spreads(spread)
    known = {
        name: _folded(resolved, name, spreads[name], sampled.get(name), formula_of(middle[name]))
        for name in METRICS
        if name in spreads
    }
    return concluded(resolved, recipe, known, Derived(Nodes(middle), used))


def concluded(resolved: Resolved, recipe: Recipe, known: Mapping[str, MetricValue], derived: Derived) -> Estimate:
    """Make an estimate of what a recipe came to: judge the outputs, and say what is unknown."""
    outputs: dict[str, MetricValue] = {}
    unknown = recipe.unknown(resolved)
    for name, metric in METRICS.items():
        if name in known:
            outputs[name] = known[name]
        elif name in unknown:
            outputs[name] = MetricValue(name, metric.unit, None, None, None, reason=unknown[name])
    outputs, found = recipe.judged(resolved, outputs)
    if resolved.method.name == "mc":
        outputs = {name: _without_number(value) for name, value in outputs.items()}
    return Estimate(
        name=resolved.name,
        kind=resolved.kind,
        source=resolved.source,
        inputs={**resolved.inputs, **{given.path: given for given in resolved.overrides.values()}},
        choices=resolved.choices,
        outputs=outputs,
        nodes=derived.nodes,
        diagnostics=(*resolved.diagnostics, *found, *_override_notes(recipe.metrics, resolved)),
        method=resolved.method,
        crossings=_crossings(resolved, outputs),
        resolved=resolved,
        formulas=derived.used,
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
            cases, spread = _over_cases(_metrics(recipe.metrics, resolved), resolved)
    except ArithmeticError as error:
        raise _beyond_numbers(resolved, "a figure on the way to the metrics") from error
    unknown = recipe.unknown(resolved)
    found: dict[str, MetricValue] = {}
    for name in names:
        unit = METRICS[name].unit
        if name not in spread:
            found[name] = MetricValue(name, unit, None, None, None, reason=unknown.get(name, "not estimated"))
            continue
        found[name] = replace(_folded(resolved, name, cases.spread(spread[name])), swings=())
    return found


def _metrics(metrics: Metrics, resolved: Resolved) -> Metrics:
    """Return the recipe, with the overrides of the scenario where it has any."""
    if not resolved.overrides:
        return metrics
    # Imported here: few scenarios override anything.
    from computecalc.estimators.overriding import with_overrides

    return with_overrides(metrics, resolved)


def _override_notes(metrics: Metrics, resolved: Resolved) -> tuple[Diagnostic, ...]:
    if not resolved.overrides:
        return ()
    from computecalc.estimators.overriding import override_notes

    with np.errstate(all="ignore"):
        return override_notes(metrics, resolved)


def _inputs(resolved: Resolved) -> list[ResolvedInput]:
    return [*resolved.inputs.values(), *resolved.overrides.values()]


def _over_cases(
    metrics: Metrics, resolved: Resolved, middle: dict[str, Numeric] | None = None
) -> tuple[Cases, dict[str, Numeric]]:
    """Take the metrics over all cases; where nothing is a range, `middle` is all there is."""
    cases = corner_cases(() if resolved.method.name == "off" else _inputs(resolved))
    if not cases.paths and middle is not None:
        return cases, middle
    found = metrics(resolved, cases.number)
    if not cases.is_complete:
        cases = directed_cases(cases, found.values())
        found = metrics(resolved, cases.number)
    return cases, found


def _folded(
    resolved: Resolved, name: str, found: Spread, sampled: Percentiles | None = None, formula: str | None = None
) -> MetricValue:
    """Make a metric of its spread, and let its ends reach as far as the percentiles of its samples."""
    if not all(map(math.isfinite, (found.low, found.mid, found.high))):
        raise _beyond_numbers(resolved, name)
    if sampled is not None:
        ends = (sampled.p5, sampled.p50, sampled.p95)
        sampled = replace(sampled, **dict(zip(("p5", "p50", "p95"), _within(found, ends), strict=True)))
    override = resolved.overrides.get(name)
    return MetricValue(
        name,
        METRICS[name].unit,
        low=found.low if sampled is None else min(found.low, sampled.p5),
        mid=found.mid,
        high=found.high if sampled is None else max(found.high, sampled.p95),
        formula=formula,
        swings=found.swings,
        percentiles=sampled,
        override=None if override is None else override.origin,
    )


def _within(found: Spread, percentiles: Iterable[float]) -> list[float]:
    """Move percentiles that lie beyond the corners by no more than their own rounding back onto them."""
    nearest = [(value, min(max(value, found.low), found.high)) for value in percentiles]
    return [end if math.isclose(value, end, rel_tol=_ROUNDING) else value for value, end in nearest]


def _without_number(value: MetricValue) -> MetricValue:
    """Take the percentiles from a metric that turned out to be unknown."""
    return replace(value, percentiles=None) if value.mid is None and value.percentiles is not None else value


def _beyond_numbers(resolved: Resolved, what: str) -> EstimateError:
    """Blame the input that somebody stated farthest from 1."""
    stated = [given for given in resolved.inputs.values() if given.origin.kind in ("scenario", "flag")]
    worst = max(stated, key=lambda given: max(_magnitude(given.range.low), _magnitude(given.range.high)), default=None)
    hint = f"is `{worst.path}` what you mean?" if worst else "an input of the catalog is extreme"
    message = f"{what} is too large or too small for a number"
    return EstimateError(Diagnostic("CC406", message, span=worst.origin.span if worst else None, hint=hint))


def _magnitude(value: float) -> float:
    return abs(math.log10(abs(value))) if value else 0.0


def formula_of(value: Numeric) -> str | None:
    """Return the last formula of a traced number, such as ``rental_cost@1``; None for an input taken as it is."""
    formula = value.formula if isinstance(value, Traced) else None
    return None if formula is None else formula.reference
