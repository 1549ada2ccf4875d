"""The key `overrides` of a scenario: numbers in the place of metrics, by metric id."""

from __future__ import annotations

from collections.abc import Iterator

from computecalc.errors import Diagnostic, ScenarioError, Span, did_you_mean
from computecalc.estimators.inputs import Origin, ResolvedInput
from computecalc.estimators.metrics import METRICS, Metric
from computecalc.scenario.origins import stated_origin
from computecalc.units.problems import QuantityProblem
from computecalc.units.specs import QuantitySpec
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode

__all__ = ["resolve_overrides"]

_SHARES = ("goodput", "utilization", "mfu", "mfu.full", "hfu", "memory.fits")
"""Metrics that are 1 at most."""

_COUNTS = ("1", "parameter", "token", "accelerator", "node", "replica", "request")
"""Units that a number may go without."""


def resolve_overrides(node: Node) -> dict[str, ResolvedInput]:
    """Take the numbers that stand in the place of metrics.

    Parameters
    ----------
    node : Node
        What is written behind the key: metric ids with quantities, also nested at their dots.

    Returns
    -------
    dict
        Metric id to the number, as an input of the path ``overrides.ID``.

    Raises
    ------
    ScenarioError
        With every problem: CC102 for an unknown metric, CC303 for what is no number, and those of quantities.
    """
    if isinstance(node, ScalarNode) and node.value is None:
        return {}
    if not isinstance(node, MappingNode):
        message, hint = "`overrides` wants metric ids with quantities", "overrides: {goodput: 0.9}"
        raise ScenarioError(Diagnostic("CC303", message, span=node.span, hint=hint))
    errors: list[Diagnostic] = []
    found: dict[str, ResolvedInput] = {}
    for name, key_span, value in _leaves(node, ""):
        metric = METRICS.get(name)
        if metric is None:
            near = did_you_mean(name, METRICS)
            hint = f"did you mean {' or '.join(near)}?" if near else "`computecalc explain --list` prints all ids"
            errors.append(Diagnostic("CC102", f"there is no metric {name!r} to override", span=key_span, hint=hint))
            continue
        try:
            found[name] = _override(metric, value)
        except ScenarioError as error:
            errors += error.diagnostics
    if errors:
        raise ScenarioError(*errors)
    return found


def _leaves(node: MappingNode, above: str) -> Iterator[tuple[str, Span, Node]]:
    for key, entry in node.entries.items():
        if isinstance(entry.node, MappingNode):
            yield from _leaves(entry.node, f"{above}{key}.")
        else:
            yield f"{above}{key}", entry.key_span, entry.node


def _override(metric: Metric, node: Node) -> ResolvedInput:
    value = node.value if isinstance(node, ScalarNode) else None
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        message = f"{metric.id} is overridden by a quantity, such as a number of {metric.unit}"
        raise ScenarioError(
            Diagnostic("CC303", message, span=node.span, hint="leave the key out to keep what is found")
        )
    spec = QuantitySpec(
        metric.unit,
        bare="count" if metric.unit in _COUNTS else "never",
        minimum=0.0,
        maximum=1.0 if metric.id in _SHARES else None,
    )
    try:
        found = spec.parse(value)
    except QuantityProblem as problem:
        message = f"{metric.id} cannot be overridden by this: {problem.message}"
        raise ScenarioError(Diagnostic(problem.code, message, span=node.span, hint=problem.hint)) from problem
    stated = stated_origin(node.span)
    origin = Origin("override", stated.text, stated.span)
    return ResolvedInput(f"overrides.{metric.id}", found, metric.unit, origin, formula_unit=metric.formula_unit)
