"""The estimate: every metric as low, middle and high in its canonical unit, with the derivation behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from computecalc.errors import Diagnostic, Span
from computecalc.estimators.inputs import Choice, Resolved, ResolvedInput, train_inputs
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.trace import InputNode, LiteralNode, Node, StepNode, Traced, node_of, traced
from computecalc.estimators.training import estimate_training
from computecalc.estimators.training.checks import plan_diagnostics, unknown_metrics
from computecalc.estimators.uncertainty import Swing, corner_cases

__all__ = ["Estimate", "MetricValue", "estimate"]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True)
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


def estimate(resolved: Resolved) -> Estimate:
    """Estimate a resolved scenario.

    Raises
    ------
    EstimateError
        When the question has no answer.
    """
    with traced():
        middle = estimate_training(train_inputs(resolved, lambda given: Traced(InputNode(given, given.range.mid))))
    cases = corner_cases(resolved.inputs.values())
    spread = estimate_training(train_inputs(resolved, cases.number)) if cases.paths else middle
    nodes = {name: node_of(value) for name, value in middle.items()}
    outputs: dict[str, MetricValue] = {}
    unknown = unknown_metrics(resolved)
    for name, metric in METRICS.items():
        if name in middle:
            folded = cases.spread(spread[name])
            outputs[name] = MetricValue(
                name, metric.unit, folded.low, folded.mid, folded.high, _formula(nodes[name]), folded.swings
            )
        elif name in unknown:
            outputs[name] = MetricValue(name, metric.unit, None, None, None, reason=unknown[name])
    outputs, found = plan_diagnostics(resolved, outputs)
    return Estimate(
        name=resolved.name,
        kind=resolved.kind,
        source=resolved.source,
        inputs=resolved.inputs,
        choices=resolved.choices,
        outputs=outputs,
        nodes=nodes,
        diagnostics=(*resolved.diagnostics, *found),
    )


def _formula(node: Node) -> str | None:
    match node:
        case StepNode(formula=formula):
            return formula.reference
        case InputNode() | LiteralNode():
            return None
