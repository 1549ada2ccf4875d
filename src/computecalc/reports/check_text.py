"""Verdicts as plain text, as Markdown and as CSV."""

from __future__ import annotations

import csv
import io

from computecalc.reports.check_rows import check_rows, summary_line
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.escapes import csv_text, markdown_text, terminal_text
from computecalc.reports.plain import columns

__all__ = ["MARKER", "render_check_csv", "render_check_markdown", "render_check_plain"]

MARKER = "<!-- computecalc check -->"
"""First line of Markdown: invisible, and how a bot finds the comment that it is to replace."""

_HEADER = ("state", "scenario", "check", "value")
_COLUMNS = (
    "scenario",
    "check",
    "state",
    "severity",
    "low",
    "value",
    "high",
    "unit",
    "baseline",
    "waived",
    "owner",
    "message",
    "reason",
)


def render_check_plain(document: ReportDocument, style: ReportStyle) -> str:
    """Return the verdicts as aligned lines, what belongs to one indented below it."""
    rows = check_rows(document.verdicts, style)
    cells = [
        (row.state, terminal_text(row.scenario), terminal_text(row.check), terminal_text(row.value)) for row in rows
    ]
    head, *aligned = columns([_HEADER, *cells])
    lines = [head]
    for row, line in zip(rows, aligned, strict=True):
        lines += [line, *(f"    {terminal_text(note)}" for note in row.notes)]
    lines += ["", summary_line(document.verdicts)]
    return "\n".join(lines) + "\n"


def render_check_markdown(document: ReportDocument, style: ReportStyle) -> str:
    """Return the verdicts as a table for a job summary or a pull request."""
    lines = [MARKER, f"**computecalc check**: {summary_line(document.verdicts)}", ""]
    lines += ["| state | scenario | check | value | |", "| --- | --- | --- | --- | --- |"]
    for row in check_rows(document.verdicts, style):
        notes = "<br>".join(markdown_text(note) for note in row.notes)
        cells = (markdown_text(cell) for cell in (row.state, row.scenario, row.check, row.value))
        lines.append(f"| {' | '.join(cells)} | {notes} |")
    return "\n".join(lines) + "\n"


def render_check_csv(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return a line a verdict, numbers in canonical units."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for verdict in document.verdicts:
        check = verdict.limit.check
        numbers = ("" if each is None else repr(each) for each in (verdict.low, verdict.mid, verdict.high))
        writer.writerow(
            (
                csv_text(verdict.scenario),
                csv_text(check.text),
                verdict.state,
                verdict.severity,
                *numbers,
                "" if check.unit == "1" else check.unit,
                "" if verdict.baseline is None else repr(verdict.baseline),
                str(verdict.is_waived).lower(),
                csv_text(verdict.owner),
                csv_text(verdict.message),
                csv_text(verdict.reason),
            )
        )
    return text.getvalue()
