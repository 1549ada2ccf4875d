"""`computecalc catalog search`: entries by what they state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.options import CatalogOption, ColorOption, DigitsOption, FormatOption, ReportOptions, report_style

if TYPE_CHECKING:
    from computecalc.catalog.attributes import KindName
    from computecalc.catalog.entries import Entry
    from computecalc.catalog.searching import Query
    from computecalc.reports.document import ReportStyle
    from computecalc.units.ranges import Range

__all__ = ["search"]


def search(
    expression: Annotated[str, typer.Argument(help='Such as "memory >= 141 GB and vendor = AMD".')],
    kind: Annotated[str | None, typer.Option("--kind", help="Where several kinds have what is asked for.")] = None,
    format: FormatOption = None,
    digits: DigitsOption = 6,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
) -> None:
    """Find entries: comparisons of figures and labels, joined by and, or, not."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.catalog.searching import matching, parse_query
    from computecalc.cli.listings import print_listing
    from computecalc.reports.listing import Listing

    query = parse_query(expression)
    chosen = _kind(query, kind)
    style = report_style(ReportOptions(color=color, digits=digits))
    opened = Catalog.open(catalog or ())
    found, paths = matching(query, chosen, opened.entries(chosen), _stated)
    columns = [path for path in paths if path not in ("id", "name")]
    rows = [(entry.id, entry.name, *(_shown(entry, path, style) for path in columns)) for entry in found]
    print_listing(Listing(("id", "name", *columns), rows), format, style)


def _kind(query: Query, stated: str | None) -> KindName:
    from computecalc.catalog.searching import searched_kinds
    from computecalc.cli.catalog.naming import kind_named
    from computecalc.errors import Diagnostic, UsageError

    if stated is not None:
        return kind_named(stated)
    kinds = searched_kinds(query)
    if len(kinds) > 1:
        message = f"several kinds of entry have what is asked for: {', '.join(kinds)}"
        raise UsageError(Diagnostic("CC101", message, hint=f"such as --kind {kinds[0]}"))
    return kinds[0]


def _stated(entry: Entry, path: str) -> Range | str | None:
    """Return what an entry states, parameters of models being counted from the architecture."""
    from computecalc.catalog.entries import ModelEntry
    from computecalc.cli.catalog.counting import model_counts
    from computecalc.units.ranges import Range

    texts = {"id": entry.id, "name": entry.name, "aliases": ", ".join(entry.aliases), **entry.labels}
    if path in texts:
        return texts[path]
    fact = entry.get(path)
    if fact is not None:
        return fact.value
    if isinstance(entry, ModelEntry) and path in ("parameters", "active_parameters"):
        return Range.exact(model_counts(entry)[path == "active_parameters"])
    return None


def _shown(entry: Entry, path: str, style: ReportStyle) -> str:
    from computecalc.catalog.attributes import KINDS
    from computecalc.units.display import format_range

    value = _stated(entry, path)
    if value is None or isinstance(value, str):
        return value or ""
    fact = entry.get(path)
    return format_range(value, fact.unit if fact else KINDS[entry.kind].figures[path].fact_unit, digits=style.digits)
