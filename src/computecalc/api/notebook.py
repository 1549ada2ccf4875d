"""How results look where they are the last line of a cell: as text, and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from computecalc.api.values import Value
from computecalc.checks.comparing import SHOWN
from computecalc.errors import Diagnostic
from computecalc.reports.escapes import terminal_text
from computecalc.units.display import display, display_range

if TYPE_CHECKING:
    from computecalc.api.results import Estimate, Estimates

__all__ = [
    "cells",
    "estimate_html",
    "estimate_text",
    "estimates_html",
    "estimates_text",
    "html_table",
    "html_text",
    "plain_table",
    "shown",
    "warning_lines",
]

_MOST = 40
"""Scenarios that are shown of many."""

_HEADER = ("metric", "low", "value", "high", "unit")


def estimate_text(estimate: Estimate) -> str:
    """Return the main metrics as lines of text."""
    rows = [(value.id, *cells(value)) for value in _main(estimate)]
    lines = [f"{terminal_text(estimate.name)} ({estimate.kind})", *plain_table(_HEADER, rows), *_more(estimate)]
    return "\n".join(lines)


def estimate_html(estimate: Estimate) -> str:
    """Return the same for a notebook, with the assumptions to unfold."""
    rows = [(value.id, *cells(value)) for value in _main(estimate)]
    assumed = [(path, str(given), given.source) for path, given in estimate.inputs.items()]
    return "".join(
        (
            "<div class='computecalc'>",
            f"<p><b>{html_text(estimate.name)}</b> ({html_text(estimate.kind)})</p>",
            html_table(_HEADER, rows),
            *(f"<p>{html_text(line)}</p>" for line in _more(estimate)),
            f"<details><summary>{len(assumed)} assumptions</summary>",
            html_table(("assumption", "value", "from"), assumed),
            "</details></div>",
        )
    )


def estimates_text(estimates: Estimates) -> str:
    """Return the main metrics of several scenarios side by side, one scenario a line."""
    header, rows = _side_by_side(estimates)
    return "\n".join([_title(estimates), *plain_table(header, rows)])


def estimates_html(estimates: Estimates) -> str:
    """Return the same for a notebook."""
    header, rows = _side_by_side(estimates)
    return f"<div class='computecalc'><p><b>{_title(estimates)}</b></p>{html_table(header, rows)}</div>"


def _title(estimates: Estimates) -> str:
    failed = f", {len(estimates.failures)} failed" if estimates.failures else ""
    beyond = f", the first {_MOST} shown" if len(estimates) > _MOST else ""
    counted = "1 estimate" if len(estimates) == 1 else f"{len(estimates)} estimates"
    return f"{counted}{failed}{beyond}"


def _side_by_side(estimates: Estimates) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    first = estimates[:_MOST]
    metrics = [name for name in SHOWN if any(name in each and each[name].is_known for each in first)]
    rows = [(each.name, *(shown(each[name]) for name in metrics)) for each in first]
    return ("scenario", *metrics), rows


def _main(estimate: Estimate) -> list[Value]:
    return [estimate[name] for name in SHOWN if name in estimate and estimate[name].is_known]


def _more(estimate: Estimate) -> Iterator[str]:
    values = list(estimate.values())
    unknown = sum(not value.is_known for value in values)
    rest = len(values) - unknown - len(_main(estimate))
    yield f"{rest} more metrics, {unknown} unknown; .report() prints all, .explain(METRIC) says why"
    yield from warning_lines(estimate.diagnostics)


def warning_lines(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """Return warnings as lines; notes are left to `diagnostics`."""
    for each in diagnostics:
        if each.severity != "note":
            yield terminal_text(f"{each.severity} {each.code}: {each.message}")


def cells(value: Value) -> tuple[str, str, str, str]:
    """Return low, middle, high and unit of a known metric; one number where all are the same."""
    unit = value.unit or "1"
    if value.mid is None:
        return ("", "unknown", "", value.unit)
    if value.low is None or value.high is None or value.low == value.high:
        one = display(value.mid, unit)
        return ("", one.number, "", one.unit)
    ends = display_range(value.low, value.mid, value.high, unit)
    return (ends.low, ends.mid, ends.high, ends.unit)


def shown(value: Value) -> str:
    """Return the middle of a metric with its unit."""
    return "unknown" if value.mid is None else str(display(value.mid, value.unit or "1")).strip()


def plain_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines of aligned columns: the first and a column of units to the left, numbers to the right."""
    texts = [header, *([terminal_text(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(header))]
    is_left = [i == 0 or name in _LEFT for i, name in enumerate(header)]
    return [
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(row, widths, is_left, strict=True)
        ).rstrip()
        for row in texts
    ]


_LEFT = ("unit", "layout", "from", "value of", "limit", "reason", "scenario", "state")
"""Columns of words."""


def html_text(text: str) -> str:
    """Return text that stays text in HTML, whatever it looks like; control characters are shown escaped."""
    return escape(terminal_text(text))


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; every cell is text, whatever it looks like."""
    head = "".join(f"<th>{html_text(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{html_text(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
