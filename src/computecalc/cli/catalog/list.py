"""`computecalc catalog list`: the entries of a kind, or how many there are of each."""

from __future__ import annotations

from typing import Annotated

import typer

from computecalc.cli.completing import kinds
from computecalc.cli.options import CatalogOption, ColorOption, FormatOption, ReportOptions, report_style

__all__ = ["list_entries"]


def list_entries(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="accelerator, model, precision, ...", autocompletion=kinds)
    ] = None,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
) -> None:
    """List the entries of a kind, or count all kinds."""
    from computecalc.catalog.attributes import KIND_NAMES, KINDS
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.catalog.naming import kind_named
    from computecalc.cli.listings import print_listing
    from computecalc.reports.listing import Listing

    opened = Catalog.open(catalog or ())
    style = report_style(ReportOptions(color=color))
    if kind is None:
        rows = [(name, str(len(opened.ids(name)))) for name in KIND_NAMES]
        print_listing(Listing(("kind", "entries"), rows), format, style)
        return
    known = kind_named(kind)
    labels = KINDS[known].listed
    rows_of_kind = [
        (row.id, row.name, *(row.labels.get(label, "") for label in labels), ", ".join(row.aliases))
        for row in opened.rows(known)
    ]
    print_listing(Listing(("id", "name", *labels, "aliases"), rows_of_kind), format, style)
