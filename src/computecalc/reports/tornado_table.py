"""The tornado on a terminal: bars from the metric at an input's low end to that at its high end."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from computecalc.estimators.results import MetricValue
from computecalc.estimators.swings import Swing
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.terminal import Whole, printed
from computecalc.reports.tornado import Tornado, changes, ends, heading

__all__ = ["bar", "render_bars"]

_LOW, _HIGH, _MIDDLE = "░", "█", "│"
_BAR = 25
"""Characters of a bar, which leave 80 columns enough for the rest."""


def render_bars(found: Sequence[Tornado], style: ReportStyle) -> str:
    """Return one table a scenario, its widest bar on top."""
    parts: list[RenderableType | Whole] = []
    for tornado in found:
        if parts:
            parts.append(Text())
        title = Text(terminal_text(tornado.scenario), style="bold")
        parts += [title, Text(terminal_text(heading(tornado, style)))]
        if tornado.levers:
            table = _table(tornado, style)
            parts += [Whole(table, table), Text(f"{_LOW} input at its low end, {_HIGH} at its high end", style="dim")]
    return printed(parts, style)


def _table(tornado: Tornado, style: ReportStyle) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    table.add_column("input", overflow="fold", min_width=18)
    for title in ("at low", "at high", "change"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, min_width=_BAR)
    for lever in tornado.levers:
        cell = Text(lever.swing.path)
        cell.append(f"\n {terminal_text(lever.span(style.digits))}", style="dim")
        texts = (*ends(tornado, lever, style), changes(tornado, lever))
        table.add_row(cell, *texts, bar(tornado.value, lever.swing, _BAR))
    return table


def bar(value: MetricValue, swing: Swing, width: int) -> str:
    """Draw a swing on the scale of all swings of a metric.

    Parameters
    ----------
    value : MetricValue
        The metric; its widest swings are the ends of the scale.
    swing : Swing
        What is drawn.
    width : int
        Characters.
    """
    middle = value.mid or 0.0
    points = [middle, *(end for each in value.swings for end in (each.low, each.high))]
    start, size = min(points), max(points) - min(points)

    def cell(at: float) -> int:
        return round((at - start) / size * (width - 1)) if size else 0

    cells = [" "] * width
    for end, mark in ((swing.low, _LOW), (swing.high, _HIGH)):
        first, last = sorted((cell(end), cell(middle)))
        cells[first : last + 1] = [mark if each == " " else each for each in cells[first : last + 1]]
    cells[cell(middle)] = _MIDDLE
    return "".join(cells).rstrip()
