"""The page of a sweep: how it went, what its cases reach from and to, and those that were picked from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from computecalc.reports.document import ReportStyle
from computecalc.reports.html.front import Front, front_section
from computecalc.reports.html.markup import table
from computecalc.reports.html.page import Origin, Section, page, section
from computecalc.units.display import display

if TYPE_CHECKING:
    from computecalc.reports.sweep_answer import SweepAnswer

__all__ = ["render_sweep_html"]


def render_sweep_html(answer: SweepAnswer, style: ReportStyle) -> str:
    """Return the page of a sweep.

    Parameters
    ----------
    answer : SweepAnswer
        The sweep; a front of two or more metrics is drawn by its first two.
    style : ReportStyle
        Digits and units.
    """
    sections = [_went(answer)]
    if answer.title:
        sections.append(_front(answer, style) if len(answer.objectives) > 1 else _cases(answer, style))
    if answer.extents:
        sections.append(_extents(answer, style))
    title = str(answer.summary["scenario"])
    lead = f"{answer.summary['cases']:,} cases, {answer.summary['failed']:,} of which cannot be estimated."
    return page(title, "Sweep", lead, sections, Origin(answer.catalog_version, answer.catalog_digest))


def _went(answer: SweepAnswer) -> Section:
    rows = [(key, f"{value:,}" if isinstance(value, int) else str(value)) for key, value in answer.summary.items()]
    return section("went", "How it went", table("How it went", ("", ""), rows, numbers=[1]))


def _front(answer: SweepAnswer, style: ReportStyle) -> Section:
    down, across = answer.objectives[:2]
    lead = f"{answer.title}: no other case is better in one of them and as good in the others."
    is_plane = len(answer.objectives) == 2
    points = _picked(answer, (across, down))
    return front_section("front", "Pareto front", points, style, lead=lead, is_joined=is_plane)


def _cases(answer: SweepAnswer, style: ReportStyle) -> Section:
    first = answer.objectives[0]
    return front_section(
        "cases", "Cases", _picked(answer, (first, first)), style, lead=f"{answer.title}.", is_drawn=False
    )


def _picked(answer: SweepAnswer, axes: tuple[str, str]) -> Front:
    """Return the cases as points: objectives first, the number of the case last."""
    names = [*answer.objectives, *(name for name in answer.units if name not in answer.objectives and name != "case")]
    columns = (*((name, answer.units[name] or "") for name in names), ("case", ""))
    rows = tuple((*(row[name] for name in names), f"{row['case']:,}") for row in answer.rows)
    return Front(columns, rows, axes)


def _extents(answer: SweepAnswer, style: ReportStyle) -> Section:
    rows = [
        (name, *(str(display(end, unit, digits=style.digits, target=style.units.get(name))) for end in ends))
        for name, (*ends, unit) in answer.extents.items()
    ]
    head = ("metric", "least", "most")
    lead = "Least and most of each metric over all cases that were written."
    return section("extents", "From and to", table("From and to", head, rows, numbers=[1, 2]), lead=lead)
