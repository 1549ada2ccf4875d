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

__all__ = [
    "InputNode",
    "LiteralNode",
    "Node",
    "Nodes",
    "StepNode",
    "Traced",
    "labelled",
    "node_of",
    "recorded",
    "traced",
]


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
    call: int = 0
    """Which of the formula's calls it was, where they are counted."""


Node = InputNode | LiteralNode | StepNode


class Traced(float):
    """A float that remembers the node it came from."""

    __slots__ = ("_node", "_step")
    _node: Node | None
    _step: tuple[Formula, Mapping[str, Any], str]
    """Formula, arguments and label of a step whose node nobody has asked for yet."""

    def __new__(cls, node: Node) -> Traced:
        """Make the float of a node."""
        self = super().__new__(cls, node.value)
        self._node = node
        return self

    @property
    def node(self) -> Node:
        """The node, made when it is first asked for: an estimate has hundreds, and `explain` alone reads them."""
        if self._node is None:
            formula, arguments, label = self._step
            self._node = StepNode(formula, _nodes(arguments), float(self), label)
        return self._node

    @property
    def formula(self) -> Formula | None:
        """The formula that made the number; None for an input."""
        if self._node is None:
            return self._step[0]
        return self._node.formula if isinstance(self._node, StepNode) else None


def _stepped(value: Numeric, formula: Formula, arguments: Mapping[str, Any], label: str) -> Traced:
    made = float.__new__(Traced, value)
    made._node = None
    made._step = (formula, arguments, label)
    return made


def _nodes(arguments: Mapping[str, Any]) -> dict[str, Node | tuple[Node, ...]]:
    return {
        name: tuple(node_of(each) for each in value) if isinstance(value, tuple) else node_of(value)
        for name, value in arguments.items()
    }


def node_of(value: Numeric) -> Node:
    """Return the node of a traced value; a plain number becomes a literal."""
    return value.node if isinstance(value, Traced) else LiteralNode(float(value))


def labelled(value: Numeric, label: str) -> Numeric:
    """Name a step for readers of the derivation; does nothing outside a trace."""
    if not isinstance(value, Traced):
        return value
    if value._node is None:
        return _stepped(value, value._step[0], value._step[1], label)
    return Traced(replace(value._node, label=label)) if isinstance(value._node, StepNode) else value


class Nodes(Mapping[str, Node]):
    """The nodes of named values, each made when it is asked for."""

    def __init__(self, values: Mapping[str, Numeric]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Node:
        return node_of(self._values[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def recorded(formula: Formula, arguments: Mapping[str, Any]) -> Traced:
    """Call a formula, and return its result, which remembers how it came about."""
    result = formula.function(**arguments)
    kept = arguments
    for name, value in arguments.items():
        if isinstance(value, list):  # what was asked of the formula stays, whatever becomes of the list
            kept = {**kept, name: tuple(value)}
    return _stepped(result, formula, kept, "")


@contextmanager
def traced() -> Iterator[None]:
    """Record every formula call inside the block."""
    with recording(recorded):
        yield
