"""Markdown: tables for a job summary or a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.escapes import markdown_text
from computecalc.reports.rows import assumption_rows, numbered_rows, unknown_lines

__all__ = ["render_markdown"]


def render_markdown(document: ReportDocument, style: ReportStyle) -> str:
    """Return every scenario as a heading and tables."""
    return "\n".join(
        _failure(outcome) if isinstance(outcome, Failure) else _estimate(outcome, style)
        for outcome in document.outcomes
    )


def _estimate(estimate: Estimate, style: ReportStyle) -> str:
    header, metrics = numbered_rows(estimate, style)
    assumptions = [(row.path, row.value, row.origin) for row in assumption_rows(estimate, style)]
    lines = [f"## {markdown_text(estimate.name)}", ""]
    lines += _table(header, metrics, numbers=set(range(1, len(header) - 3)))
    lines += ["", "### Assumptions", ""]
    lines += _table(("assumption", "value", "from"), assumptions, numbers=set())
    lines += _regulation(estimate, style)
    gaps = unknown_lines(estimate.outputs)
    if gaps:
        lines += ["", "### Unknown", "", *(f"- {markdown_text(gap)}" for gap in gaps)]
    return "\n".join(lines) + "\n"


def _regulation(estimate: Estimate, style: ReportStyle) -> list[str]:
    """The thresholds that the run is compared with; nothing where there are none."""
    if not estimate.crossings:
        return []
    # Imported here: services are compared with none.
    from computecalc.reports.regulation import HEADER, HEADING, REMARK, reason_lines, regulation_rows

    lines = ["", f"### {HEADING}", "", *_table(HEADER, regulation_rows(estimate, style), numbers={3}), ""]
    return [*lines, *(f"- {markdown_text(line)}" for line in (*reason_lines(estimate), REMARK))]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: set[int]) -> list[str]:
    marks = ["---:" if i in numbers else "---" for i in range(len(header))]
    body = [f"| {' | '.join(markdown_text(cell) for cell in row)} |" for row in rows]
    return [f"| {' | '.join(header)} |", f"| {' | '.join(marks)} |", *body]


def _failure(failure: Failure) -> str:
    lines = [f"## {markdown_text(failure.name)}", "", "Not estimated:", ""]
    lines += [f"- {d.code} {markdown_text(d.place)}: {markdown_text(d.message)}" for d in failure.diagnostics]
    return "\n".join(lines) + "\n"
