"""Plain text: aligned columns, nothing cut, nothing coloured; what a pipe gets."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.rows import assumption_rows, numbered_rows, unknown_lines

__all__ = ["columns", "render_plain"]


def render_plain(document: ReportDocument, style: ReportStyle) -> str:
    """Return every scenario as aligned text."""
    return "\n".join(
        _failure(outcome) if isinstance(outcome, Failure) else _estimate(outcome, style)
        for outcome in document.outcomes
    )


def columns(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """Align rows in columns two spaces apart; the columns in `right` flush right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _estimate(estimate: Estimate, style: ReportStyle) -> str:
    header, metrics = numbered_rows(estimate, style)
    assumptions = [
        (row.path, terminal_text(row.value), terminal_text(row.origin)) for row in assumption_rows(estimate, style)
    ]
    lines = [f"scenario {terminal_text(estimate.name)} ({estimate.kind})", ""]
    lines += columns([header, *metrics], right=frozenset(range(1, len(header) - 3)))
    lines += ["", *columns([("assumption", "value", "from"), *assumptions])]
    lines += _regulation(estimate, style)
    gaps = unknown_lines(estimate.outputs)
    if gaps:
        lines += ["", "unknown", *(terminal_text(gap) for gap in gaps)]
    return "\n".join(lines) + "\n"


def _regulation(estimate: Estimate, style: ReportStyle) -> list[str]:
    """The thresholds that the run is compared with; nothing where there are none."""
    if not estimate.crossings:
        return []
    # Imported here: services are compared with none.
    from computecalc.reports.regulation import HEADER, REMARK, reason_lines, regulation_rows

    cells = [tuple(map(terminal_text, row)) for row in regulation_rows(estimate, style)]
    lines = columns([HEADER, *cells], right=frozenset({3}))
    return ["", *lines, *(terminal_text(line) for line in reason_lines(estimate)), REMARK]


def _failure(failure: Failure) -> str:
    return f"scenario {terminal_text(failure.name)}: error, see the messages\n"
