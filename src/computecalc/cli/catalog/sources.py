"""`computecalc catalog sources`: what the figures rest on, and how old that is."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.completing import kinds
from computecalc.cli.options import CatalogOption, ColorOption, FormatOption, ReportOptions, report_style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from computecalc.catalog.entries import Entry
    from computecalc.catalog.provenance import Source

__all__ = ["age_in_days", "sources"]


def sources(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="Only sources of entries of this kind.", autocompletion=kinds)
    ] = None,
    stale_after: Annotated[
        str | None, typer.Option("--stale-after", help="Mark older ones, such as 365d; exit 1 when there are any.")
    ] = None,
    format: FormatOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
) -> None:
    """List every source with its date, licence and the number of figures that rest on it."""
    from computecalc.catalog.attributes import KIND_NAMES
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.catalog.naming import kind_named
    from computecalc.cli.listings import print_listing
    from computecalc.reports.listing import Listing

    limit = _days(stale_after) if stale_after is not None else None
    kinds = KIND_NAMES if kind is None else (kind_named(kind),)
    opened = Catalog.open(catalog or ())
    counted = _counted(entry for each in kinds for entry in opened.entries(each))
    today = date.today()
    rows, stale = [], 0
    for source, figures in sorted(counted.items(), key=lambda item: (item[0].as_of, item[0].title)):
        age = age_in_days(source.as_of, today)
        old = limit is not None and age > limit
        stale += old
        rows.append(
            (source.as_of, "stale" if old else "", str(figures), source.licence, source.title, source.reference)
        )
    listing = Listing(("as of", "age", "figures", "licence", "title", "reference"), rows)
    print_listing(listing, format, report_style(ReportOptions(color=color)))
    if stale:
        raise typer.Exit(1)


def age_in_days(as_of: str, today: date) -> int:
    """Return the days since a date; of a year or month, since its last day, but never less than 0.

    Examples
    --------
    >>> age_in_days("2024-12", date(2025, 1, 10)), age_in_days("2025", date(2025, 1, 10))
    (10, 0)
    """
    parts = [int(part) for part in as_of.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return max((today - date(year, month, day)).days, 0)


def _days(text: str) -> float:
    from computecalc.errors import Diagnostic, QuantityError
    from computecalc.units.grammar import parse_quantity
    from computecalc.units.problems import QuantityProblem
    from computecalc.units.registry import conversion_factor

    try:
        return parse_quantity(text, unit="s").mid / conversion_factor("d", "s")
    except QuantityProblem as problem:
        diagnostic = Diagnostic(problem.code, f"--stale-after: {problem.message}", hint=problem.hint)
        raise QuantityError(diagnostic) from problem


def _counted(entries: Iterable[Entry]) -> dict[Source, int]:
    """Return how many figures rest on each source, an architecture being one figure."""
    from computecalc.catalog.entries import ModelEntry
    from computecalc.catalog.provenance import Source

    found: dict[Source, int] = {}
    for entry in entries:
        cited = [source for fact in entry.facts.values() for source in fact.sources]
        cited += entry.architecture_sources if isinstance(entry, ModelEntry) else ()
        for source in cited:
            # The id is a name within one file: the same document has others elsewhere.
            document = Source("", source.title, source.reference, source.as_of, source.licence)
            found[document] = found.get(document, 0) + 1
    return found
