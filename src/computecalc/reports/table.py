"""The table on a terminal, made to fit 80 columns and to say more in 120."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.rows import MetricRow, assumption_rows, driver_lines, metric_rows, unknown_lines
from computecalc.reports.terminal import Whole, printed

__all__ = ["render_table"]

WIDE = 112
"""Columns from which the table names driver and formula of each metric in columns of their own."""

_CORNERS = {"low": "low", "value": "mid", "high": "high"}
"""Headings of numbers and the fields of a row under them."""

_SAMPLED = {"p5": "p5", "value": "mid", "p50": "p50", "p95": "p95"}
"""The same where metrics were sampled; the other formats have the corners besides."""

_SAMPLED_NARROW = {"p5": "p5", "p50": "p50", "p95": "p95"}

_LONGEST_DRIVER = 17
"""Characters of an input that fit on one line of a wide table."""


def render_table(document: ReportDocument, style: ReportStyle) -> str:
    """Return every scenario as tables for a terminal of `style.width` columns."""
    parts: list[RenderableType | Whole] = []
    for outcome in document.outcomes:
        if parts:
            parts.append(Text())
        parts += [_failure(outcome)] if isinstance(outcome, Failure) else _estimate(outcome, style)
    return printed(parts, style)


def _estimate(estimate: Estimate, style: ReportStyle) -> list[RenderableType | Whole]:
    rows = metric_rows(estimate, style)
    wide = style.width >= WIDE
    is_sampled = estimate.method.name == "mc"
    narrow = _metrics(rows, _SAMPLED_NARROW if is_sampled else _CORNERS, [])
    notes = ["range from"] if is_sampled else ["range from", "formula"]
    metrics = Whole(_metrics(rows, _SAMPLED if is_sampled else _CORNERS, notes) if wide else narrow, narrow)
    parts: list[RenderableType | Whole] = [_title(estimate), metrics, _assumptions(estimate, style)]
    if not wide:
        parts += _notes("Ranges come from", driver_lines(estimate))
    if estimate.crossings:
        parts += _regulation(estimate, style)
    parts += _notes("Unknown", unknown_lines(estimate.outputs))
    return parts


def _title(estimate: Estimate) -> Text:
    title = Text()
    title.append(terminal_text(estimate.name), style="bold")
    title.append(f"  {estimate.kind}", style="dim")
    return title


def _metrics(rows: list[MetricRow], numbers: Mapping[str, str], notes: Sequence[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    # Rich measures words and would cut the longest id by the blank before it.
    table.add_column("metric", no_wrap=True, min_width=max(len(row.id) for row in rows) + 1)
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    for heading in notes:
        table.add_column(heading, overflow="fold", no_wrap=heading == "formula", style="dim")
    group = ""
    for row in rows:
        if row.group != group:
            group = row.group
            table.add_row(Text(group, style="bold"))
        cells = [f" {row.id}", *(_number(row, field, numbers) for field in numbers.values()), row.unit]
        table.add_row(*cells, *[_driver(row.driver), row.formula.partition("@")[0]][: len(notes)])
    return table


def _number(row: MetricRow, field: str, numbers: Mapping[str, str]) -> str:
    """Return a number of a row; what is the same in all samples stands in the middle column, whichever that is."""
    text: str = getattr(row, field)
    return text or (row.mid if field == "p50" and "mid" not in numbers.values() else "")


def _driver(path: str) -> str:
    """Break a long path after its section, so that formula names stay whole at 120 columns."""
    return path if len(path) <= _LONGEST_DRIVER else path.replace(".", ".\n", 1)


def _assumptions(estimate: Estimate, style: ReportStyle) -> Padding:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    table.add_column("assumption", overflow="fold")
    table.add_column("value", overflow="fold")
    table.add_column("from", overflow="fold", style="dim")
    for row in assumption_rows(estimate, style):
        table.add_row(row.path, terminal_text(row.value), terminal_text(row.origin))
    return Padding(table, (1, 0, 0, 0))


def _regulation(estimate: Estimate, style: ReportStyle) -> list[RenderableType]:
    # Imported here: services are compared with no threshold.
    from computecalc.reports.regulation import HEADER, HEADING, REMARK, reason_lines, regulation_rows

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    for heading in HEADER:
        table.add_column(heading, justify="right" if heading == "times" else "left", overflow="fold")
    for row in regulation_rows(estimate, style):
        emphasis = ("", "", "bold" if row[2] in ("above", "within range") else "", "", "dim")
        table.add_row(*(Text(terminal_text(cell), style=word) for cell, word in zip(row, emphasis, strict=True)))
    remarks = (Text(terminal_text(line), style="dim") for line in (*reason_lines(estimate), REMARK))
    return [Text(f"\n{HEADING}\n", style="bold"), table, *(Padding(remark, (0, 0, 0, 1)) for remark in remarks)]


def _notes(heading: str, lines: list[str]) -> list[RenderableType]:
    if not lines:
        return []
    return [Text(f"\n{heading}", style="bold"), *(Padding(Text(terminal_text(line)), (0, 0, 0, 1)) for line in lines)]


def _failure(failure: Failure) -> Text:
    text = Text()
    text.append(terminal_text(failure.name), style="bold")
    text.append("  error, see the messages", style="red")
    return text
