"""The layers that lie over each other in a catalog: the shipped folder, then each overlay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from computecalc.catalog.attributes import KindName
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.excerpts import excerpt
from computecalc.catalog.index import Index, IndexEntry, content_digest, read_index
from computecalc.catalog.indexing import scan
from computecalc.catalog.loading import CatalogFile, parse_file
from computecalc.errors import CatalogError, Diagnostic
from computecalc.yamlio.loading import load_text

__all__ = ["Layer", "Overlay", "Shipped"]

_LABEL = "catalogs"
"""Name of the shipped folder in spans and results, wherever it is installed."""


class Layer(Protocol):
    """A folder of entries."""

    index: Index
    label: str
    """What the folder is called in spans and results."""

    def load(self, kind: KindName, rows: Sequence[IndexEntry]) -> list[Entry]:
        """Return the entries that rows of the index stand for, in their order."""


class Shipped:
    """The shipped catalog: its index is read, and of its files only what is needed."""

    def __init__(self, folder: Path) -> None:
        self.index = read_index(folder)
        self.label = _LABEL
        self._folder = folder
        self._texts: dict[str, str] = {}

    def load(self, kind: KindName, rows: Sequence[IndexEntry]) -> list[Entry]:
        """Return entries, each file being read once for all of them.

        Raises
        ------
        CatalogError
            CC506, when the index does not fit the files.
        """
        files = {file: self._excerpt(file, rows) for file in dict.fromkeys(row.file for row in rows)}
        for row in rows:
            if files[row.file].kind.name != kind or row.id not in files[row.file].bodies.entries:
                raise _stale(f"{row.file} holds no {kind} {row.id}")
        entries = [files[row.file].entry(row.id) for row in rows]
        return [replace(each, is_checked=True) if isinstance(each, ModelEntry) else each for each in entries]

    def _excerpt(self, file: str, rows: Sequence[IndexEntry]) -> CatalogFile:
        if file not in self._texts:
            self._texts[file] = self._content(file)
        ranges = [lines for row in rows if row.file == file for lines in row.lines]
        return parse_file(load_text(excerpt(self._texts[file], ranges), f"{self.label}/{file}"))

    def _content(self, file: str) -> str:
        try:
            content = (self._folder / file).read_bytes()
        except OSError as error:
            raise _stale(f"{file} cannot be read: {error.strerror}") from error
        if content_digest(content) != self.index.files.get(file):
            raise _stale(f"{file} has changed")
        return content.decode()


def _stale(reason: str) -> CatalogError:
    hint = "run scripts/build_catalog_index.py, or install computecalc anew"
    return CatalogError(Diagnostic("CC506", f"the catalog's index does not fit its files: {reason}", hint=hint))


class Overlay:
    """A folder of the user's: read whole and checked when it is opened."""

    def __init__(self, folder: Path) -> None:
        found = scan(folder)
        self.index = found.index
        self.label = str(folder)
        self._entries: Mapping[KindName, Mapping[str, Entry]] = found.entries

    def load(self, kind: KindName, rows: Sequence[IndexEntry]) -> list[Entry]:
        """Return entries, which are loaded already."""
        return [self._entries[kind][row.id] for row in rows]
