"""A diff as tables on a terminal, made to fit 80 columns; in 112 each part has a column of its own."""

from __future__ import annotations

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from computecalc.checks.changes import Changes, ScenarioChange
from computecalc.reports.changes_rows import (
    PARTS,
    ChangeRow,
    cause_rows,
    change_rows,
    reasons,
    shown_scenarios,
    summary_line,
)
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.table import WIDE
from computecalc.reports.terminal import Whole, printed

__all__ = ["render_changes_table"]

_COLORS = {"changed": "yellow", "new": "green", "removed": "red", "failed": "red", "unchanged": "dim"}


def render_changes_table(changes: Changes, style: ReportStyle) -> str:
    """Return every scenario that changed as tables for a terminal of `style.width` columns."""
    parts: list[RenderableType | Whole] = []
    for scenario in shown_scenarios(changes):
        parts += [*_scenario(scenario, style), Text()]
    return printed([*parts, Text(terminal_text(summary_line(changes)), style="bold")], style)


def _scenario(scenario: ScenarioChange, style: ReportStyle) -> list[RenderableType | Whole]:
    title = Text(terminal_text(scenario.name), style="bold")
    title.append(f"  {scenario.state}", style=_COLORS[scenario.state])
    parts: list[RenderableType | Whole] = [title]
    rows = change_rows(scenario, style)
    if rows:
        table = _metrics(rows, wide=style.width >= WIDE)
        parts.append(Whole(table, table))
    for part, what, change in cause_rows(scenario.causes):
        line = Text(f"{part}: ", style="bold")
        line.append(f"{terminal_text(what)}: {terminal_text(change)}", style="")
        parts.append(Padding(line, (0, 0, 0, 1)))
    parts += [Padding(Text(terminal_text(reason), style="dim"), (0, 0, 0, 1)) for reason in reasons(scenario)]
    return parts


def _metrics(rows: list[ChangeRow], *, wide: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    table.add_column("metric", overflow="fold", no_wrap=wide)
    for heading in ("before", "after"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=wide, overflow="fold")
    table.add_column("change", justify="right", no_wrap=True)
    if wide:
        table.add_column("", justify="right", no_wrap=True)
        for part in PARTS:
            table.add_column(part, justify="right", no_wrap=True)
    else:
        table.add_column("of which", overflow="fold")
    for row in rows:
        cells = [_breakable(row.metric, wide=wide), row.before, row.after, row.unit]
        if wide:
            table.add_row(*cells, row.change, row.share, *row.parts)
        else:
            table.add_row(*cells, row.share or row.change, row.shown_parts.replace(", ", "\n"))
    return table


def _breakable(metric: str, *, wide: bool) -> str:
    """Break a long metric id before its last part, where columns are few."""
    return metric if wide or len(metric) <= 24 else "\n.".join(metric.rsplit(".", 1))
