"""The derivation of a number: which formula made it, from what, down to the inputs.

While a recipe runs under `traced`, its inputs are `Traced` floats: ordinary floats that remember the node
they came from. Each formula call then yields a `Traced` result whose node holds the formula and the nodes of
its arguments. Recipes do no arithmetic of their own, so nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from computecalc.estimators.inputs import ResolvedInput
from computecalc.formulas.table import Formula, Numeric, recording
from computecalc.records import record

__all__ = ["InputNode", "LiteralNode", "Node", "StepNode", "Traced", "labelled", "node_of", "traced"]


@record
class InputNode:
    """A leaf: a value that came in, with its origin."""

    input: ResolvedInput
    value: float


@record
class LiteralNode:
    """A leaf: a number that a recipe states itself, such as the 0 or 1 of an option."""

    value: float


@dataclass(frozen=True, slots=True)
class StepNode:
    """One formula applied to nodes."""

    formula: Formula
    arguments: Mapping[str, Node | tuple[Node, ...]]
    value: float
    label: str = ""


Node = InputNode | LiteralNode | StepNode


class Traced(float):
    """A float that remembers the node it came from."""

    __slots__ = ("node",)
    node: Node

    def __new__(cls, node: Node) -> Traced:
        """Make the float of a node."""
        self = super().__new__(cls, node.value)
        self.node = node
        return self


def node_of(value: Numeric) -> Node:
    """Return the node of a traced value; a plain number becomes a literal."""
    return value.node if isinstance(value, Traced) else LiteralNode(float(value))


def labelled(value: Numeric, label: str) -> Numeric:
    """Name a step for readers of the derivation; does nothing outside a trace."""
    if isinstance(value, Traced) and isinstance(value.node, StepNode):
        return Traced(replace(value.node, label=label))
    return value


def _recorded(formula: Formula, arguments: Mapping[str, Any]) -> Traced:
    nodes: dict[str, Node | tuple[Node, ...]] = {}
    for name, value in arguments.items():
        nodes[name] = tuple(node_of(v) for v in value) if isinstance(value, tuple | list) else node_of(value)
    return Traced(StepNode(formula, nodes, float(formula.function(**arguments))))


@contextmanager
def traced() -> Iterator[dict[str, int]]:
    """Record every formula call inside the block; what is yielded names the formulas called, with their versions."""
    used: dict[str, int] = {}

    def record_call(formula: Formula, arguments: Mapping[str, Any]) -> Traced:
        used[formula.name] = formula.version
        return _recorded(formula, arguments)

    with recording(record_call):
        yield used
