"""What moves a metric, and how far: each ranged input alone at both its ends, in every format."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from computecalc import __version__
from computecalc.estimators.absent import why_absent
from computecalc.estimators.inputs import ResolvedInput
from computecalc.estimators.metrics import Metric
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.estimators.swings import Swing
from computecalc.records import record
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.escapes import csv_text, markdown_text, terminal_text
from computecalc.reports.plain import columns
from computecalc.units.display import display_range, format_range

__all__ = ["Lever", "Tornado", "changes", "ends", "heading", "render_tornado", "swings_json", "tornado_of"]


@record
class Lever:
    """One uncertainty, and the metric at its ends; `inputs` are low together and high together."""

    swing: Swing
    inputs: tuple[ResolvedInput, ...]

    def span(self, digits: int) -> str:
        """Ends of the input as text; how many they are where several move as one."""
        if len(self.inputs) > 1:
            return f"{len(self.inputs)} inputs together"
        return "".join(format_range(each.range, each.unit, digits=digits) for each in self.inputs)


@record
class Tornado:
    """A metric of one scenario with all that moves it, widest first."""

    scenario: str
    value: MetricValue
    levers: tuple[Lever, ...]


def tornado_of(estimate: Estimate, metric: Metric) -> Tornado:
    """Return what moves a metric; nothing where it is unknown or no range reaches it."""
    value = estimate.outputs.get(metric.id)
    if value is None:
        value = MetricValue(metric.id, metric.unit, None, None, None, reason=why_absent(estimate, metric.id))
    together: dict[str, list[ResolvedInput]] = {}
    for given in estimate.inputs.values():
        if not given.range.is_exact:
            together.setdefault(given.axis or given.path, []).append(given)
    levers = tuple(Lever(swing, tuple(together.get(swing.path, ()))) for swing in value.swings)
    return Tornado(estimate.name, value, levers)


def render_tornado(name: str, document: ReportDocument, metric: Metric, style: ReportStyle) -> str:
    """Return what moves a metric in each scenario that could be estimated.

    Parameters
    ----------
    name : str
        One of the output formats.
    document : ReportDocument
        The estimates.
    metric : Metric
        What is looked at.
    style : ReportStyle
        Digits, units and width.
    """
    found = [tornado_of(outcome, metric) for outcome in document.outcomes if isinstance(outcome, Estimate)]
    match name:
        case "json":
            head = {
                "schema_version": 1,
                "tool": {"name": "computecalc", "version": __version__},
                "catalog": {"version": document.catalog_version, "digest": document.catalog_digest},
            }
            whole = {**head, "metric": metric.id, "scenarios": [_json(each) for each in found]}
            return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        case "jsonl":
            return "".join(json.dumps(_json(each), ensure_ascii=False, allow_nan=False) + "\n" for each in found)
        case "csv":
            return _csv(found)
        case "html":
            from computecalc.reports.html.tornado_page import render_tornado_html

            return render_tornado_html(found, document, metric, style)
        case "table":
            from computecalc.reports.tornado_table import render_bars

            return render_bars(found, style)
        case _:
            written = _markdown if name == "md" else _plain
            return "\n".join(written(each, style) for each in found)


def _json(tornado: Tornado) -> dict[str, Any]:
    value = tornado.value
    found: dict[str, Any] = {
        "scenario": tornado.scenario,
        "metric": value.id,
        "unit": "" if value.unit == "1" else value.unit,
        "low": value.low,
        "value": value.mid,
        "high": value.high,
        "swings": swings_json(tornado),
    }
    return found if value.mid is not None else {**found, "reason": value.reason}


def swings_json(tornado: Tornado) -> list[dict[str, Any]]:
    """Return what moves a metric as JSON."""
    return [
        {
            "input": lever.swing.path,
            "at_low": lever.swing.low,
            "at_high": lever.swing.high,
            "inputs": {
                each.path: {
                    "low": each.range.low,
                    "value": each.range.mid,
                    "high": each.range.high,
                    "unit": "" if each.unit == "1" else each.unit,
                }
                for each in lever.inputs
            },
        }
        for lever in tornado.levers
    ]


def _csv(found: Sequence[Tornado]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("scenario", "metric", "unit", "value", "input", "at_low", "at_high"))
    for tornado in found:
        value = tornado.value
        unit = "" if value.unit == "1" else value.unit
        writer.writerows(
            (csv_text(tornado.scenario), value.id, unit, value.mid, *(swing.path, swing.low, swing.high))
            for swing in value.swings
        )
    return text.getvalue()


def heading(tornado: Tornado, style: ReportStyle) -> str:
    """Say what the metric is, or why nobody knows it."""
    value = tornado.value
    if value.low is None or value.mid is None or value.high is None:
        return f"{value.id} is unknown: {value.reason}"
    shown = display_range(
        value.low, value.mid, value.high, value.unit, digits=style.digits, target=style.units.get(value.id)
    )
    if value.low == value.high:
        return f"{value.id} = {shown.mid} {shown.unit}".rstrip() + ", and no range moves it"
    return f"{value.id} = {shown.low} .. {shown.mid} .. {shown.high} {shown.unit}".rstrip()


def ends(tornado: Tornado, lever: Lever, style: ReportStyle) -> tuple[str, str]:
    """Return the metric at both ends of an input, in the unit of its middle."""
    value, swing = tornado.value, lever.swing
    shown = display_range(
        swing.low, value.mid or 0.0, swing.high, value.unit, digits=style.digits, target=style.units.get(value.id)
    )
    return shown.low, shown.high


def changes(tornado: Tornado, lever: Lever) -> str:
    """Return the changes at both ends in shares of the middle; nothing where the middle is 0."""
    mid = tornado.value.mid
    return f"{lever.swing.low / mid - 1.0:+.0%} {lever.swing.high / mid - 1.0:+.0%}" if mid else ""


_HEADER = ("input", "range", "metric at low", "at high", "change")


def _rows(tornado: Tornado, style: ReportStyle) -> list[tuple[str, ...]]:
    return [
        (lever.swing.path, lever.span(style.digits), *ends(tornado, lever, style), changes(tornado, lever))
        for lever in tornado.levers
    ]


def _plain(tornado: Tornado, style: ReportStyle) -> str:
    lines = [f"scenario {terminal_text(tornado.scenario)}", terminal_text(heading(tornado, style))]
    if tornado.levers:
        lines += ["", *columns([_HEADER, *_rows(tornado, style)], right=frozenset({2, 3, 4}))]
    return "\n".join(lines) + "\n"


def _markdown(tornado: Tornado, style: ReportStyle) -> str:
    lines = [f"## {markdown_text(tornado.scenario)}", "", markdown_text(heading(tornado, style))]
    if tornado.levers:
        lines += ["", f"| {' | '.join(_HEADER)} |", "| --- | --- | ---: | ---: | ---: |"]
        rows = _rows(tornado, style)
        lines += [f"| {' | '.join(markdown_text(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
