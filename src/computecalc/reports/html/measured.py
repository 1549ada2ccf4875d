"""Measured runs beside their estimates."""

from __future__ import annotations

from collections.abc import Iterable

from computecalc.checks.measured_comparison import MeasuredComparison
from computecalc.reports.document import ReportStyle
from computecalc.reports.html.markup import element, joined, table
from computecalc.reports.html.page import Section, section
from computecalc.reports.measured_text import MEASURED_HEADER, measured_rows, measured_title

__all__ = ["measured_section"]


def measured_section(comparisons: Iterable[MeasuredComparison], style: ReportStyle) -> Section:
    """Return a table a run."""
    parts = []
    for each in comparisons:
        title = measured_title(each)
        inner = table(title, MEASURED_HEADER, measured_rows(each, style), numbers=(3,), wide=(5,), is_captioned=True)
        notes = element("ul", *(element("li", note) for note in each.notes), class_="notes small")
        parts.append(joined([inner, notes if each.notes else None]))
    return section("measured", "Measured against estimated", *parts)
