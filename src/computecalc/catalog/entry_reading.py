"""Reading one entry by the table of its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from computecalc.catalog.attributes import Kind, Label
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.figures import FigureReader
from computecalc.catalog.findings import Findings
from computecalc.catalog.provenance import Fact, Provenance, Source
from computecalc.catalog.sources import SourceReader, is_date, read_text
from computecalc.errors import Span
from computecalc.records import record
from computecalc.yamlio.nodes import MappingEntry, MappingNode, Node, SequenceNode

__all__ = ["EntryReader", "id_pattern", "is_entry_id"]

_COMMON_KEYS = ("name", "aliases", "provenance", "notes")
_ID = re.compile(r"[a-z0-9][a-z0-9.+-]*")
_GRID_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_PARAMETER_COUNTS = ("parameters", "active_parameters")


def is_entry_id(text: str, kind: str) -> bool:
    """Tell whether a text may be the id of an entry of a kind."""
    return re.fullmatch(id_pattern(kind), text) is not None


def id_pattern(kind: str) -> str:
    """Return the pattern of the ids of a kind."""
    return (_GRID_ID if kind == "grid" else _ID).pattern


@dataclass(slots=True)
class _Body:
    """What has been read of an entry so far."""

    figures: FigureReader
    labels: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    stated: set[str] = field(default_factory=set)
    """Paths the entry writes, be they right or wrong: a wrong figure is not reported as missing, too."""


@record
class EntryReader:
    """Reads the entries of one file; problems go to the findings."""

    kind: Kind
    sources: Mapping[str, Source]
    findings: Findings

    def read(self, entry_id: str, written: MappingEntry) -> Entry:
        """Return the entry; it is whole only when nothing was added to the findings."""
        span, node = written.key_span, written.node
        if not is_entry_id(entry_id, self.kind.name):
            hint = "small letters, digits, `.`, `+` and `-`, first a letter or digit"
            self.findings.add("CC503", f"`{entry_id}` is not an id", span, hint=hint)
        if not isinstance(node, MappingNode):
            self.findings.add("CC503", f"{entry_id} must be a mapping", node.span)
            node = MappingNode({}, node.span)
        given = {key: entry.node for key, entry in node.entries.items()}
        reader = SourceReader(self.sources, self.findings)
        provenance = reader.provenance(given["provenance"]) if "provenance" in given else Provenance()
        body = _Body(FigureReader(reader, provenance))
        self._walk(node, "", body)
        self._check_complete(entry_id, span, body, provenance)
        name = read_text(given["name"], "name", self.findings) if "name" in given else ""
        if "name" not in given:
            self.findings.add("CC503", f"{entry_id} has no name", span)
        aliases = self._texts(given["aliases"], "alias") if "aliases" in given else ()
        notes = read_text(given["notes"], "notes", self.findings) if "notes" in given else ""
        if self.kind.name != "model":
            return Entry(self.kind.name, entry_id, name, aliases, body.labels, body.facts, provenance, notes, span)
        architecture = given.get("architecture")
        return ModelEntry(
            self.kind.name, entry_id, name, aliases, body.labels, body.facts, provenance, notes, span, architecture
        )

    def _own_keys(self) -> tuple[str, ...]:
        return (*_COMMON_KEYS, "architecture") if self.kind.name == "model" else _COMMON_KEYS

    def _walk(self, node: MappingNode, prefix: str, body: _Body) -> None:
        own = self._own_keys() if not prefix else ()
        for key, entry in node.entries.items():
            path = f"{prefix}{key}"
            if key in own:
                body.stated.add(key)
            elif path in self.kind.figures:
                body.stated.add(path)
                fact = body.figures.read(path, self.kind.figures[path], entry.node)
                if fact is not None:
                    body.facts[path] = fact
            elif path in self.kind.labels:
                body.stated.add(path)
                body.labels[path] = self._label(path, self.kind.labels[path], entry.node)
            elif path not in self.kind.blocks:
                self.findings.add_unknown("key", key, {*own, *self._below(prefix)}, entry.key_span)
            elif isinstance(entry.node, MappingNode):
                self._walk(entry.node, f"{path}.", body)
            else:
                body.stated.update(known for known in self.kind.figures if known.startswith(f"{path}."))
                hint = f"its keys: {', '.join(self._below(f'{path}.'))}"
                self.findings.add("CC503", f"{path} must be a mapping", entry.node.span, hint=hint)

    def _below(self, prefix: str) -> list[str]:
        paths = [*self.kind.labels, *self.kind.figures]
        return sorted({path[len(prefix) :].split(".")[0] for path in paths if path.startswith(prefix)})

    def _texts(self, node: Node, what: str) -> tuple[str, ...]:
        items = node.items if isinstance(node, SequenceNode) else (node,)
        return tuple(read_text(item, what, self.findings) for item in items)

    def _label(self, path: str, label: Label, node: Node) -> str:
        if label.several:
            return ", ".join(part.strip() for text in self._texts(node, path) for part in text.split(","))
        text = read_text(node, path, self.findings)
        if text and label.allowed and text not in label.allowed:
            self.findings.add_unknown(path, text, label.allowed, node.span)
        if text and label.date and not is_date(text):
            hint = "write 2024-03-01, 2024-03 or 2024"
            self.findings.add("CC503", f"{path} is not a date: `{text}`", node.span, hint=hint)
        return text

    def _check_complete(self, entry_id: str, span: Span, body: _Body, provenance: Provenance) -> None:
        labels = [path for path, label in self.kind.labels.items() if label.required]
        figures = [path for path, attribute in self.kind.figures.items() if attribute.required]
        for path in (*labels, *figures):
            if path not in body.stated:
                self.findings.add("CC503", f"{entry_id} has no {path}", span, hint=_description(self.kind, path))
        block = self.kind.at_least_one
        if block and not any(path.startswith(f"{block}.") for path in body.stated):
            hint = f"at least one of {', '.join(self._below(f'{block}.'))}"
            self.findings.add("CC503", f"{entry_id} has no {block} figure", span, hint=hint)
        if self.kind.name == "model":
            self._check_shape(entry_id, span, body, provenance)
        if self.kind.name in ("price", "purchase", "api-price"):
            self._check_dated(body)

    def _check_shape(self, entry_id: str, span: Span, body: _Body, provenance: Provenance) -> None:
        """Check that a model has either an architecture, with its origin, or parameter counts."""
        if "architecture" not in body.stated:
            for path in _PARAMETER_COUNTS:
                if path not in body.stated:
                    hint = "a model without an architecture states parameters and active_parameters"
                    self.findings.add("CC503", f"{entry_id} has no {path}", span, hint=hint)
            return
        if not provenance.sources or not provenance.kind:
            hint = "give the entry a `provenance: {source: ..., kind: ...}`"
            self.findings.add("CC503", f"the architecture of {entry_id} has no source and kind", span, hint=hint)
        for path in _PARAMETER_COUNTS:
            if path in body.stated:
                where = body.facts[path].span if path in body.facts else span
                hint = f"a published figure goes to published.{path}"
                message = f"{path} of {entry_id} follows from its architecture and is not written"
                self.findings.add("CC503", message, where, hint=hint)

    def _check_dated(self, body: _Body) -> None:
        fact = body.facts.get("input" if self.kind.name == "api-price" else "price")
        if fact is not None and len(fact.as_of) < len("2024-03"):
            hint = "add `as_of: 2024-03-01` to the price: prices change by the month"
            self.findings.add("CC503", f"the price is not dated: `{fact.as_of}`", fact.span, hint=hint)


def _description(kind: Kind, path: str) -> str:
    return kind.labels[path].description if path in kind.labels else kind.figures[path].description
