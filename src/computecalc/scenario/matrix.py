"""The points of a matrix: every combination of its axes, less what is excluded, and what is included beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from computecalc.errors import Diagnostic, ScenarioError, Span, did_you_mean
from computecalc.records import record
from computecalc.scenario.axes import axis_values
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, SequenceNode, mapping_from_paths, merge, plain

__all__ = ["MOST_POINTS", "SWEEP_KEYS", "Matrix", "Point", "expanded", "matrix_of"]

MOST_POINTS = 100_000
"""Scenarios that one file may come to."""

_KEYS = ("matrix", "include", "exclude", "name")
"""Keys of a scenario that say which points there are, and are no part of them."""

SWEEP_KEYS = (*_KEYS, "sample")
"""The same, with what only a sweep takes."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

Point = Mapping[str, Node]
"""A value for each path."""


@record
class Matrix:
    """What is written of a matrix, before any point is laid out."""

    axes: Mapping[str, tuple[Node, ...]]
    """Values by path."""
    included: tuple[Point, ...]
    """Points beside the combinations."""
    excluded: tuple[tuple[Span, Point], ...]
    """What combinations are left out, each with its place."""


def expanded(name: str, node: MappingNode, *, room: int) -> Iterator[tuple[str, MappingNode]]:
    """Return the scenarios that a scenario stands for, each with its name: itself, or the points of its matrix.

    Parameters
    ----------
    name : str
        Its name; points are called by it and their values: ``hardware/h100-sxm/bf16``.
    node : MappingNode
        The scenario, merged with all it extends.
    room : int
        Points there may be at most; more are refused before they are laid out.

    Raises
    ------
    ScenarioError
        CC303 for another form, CC313 for too many points or none, and for an exclusion that matches no point, CC750
        for what only a sweep takes.
    """
    if "sample" in node.entries:
        message, hint = "`sample` draws cases by the million", "`computecalc sweep` takes it"
        raise ScenarioError(Diagnostic("CC750", message, span=node.entries["sample"].key_span, hint=hint))
    if "matrix" not in node.entries:
        for key in _KEYS:
            if key in node.entries:
                span = node.entries[key].key_span
                hint = "add `matrix: {PATH: [VALUE, ...]}`, or remove it"
                raise ScenarioError(Diagnostic("CC301", f"`{key}` without a `matrix`", span=span, hint=hint))
        return iter(((name, node),))
    points = _points(node, room)
    template = _template(node, points)
    bare = MappingNode({key: entry for key, entry in node.entries.items() if key not in _KEYS}, node.span)
    return ((_called(name, point, i, template), _laid_over(bare, point)) for i, point in enumerate(points, start=1))


def matrix_of(node: MappingNode) -> Matrix:
    """Return what is written of the matrix of a scenario.

    Raises
    ------
    ScenarioError
        CC303 for another form, CC402 to CC405 for ends of an axis that do not go together.
    """
    matrix = node.entries["matrix"].node
    return Matrix(
        {path: axis_values(path, value) for path, value in _mapping(matrix, "matrix").items()},
        tuple(_mapping(item, "include") for item in _list(node, "include")),
        tuple((item.span, _mapping(item, "exclude")) for item in _list(node, "exclude")),
    )


def _points(node: MappingNode, room: int) -> list[Point]:
    matrix, written = node.entries["matrix"], matrix_of(node)
    axes, added = written.axes, written.included
    count = len(added)
    size = 1
    for values in axes.values():
        size *= len(values)
    count += size if axes else 0
    if not axes and not added:
        message = "the matrix has no axis"
        raise ScenarioError(Diagnostic("CC313", message, span=matrix.node.span, hint="matrix: {PATH: [VALUE, ...]}"))
    if count > room:
        message = f"the matrix has {count:,} points; a file may come to {MOST_POINTS:,} scenarios"
        hint = "shorten an axis, or let `computecalc sweep` take it"
        raise ScenarioError(Diagnostic("CC313", message, span=matrix.key_span, hint=hint))
    combined = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())] if axes else []
    kept = _without(combined, written.excluded)
    points: list[Point] = [*kept, *added]
    if not points:
        raise ScenarioError(
            Diagnostic("CC313", "every point of the matrix is excluded", span=matrix.key_span, hint="exclude fewer")
        )
    return points


def _without(points: Sequence[Point], exclusions: Sequence[tuple[Span, Point]]) -> list[Point]:
    """Leave out the points that agree with an exclusion in all that it names."""
    kept = list(points)
    for span, exclusion in exclusions:
        wanted = {path: plain(value) for path, value in exclusion.items()}
        matching = {
            i
            for i, point in enumerate(points)
            if all(path in point and plain(point[path]) == value for path, value in wanted.items())
        }
        if not matching:
            message = "this exclusion matches no point of the matrix"
            hint = "an exclusion repeats paths and values as the axes have them"
            raise ScenarioError(Diagnostic("CC313", message, span=span, hint=hint))
        excluded = {id(points[i]) for i in matching}
        kept = [point for point in kept if id(point) not in excluded]
    return kept


def _template(node: MappingNode, points: Sequence[Point]) -> str | None:
    """Return the text that points are named by, once it is known that each point can fill it."""
    entry = node.entries.get("name")
    if entry is None:
        return None
    given = entry.node
    if not isinstance(given, ScalarNode) or not isinstance(given.value, str) or not given.value.strip():
        message, hint = "`name` wants a text", 'such as name: "{scenario}-{cluster.precision}"'
        raise ScenarioError(Diagnostic("CC303", message, span=given.span, hint=hint))
    known = {"scenario", *set.intersection(*(set(point) for point in points))}
    for wanted in _PLACEHOLDER.findall(given.value):
        if wanted not in known:
            near = did_you_mean(wanted, known)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}"
            message = f"`{{{wanted}}}` is no axis that every point has"
            raise ScenarioError(Diagnostic("CC303", message, span=given.span, hint=hint))
    return given.value


def _called(name: str, point: Point, number: int, template: str | None) -> str:
    if template is None:
        return "/".join((name, *(_label(value, number) for value in point.values())))
    return _PLACEHOLDER.sub(lambda found: name if found[1] == "scenario" else _label(point[found[1]], number), template)


def _label(value: Node, number: int) -> str:
    """A value as part of a name; lists and mappings have none, and go by the number of the point."""
    return " ".join(value.text.split()) if isinstance(value, ScalarNode) and value.text else f"#{number}"


def _laid_over(node: MappingNode, point: Point) -> MappingNode:
    merged = merge(node, mapping_from_paths(point))
    if not isinstance(merged, MappingNode):
        raise TypeError(f"two mappings merged into something else at {node.span.label}")
    return merged


def _mapping(node: Node, key: str) -> dict[str, Node]:
    if not isinstance(node, MappingNode) or not (node.entries or key == "matrix"):
        message, hint = f"`{key}` wants paths with values", f"such as {key}: " + _EXAMPLES[key]
        raise ScenarioError(Diagnostic("CC303", message, span=node.span, hint=hint))
    return {path: entry.node for path, entry in node.entries.items()}


def _list(node: MappingNode, key: str) -> Sequence[Node]:
    entry = node.entries.get(key)
    if entry is None:
        return ()
    if not isinstance(entry.node, SequenceNode):
        message, hint = f"`{key}` wants a list of points", f"such as {key}: {_EXAMPLES[key]}"
        raise ScenarioError(Diagnostic("CC303", message, span=entry.node.span, hint=hint))
    return entry.node.items


_EXAMPLES = {
    "matrix": "{cluster.accelerator: [h100-sxm, b200-sxm], cluster.precision: [bf16, fp8]}",
    "include": "[{cluster.accelerator: mtia-400, cluster.precision: bf16}]",
    "exclude": "[{cluster.accelerator: h100-sxm, cluster.precision: fp8}]",
}
