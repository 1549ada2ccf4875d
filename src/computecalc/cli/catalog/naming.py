"""Kinds and entries as users name them on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from computecalc.errors import CatalogError, Diagnostic, did_you_mean

if TYPE_CHECKING:
    from computecalc.catalog.attributes import KindName
    from computecalc.catalog.entries import Entry
    from computecalc.catalog.lookup import Catalog

__all__ = ["find_entry", "kind_named"]


def kind_named(name: str) -> KindName:
    """Return the kind of entry called `name`, in the singular or plural.

    Raises
    ------
    CatalogError
        CC501, when there is no such kind.
    """
    from computecalc.catalog.attributes import KIND_NAMES

    singular = name.removesuffix("s") if name not in KIND_NAMES else name
    for known in KIND_NAMES:
        if singular == known:
            return known
    near = did_you_mean(name, KIND_NAMES)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(KIND_NAMES)}"
    raise CatalogError(Diagnostic("CC501", f"there is no kind of entry {name!r}", hint=hint))


def find_entry(catalog: Catalog, name: str, kind: str | None) -> Entry:
    """Return the entry called `name`, of the first kind that has it unless one is stated.

    Raises
    ------
    CatalogError
        CC501, when there is no such kind or entry.
    """
    from computecalc.catalog.attributes import KIND_NAMES

    if kind is not None:
        return catalog.find(kind_named(kind), name)
    for candidate in KIND_NAMES:
        if catalog.has(candidate, name):
            return catalog.find(candidate, name)
    near = did_you_mean(name, (entry_id for candidate in KIND_NAMES for entry_id in catalog.ids(candidate)))
    hint = f"did you mean {' or '.join(near)}?" if near else "`computecalc catalog list KIND` prints all"
    raise CatalogError(Diagnostic("CC501", f"the catalog has no entry {name!r}", hint=hint))
