"""Pieces of Markdown that all pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from computecalc.reports.document import ReportStyle
from computecalc.reports.listing import Listing, render_listing

__all__ = ["page", "table"]

_STYLE = ReportStyle(units={}, digits=6, width=100, color=False)


def page(title: str, introduction: str, *parts: str) -> str:
    """Return a page that says of itself that it is generated."""
    head = f"<!-- Written by scripts/build_docs.py; do not edit. -->\n\n# {title}\n\n{introduction}\n"
    return "\n".join([head, *(part.rstrip("\n") + "\n" for part in parts)])


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the cells are text, not Markdown."""
    return render_listing("md", Listing(tuple(header), [tuple(row) for row in rows]), _STYLE)
