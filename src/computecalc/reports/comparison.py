"""Estimates side by side, in every format: numbers, who is best in each metric, and by how much."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from computecalc.checks.comparing import Comparison, Standing
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.records import record
from computecalc.reports.csv_document import csv_number
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.escapes import csv_text, markdown_text, terminal_text
from computecalc.reports.json_document import diagnostics_json, result_json
from computecalc.reports.plain import columns
from computecalc.units.display import display_range

__all__ = ["Compared", "best_lines", "cell", "render_comparison", "unit_of"]


@record
class Compared:
    """What is printed: the estimates that could be made, and how they compare."""

    document: ReportDocument
    comparison: Comparison

    @property
    def names(self) -> list[str]:
        """Names of the estimates, in order."""
        return [outcome.name for outcome in self.document.outcomes if isinstance(outcome, Estimate)]


def render_comparison(name: str, compared: Compared, style: ReportStyle) -> str:
    """Return a comparison in one of the output formats."""
    match name:
        case "json":
            return json.dumps(_json(compared), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        case "jsonl":
            rows = [_standing_json(standing, compared.names) for standing in compared.comparison.standings]
            return "".join(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in rows)
        case "csv":
            return _csv(compared)
        case "html":
            from computecalc.reports.html.comparison import render_comparison_html

            return render_comparison_html(compared, style)
        case "table":
            from computecalc.reports.comparison_table import render_side_by_side

            return render_side_by_side(compared, style)
        case _:
            return (_markdown if name == "md" else _plain)(compared, style)


def _json(compared: Compared) -> dict[str, Any]:
    """Return the result of all estimates, with how they compare beside them."""
    comparison = compared.comparison
    return {
        **result_json(compared.document),
        "comparison": {
            "metrics": [_standing_json(standing, compared.names) for standing in comparison.standings],
            "diagnostics": diagnostics_json(comparison.findings),
        },
    }


def _standing_json(standing: Standing, names: Sequence[str]) -> dict[str, Any]:
    unit = next((value.unit for value in standing.values if value is not None), "1")
    return {
        "metric": standing.name,
        "unit": "" if unit == "1" else unit,
        "better": standing.better or None,
        "values": {name: _ends(value) for name, value in zip(names, standing.values, strict=True)},
        "winners": list(standing.winners),
        "second": standing.second or None,
        "margin": standing.margin if standing.winners else None,
        "certain": standing.is_certain if standing.winners else None,
    }


def _ends(value: MetricValue | None) -> dict[str, float | None]:
    if value is None:
        return {"low": None, "value": None, "high": None}
    return {"low": value.low, "value": value.mid, "high": value.high}


def _csv(compared: Compared) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("metric", "unit", "better", "name", "low", "value", "high", "wins", "margin", "second", "certain"))
    for standing in compared.comparison.standings:
        for name, value in zip(compared.names, standing.values, strict=True):
            wins = name in standing.winners
            ends = _ends(value)
            unit = "" if value is None or value.unit == "1" else value.unit
            lead = (standing.margin, csv_text(standing.second), int(standing.is_certain)) if wins else ("", "", "")
            writer.writerow(
                (
                    standing.name,
                    unit,
                    standing.better,
                    csv_text(name),
                    *map(csv_number, ends.values()),
                    int(wins),
                    *lead,
                )
            )
    return text.getvalue()


def _representative(standing: Standing) -> float:
    """Return the value whose unit all values of a metric are shown in: the one in the middle."""
    mids = sorted(value.mid for value in standing.values if value is not None and value.mid is not None)
    return mids[len(mids) // 2] if mids else 0.0


def unit_of(standing: Standing, style: ReportStyle) -> str:
    """Return the unit that all values of a metric are shown in."""
    value = next((each for each in standing.values if each is not None and each.mid is not None), None)
    if value is None:
        return ""
    like, target = _representative(standing), style.units.get(standing.name)
    return display_range(like, like, like, value.unit, digits=style.digits, target=target).unit


def cell(standing: Standing, value: MetricValue | None, style: ReportStyle, *, ranged: bool) -> str:
    """Return a value as text, with its ends where `ranged`; ``unknown`` where nobody knows it."""
    if value is None or value.low is None or value.mid is None or value.high is None:
        return "unknown"
    like, target = _representative(standing), style.units.get(standing.name)
    texts = [
        display_range(end, like, end, value.unit, digits=style.digits, target=target).low
        for end in (value.low, value.mid, value.high)
    ]
    return texts[1] if not ranged or value.low == value.high else "..".join(texts)


def best_lines(comparison: Comparison) -> list[str]:
    """Say who is best in each metric, and by how much."""
    return [f"{standing.name}: {_best(standing)}" for standing in comparison.standings if standing.winners]


def _best(standing: Standing) -> str:
    word = "more" if standing.better == "higher" else "less"
    doubt = "" if standing.is_certain else " (ranges overlap)"
    return f"{_listed(standing.winners)}, {standing.margin:.1%} {word} than {standing.second}{doubt}"


def _listed(winners: Sequence[str]) -> str:
    if len(winners) > _NAMED:
        return f"{', '.join(winners[:_NAMED])} and {len(winners) - _NAMED} more"
    return " and ".join(winners)


_NAMED = 3
"""Winners of one metric that are named; the numbers show the others."""


def _rows(compared: Compared, style: ReportStyle) -> list[tuple[str, ...]]:
    return [
        (
            standing.name,
            *(cell(standing, value, style, ranged=True) for value in standing.values),
            unit_of(standing, style),
        )
        for standing in compared.comparison.standings
    ]


def _plain(compared: Compared, style: ReportStyle) -> str:
    names = [terminal_text(name) for name in compared.names]
    rows = _rows(compared, style)
    lines = columns([("metric", *names, "unit"), *rows], right=frozenset(range(1, len(names) + 1)))
    best = [terminal_text(line) for line in best_lines(compared.comparison)]
    return "\n".join([*lines, *(["", "best", *best] if best else [])]) + "\n"


def _markdown(compared: Compared, style: ReportStyle) -> str:
    names = [markdown_text(name) for name in compared.names]
    lines = [f"| metric | {' | '.join(names)} | unit | best |", f"| --- |{' ---: |' * len(names)} --- | --- |"]
    for row, standing in zip(_rows(compared, style), compared.comparison.standings, strict=True):
        best = _best(standing) if standing.winners else ""
        lines.append(f"| {' | '.join(markdown_text(text) for text in (*row, best))} |")
    return "\n".join(lines) + "\n"
