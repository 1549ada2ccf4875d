"""The table of a search on a terminal."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

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
from computecalc.reports.terminal import Whole, printed

__all__ = ["WIDE", "render_table"]

WIDE = 112
"""Columns from which the table shows the time of a step and the cost as well."""

_LEAST_WIDTH = 16
"""Columns that a layout gets at least, however narrow the terminal is."""


def render_table(document: OptimumDocument, style: ReportStyle) -> str:
    """Return every search as tables for a terminal of `style.width` columns."""
    parts: list[RenderableType | Whole] = []
    for outcome in document.outcomes:
        if parts:
            parts.append(Text())
        parts += [_failure(outcome)] if isinstance(outcome, Failure) else _optimum(outcome, style)
    return printed(parts, style)


def _optimum(optimum: AnyOptimum, style: ReportStyle) -> list[RenderableType | Whole]:
    title = Text()
    title.append(terminal_text(optimum.name), style="bold")
    title.append(f"  {terminal_text(summary(optimum))}", style="dim")
    parts: list[RenderableType | Whole] = [title, _whole(candidate_rows(optimum, style, is_narrow=style.width < WIDE))]
    parts += [Text(f"\n{parts_title(optimum)}", style="bold"), _whole(part_rows(optimum, style))]
    told = reasons(optimum)
    if told:
        parts.append(Text("\nWhy each goes before the next", style="bold"))
        parts += [Padding(Text(terminal_text(line)), (0, 0, 0, 1)) for line in told]
    if optimum.front:
        parts.append(Text(f"\nFront of {' and '.join(optimum.axes)}", style="bold"))
        parts.append(_whole(front_rows(optimum, style)))
    return parts


def _whole(content: tuple[tuple[str, ...], list[tuple[str, ...]]]) -> Whole:
    header, rows = content
    table = _table(header, rows)
    return Whole(table, table)


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    """Return a table of which only the layout may be folded."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    cells = [[terminal_text(cell) for cell in row] for row in rows]
    for index, name in enumerate(header):
        if name == "layout":
            table.add_column(name, overflow="fold", min_width=_LEAST_WIDTH)
        else:
            # An id such as memory.per_accelerator is wider than its figures. Rich measures words, so that a figure with
            # its unit would get less room than it needs, and the layout beside it would lose its end.
            least = max((cell_len(row[index]) for row in cells), default=0)
            heading = name.replace(".", ".\n", 1)
            table.add_column(heading, justify="right" if name else "left", no_wrap=True, min_width=least)
    for row in cells:
        table.add_row(*row)
    return table


def _failure(failure: Failure) -> Text:
    text = Text()
    text.append(terminal_text(failure.name), style="bold")
    text.append("  error, see the messages", style="red")
    return text
