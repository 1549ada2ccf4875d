"""Plain text of a search, aligned, for pipes and files."""

from __future__ import annotations

from computecalc.reports.document import Failure, ReportStyle
from computecalc.reports.escapes import terminal_text
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
from computecalc.reports.plain import columns

__all__ = ["render_plain"]


def render_plain(document: OptimumDocument, style: ReportStyle) -> str:
    """Return every search as aligned text."""
    return "\n".join(
        f"scenario {terminal_text(outcome.name)}: error, see the messages\n"
        if isinstance(outcome, Failure)
        else _optimum(outcome, style)
        for outcome in document.outcomes
    )


def _optimum(optimum: AnyOptimum, style: ReportStyle) -> str:
    lines = [f"scenario {terminal_text(optimum.name)}: {terminal_text(summary(optimum))}", ""]
    header, rows = candidate_rows(optimum, style)
    lines += _aligned(header, rows)
    header, rows = part_rows(optimum, style)
    lines += ["", parts_title(optimum).lower(), *columns([header, *rows], right=frozenset(range(1, len(header))))]
    told = reasons(optimum)
    if told:
        lines += ["", "why each goes before the next", *told]
    if optimum.front:
        header, rows = front_rows(optimum, style)
        lines += ["", f"front of {' and '.join(optimum.axes)}", *_aligned(header, rows)]
    return "\n".join(lines) + "\n"


def _aligned(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    safe = [tuple(terminal_text(cell) for cell in row) for row in rows]
    return columns([header, *safe], right=frozenset(range(1, len(header) - 1)))
