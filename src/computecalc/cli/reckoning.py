"""Flags of every command that estimates: how ranges are found, and numbers in the place of metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from computecalc.cli.options import pairs
from computecalc.errors import Diagnostic, UsageError
from computecalc.scenario.flags import OVERRIDE, RECKONING_FLAGS

if TYPE_CHECKING:
    from computecalc.scenario.files import RawScenario
    from computecalc.yamlio.nodes import MappingEntry

__all__ = ["RECKONING_FLAGS", "reckoned", "without_reckoning"]


def without_reckoning(flags: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the other flags."""
    names = {flag.parameter for flag in RECKONING_FLAGS}
    return {name: value for name, value in flags.items() if name not in names}


def reckoned(scenarios: Iterable[RawScenario], flags: Mapping[str, Any]) -> list[RawScenario]:
    """Lay the flags over scenarios.

    Parameters
    ----------
    scenarios : iterable of RawScenario
        From flags or files.
    flags : mapping
        Values by parameter name, None where not given.

    Raises
    ------
    UsageError
        CC101 for an empty flag, or an override without ``=``.
    """
    from computecalc.scenario.files import laid_over
    from computecalc.yamlio.nodes import MappingNode

    over = dict(_entries(flags))
    if not over:
        return list(scenarios)
    tree = MappingNode(over, next(iter(over.values())).key_span)
    return [laid_over(raw, tree) for raw in scenarios]


def _entries(flags: Mapping[str, Any]) -> Iterator[tuple[str, MappingEntry]]:
    """Return the sections that the flags make."""
    from computecalc.yamlio.nodes import from_flag, mapping_from_paths

    values = {}
    for flag in RECKONING_FLAGS:
        text = flags.get(flag.parameter)
        if text is None or flag is OVERRIDE:
            continue
        if not text.strip():
            raise UsageError(Diagnostic("CC101", f"{flag.name} is empty", hint="leave the flag out, or give a value"))
        values[flag.path] = from_flag(flag.name, text)
    if values:
        yield from mapping_from_paths(values).entries.items()
    overrides = pairs(flags.get(OVERRIDE.parameter), OVERRIDE.name, "goodput=0.9")
    if overrides:
        yield "overrides", _overrides(overrides)


def _overrides(texts: Mapping[str, str]) -> MappingEntry:
    """Return the section of overrides; metric ids stay whole, dots and all."""
    from computecalc.yamlio.nodes import MappingEntry, MappingNode, from_flag

    nodes = {name: from_flag(f"{OVERRIDE.name} {name}", text) for name, text in texts.items()}
    span = next(iter(nodes.values())).span
    below: Mapping[str, MappingEntry] = {name: MappingEntry(node.span, node) for name, node in nodes.items()}
    return MappingEntry(span, MappingNode(below, span))
