"""The thresholds of training compute that a run is compared with."""

from __future__ import annotations

from computecalc.estimators.results import Estimate
from computecalc.reports.document import ReportStyle
from computecalc.reports.html.markup import element, table
from computecalc.reports.html.page import Section, section
from computecalc.reports.regulation import HEADER, HEADING, REMARK, reason_lines, regulation_rows

__all__ = ["regulation_section"]


def regulation_section(anchor: str, estimate: Estimate, style: ReportStyle, *, level: int) -> Section | None:
    """Return the table of thresholds; None where there are none."""
    if not estimate.crossings:
        return None
    rows = regulation_rows(estimate, style)
    lines = [element("li", line) for line in (*reason_lines(estimate), REMARK)]
    inner = table(HEADING, HEADER, rows, numbers=(3,))
    return section(f"{anchor}regulation", HEADING, inner, element("ul", *lines, class_="notes small"), level=level)
