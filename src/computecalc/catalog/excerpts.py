"""Reading a few entries of a long file: the lines they need stay, all others are emptied.

Most of the time of a look-up goes into reading YAML. The index therefore holds, for each entry, the lines that it,
its sources and the anchors it refers to stand on. An excerpt has the same line numbers as the file, so every place
stays right.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from computecalc.catalog.entries import Entry
from computecalc.records import record
from computecalc.yamlio.nodes import MappingNode, Node, SequenceNode, child

__all__ = ["LineRange", "LineRanges", "Outline", "excerpt", "outlined"]

LineRange: TypeAlias = tuple[int, int]
"""First and last line, counted from 1."""

LineRanges: TypeAlias = tuple[LineRange, ...]

# YAML counts these as line ends; an excerpt counts only the usual ones.
_UNUSUAL_LINE_ENDS = re.compile("[\x85\u2028\u2029]|\r(?!\n)")


@record
class Outline:
    """Which lines of a catalog file its parts take.

    A part is one source, one entry, or a whole section (``sources``, ``entries``, ``version``, ``kind``) that does
    not give each of its keys lines of its own.
    """

    last_line: int
    headers: LineRanges
    """First lines of the sections that have parts, and all of the others; empty when the file cannot be cut."""
    parts: Mapping[str, LineRange]
    """By section and key, ``entries/h100-sxm``."""
    references: Mapping[str, frozenset[str]]
    """For each part, the parts on whose lines its nodes stand: itself, and where aliases lead."""

    def lines_for(self, entry: Entry) -> LineRanges:
        """Return the lines needed to read one entry."""
        if not self.headers:
            return ((1, self.last_line),)
        cited = [*entry.provenance.sources, *(source for fact in entry.facts.values() for source in fact.sources)]
        used = {f"sources/{source.id}" for source in cited}
        # `sources` may not be empty: an entry that uses none keeps all.
        sources = used or {part for part in self.parts if part.startswith("sources/")}
        missing = [part for part in (f"entries/{entry.id}", *sources) if part in self.parts]
        needed: set[str] = set()
        while missing:
            part = missing.pop()
            if part not in needed:
                needed.add(part)
                missing.extend(self.references[part])
        return _merged([*self.headers, *(self.parts[part] for part in needed)])


def outlined(root: Node, text: str) -> Outline:
    """Return the outline of a catalog file, given its tree and its text."""
    last_line = text.count("\n") + 1
    sections = {} if _UNUSUAL_LINE_ENDS.search(text) else _keys_by_lines(root, (0, last_line))
    headers: list[LineRange] = []
    parts: dict[str, LineRange] = {}
    nodes: dict[str, Node | None] = {}
    for section, (first, last) in sections.items():
        body = child(root, section)
        found = _keys_by_lines(body, (first, last)) if section in ("sources", "entries") else {}
        headers.append((first, first if found else last))
        parts.update({f"{section}/{key}": lines for key, lines in found.items()})
        nodes.update({f"{section}/{key}": child(body, key) for key in found} if body is not None else {})
    return Outline(last_line, tuple(headers), parts, _references(parts, nodes))


def _keys_by_lines(node: Node | None, within: LineRange) -> dict[str, LineRange]:
    """Return the lines of each key, none unless every key begins a line of its own below the first."""
    if not isinstance(node, MappingNode):
        return {}
    first, last = within
    starts = [entry.key_span.line for entry in node.entries.values()]
    if any(start <= before for before, start in zip([first, *starts], starts, strict=False)):
        return {}
    ends = [start - 1 for start in starts[1:]] + [last]
    return dict(zip(node.entries, zip(starts, ends, strict=True), strict=True))


def _references(parts: Mapping[str, LineRange], nodes: Mapping[str, Node | None]) -> dict[str, frozenset[str]]:
    ordered = sorted(parts, key=lambda part: parts[part])
    starts = [parts[part][0] for part in ordered]
    return {
        part: frozenset(ordered[bisect_right(starts, line) - 1] for line in _lines_of(node) if line >= starts[0])
        for part, node in nodes.items()
    }


def _lines_of(node: Node | None) -> Iterator[int]:
    """Give the lines on which values stand; those behind an alias stand where its anchor is."""
    if node is None:
        return
    yield node.span.line
    below: Iterable[Node] = ()
    if isinstance(node, MappingNode):
        below = (entry.node for entry in node.entries.values())
    elif isinstance(node, SequenceNode):
        below = node.items
    for part in below:
        yield from _lines_of(part)


def _merged(ranges: Iterable[LineRange]) -> LineRanges:
    merged: list[LineRange] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def excerpt(text: str, ranges: Iterable[LineRange]) -> str:
    """Return `text` with only the lines in `ranges`, all others emptied, and nothing after the last of them."""
    merged = _merged(ranges)
    lines = text.split("\n")
    kept = [""] * min(merged[-1][1], len(lines))
    for first, last in merged:
        kept[first - 1 : last] = lines[first - 1 : last]
    return "\n".join(kept)
