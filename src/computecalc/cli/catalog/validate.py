"""`computecalc catalog validate`: errors of format, broken references, and figures that cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.options import ColorOption, FormatOption, ReportOptions, report_style

if TYPE_CHECKING:
    from computecalc.catalog.attributes import KindName
    from computecalc.catalog.entries import Entry
    from computecalc.catalog.indexing import Scan
    from computecalc.catalog.plausibility import Finding
    from computecalc.errors import Diagnostic

__all__ = ["validate"]


def validate(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="[DIR]...", help="Catalog folders; absent: the shipped catalog.")
    ] = None,
    format: FormatOption = None,
    color: ColorOption = "auto",
) -> None:
    """Check catalogs: problems of format exit 2, figures that cannot be exit 1."""
    from computecalc.cli.listings import print_listing
    from computecalc.reports.listing import Listing

    shipped, overlays = _scans(folders or [])
    findings = _findings(shipped, overlays)
    entries = sum(len(found) for scan in overlays or [shipped] for found in scan.entries.values())
    rows = [
        (finding.diagnostic.severity, finding.rule, finding.diagnostic.place, finding.diagnostic.message)
        for finding in findings
    ]
    if rows or format not in (None, "table", "plain"):
        style = report_style(ReportOptions(color=color))
        print_listing(Listing(("severity", "rule", "place", "finding"), rows), format, style)
    else:
        typer.echo(f"{entries} {'entry' if entries == 1 else 'entries'}, no findings")
    if any(finding.diagnostic.severity == "error" for finding in findings):
        raise typer.Exit(1)


def _scans(folders: list[Path]) -> tuple[Scan, list[Scan]]:
    """Read the shipped catalog and the folders, and check all references; problems of all are raised together."""
    from computecalc.catalog.indexing import scan
    from computecalc.catalog.locating import shipped_folder
    from computecalc.errors import CatalogError

    shipped = scan(shipped_folder(), label="catalogs")
    overlays: list[Scan] = []
    problems: list[Diagnostic] = []
    for folder in folders:
        try:
            overlays.append(scan(folder))
        except CatalogError as error:
            problems.extend(error.diagnostics)
    try:
        _check_references(shipped, overlays)
    except CatalogError as error:
        problems.extend(error.diagnostics)
    if problems:
        raise CatalogError(*problems)
    return shipped, overlays


def _check_references(shipped: Scan, overlays: list[Scan]) -> None:
    from computecalc.catalog.index import Index
    from computecalc.catalog.indexing import Scan, check_references

    if not overlays:
        check_references(shipped)
        return
    # Folders of the user's lie as they like: without rows in the index no folder is checked.
    check_references(Scan(Index("", {}, {}), _merged(shipped, overlays)))


def _merged(shipped: Scan, overlays: list[Scan]) -> dict[KindName, dict[str, Entry]]:
    return {
        kind: {entry_id: entry for scan in (shipped, *overlays) for entry_id, entry in scan.entries[kind].items()}
        for kind in shipped.entries
    }


def _findings(shipped: Scan, overlays: list[Scan]) -> list[Finding]:
    from computecalc.catalog.plausibility import Context, check_entries
    from computecalc.catalog.plausibility_rules import RULES
    from computecalc.cli.catalog.counting import model_counts

    checked = [
        entry for scan in overlays or [shipped] for entries in scan.entries.values() for entry in entries.values()
    ]
    return check_entries(checked, RULES, Context(_merged(shipped, overlays), date.today(), model_counts))
