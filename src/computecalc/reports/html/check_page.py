"""The page of a check: what became of the limits first, then the scenarios they are on."""

from __future__ import annotations

from computecalc.estimators.results import Estimate
from computecalc.reports.check_rows import summary_line
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.html.checks import checks_section
from computecalc.reports.html.diagnostics import diagnostics_section
from computecalc.reports.html.estimates import catalog_of, exploring, scenario_sections
from computecalc.reports.html.page import page

__all__ = ["render_check_html"]


def render_check_html(document: ReportDocument, style: ReportStyle) -> str:
    """Return the page of a check."""
    explored = exploring([each for each in document.outcomes if isinstance(each, Estimate)])
    told = diagnostics_section("page-", document.diagnostics, level=2)
    sections = [
        checks_section(document.verdicts, style),
        *([told] if told is not None else []),
        *scenario_sections(document.outcomes, style, explored, is_folded=True),
    ]
    lead = summary_line(document.verdicts)
    return page("Budget check", "Check of budgets", lead, sections, catalog_of(document), data=explored.data)
