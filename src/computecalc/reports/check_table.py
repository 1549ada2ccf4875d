"""Verdicts as a table on a terminal, made to fit 80 columns."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from computecalc.reports.check_rows import CheckRow, check_rows, summary_line
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.terminal import printed

__all__ = ["render_check_table"]

_COLORS = {"PASS": "green", "RISK": "yellow", "FAIL": "red", "ERROR": "red", "SKIP": "dim"}


def render_check_table(document: ReportDocument, style: ReportStyle) -> str:
    """Return the verdicts as a table of `style.width` columns."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("scenario", overflow="fold")
    table.add_column("check and value", overflow="fold")
    for row in check_rows(document.verdicts, style):
        color = _COLORS[row.state.partition(" ")[0]]
        table.add_row(Text(row.state, style=color), Text(terminal_text(row.scenario)), _told(row))
    return printed([table, Text(f"\n{summary_line(document.verdicts)}", style="bold")], style)


def _told(row: CheckRow) -> Text:
    told = Text(terminal_text(row.check))
    told.append(f"\n{terminal_text(row.value)}", style="bold")
    for note in row.notes:
        told.append(f"\n{terminal_text(note)}", style="dim")
    return told
