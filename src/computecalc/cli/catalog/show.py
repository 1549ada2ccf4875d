"""`computecalc catalog show`: one entry with every figure and its source."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from computecalc.cli.completing import entries, kinds
from computecalc.cli.options import CatalogOption, ColorOption, DigitsOption, FormatOption, ReportOptions, report_style

__all__ = ["show"]


def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="Id or alias.", autocompletion=entries)],
    kind: Annotated[
        str | None, typer.Option("--kind", help="Where two kinds share the name.", autocompletion=kinds)
    ] = None,
    format: FormatOption = None,
    digits: DigitsOption = 6,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
) -> None:
    """Show an entry: every figure with unit, kind, source and date."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.catalog.naming import find_entry
    from computecalc.cli.listings import print_listing
    from computecalc.reports.catalog_entry import entry_listing
    from computecalc.reports.catalog_page import entry_page

    opened = Catalog.open(catalog or ())
    entry = find_entry(opened, name, kind)
    regulations = opened.entries("regulation") if entry.kind == "accelerator" else ()
    style = report_style(ReportOptions(color=color, digits=digits))
    if (format or ("table" if sys.stdout.isatty() else "plain")) == "table":
        sys.stdout.write(entry_page(entry, style, regulations=regulations))
    else:
        print_listing(entry_listing(entry, style, regulations=regulations), format, style)
