"""Reading the sources of a file and the provenance blocks that refer to them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import cast

from computecalc.catalog.findings import Findings
from computecalc.catalog.provenance import VALUE_KINDS, Provenance, Source, ValueKind
from computecalc.records import record
from computecalc.yamlio.nodes import MappingEntry, MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["PROVENANCE_KEYS", "SourceReader", "is_date", "read_date", "read_sources", "read_text"]

PROVENANCE_KEYS = ("source", "kind", "locator", "as_of", "note")

_SOURCE_KEYS = ("title", "url", "publication", "as_of", "licence")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def is_date(text: str) -> bool:
    """Return whether `text` is a year, year-month or year-month-day that the calendar has."""
    if not _DATE.fullmatch(text):
        return False
    first_day = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
    try:
        datetime.date.fromisoformat(first_day)
    except ValueError:
        return False
    return True


def read_text(node: Node, what: str, findings: Findings) -> str:
    """Return a scalar as it is written; note a finding and return an empty text for anything else."""
    if isinstance(node, ScalarNode):
        text = node.text.strip()
        if text and node.value is not None:
            return text
    findings.add("CC503", f"{what} must be a text", node.span)
    return ""


def read_date(node: Node, what: str, findings: Findings) -> str:
    """Return a date as it is written; note a finding for what is none."""
    text = read_text(node, what, findings)
    if text and not is_date(text):
        findings.add("CC503", f"{what} is not a date: `{text}`", node.span, hint="write 2024-03-01, 2024-03 or 2024")
        return ""
    return text


def read_sources(node: Node, findings: Findings) -> dict[str, Source]:
    """Return the `sources` of a file by name."""
    if not isinstance(node, MappingNode):
        findings.add("CC503", "sources must be a mapping of names to sources", node.span)
        return {}
    return {name: _read_source(name, entry, findings) for name, entry in node.entries.items()}


def _read_source(name: str, entry: MappingEntry, findings: Findings) -> Source:
    node = entry.node
    if not isinstance(node, MappingNode):
        findings.add(
            "CC503", f"source {name} must be a mapping", node.span, hint=f"its keys: {', '.join(_SOURCE_KEYS)}"
        )
        return Source(name, "", "", "")
    texts: dict[str, str] = {}
    for key, value in node.entries.items():
        if key not in _SOURCE_KEYS:
            findings.add_unknown("key", key, _SOURCE_KEYS, value.key_span)
        elif key == "as_of":
            texts[key] = read_date(value.node, "as_of", findings)
        else:
            texts[key] = read_text(value.node, key, findings)
    for key in ("title", "as_of"):
        if key not in texts:
            findings.add("CC503", f"source {name} has no {key}", entry.key_span)
    if "url" not in texts and "publication" not in texts:
        findings.add("CC503", f"source {name} has neither url nor publication", entry.key_span)
    return Source(
        id=name,
        title=texts.get("title", ""),
        reference=texts.get("url") or texts.get("publication", ""),
        as_of=texts.get("as_of", ""),
        licence=texts.get("licence", ""),
    )


@record
class SourceReader:
    """Reads provenance keys against the sources of one file."""

    sources: Mapping[str, Source]
    findings: Findings

    def provenance(self, node: Node) -> Provenance:
        """Return an entry's `provenance` block."""
        if not isinstance(node, MappingNode):
            hint = f"its keys: {', '.join(PROVENANCE_KEYS)}"
            self.findings.add("CC503", "provenance must be a mapping", node.span, hint=hint)
            return Provenance()
        for key, entry in node.entries.items():
            if key not in PROVENANCE_KEYS:
                self.findings.add_unknown("key", key, PROVENANCE_KEYS, entry.key_span)
        return self.overlaid(Provenance(), node)

    def overlaid(self, default: Provenance, node: MappingNode) -> Provenance:
        """Return `default` with what `node` says for itself.

        Locator, date and note belong to a source: they are not inherited where the source is another one.
        """
        given = {key: entry.node for key, entry in node.entries.items()}
        if "source" in given:
            default = Provenance(self._sources(given["source"]), default.kind)
        return Provenance(
            sources=default.sources,
            kind=self._kind(given["kind"]) if "kind" in given else default.kind,
            locator=self._text(given, "locator", default.locator),
            as_of=read_date(given["as_of"], "as_of", self.findings) if "as_of" in given else default.as_of,
            note=self._text(given, "note", default.note),
        )

    def _text(self, given: Mapping[str, Node], key: str, default: str) -> str:
        return read_text(given[key], key, self.findings) if key in given else default

    def _kind(self, node: Node) -> ValueKind:
        text = read_text(node, "kind", self.findings)
        if text and text not in VALUE_KINDS:
            self.findings.add_unknown("kind of value", text, VALUE_KINDS, node.span)
        # A wrong kind is a finding already: handing it on keeps it from being reported as missing, too.
        return cast("ValueKind", text)

    def _sources(self, node: Node) -> tuple[Source, ...]:
        found = []
        for item in node.items if isinstance(node, SequenceNode) else (node,):
            name = read_text(item, "source", self.findings)
            if name and name not in self.sources:
                self.findings.add_unknown("source", name, self.sources, item.span, code="CC505")
            # An unknown source is a finding already: its stand-in keeps it from being reported as missing, too.
            found.append(self.sources.get(name) or Source(name, title="", reference="", as_of=""))
        return tuple(found)
