"""A comparison on a terminal: a column an estimate where they fit, else a row an estimate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from computecalc.reports.comparison import Compared, best_lines, cell, unit_of
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.terminal import Whole, printed

__all__ = ["render_side_by_side"]

_WINNER = "bold green"
_MARK = "*"
_LONGEST_NAME = 32
"""Characters of a name on one line where names are rows."""

_BETWEEN = 2
"""Blanks between two columns."""

Grid = list[list[str]]
"""Texts by row and column; the first column names the rows."""


def render_side_by_side(compared: Compared, style: ReportStyle) -> str:
    """Return tables of at most `style.width` columns; the best of each metric has a star."""
    grid, alike = _grid(compared, style)
    if _width(grid) > style.width:
        grid = _turned(grid)
    parts: list[RenderableType | Whole] = []
    for block in _blocks(grid, style.width):
        if parts:
            parts.append(Text())
        if len(block) > 1 and len(block[0]) > 1:
            table = _table(block)
            parts.append(Whole(table, table))
    if alike:
        parts += [Text("\nSame for all", style="bold"), *(Padding(Text(line), (0, 0, 0, 1)) for line in alike)]
    best = best_lines(compared.comparison)
    if best:
        parts += [Text("\nBest", style="bold"), *(Padding(Text(terminal_text(line)), (0, 0, 0, 1)) for line in best)]
    return printed(parts, style)


def _grid(compared: Compared, style: ReportStyle) -> tuple[Grid, list[str]]:
    """Return metrics as rows, and on lines of their own those in which nobody differs."""
    alike = []
    rows = [["metric", *(terminal_text(name) for name in compared.names), "unit"]]
    for standing in compared.comparison.standings:
        texts = [cell(standing, value, style, ranged=False) for value in standing.values]
        if len(set(texts)) == 1:
            alike.append(f"{standing.name}: {texts[0]} {unit_of(standing, style)}".rstrip())
            continue
        wins = [name in standing.winners for name in compared.names]
        marked = [f"{text}{_MARK}" if won else f"{text} " for text, won in zip(texts, wins, strict=True)]
        rows.append([standing.name, *marked, unit_of(standing, style)])
    return rows, alike


def _turned(grid: Grid) -> Grid:
    """Make estimates rows, with units behind the ids of metrics in the header."""
    header = ["name", *(f"{row[0]}\n{row[-1]}" for row in grid[1:])]
    names = grid[0][1:-1]
    return [header, *([name, *(row[i] for row in grid[1:])] for i, name in enumerate(names, start=1))]


def _widths(grid: Grid) -> list[int]:
    return [max(len(line) for row in grid for line in row[i].split("\n")) for i in range(len(grid[0]))]


def _width(grid: Grid) -> int:
    return sum(_widths(grid)) + _BETWEEN * (len(grid[0]) - 1)


def _blocks(grid: Grid, width: int) -> Iterator[Grid]:
    """Cut a grid into grids whose columns fit, each with the names in front."""
    widths = _widths(grid)
    first = min(widths[0], _LONGEST_NAME)
    taken: list[int] = []
    room = width - first
    for i in range(1, len(widths)):
        if taken and room < widths[i] + _BETWEEN:
            yield [[row[0], *(row[j] for j in taken)] for row in grid]
            taken, room = [], width - first
        taken.append(i)
        room -= widths[i] + _BETWEEN
    yield [[row[0], *(row[j] for j in taken)] for row in grid]


def _table(grid: Grid) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    header, *rows = grid
    names = max(len(row[0]) for row in grid)
    table.add_column(header[0], overflow="fold", min_width=min(names, _LONGEST_NAME))
    for heading in header[1:]:
        table.add_column(Text(heading), justify="left" if heading == "unit" else "right", no_wrap=True)
    for row in rows:
        table.add_row(*_styled(row))
    return table


def _styled(row: Sequence[str]) -> list[Text]:
    return [Text(text, style=_WINNER if text.endswith(_MARK) and i else "") for i, text in enumerate(row)]
