"""The index of a catalog folder: which file holds which id, and what listings show of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

from computecalc.catalog.attributes import KIND_NAMES, KindName
from computecalc.catalog.excerpts import LineRanges
from computecalc.errors import CatalogError, Diagnostic

__all__ = ["INDEX_NAME", "Index", "IndexEntry", "content_digest", "read_index", "rendered"]

INDEX_NAME = "index.json"

_FORMAT = 1
_REMEDY = "run scripts/build_catalog_index.py, or install computecalc anew"


class IndexEntry(NamedTuple):
    """What is known of an entry without reading its file."""

    id: str
    file: str
    """Relative to the catalog's folder, with forward slashes."""
    name: str
    aliases: tuple[str, ...]
    labels: Mapping[str, str]
    """The labels that the table of the kind marks as listed."""
    lines: LineRanges
    """Lines of the file that the entry and its sources stand on."""


class Index(NamedTuple):
    """All entries of a folder, and the digest of each of its files."""

    version: str
    files: Mapping[str, str]
    """SHA-256 of each file, line ends counted as one character."""
    entries: Mapping[KindName, Mapping[str, IndexEntry]]


def content_digest(content: bytes) -> str:
    """Return the SHA-256 of a text file, the same for both kinds of line ends."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def rendered(index: Index) -> str:
    """Return the index as JSON, one entry a line, the same text for the same catalog."""
    kinds = []
    for kind in KIND_NAMES:
        rows = [f"   {_json(key)}: {_json(_row(entry))}" for key, entry in sorted(index.entries[kind].items())]
        kinds.append(f"  {_json(kind)}: {{\n" + ",\n".join(rows) + "\n  }")
    files = ",\n".join(f"  {_json(file)}: {_json(digest)}" for file, digest in sorted(index.files.items()))
    return (
        f'{{\n "format": {_FORMAT},\n "version": {_json(index.version)},\n'
        f' "files": {{\n{files}\n }},\n "entries": {{\n' + ",\n".join(kinds) + "\n }\n}\n"
    )


def _row(entry: IndexEntry) -> dict[str, Any]:
    return {
        "file": entry.file,
        "name": entry.name,
        "aliases": entry.aliases,
        "labels": dict(entry.labels),
        "lines": entry.lines,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def read_index(folder: Path) -> Index:
    """Return the index that lies in `folder`.

    Raises
    ------
    CatalogError
        CC506, when it is missing or is not an index that this version of the program reads.
    """
    path = folder / INDEX_NAME
    try:
        document = json.loads(path.read_bytes())
        if document["format"] != _FORMAT:
            raise ValueError(f"its format is {document['format']}, not {_FORMAT}")
        rows = {kind: document["entries"][kind] for kind in KIND_NAMES}
        return Index(version=document["version"], files=document["files"], entries=_LazyEntries(path, rows))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(path, error) from error


class _LazyEntries(Mapping[KindName, Mapping[str, IndexEntry]]):
    """Entries by kind, built when the kind is first asked for: most commands need two or three of the kinds."""

    def __init__(self, path: Path, rows: Mapping[KindName, Any]) -> None:
        self._path = path
        self._rows = rows
        self._built: dict[KindName, dict[str, IndexEntry]] = {}

    def __getitem__(self, kind: KindName) -> Mapping[str, IndexEntry]:
        if kind not in self._built:
            try:
                self._built[kind] = {key: _entry(key, row) for key, row in self._rows[kind].items()}
            except (AttributeError, ValueError, KeyError, TypeError) as error:
                raise _unreadable(self._path, error) from error
        return self._built[kind]

    def __iter__(self) -> Iterator[KindName]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _entry(key: str, row: Mapping[str, Any]) -> IndexEntry:
    # Hundreds of rows are read for a few: `map` takes half the time of a generator that unpacks.
    lines = cast("LineRanges", tuple(map(tuple, row["lines"])))
    return IndexEntry(key, row["file"], row["name"], tuple(row["aliases"]), row["labels"], lines)


def _unreadable(path: Path, error: Exception) -> CatalogError:
    return CatalogError(Diagnostic("CC506", f"the catalog's index {path} cannot be read: {error}", hint=_REMEDY))
