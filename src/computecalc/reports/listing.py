"""Lists of things (catalog entries, figures, units) in every format, from one set of rows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from computecalc.records import record
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import csv_text, markdown_text, terminal_text
from computecalc.reports.plain import columns

__all__ = ["LISTING_FORMATS", "Listing", "render_listing"]

LISTING_FORMATS = ("table", "plain", "json", "csv", "md")
"""Formats a list can be had in."""


@record
class Listing:
    """Rows of text under a header."""

    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def render_listing(name: str, listing: Listing, style: ReportStyle) -> str:
    """Return a list in one of `LISTING_FORMATS`."""
    match name:
        case "json":
            records = [dict(zip(listing.header, row, strict=True)) for row in listing.rows]
            return json.dumps(records, indent=2, ensure_ascii=False) + "\n"
        case "csv":
            return _csv(listing)
        case "md":
            return _markdown(listing)
        case "table":
            return _table(listing, style)
        case _:
            rows = [tuple(terminal_text(cell) for cell in row) for row in listing.rows]
            return "\n".join(columns([listing.header, *rows])) + "\n"


def _csv(listing: Listing) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(listing.header)
    writer.writerows([csv_text(cell) for cell in row] for row in listing.rows)
    return text.getvalue()


def _markdown(listing: Listing) -> str:
    lines = [f"| {' | '.join(listing.header)} |", f"|{' --- |' * len(listing.header)}"]
    lines += [f"| {' | '.join(markdown_text(cell) for cell in row)} |" for row in listing.rows]
    return "\n".join(lines) + "\n"


def _table(listing: Listing, style: ReportStyle) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from computecalc.reports.terminal import printed

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    for index, heading in enumerate(listing.header):
        table.add_column(heading, overflow="fold", no_wrap=index == 0)
    for row in listing.rows:
        table.add_row(*(terminal_text(cell) for cell in row))
    return printed([table], style)
