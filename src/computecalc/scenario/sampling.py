"""The key `sample` of a scenario: cases drawn for a sweep."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from computecalc.errors import Diagnostic, ScenarioError
from computecalc.records import record
from computecalc.scenario.axes import axis_values
from computecalc.scenario.schema import Section
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, SequenceNode
from computecalc.yamlio.validation import validate

__all__ = ["MOST_CASES", "Between", "DrawnAxis", "Ranged", "Sample", "drawn_axes"]

MOST_CASES = 100_000_000
"""Cases of a sweep at most."""

_Ends = Annotated[str | int | float, Field()]

_AXIS_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": ["string", "number"], "description": "A range low..mid..high, drawn from its distribution."},
        {"type": "array", "minItems": 1, "description": "Values, drawn evenly."},
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["from", "to"],
            "properties": {
                "from": {"type": ["string", "number"]},
                "to": {"type": ["string", "number"]},
                "spacing": {"enum": ["linear", "log"], "default": "linear"},
                "points": {"type": "integer", "minimum": 2, "maximum": 10_000},
            },
        },
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["range"],
            "properties": {
                "range": {"type": "string"},
                "distribution": {"enum": ["triangular", "lognormal"]},
            },
        },
    ]
}


class Between(Section):
    """An axis drawn evenly between two ends, or evenly in its logarithm."""

    start: Annotated[_Ends, Field(alias="from")]
    end: Annotated[_Ends, Field(alias="to")]
    spacing: Literal["linear", "log"] = "linear"


class Ranged(Section):
    """An axis drawn from the distribution of a range."""

    range: str
    distribution: Literal["triangular", "lognormal"] | None = None


class Sample(Section):
    """Cases that are drawn: how many, how, and along which axes."""

    cases: Annotated[int, Field(ge=1, le=MOST_CASES, strict=True)]
    """How many; every point of the matrix takes all of them."""
    method: Literal["sobol", "lhs", "random"] = "sobol"
    """Scrambled Sobol sequence, Latin hypercube, or independent numbers."""
    seed: Annotated[int, Field(ge=0, lt=2**63, strict=True)] = 1
    distribution: Literal["triangular", "lognormal"] = "triangular"
    """What ranges stand for: ends and mode, or the 5th, 50th and 95th percentile."""
    axes: Annotated[
        dict[str, Any],
        Field(min_length=1),
        WithJsonSchema({"type": "object", "minProperties": 1, "additionalProperties": _AXIS_SCHEMA}),
    ]
    """Paths with what they are drawn from."""


@record
class DrawnAxis:
    """One axis that is drawn: from a list, between two ends, or from the distribution of a range."""

    path: str
    node: Node
    """What is written."""
    values: tuple[Node, ...] = ()
    """Drawn evenly; empty where the axis is continuous."""
    ends: tuple[Node, ...] = ()
    """First and last value, or the one range."""
    spread: Literal["linear", "log", "triangular", "lognormal"] = "linear"


def drawn_axes(node: Node) -> tuple[Sample, tuple[DrawnAxis, ...]]:
    """Return what is written behind the key `sample`.

    Raises
    ------
    ScenarioError
        CC301 to CC306 for another form, CC402 to CC405 for ends that do not go together.
    """
    sample = validate(Sample, node)
    axes = node.entries["axes"].node if isinstance(node, MappingNode) else node
    entries = axes.entries if isinstance(axes, MappingNode) else {}
    return sample, tuple(_axis(path, entry.node, sample.distribution) for path, entry in entries.items())


def _axis(path: str, node: Node, distribution: Literal["triangular", "lognormal"]) -> DrawnAxis:
    if isinstance(node, SequenceNode):
        return DrawnAxis(path, node, axis_values(path, node))
    if isinstance(node, MappingNode) and "points" in node.entries:
        return DrawnAxis(path, node, axis_values(path, node))
    if isinstance(node, MappingNode) and "range" in node.entries:
        ranged = validate(Ranged, node)
        written = node.entries["range"].node
        return DrawnAxis(path, node, ends=(written,), spread=ranged.distribution or distribution)
    if isinstance(node, MappingNode):
        between = validate(Between, node)
        return DrawnAxis(
            path, node, ends=tuple(node.entries[key].node for key in ("from", "to")), spread=between.spacing
        )
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and node.value.strip():
        return DrawnAxis(path, node, ends=(node,), spread=distribution)
    message = f"the axis `{path}` wants a range, a list of values or two ends"
    hint = f"{path}: LOW..MID..HIGH, [FIRST, SECOND], or {{from: 1, to: 16, spacing: log}}"
    raise ScenarioError(Diagnostic("CC303", message, span=node.span, hint=hint))
