"""What is told of a sweep: how it went, and the cases that were picked from it, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from computecalc import __version__
from computecalc.records import record
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import csv_text, markdown_text, terminal_text
from computecalc.reports.plain import columns
from computecalc.units.display import display

__all__ = ["SWEEP_FORMATS", "SweepAnswer", "render_sweep"]

SWEEP_FORMATS = ("table", "plain", "json", "jsonl", "csv", "md")
"""Formats of the answer to a sweep."""

_CSV_COLUMNS = ("rank", "case", "name", "value", "unit")


@record
class SweepAnswer:
    """A sweep, and the cases that were picked from it."""

    summary: Mapping[str, Any]
    """Name, folder and counts."""
    title: str
    """What the cases are; empty where none were asked for."""
    units: Mapping[str, str | None]
    """Unit of each column of the rows; None for texts."""
    rows: Sequence[Mapping[str, Any]]
    extents: Mapping[str, tuple[float, float, str]]
    """Least and most of each metric over all rows, and their unit."""
    catalog_version: str
    catalog_digest: str


def render_sweep(name: str, answer: SweepAnswer, style: ReportStyle) -> str:
    """Return the answer in one of `SWEEP_FORMATS`."""
    match name:
        case "json":
            return _json(answer)
        case "jsonl":
            return "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in answer.rows)
        case "csv":
            return _csv(answer)
        case "md":
            return _markdown(answer, style)
        case "table":
            return _table(answer, style)
        case _:
            return _plain(answer, style)


def _json(answer: SweepAnswer) -> str:
    document = {
        "schema_version": 1,
        "tool": {"name": "computecalc", "version": __version__},
        "catalog": {"version": answer.catalog_version, "digest": answer.catalog_digest},
        "sweep": dict(answer.summary),
        "extents": {
            name: {"least": least, "most": most, "unit": unit} for name, (least, most, unit) in answer.extents.items()
        },
        "columns": [{"name": name, "unit": unit} for name, unit in answer.units.items()],
        "rows": [dict(row) for row in answer.rows],
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _csv(answer: SweepAnswer) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_CSV_COLUMNS)
    for rank, row in enumerate(answer.rows, 1):
        for name, unit in answer.units.items():
            value = row[name]
            if name != "case" and value is not None:
                shown = csv_text(value) if isinstance(value, str) else repr(value)
                writer.writerow((rank, row["case"], csv_text(name), shown, "" if unit in (None, "1") else unit))
    return text.getvalue()


def _cells(answer: SweepAnswer, style: ReportStyle) -> tuple[list[str], list[list[str]]]:
    """Return the rows as people read them, each column in one unit: the one that suits its first number."""
    header, listed = [], []
    for name, unit in answer.units.items():
        values = [row[name] for row in answer.rows]
        if unit is None or name == "case":
            header.append(name)
            listed.append(["" if value is None else str(value) for value in values])
            continue
        known = sorted((value for value in values if value is not None), key=abs)
        target = style.units.get(name) or display(known[len(known) // 2] if known else 0.0, unit, digits=4).unit
        is_whole = unit == "1" and all(value.is_integer() for value in known)
        listed.append(
            [
                "" if value is None else f"{value:,.0f}" if is_whole else _number(value, unit, target, style.digits)
                for value in values
            ]
        )
        header.append(f"{name} [{target}]" if target and target != "1" else name)
    return header, [list(row) for row in zip(*listed, strict=True)]


def _number(value: float, unit: str, target: str, digits: int) -> str:
    """Return a number in a unit, in the short form that it has where it is in this unit of itself."""
    shown = display(value, unit, digits=digits)
    return shown.number if shown.unit == target else display(value, unit, digits=digits, target=target or "1").number


def _summary_lines(answer: SweepAnswer) -> list[tuple[str, str]]:
    return [(key, f"{value:,}" if isinstance(value, int) else str(value)) for key, value in answer.summary.items()]


_SHOWN = (
    "tokens",
    "mfu",
    "accelerators",
    "memory.per_accelerator",
    "time.step",
    "time.wall",
    "latency.ttft",
    "latency.tpot",
    "throughput.cluster",
    "power.facility_peak",
    "energy.facility",
    "carbon.total",
    "water.total",
    "cost.total",
    "cost.per_mtoken_output",
)
"""Metrics whose extents people are shown; JSON has those of all."""

_EXTENTS = ("metric", "least", "most")


def _extent_rows(answer: SweepAnswer, style: ReportStyle) -> list[tuple[str, str, str]]:
    """Return what the cases reach from and to, where no cases were asked for."""
    if answer.title:
        return []
    rows = []
    for name in _SHOWN:
        if name in answer.extents:
            *ends, unit = answer.extents[name]
            shown = [str(display(end, unit, digits=style.digits, target=style.units.get(name))) for end in ends]
            rows.append((name, shown[0], shown[1]))
    return rows


def _plain(answer: SweepAnswer, style: ReportStyle) -> str:
    lines = [f"sweep {terminal_text(str(answer.summary['scenario']))}", ""]
    lines += columns([(key, terminal_text(value)) for key, value in _summary_lines(answer)])
    if answer.title:
        header, cases = _cells(answer, style)
        safe = [[terminal_text(cell) for cell in row] for row in cases]
        lines += ["", answer.title, *columns([header, *safe], right=_right(answer))]
    elif rows := _extent_rows(answer, style):
        lines += ["", *columns([_EXTENTS, *rows], right=frozenset({1, 2}))]
    return "\n".join(lines) + "\n"


def _right(answer: SweepAnswer) -> frozenset[int]:
    return frozenset(i for i, (name, unit) in enumerate(answer.units.items()) if unit is not None or name == "case")


def _markdown(answer: SweepAnswer, style: ReportStyle) -> str:
    lines = [f"## Sweep {markdown_text(str(answer.summary['scenario']))}", "", "| | |", "| --- | --- |"]
    lines += [f"| {key} | {markdown_text(value)} |" for key, value in _summary_lines(answer)]
    if answer.title:
        header, rows = _cells(answer, style)
        right = _right(answer)
        lines += ["", answer.title, "", f"| {' | '.join(markdown_text(cell) for cell in header)} |"]
        lines.append("|" + "".join(" ---: |" if i in right else " --- |" for i in range(len(header))))
        lines += [f"| {' | '.join(markdown_text(cell) for cell in row)} |" for row in rows]
    elif extent := _extent_rows(answer, style):
        lines += ["", f"| {' | '.join(_EXTENTS)} |", "| --- | ---: | ---: |"]
        lines += [f"| {' | '.join(row)} |" for row in extent]
    return "\n".join(lines) + "\n"


def _table(answer: SweepAnswer, style: ReportStyle) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from computecalc.reports.terminal import Whole, printed

    facts = Table(box=None, padding=(0, 1, 0, 0), show_header=False, show_edge=False, pad_edge=False)
    for key, value in _summary_lines(answer):
        facts.add_row(Text(key, style="dim"), terminal_text(value))
    parts: list[Any] = [Text(terminal_text(f"sweep {answer.summary['scenario']}"), style="bold"), facts]
    if answer.title:
        header, cases = _cells(answer, style)
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
        right = _right(answer)
        for i, heading in enumerate(header):
            broken = heading.replace(".", ".\n", 1).replace(" [", "\n[")
            table.add_column(broken, justify="right" if i in right else "left", no_wrap=True)
        for row in cases:
            table.add_row(*(terminal_text(cell) for cell in row))
        parts += [Text(f"\n{answer.title}", style="bold"), Whole(table, table)]
    elif extent := _extent_rows(answer, style):
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
        for heading in _EXTENTS:
            table.add_column(heading, justify="left" if heading == "metric" else "right", no_wrap=True)
        for cells in extent:
            table.add_row(*cells)
        parts += [Text(), Whole(table, table)]
    return printed(parts, style)
