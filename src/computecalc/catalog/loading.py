"""Loading a catalog file into entries; every problem of the file is reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from computecalc.catalog.attributes import KIND_NAMES, KINDS, Kind
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.entry_reading import EntryReader
from computecalc.catalog.findings import Findings
from computecalc.catalog.names import folded
from computecalc.catalog.provenance import Source
from computecalc.catalog.sources import read_sources, read_text
from computecalc.errors import CatalogError, Note
from computecalc.records import record
from computecalc.yamlio.loading import load_path
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode

__all__ = ["CatalogFile", "load_file", "open_file", "parse_file"]

_FORMAT_VERSION = 1
_FILE_KEYS = ("version", "kind", "sources", "entries")


@record
class CatalogFile:
    """A file whose head is read, and whose entries are read when asked for."""

    kind: Kind
    sources: Mapping[str, Source]
    bodies: MappingNode
    """The `entries` as they are written."""

    def entry(self, entry_id: str) -> Entry:
        """Return one entry; models come without a look at their architecture.

        Raises
        ------
        CatalogError
            With every problem of this entry.
        KeyError
            When the file has no such entry.
        """
        findings = Findings()
        entry = EntryReader(self.kind, self.sources, findings).read(entry_id, self.bodies.entries[entry_id])
        findings.raise_any()
        return entry

    def entries(self) -> dict[str, Entry]:
        """Return all entries by id, architectures checked.

        Raises
        ------
        CatalogError
            With every problem of every entry.
        """
        findings = Findings()
        reader = EntryReader(self.kind, self.sources, findings)
        found = {entry_id: reader.read(entry_id, body) for entry_id, body in self.bodies.entries.items()}
        _check_names(found, findings)
        for entry in found.values():
            if isinstance(entry, ModelEntry):
                _check_architecture(entry, findings)
        findings.raise_any()
        return found


def load_file(path: Path) -> dict[str, Entry]:
    """Return all entries of a file by id, checked through and through, architectures included.

    Raises
    ------
    CatalogError
        With every problem: CC503 for what is missing, unknown or wrong, CC504 for an id or alias given twice,
        CC505 for an unknown source, CC4xx for a wrong quantity, CC30x for a wrong architecture.
    DocumentError, UsageError
        When the file cannot be read as YAML.
    """
    return open_file(path).entries()


def open_file(path: Path) -> CatalogFile:
    """Return a file with its head read.

    Raises
    ------
    CatalogError, DocumentError, UsageError
        As `load_file`, for the head of the file only.
    """
    return parse_file(load_path(path))


def parse_file(node: Node) -> CatalogFile:
    """Return the catalog file that `node` is the content of.

    Raises
    ------
    CatalogError
        When version, kind, sources or entries are missing or wrong.
    """
    findings = Findings()
    if not isinstance(node, MappingNode):
        hint = f"its keys: {', '.join(_FILE_KEYS)}"
        raise Findings.error("CC503", "a catalog file is a mapping", node.span, hint=hint)
    for key, entry in node.entries.items():
        if key not in _FILE_KEYS:
            findings.add_unknown("key", key, _FILE_KEYS, entry.key_span)
    for key in _FILE_KEYS:
        if key not in node.entries:
            findings.add("CC503", f"the file has no {key}", node.span)
    findings.raise_any()
    _check_version(node.entries["version"].node, findings)
    sources = read_sources(node.entries["sources"].node, findings)
    bodies = node.entries["entries"].node
    if not isinstance(bodies, MappingNode):
        raise Findings.error("CC503", "entries must be a mapping of ids to entries", bodies.span)
    kind = _read_kind(node.entries["kind"].node)
    findings.raise_any()
    return CatalogFile(kind, sources, bodies)


def _check_version(node: Node, findings: Findings) -> None:
    if not isinstance(node, ScalarNode) or node.value != _FORMAT_VERSION or isinstance(node.value, bool):
        findings.add("CC503", f"the version of the file format must be {_FORMAT_VERSION}", node.span)


def _read_kind(node: Node) -> Kind:
    findings = Findings()
    text = read_text(node, "kind", findings)
    for name in KIND_NAMES:
        if name == text:
            return KINDS[name]
    if text:
        findings.add_unknown("kind of entry", text, KIND_NAMES, node.span)
    raise findings.as_error()


def _check_names(entries: Mapping[str, Entry], findings: Findings) -> None:
    taken: dict[str, Entry] = {}
    for entry in entries.values():
        for name in (entry.id, *entry.aliases):
            other = taken.setdefault(folded(name), entry)
            if other is not entry:
                note = Note(f"{other.id} has it", other.span)
                findings.add("CC504", f"{entry.id}: the name {name} is taken", entry.span, notes=(note,))


def _check_architecture(entry: ModelEntry, findings: Findings) -> None:
    try:
        entry.architecture  # noqa: B018  parsing is the check
    except CatalogError as error:
        findings.extend(error.diagnostics)
