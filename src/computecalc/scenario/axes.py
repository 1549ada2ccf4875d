"""The values of one axis of a matrix: a list, or steps from one quantity to another."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from computecalc.errors import Diagnostic, ScenarioError
from computecalc.scenario.schema import Section
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, SequenceNode
from computecalc.yamlio.validation import validate

__all__ = ["MOST_STEPS", "Steps", "axis_values"]

MOST_STEPS = 10_000
"""Values of one axis that is stated by its ends."""

_AMOUNT = re.compile(r"\s*(?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?P<unit>.*)")
_DIGITS = 12
"""Significant digits of a step: enough for any figure, and free of what rounding adds to 0.1 + 0.2."""


class Steps(Section):
    """An axis by its ends: `{from: 1T tokens, to: 16T tokens, points: 5, spacing: log}`."""

    start: Annotated[str | int | float, Field(alias="from")]
    """First value."""
    end: Annotated[str | int | float, Field(alias="to")]
    """Last value, in the same unit."""
    points: Annotated[int, Field(ge=2, le=MOST_STEPS, strict=True)]
    """Values, both ends counted."""
    spacing: Literal["linear", "log"] = "linear"
    """Equal differences, or equal ratios."""


def axis_values(path: str, node: Node) -> tuple[Node, ...]:
    """Return the values of an axis, each at its place in the file.

    Parameters
    ----------
    path : str
        Path that the axis varies.
    node : Node
        A list of values, or a mapping of `Steps`.

    Raises
    ------
    ScenarioError
        CC303 for another form or an empty list, CC402 to CC405 for ends that do not go together.
    """
    if isinstance(node, SequenceNode) and node.items:
        return node.items
    if isinstance(node, MappingNode):
        return _stepped(path, node)
    message = f"the axis `{path}` wants a list of values"
    hint = f"{path}: [FIRST, SECOND], or {path}: {{from: 1, to: 16, points: 5, spacing: log}}"
    raise ScenarioError(Diagnostic("CC303", message, span=node.span, hint=hint))


def _stepped(path: str, node: MappingNode) -> tuple[Node, ...]:
    steps = validate(Steps, node)
    (first, unit), (last, other) = (_amount(path, node, key) for key in ("from", "to"))
    span = node.entries["to"].node.span
    if unit != other:
        message = f"`from` and `to` of the axis `{path}` are in different units: {unit.strip()!r}, {other.strip()!r}"
        raise ScenarioError(Diagnostic("CC404", message, span=span, hint="state both in the same unit"))
    if steps.spacing == "log" and (first <= 0.0 or last <= 0.0):
        message = f"equal ratios need ends above 0 on the axis `{path}`"
        raise ScenarioError(Diagnostic("CC405", message, span=span, hint="spacing: linear"))
    between = steps.points - 1
    found: list[Node] = []
    for i in range(steps.points):
        share = i / between
        # The ends as they are written, not as rounding leaves them.
        value = first * (last / first) ** share if steps.spacing == "log" else first + (last - first) * share
        value = (first, last)[i == between] if i in (0, between) else float(f"{value:.{_DIGITS}g}")
        number = f"{value:.{_DIGITS}g}"
        text = number + unit
        found.append(ScalarNode(text if unit.strip() else _number(number), text, node.span))
    return tuple(found)


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)


def _amount(path: str, node: MappingNode, key: str) -> tuple[float, str]:
    given = node.entries[key].node
    found = _AMOUNT.fullmatch(given.text) if isinstance(given, ScalarNode) else None
    if found is None or "." in found["unit"]:
        message = f"`{key}` of the axis `{path}` wants one number, with its unit if it has one"
        raise ScenarioError(Diagnostic("CC401", message, span=given.span, hint="such as from: 1T tokens"))
    return float(found["number"]), found["unit"]
