"""A diff as plain text, as Markdown and as CSV."""

from __future__ import annotations

import csv
import io

from computecalc.checks.changes import Changes, ScenarioChange
from computecalc.reports.changes_rows import (
    HEADER,
    PARTS,
    cause_rows,
    change_rows,
    reasons,
    shown_scenarios,
    summary_line,
)
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import csv_text, markdown_text, terminal_text
from computecalc.reports.plain import columns

__all__ = ["render_changes_csv", "render_changes_markdown", "render_changes_plain"]

_RIGHT = frozenset({1, 2, 4, 5, 6, 7, 8})
_COLUMNS = ("scenario", "state", "metric", "unit", "before", "after", "change", *PARTS, "reason")


def render_changes_plain(changes: Changes, style: ReportStyle) -> str:
    """Return every scenario that changed as aligned lines, with its causes below."""
    lines: list[str] = []
    for scenario in shown_scenarios(changes):
        lines += [f"scenario {terminal_text(scenario.name)}: {scenario.state}"]
        rows = [row.cells for row in change_rows(scenario, style)]
        lines += columns([HEADER, *rows], right=_RIGHT) if rows else []
        causes = [tuple(map(terminal_text, row)) for row in cause_rows(scenario.causes)]
        lines += [f"  {line}" for line in columns(causes)] if causes else []
        lines += [f"  {terminal_text(reason)}" for reason in reasons(scenario)]
        lines.append("")
    return "\n".join([*lines, terminal_text(summary_line(changes))]) + "\n"


def render_changes_markdown(changes: Changes, style: ReportStyle) -> str:
    """Return the diff for a job summary or a pull request."""
    lines = [f"**computecalc diff**: {markdown_text(summary_line(changes))}"]
    for scenario in shown_scenarios(changes):
        lines += ["", f"### {markdown_text(scenario.name)}: {scenario.state}", ""]
        lines += _markdown_table(scenario, style)
        if scenario.causes:
            lines.append("")
            lines += [
                f"* {part}: {markdown_text(what)}: {markdown_text(change)}" for part, what, change in _told(scenario)
            ]
        told = reasons(scenario)
        lines += ["", *(f"* {markdown_text(reason)}" for reason in told)] if told else []
    return "\n".join(lines) + "\n"


def _told(scenario: ScenarioChange) -> list[tuple[str, str, str]]:
    return cause_rows(scenario.causes)


def _markdown_table(scenario: ScenarioChange, style: ReportStyle) -> list[str]:
    rows = change_rows(scenario, style)
    if not rows:
        return []
    return [
        f"| {' | '.join(HEADER)} |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
        *(f"| {' | '.join(markdown_text(cell) for cell in row.cells)} |" for row in rows),
    ]


def render_changes_csv(changes: Changes, style: ReportStyle) -> str:  # noqa: ARG001
    """Return a line a metric that changed, numbers in canonical units; scenarios without have one line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for scenario in changes.scenarios:
        name, reason = csv_text(scenario.name), csv_text(scenario.reason)
        if not scenario.metrics:
            writer.writerow((name, scenario.state, *[""] * 8, reason))
        for change in scenario.metrics:
            numbers = (
                change.before.mid,
                change.after.mid,
                change.change,
                change.inputs,
                change.catalog,
                change.formulas,
            )
            writer.writerow(
                (
                    name,
                    scenario.state,
                    change.id,
                    "" if change.unit == "1" else change.unit,
                    *("" if each is None else repr(each) for each in numbers),
                    csv_text(change.reason) or reason,
                )
            )
    return text.getvalue()
