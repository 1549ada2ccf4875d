"""Charts on a terminal, as wide as it is: bars of characters, and a front as a grid of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from rich.bar import Bar as Drawn
from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.optimum import OptimumDocument
from computecalc.reports.plots.charts import Bar, Chart, document_charts
from computecalc.reports.plots.search_charts import Points, best_charts, front_points
from computecalc.reports.terminal import printed
from computecalc.reports.tornado_table import bar

__all__ = ["plot", "plot_search"]

_LEAST = 12
"""Characters of a bar at least; what is beside it is folded where there is no room."""
_MOST = 60
_LABEL = 28
"""Characters of a label that any terminal has room for."""
_ASCII = str.maketrans({"░": "-", "█": "#", "│": "|"})
_ROWS = 12
"""Lines of a grid of points."""


def plot(document: ReportDocument, style: ReportStyle, *, is_plain: bool) -> str:
    """Return the charts of a result.

    Parameters
    ----------
    document : ReportDocument
        The estimates.
    style : ReportStyle
        Width, colour and digits.
    is_plain : bool
        Whether bars are of ASCII alone, as where nobody knows who reads it.
    """
    found = document_charts(document, style)
    return "".join(_section(heading, charts, style, is_plain=is_plain) for heading, charts in found)


def plot_search(document: OptimumDocument, style: ReportStyle, *, is_plain: bool) -> str:
    """Return the charts of searches: the best side by side, and the front where there is one."""
    text = ""
    for outcome in document.outcomes:
        if isinstance(outcome, Failure):
            continue
        text += _section(f"{outcome.name}, best by {outcome.by}", best_charts(outcome, style), style, is_plain=is_plain)
        points = front_points(outcome, style)
        if points is not None:
            text += _grid(points, style)
    return text


def _section(heading: str, charts: Sequence[Chart], style: ReportStyle, *, is_plain: bool) -> str:
    parts: list[RenderableType] = [Text(f"\ncharts of {heading}", style="bold")]
    if not charts:
        parts.append(Text(" nothing in it has parts, a range or a second scenario to be drawn"))
    for chart in charts:
        parts += [Text(f"\n{chart.title}", style="bold"), _bars(chart, style, is_plain=is_plain)]
    return printed(parts, style)


def _bars(chart: Chart, style: ReportStyle, *, is_plain: bool) -> Table:
    labels = min(max(cell_len(each.label) for each in chart.bars), max(style.width // 3, _LABEL))
    texts = max(cell_len(each.text) for each in chart.bars)
    width = max(min(style.width - labels - texts - 5, _MOST), _LEAST)
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, justify="right")
    longest = max(abs(each.value) for each in chart.bars)
    for each in chart.bars:
        drawn = _drawn(each, chart, longest, width, is_plain=is_plain)
        table.add_row(Text(f" {_shortened(each.label, labels)}"), drawn, Text(each.text))
    return table


def _drawn(each: Bar, chart: Chart, longest: float, width: int, *, is_plain: bool) -> RenderableType:
    if each.swing is not None and chart.total is not None:
        swing = bar(chart.total, each.swing, width).ljust(width)
        return Text(swing.translate(_ASCII) if is_plain else swing)
    length = abs(each.value) / longest if longest else 0.0
    if is_plain:
        return Text(("#" * max(round(length * width), int(length > 0))).ljust(width))
    return Drawn(1.0, 0.0, length, width=width, color="cyan")


def _shortened(label: str, width: int) -> str:
    """Cut a long name in its middle: names of a matrix differ at their ends."""
    if cell_len(label) <= width:
        return label
    tail = label[-(width // 2) :]
    while cell_len(tail) > width // 2:
        tail = tail[1:]
    return set_cell_size(label, width - cell_len(tail) - 2).rstrip() + ".." + tail


def _grid(points: Points, style: ReportStyle) -> str:
    """Return points as the numbers that they have in the table of the front."""
    across, up = points.horizontal, points.vertical
    margin = max(map(cell_len, up.texts))
    width = max(min(style.width - margin - 4, 2 * _MOST), 2 * _LEAST)
    cells = [[" "] * width for _ in range(_ROWS)]
    for rank, (x, y) in enumerate(points.places, 1):
        mark = str(rank)
        start = min(_place(x, across.low, across.high, width), width - len(mark))
        row = cells[_ROWS - 1 - _place(y, up.low, up.high, _ROWS)]
        if all(cell == " " for cell in row[start : start + len(mark)]):
            row[start : start + len(mark)] = mark
        elif row[start] == " " or not row[start].isdigit():
            row[start] = "*"
    sides = [up.texts[1], *[""] * (_ROWS - 2), up.texts[0]]
    lines = [f" {side.rjust(margin)} |{''.join(row)}".rstrip() for side, row in zip(sides, cells, strict=True)]
    left, right = across.texts
    gap = max(width - cell_len(left) - cell_len(right), 1)
    lines += [f" {' ' * margin} +{'-' * width}", f" {' ' * margin}  {left}{' ' * gap}{right}"]
    title = f"\nfront: {across.metric} to the right, {up.metric} upwards, numbered as in its table"
    return printed([Text(title, style="bold")], style) + "\n".join(lines) + "\n"


def _place(value: float, low: float, high: float, size: int) -> int:
    return round((value - low) / (high - low) * (size - 1)) if high > low else 0
