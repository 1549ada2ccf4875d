"""The catalog as the rest of the program sees it: entries by kind and name, through all layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, overload

from computecalc.catalog.attributes import KIND_NAMES, KINDS, KindName
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.index import IndexEntry
from computecalc.catalog.layers import Layer, Overlay, Shipped
from computecalc.catalog.locating import digest, shipped_folder
from computecalc.catalog.names import folded
from computecalc.errors import CatalogError, Diagnostic, Span, did_you_mean

__all__ = ["Catalog"]


@dataclass(slots=True)
class _Names:
    """The names of one kind over all layers; ids and aliases are folded."""

    rows: dict[str, tuple[Layer, IndexEntry]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    """Folded alias to folded id."""

    def lay(self, layer: Layer, kind: KindName) -> None:
        """Lay a layer over what is there: its ids replace equal ones whole, aliases included."""
        rows = {folded(row.id): row for row in layer.index.entries[kind].values()}
        self.aliases = {alias: key for alias, key in self.aliases.items() if key not in rows}
        for key, row in rows.items():
            self.rows[key] = (layer, row)
            for alias in row.aliases:
                self.aliases[folded(alias)] = key

    def check(self) -> None:
        """Check that no alias hides behind the id of another entry."""
        for alias, key in self.aliases.items():
            if alias in self.rows and alias != key:
                row = self.rows[key][1]
                message = f"the alias {alias} of {row.id} in {row.file} is the id of another entry"
                raise CatalogError(Diagnostic("CC504", message, hint="choose another alias, or that id"))

    def key(self, name: str) -> str | None:
        """Return the folded id of what is called `name`."""
        wanted = folded(name)
        return wanted if wanted in self.rows else self.aliases.get(wanted)

    def spellings(self) -> list[str]:
        """Return every id and alias as it is written."""
        return [name for _, row in self.rows.values() for name in (row.id, *row.aliases)]


class Catalog:
    """Entries by kind and name; later layers win. Open it with `Catalog.open`."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self._layers = tuple(layers)
        self._names: dict[KindName, _Names] = {}
        self._entries: dict[tuple[KindName, str], Entry] = {}
        self._files_used: dict[str, str] = {}
        self._rows: dict[KindName, tuple[IndexEntry, ...]] = {}
        self._by_label: dict[tuple[KindName, str], dict[str, tuple[IndexEntry, ...]]] = {}

    @classmethod
    def open(cls, overlays: Sequence[Path] = (), *, folder: Path | None = None) -> Catalog:
        """Open the shipped catalog, or the one in `folder`, with overlays on it.

        Raises
        ------
        CatalogError
            CC506, when the catalog or its index is missing; every problem of an overlay.
        UsageError
            CC103, when an overlay is not a folder or is empty.
        """
        shipped = Shipped(folder if folder is not None else shipped_folder())
        return cls([shipped, *(Overlay(overlay) for overlay in overlays)])

    @property
    def version(self) -> str:
        """Version of the shipped catalog, such as ``2026.11``."""
        return self._layers[0].index.version

    @property
    def digest(self) -> str:
        """Digest of all files of all layers, ``sha256:...``; it does not depend on where they are."""
        files = {
            f"{number}/{file}": content
            for number, layer in enumerate(self._layers)
            for file, content in layer.index.files.items()
        }
        return digest(files)

    @property
    def files_used(self) -> dict[str, str]:
        """Files that entries were taken from so far, with their digests."""
        return dict(sorted(self._files_used.items()))

    def ids(self, kind: KindName) -> tuple[str, ...]:
        """Return all ids of a kind, sorted, without reading a file."""
        return tuple(row.id for row in self.rows(kind))

    def has(self, kind: KindName, name: str) -> bool:
        """Tell whether `name` is the id or an alias of an entry."""
        return self._of(kind).key(name) is not None

    def rows(self, kind: KindName) -> tuple[IndexEntry, ...]:
        """Return what the index knows of all entries of a kind, by id, without reading a file."""
        found = self._rows.get(kind)
        if found is None:
            found = tuple(sorted((row for _, row in self._of(kind).rows.values()), key=lambda row: row.id))
            self._rows[kind] = found
        return found

    def entries(self, kind: KindName) -> tuple[Entry, ...]:
        """Return all entries of a kind, by id.

        Raises
        ------
        CatalogError
            When an entry is wrong.
        """
        return self._load(kind, [folded(row.id) for row in self.rows(kind)])

    @overload
    def find(self, kind: Literal["model"], name: str, *, span: Span | None = None) -> ModelEntry: ...
    @overload
    def find(self, kind: KindName, name: str, *, span: Span | None = None) -> Entry: ...
    def find(self, kind: KindName, name: str, *, span: Span | None = None) -> Entry:
        """Return the entry that `name` is the id or an alias of; case, ``_`` and spaces do not matter.

        Parameters
        ----------
        kind : str
            Kind of entry.
        name : str
            Id or alias.
        span : Span, optional
            Where the user wrote the name, for the error.

        Raises
        ------
        CatalogError
            CC501, when there is no such entry, with what comes near or where the name does exist.
        """
        key = self._of(kind).key(name)
        if key is None:
            raise self._unknown(kind, name, span)
        return self._load(kind, [key])[0]

    def prices(self, accelerator: str) -> tuple[Entry, ...]:
        """Return the prices of an accelerator, newest first; see `price_rows`."""
        return self._load("price", [folded(row.id) for row in self.price_rows(accelerator)])

    def price_rows(self, accelerator: str, *, commitment: str | None = None) -> tuple[IndexEntry, ...]:
        """Return what the index knows of an accelerator's prices, newest first, without reading a file.

        Parameters
        ----------
        accelerator : str
            Id or alias.
        commitment : str, optional
            Only prices of this commitment, such as ``on-demand``.

        Raises
        ------
        CatalogError
            CC501, when there is no such accelerator.
        """
        rows = self._rows_of("price", accelerator)
        return tuple(row for row in rows if commitment in (None, row.labels["commitment"]))

    def purchase_rows(self, accelerator: str) -> tuple[IndexEntry, ...]:
        """Return what the index knows of what an accelerator sells for, newest first, without reading a file.

        Raises
        ------
        CatalogError
            CC501, when there is no such accelerator.
        """
        return self._rows_of("purchase", accelerator)

    def _rows_of(self, kind: KindName, accelerator: str) -> tuple[IndexEntry, ...]:
        """Return the rows that name an accelerator, newest first."""
        names = self._of("accelerator")
        key = names.key(accelerator)
        if key is None:
            raise self._unknown("accelerator", accelerator, None)
        rows = self._labelled(kind, "accelerator", lambda label: names.key(label) or "").get(key, ())
        # Sorting is stable: prices of one date stay in the order of their ids.
        return tuple(sorted(rows, key=lambda row: row.labels["as_of"], reverse=True))

    def priors(self, quantity: str) -> tuple[Entry, ...]:
        """Return the priors that stand in for an input such as ``efficiency.mfu``, by id; none when there are none."""
        return self._load("prior", [folded(row.id) for row in self.prior_rows(quantity)])

    def prior_rows(self, quantity: str) -> tuple[IndexEntry, ...]:
        """Return what the index knows of the priors for an input, without reading a file."""
        return self._labelled("prior", "quantity", str).get(quantity, ())

    def _labelled(self, kind: KindName, label: str, read: Callable[[str], str]) -> Mapping[str, tuple[IndexEntry, ...]]:
        """Return what the index knows of a kind, by one of its labels: an estimate asks for many."""
        known = self._by_label.get((kind, label))
        if known is None:
            known = {}
            for row in self.rows(kind):
                key = read(row.labels[label])
                known[key] = (*known.get(key, ()), row)
            self._by_label[kind, label] = known
        return known

    def read(self, kind: KindName, ids: Sequence[str]) -> None:
        """Read entries ahead: one by one, their file would be parsed for each."""
        self._load(kind, [folded(name) for name in ids])

    def _of(self, kind: KindName) -> _Names:
        names = self._names.get(kind)
        if names is None:
            names = _Names()
            for layer in self._layers:
                names.lay(layer, kind)
            names.check()
            self._names[kind] = names
        return names

    def _load(self, kind: KindName, keys: Sequence[str]) -> tuple[Entry, ...]:
        """Return entries by folded id, reading those that are new together, layer by layer."""
        rows = self._of(kind).rows
        new: dict[Layer, list[str]] = {}
        for key in keys:
            if (kind, key) not in self._entries:
                new.setdefault(rows[key][0], []).append(key)
        for layer, missing in new.items():
            wanted = [rows[key][1] for key in missing]
            for key, row, entry in zip(missing, wanted, layer.load(kind, wanted), strict=True):
                self._entries[kind, key] = entry
                self._files_used[f"{layer.label}/{row.file}"] = layer.index.files[row.file]
        return tuple(self._entries[kind, key] for key in keys)

    def _unknown(self, kind: KindName, name: str, span: Span | None) -> CatalogError:
        listing = f"`computecalc catalog list {kind}` shows all"
        others = [other for other in KIND_NAMES if other != kind and self._of(other).key(name) is not None]
        if others:
            message = f"`{name}` is {KINDS[others[0]].title}, not {KINDS[kind].title}"
            return CatalogError(Diagnostic("CC501", message, span=span, hint=listing))
        near = did_you_mean(name, self._of(kind).spellings())
        question = f"did you mean {' or '.join(near)}? " if near else ""
        message = f"there is no {kind} called `{name}`"
        return CatalogError(Diagnostic("CC501", message, span=span, hint=f"{question}{listing}"))
