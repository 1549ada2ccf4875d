"""The key `uncertainty` of a scenario: how the ranges of its metrics are found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from computecalc.errors import Diagnostic, ScenarioError, did_you_mean
from computecalc.estimators.inputs import Choice, ResolvedInput
from computecalc.estimators.method import Method
from computecalc.scenario.origins import stated_origin
from computecalc.scenario.schema import Section
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, child, locate_key
from computecalc.yamlio.validation import validate

__all__ = ["Uncertainty", "is_sampled", "resolve_uncertainty"]

_METHODS = ("corners", "mc", "off")
_SAMPLING = ("samples", "seed", "distribution")


class Uncertainty(Section):
    """How ranges are found."""

    method: Literal["corners", "mc", "off"] | None = None
    """Corners of the ranged inputs, Monte Carlo samples besides, or no ranges; absent: mc where a key of sampling is
    stated, else corners."""
    samples: Annotated[int, Field(ge=100, le=1_000_000, strict=True)] = 10_000
    seed: Annotated[int, Field(ge=0, lt=2**63, strict=True)] = 1
    distribution: Literal["triangular", "lognormal"] = "triangular"
    """What low, middle and high are of: ends and mode, or the 5th, 50th and 95th percentile."""


def is_sampled(scenario: MappingNode) -> bool:
    """Tell whether a scenario asks for samples, before anything of it is looked at."""
    node = child(scenario, "uncertainty")
    if not isinstance(node, MappingNode):
        return getattr(node, "value", None) == "mc"
    method = child(node, "method")
    if method is None or getattr(method, "value", None) is None:
        return any(key in node.entries for key in _SAMPLING)
    return getattr(method, "value", None) == "mc"


def resolve_uncertainty(
    node: Node, inputs: Iterable[ResolvedInput]
) -> tuple[Method, tuple[Choice, ...], tuple[Diagnostic, ...]]:
    """Take how ranges are found.

    Parameters
    ----------
    node : Node
        What is written behind the key.
    inputs : iterable of ResolvedInput
        All inputs of the scenario.

    Returns
    -------
    tuple
        The method, its entry among the assumptions, and notes about it.

    Raises
    ------
    ScenarioError
        For another method (CC306), a wrong value or an unknown key.
    """
    if isinstance(node, ScalarNode):
        if node.value is None:
            return Method(), (), ()
        if node.value not in _METHODS:
            near = did_you_mean(str(node.value), _METHODS)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_METHODS)}"
            raise ScenarioError(Diagnostic("CC306", "no such method of uncertainty", span=node.span, hint=hint))
    given = _given(node)
    stated = [key for key in _SAMPLING if isinstance(node, MappingNode) and key in node.entries]
    name = given.method or ("mc" if stated else "corners")
    found = _notes(node, name, stated, given, inputs)
    origin = stated_origin(node.span)
    if name != "mc":
        return Method(name), (Choice("uncertainty", name, origin),), found
    method = Method(name, given.samples, given.seed, given.distribution)
    text = f"mc, {method.samples:,} samples, seed {method.seed}, {method.distribution}"
    return method, (Choice("uncertainty", text, origin),), found


def _given(node: Node) -> Uncertainty:
    if isinstance(node, ScalarNode):
        return Uncertainty.model_validate({"method": node.value})
    return validate(Uncertainty, node)


def _notes(
    node: Node, name: str, stated: list[str], given: Uncertainty, inputs: Iterable[ResolvedInput]
) -> tuple[Diagnostic, ...]:
    if name != "mc" and stated:
        message = f"stated, but nothing is sampled with method {name}: {', '.join(stated)}"
        return (Diagnostic("CC606", message, severity="note", span=locate_key(node, [stated[0]])),)
    if name != "mc" or given.distribution != "lognormal":
        return ()
    reaching = sorted(each.path for each in inputs if not each.range.is_exact and each.range.low <= 0.0)
    if not reaching:
        return ()
    message = f"ranges that reach 0 are drawn as triangular, since a lognormal one never does: {', '.join(reaching)}"
    return (Diagnostic("CC655", message, severity="note", span=node.span, hint="state a low end above 0"),)
