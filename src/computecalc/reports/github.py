"""Workflow commands of GitHub: findings as annotations at their lines."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.reports.check_rows import summary_line
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.escapes import github_property, github_text, terminal_text
from computecalc.reports.findings import Finding, Level, file_of, findings, outcome_line

__all__ = ["render_github"]

_COMMANDS: dict[Level, str] = {"error": "error", "warning": "warning", "note": "notice"}

_MOST = 10
"""Annotations of a level that GitHub keeps of a step; it drops further ones without a word."""


def render_github(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return at most ten annotations a level, then a line that counts the outcomes."""
    found = findings(document)
    lines: list[str] = []
    for level in _COMMANDS:
        lines += _annotations([finding for finding in found if finding.level == level])
    lines.append(summary_line(document.verdicts) if document.verdicts else outcome_line(document))
    return "\n".join(lines) + "\n"


def _annotations(found: Sequence[Finding]) -> list[str]:
    """Annotate findings of one level; where there are too many, the last annotation says how many are left out."""
    if len(found) <= _MOST:
        return [_annotation(finding) for finding in found]
    shown = [_annotation(finding) for finding in found[: _MOST - 1]]
    left_out = found[_MOST - 1 :]
    message = "\n".join(terminal_text(finding.title) for finding in left_out)
    title = github_property(f"computecalc: {len(left_out)} more")
    return [*shown, f"::{_COMMANDS[found[0].level]} title={title}::{github_text(message)}"]


def _annotation(finding: Finding) -> str:
    properties: list[str] = []
    file = file_of(finding.span)
    if file is not None and finding.span is not None:
        properties.append(f"file={github_property(terminal_text(file))}")
        properties.append(f"line={finding.span.line},col={finding.span.column}")
    properties.append(f"title={github_property(terminal_text(finding.title))}")
    message = "\n".join(terminal_text(line) for line in finding.message.split("\n"))
    return f"::{_COMMANDS[finding.level]} {','.join(properties)}::{github_text(message)}"
