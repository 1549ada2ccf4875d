"""Measured runs beside their estimates, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from computecalc.checks.measured_comparison import MeasuredComparison, MeasuredValue
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import markdown_text, terminal_text
from computecalc.reports.plain import columns
from computecalc.reports.terminal import printed
from computecalc.units.display import display, display_range

__all__ = [
    "MEASURED_HEADER",
    "measured_rows",
    "measured_title",
    "render_measured_markdown",
    "render_measured_plain",
    "render_measured_table",
]

_WIDE = 112
"""Columns from which the table says in a column of its own what is counted."""

MEASURED_HEADER = ("measured", "value", "estimate", "ratio", "range", "counted")

_RULE = "| --- " * len(MEASURED_HEADER) + "|"


def render_measured_plain(comparisons: Iterable[MeasuredComparison], style: ReportStyle) -> str:
    """Return a block of aligned lines a run."""
    return "\n".join(
        "\n".join((terminal_text(measured_title(each)), *_lines(each, style), *map(terminal_text, each.notes))) + "\n"
        for each in comparisons
    )


def render_measured_markdown(comparisons: Iterable[MeasuredComparison], style: ReportStyle) -> str:
    """Return a heading and a table a run."""
    parts: list[str] = []
    for each in comparisons:
        rows = [f"| {' | '.join(map(markdown_text, row))} |" for row in measured_rows(each, style)]
        notes = [f"- {markdown_text(note)}" for note in each.notes]
        head = [
            f"## {markdown_text(measured_title(each))}",
            "",
            f"| {' | '.join(MEASURED_HEADER)} |",
            "| --- " * len(MEASURED_HEADER) + "|",
        ]
        parts.append("\n".join((*head, *rows, *([""] if notes else []), *notes)) + "\n")
    return "\n".join(parts)


def render_measured_table(comparisons: Iterable[MeasuredComparison], style: ReportStyle) -> str:
    """Return a table a run, made to fit 80 columns."""
    parts: list[Table | Text] = []
    for each in comparisons:
        if parts:
            parts.append(Text())
        told = [] if style.width >= _WIDE else [f"{value.metric}: {value.boundary}" for value in each.values]
        notes = [Text(terminal_text(note), style="dim") for note in (*told, *each.notes)]
        parts += [Text(terminal_text(measured_title(each)), style="bold"), _table(each, style), *notes]
    return printed(parts, style)


def _table(comparison: MeasuredComparison, style: ReportStyle) -> Table:
    """Build the table of a run; what is counted has a column where there is room, and else stands below."""
    shown = MEASURED_HEADER if style.width >= _WIDE else MEASURED_HEADER[:-1]
    rows = [tuple(map(terminal_text, row))[: len(shown)] for row in measured_rows(comparison, style)]
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    # Rich measures words and would cut the longest id by the blank before it.
    table.add_column(shown[0], no_wrap=True, min_width=max(len(row[0]) for row in rows) + 1)
    for heading in shown[1:]:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def measured_title(comparison: MeasuredComparison) -> str:
    """Return what the run is called, and where it stands."""
    run = comparison.run
    known = ", ".join(part for part in (run.run and f"run {run.run}", run.place) if part)
    whose = f" ({known})" if known else ""
    return f"measured run of {comparison.scenario}, {run.span.document.name}:{run.span.line}{whose}"


def _lines(comparison: MeasuredComparison, style: ReportStyle) -> list[str]:
    cells = [tuple(map(terminal_text, row)) for row in measured_rows(comparison, style)]
    return columns([MEASURED_HEADER, *cells], right=frozenset({3}))


def measured_rows(comparison: MeasuredComparison, style: ReportStyle) -> Iterator[tuple[str, ...]]:
    """Yield a row a measured figure, with the cells of `MEASURED_HEADER`."""
    for value in comparison.values:
        ratio = "" if value.ratio is None else str(display(value.ratio, "1", digits=min(style.digits, 3)))
        yield (value.metric, *_shown(value, style), ratio, value.standing, value.boundary)


def _shown(value: MeasuredValue, style: ReportStyle) -> tuple[str, str]:
    """Return the measurement and the range of the estimate as text, both in the unit of the measurement."""
    target = style.units.get(value.metric)
    measured = display(value.measured, value.unit, digits=style.digits, target=target)
    if value.low is None or value.mid is None or value.high is None:
        return str(measured), f"unknown: {value.reason}" if value.reason else "unknown"
    alike = target or measured.unit or None
    shown = display_range(value.low, value.mid, value.high, value.unit, digits=style.digits, target=alike)
    numbers = dict.fromkeys((shown.low, shown.mid, shown.high))
    return str(measured), f"{'..'.join(numbers)} {shown.unit}".rstrip()
