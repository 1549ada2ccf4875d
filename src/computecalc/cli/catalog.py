"""`computecalc catalog`: list entries, show one with every figure and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.options import CatalogOption, ColorOption, DigitsOption, FormatOption, ReportOptions, report_style
from computecalc.errors import CatalogError, Diagnostic, did_you_mean

if TYPE_CHECKING:
    from computecalc.catalog.attributes import KindName
    from computecalc.catalog.entries import Entry
    from computecalc.catalog.lookup import Catalog

__all__ = ["catalog_app"]

catalog_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@catalog_app.command("list", help="List the entries of a kind (accelerator, model, grid, ...), or count all kinds.")
def list_entries(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="accelerator, model, precision, ...")] = None,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
) -> None:
    """List the entries of a kind, or count all kinds."""
    from computecalc.catalog.attributes import KIND_NAMES, KINDS
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.listings import print_listing
    from computecalc.reports.listing import Listing

    opened = Catalog.open(catalog or ())
    style = report_style(ReportOptions(color=color))
    if kind is None:
        rows = [(name, str(len(opened.ids(name)))) for name in KIND_NAMES]
        print_listing(Listing(("kind", "entries"), rows), format, style)
        return
    known = _kind(kind)
    labels = KINDS[known].listed
    rows_of_kind = [
        (row.id, row.name, *(row.labels.get(label, "") for label in labels), ", ".join(row.aliases))
        for row in opened.rows(known)
    ]
    print_listing(Listing(("id", "name", *labels, "aliases"), rows_of_kind), format, style)


@catalog_app.command(help="Show an entry: every figure with unit, kind, source and date.")
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id or alias.")],
    kind: Annotated[str | None, typer.Option("--kind", help="Where two kinds share the name.")] = None,
    format: FormatOption = None,
    digits: DigitsOption = 6,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
) -> None:
    """Show an entry: every figure with unit, kind, source and date."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.listings import print_listing
    from computecalc.reports.catalog_entry import entry_listing

    entry = _find(Catalog.open(catalog or ()), name, kind)
    style = report_style(ReportOptions(color=color, digits=digits))
    print_listing(entry_listing(entry, style), format, style)


def _kind(name: str) -> KindName:
    from computecalc.catalog.attributes import KIND_NAMES

    singular = name.removesuffix("s") if name not in KIND_NAMES else name
    for known in KIND_NAMES:
        if singular == known:
            return known
    near = did_you_mean(name, KIND_NAMES)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(KIND_NAMES)}"
    raise CatalogError(Diagnostic("CC501", f"there is no kind of entry {name!r}", hint=hint))


def _find(catalog: Catalog, name: str, kind: str | None) -> Entry:
    from computecalc.catalog.attributes import KIND_NAMES

    if kind is not None:
        known = _kind(kind)
        return catalog.find("model", name) if known == "model" else catalog.find(known, name)
    for candidate in KIND_NAMES:
        if catalog.has(candidate, name):
            return catalog.find("model", name) if candidate == "model" else catalog.find(candidate, name)
    near = did_you_mean(name, (entry_id for candidate in KIND_NAMES for entry_id in catalog.ids(candidate)))
    hint = f"did you mean {' or '.join(near)}?" if near else "`computecalc catalog list KIND` prints all"
    raise CatalogError(Diagnostic("CC501", f"the catalog has no entry {name!r}", hint=hint))
