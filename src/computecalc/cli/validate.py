"""`computecalc validate`: predictions against published and measured figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.options import CatalogOption, ColorOption, ReportOptions, report_style

if TYPE_CHECKING:
    from computecalc.checks.validation.comparison import Comparison

__all__ = ["validate"]


def validate(
    source: Annotated[
        str, typer.Option("--source", help="Only cases of this source: its short or part of its name.")
    ] = "",
    accelerator: Annotated[str, typer.Option("--accelerator", help="Only cases on this catalog accelerator.")] = "",
    worst: Annotated[int, typer.Option("--worst", min=0, max=10_000, help="How many of the worst cases to show.")] = 10,
    data: Annotated[
        Path | None, typer.Option("--data", help="A folder with tables of one's own; absent: the shipped figures.")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option("--page", help="Write the page and its pictures, such as docs/validation.md, of all cases."),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option("-f", "--format", help="table, plain, json, csv or md; table on a terminal, else plain."),
    ] = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
) -> None:
    """Compare predictions with published and measured figures: beyond what is allowed exits 1, not comparable 2."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.checks.validation.cases import data_folder
    from computecalc.checks.validation.comparison import compare
    from computecalc.cli.failures import write_out
    from computecalc.cli.listings import listing_format
    from computecalc.errors import Diagnostic, UsageError
    from computecalc.reports.validation import render_validation

    name = listing_format(format)
    if page is not None and (source or accelerator or page.suffix != ".md"):
        hint = "leave out --source and --accelerator, and give the page a name that ends in .md"
        raise UsageError(Diagnostic("CC101", "--page writes all cases to a Markdown file", hint=hint))
    style = report_style(ReportOptions(color=color))
    found = compare(data or data_folder(), Catalog.open(catalog or ()), source=source, accelerator=accelerator)
    if page is not None:
        _write_page(found, page)
    write_out(render_validation(name, found, style, worst))
    if found.exit_code:
        raise typer.Exit(found.exit_code)


def _write_page(found: Comparison, path: Path) -> None:
    from computecalc.cli.answers import write_atomically
    from computecalc.reports.validation_page import page_files

    for each, text in page_files(found, path).items():
        write_atomically(each, text)
