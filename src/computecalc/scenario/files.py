"""From a scenario file to one merged tree a scenario: defaults, extends, the point of a matrix, overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from computecalc.errors import ComputecalcError, Diagnostic, ScenarioError, Span
from computecalc.records import record
from computecalc.scenario.extending import extended
from computecalc.scenario.matrix import MOST_POINTS, expanded
from computecalc.scenario.other_files import Library, parts_of
from computecalc.yamlio.nodes import (
    MappingNode,
    Node,
    Plain,
    ScalarNode,
    SequenceNode,
    child,
    get,
    locate,
    locate_key,
    mapping_from_paths,
    merge,
    plain,
)

__all__ = ["TABLES", "RawScenario", "laid_over", "named_tables", "raw_scenarios", "stated_plainly"]

TABLES = (("serving", "calibration"), ("site", "profile"))
"""Paths of keys that name a table: own measurements, a profile of the grid."""


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


def laid_over(raw: RawScenario, over: MappingNode) -> RawScenario:
    """Return a scenario with values that win over its own."""
    return replace(raw, node=_over(raw.node, over))


def stated_plainly(raw: RawScenario) -> dict[str, Plain]:
    """Return what is written of a scenario as plain data, without its places."""
    return {key: plain(entry.node) for key, entry in raw.node.entries.items()}


def named_tables(raw: RawScenario) -> dict[str, str]:
    """Return the text of each table that a scenario names, by its name; what cannot be read is told by its reader."""
    found: dict[str, str] = {}
    for path in TABLES:
        node = get(raw.node, path)
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            # Imported here: few scenarios name one.
            from computecalc.scenario.paths import named_path

            found[node.value] = named_path(node.value, node.span, flag="--set").read_text(encoding="utf-8-sig")
    return found


def raw_scenarios(
    document: Node, overrides: Mapping[str, Node] | None = None, library: Library | None = None
) -> list[RawScenario]:
    """Merge each scenario of a file, in the order written; one with a `matrix` becomes one for each of its points.

    Parameters
    ----------
    document : Node
        The file.
    overrides : mapping, optional
        Values by dotted path that win over everything in the file, from `--set`.
    library : Library, optional
        Where other files that are extended come from; absent: those below the folder of this one.

    Raises
    ------
    ScenarioError
        When the file as a whole is wrong: unknown keys, no version, no scenario, two of one name.
    """
    file, library = parts_of(document), library or Library()
    if not file.scenarios:
        message, hint = "the file has no scenario", "add one below `scenarios:`"
        raise ScenarioError(Diagnostic("CC309", message, span=locate(document, ["scenarios"]), hint=hint))
    over = mapping_from_paths(overrides) if overrides else None
    found: dict[str, RawScenario] = {}
    for name, node in file.scenarios.items():
        span = locate_key(document, ["scenarios", name])
        try:
            points = list(expanded(name, extended(file, name, node, library), room=MOST_POINTS - len(found)))
        except ComputecalcError as error:
            found[name] = RawScenario(name, node, span, errors=error.diagnostics)
            continue
        for own_name, merged in points:
            if own_name in found or (own_name != name and own_name in file.scenarios):
                message = f"two scenarios are called {own_name!r}"
                hint = "rename one, or let `name` tell the points of the matrix apart"
                raise ScenarioError(Diagnostic("CC314", message, span=span, hint=hint))
            found[own_name] = RawScenario(own_name, merged if over is None else _over(merged, over), span)
    scenarios = list(found.values())
    notes = _unused_budgets(document)
    if notes:
        first = scenarios[0]
        scenarios[0] = RawScenario(first.name, first.node, first.span, first.errors, notes)
    return scenarios


def _over(node: MappingNode, over: MappingNode) -> MappingNode:
    merged = merge(node, over)
    if not isinstance(merged, MappingNode):
        raise TypeError(f"two mappings merged into something else at {node.span.label}")
    return merged


def _unused_budgets(document: Node) -> tuple[Diagnostic, ...]:
    """Say that budgets are not looked at here: silence would pass for a pass."""
    budgets = child(document, "budgets")
    if not isinstance(budgets, SequenceNode) or not budgets.items:
        return ()
    message = f"{len(budgets.items)} budgets are stated, which this command does not look at"
    hint = "`computecalc check` evaluates them"
    span = locate_key(document, ["budgets"])
    return (Diagnostic("CC606", message, severity="note", span=span, hint=hint),)
