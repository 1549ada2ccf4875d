"""Markdown of a search: tables for a job summary or a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.reports.document import Failure, ReportStyle
from computecalc.reports.escapes import markdown_text
from computecalc.reports.optimum import (
    AnyOptimum,
    OptimumDocument,
    candidate_rows,
    front_rows,
    part_rows,
    parts_title,
    reasons,
    summary,
)

__all__ = ["render_markdown"]


def render_markdown(document: OptimumDocument, style: ReportStyle) -> str:
    """Return every search as a heading and tables."""
    return "\n".join(
        _failure(outcome) if isinstance(outcome, Failure) else _optimum(outcome, style) for outcome in document.outcomes
    )


def _optimum(optimum: AnyOptimum, style: ReportStyle) -> str:
    lines = [f"## {markdown_text(optimum.name)}", "", markdown_text(summary(optimum)), ""]
    lines += _table(*candidate_rows(optimum, style))
    lines += ["", f"### {parts_title(optimum)}", "", *_table(*part_rows(optimum, style))]
    told = reasons(optimum)
    if told:
        lines += ["", "### Why each goes before the next", "", *(f"- {markdown_text(line)}" for line in told)]
    if optimum.front:
        lines += ["", f"### Front of {' and '.join(optimum.axes)}", "", *_table(*front_rows(optimum, style))]
    return "\n".join(lines) + "\n"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    marks = ["---" if name == "layout" else "---:" for name in header]
    body = [f"| {' | '.join(markdown_text(cell) for cell in row)} |" for row in rows]
    return [f"| {' | '.join(header)} |", f"| {' | '.join(marks)} |", *body]


def _failure(failure: Failure) -> str:
    lines = [f"## {markdown_text(failure.name)}", "", "Not searched:", ""]
    lines += [f"- {d.code} {markdown_text(d.place)}: {markdown_text(d.message)}" for d in failure.diagnostics]
    return "\n".join(lines) + "\n"
