"""From a scenario file to one merged tree a scenario: defaults, extends, overrides, in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from computecalc.errors import Diagnostic, ScenarioError, Span, did_you_mean
from computecalc.records import record
from computecalc.scenario.schema import ScenarioFile
from computecalc.yamlio.nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    child,
    get,
    locate,
    locate_key,
    mapping_from_paths,
    merge,
)
from computecalc.yamlio.validation import validate

__all__ = ["RawScenario", "raw_scenarios"]

_WAITING = ("matrix", "exclude")

_MOST_LAYERS = 256
"""Fragments that one scenario may be merged from; lists of parents that repeat each other double with every level."""

_DEEPEST = 64
"""Levels of `extends` at most."""


@record
class RawScenario:
    """A scenario with all its layers merged, every value still at its place."""

    name: str
    node: MappingNode
    span: Span
    """Where its name stands."""
    errors: tuple[Diagnostic, ...] = ()
    """Why it could not be merged."""
    notes: tuple[Diagnostic, ...] = ()
    """What its file says that this version does not use; the first scenario of the file carries it."""


@dataclass
class _File:
    """The parts of a file that merging needs."""

    defaults: MappingNode | None
    profiles: Mapping[str, MappingNode]
    scenarios: Mapping[str, MappingNode]


def raw_scenarios(document: Node, overrides: Mapping[str, Node] | None = None) -> list[RawScenario]:
    """Merge each scenario of a file, in the order written.

    Parameters
    ----------
    document : Node
        The file.
    overrides : mapping, optional
        Values by dotted path that win over everything in the file, from `--set`.

    Raises
    ------
    ScenarioError
        When the file as a whole is wrong: unknown keys, no version, no scenario.
    """
    validate(ScenarioFile, document)
    _check_defaults(document)
    file = _File(_mapping(document, "defaults"), _mappings(document, "profiles"), _mappings(document, "scenarios"))
    if not file.scenarios:
        raise ScenarioError(
            Diagnostic(
                "CC309",
                "the file has no scenario",
                span=locate(document, ["scenarios"]),
                hint="add one below `scenarios:`",
            )
        )
    scenarios = child(document, "scenarios")
    found: list[RawScenario] = []
    notes = _unused_budgets(document)
    for name, node in file.scenarios.items():
        span = scenarios.entries[name].key_span if isinstance(scenarios, MappingNode) else node.span
        try:
            merged = _merged(file, name, node)
            if overrides:
                merged = _as_mapping(merge(merged, mapping_from_paths(overrides)))
            found.append(RawScenario(name, merged, span, notes=notes if not found else ()))
        except ScenarioError as error:
            found.append(RawScenario(name, node, span, errors=error.diagnostics))
    return found


def _unused_budgets(document: Node) -> tuple[Diagnostic, ...]:
    """Say that budgets are not evaluated: silence would pass for a pass."""
    budgets = child(document, "budgets")
    if not isinstance(budgets, SequenceNode) or not budgets.items:
        return ()
    message = f"{len(budgets.items)} budgets are stated, but this version does not evaluate them"
    hint = "read the limits against the estimate by hand"
    span = locate_key(document, ["budgets"])
    return (Diagnostic("CC606", message, severity="warning", span=span, hint=hint),)


def _merged(file: _File, name: str, node: MappingNode) -> MappingNode:
    for key in _WAITING:
        if key in node.entries:
            span = node.entries[key].key_span
            raise ScenarioError(
                Diagnostic("CC310", f"`{key}` is not supported yet", span=span, hint="write the scenarios one by one")
            )
    layers: list[MappingNode] = []
    _add_ancestry(layers, file, name, node, seen=())
    result = file.defaults
    for layer in layers:
        result = layer if result is None else _as_mapping(merge(result, layer))
    return _without(result or node, "extends")


def _add_ancestry(layers: list[MappingNode], file: _File, name: str, node: MappingNode, seen: tuple[str, ...]) -> None:
    """Append the layers from the farthest ancestor to the node itself."""
    if name in seen:
        circle = " -> ".join((*seen[seen.index(name) :], name))
        span = node.entries["extends"].node.span
        raise ScenarioError(Diagnostic("CC308", f"`extends` goes in a circle: {circle}", span=span))
    for parent in _extended(node):
        if len(seen) >= _DEEPEST or len(layers) >= _MOST_LAYERS:
            message = f"`extends` is too long a chain: at most {_DEEPEST} levels and {_MOST_LAYERS} fragments in all"
            raise ScenarioError(Diagnostic("CC303", message, span=parent.span, hint="merge some of the fragments"))
        _add_ancestry(layers, file, str(parent.value), _lookup(file, parent), (*seen, name))
    layers.append(node)


def _check_defaults(document: Node) -> None:
    """Refuse `extends` in defaults, which lie under everything and would lose it in silence."""
    entry = get(document, ["defaults", "extends"])
    if entry is not None:
        span = locate_key(document, ["defaults", "extends"])
        hint = "defaults extend nothing: let the scenarios extend the profile"
        raise ScenarioError(Diagnostic("CC301", "unknown key `extends` in `defaults`", span=span, hint=hint))


def _extended(node: MappingNode) -> Sequence[ScalarNode]:
    entry = node.entries.get("extends")
    if entry is None:
        return ()
    given = entry.node
    items = given.items if isinstance(given, SequenceNode) else (given,)
    names = [item for item in items if isinstance(item, ScalarNode) and isinstance(item.value, str)]
    if len(names) != len(items):
        raise ScenarioError(
            Diagnostic(
                "CC303", "`extends` wants a name or a list of names", span=given.span, hint="extends: [base, spot]"
            )
        )
    return names


def _lookup(file: _File, parent: ScalarNode) -> MappingNode:
    name = str(parent.value)
    found = file.profiles.get(name) or file.scenarios.get(name)
    if found is None:
        known = [*file.profiles, *file.scenarios]
        near = did_you_mean(name, known)
        hint = f"did you mean {' or '.join(near)}?" if near else f"defined here: {', '.join(sorted(known))}"
        raise ScenarioError(
            Diagnostic("CC307", f"there is no scenario or profile {name!r} to extend", span=parent.span, hint=hint)
        )
    return found


def _mapping(document: Node, key: str) -> MappingNode | None:
    found = child(document, key)
    return found if isinstance(found, MappingNode) else None


def _mappings(document: Node, key: str) -> dict[str, MappingNode]:
    found = _mapping(document, key)
    if found is None:
        return {}
    return {name: _as_mapping(entry.node) for name, entry in found.entries.items()}


def _as_mapping(node: Node) -> MappingNode:
    if not isinstance(node, MappingNode):
        raise TypeError(f"expected a mapping at {node.span.label}")
    return node


def _without(node: MappingNode, key: str) -> MappingNode:
    return MappingNode({name: entry for name, entry in node.entries.items() if name != key}, node.span)
