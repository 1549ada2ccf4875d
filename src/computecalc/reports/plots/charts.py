"""What charts of estimates show: parts of a total, one metric of several scenarios, what moves a metric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from computecalc.checks.breakdown import breakdowns
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.estimators.swings import Swing
from computecalc.records import record
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.tornado import changes, ends, tornado_of
from computecalc.units.display import display, display_range

__all__ = ["MOST_SCENARIOS", "Bar", "Chart", "document_charts", "estimate_charts", "metric_text"]

MOST_SCENARIOS = 30
"""Scenarios that are drawn side by side at most; more would be a picture of nothing."""

_COMPARED = (
    "time.step",
    "time.wall",
    "latency.ttft",
    "latency.tpot",
    "throughput.per_accelerator",
    "memory.per_accelerator",
    "energy.facility",
    "carbon.total",
    "cost.total",
    "cost.per_mtoken_output",
)
"""Metrics that are drawn side by side, where at least two scenarios know them."""

_MOVED = ("cost.total", "time.wall", "latency.tpot", "energy.facility")
"""Metrics of which the first that has a range is drawn as a tornado."""

_MOST_SWINGS = 8


@record
class Bar:
    """One bar: its length from zero, what it is called, and its number as text."""

    label: str
    value: float
    text: str
    low: float | None = None
    """End of its range, where it has one."""
    high: float | None = None
    swing: Swing | None = None
    """Of a tornado: the metric at both ends of an input."""


@record
class Chart:
    """Bars below a heading; `parts` are shares of `total`, and `swings` lie around its middle."""

    title: str
    kind: Literal["parts", "compared", "swings"]
    bars: tuple[Bar, ...]
    total: MetricValue | None = None


def document_charts(document: ReportDocument, style: ReportStyle) -> list[tuple[str, list[Chart]]]:
    """Return the charts of a result with their headings: of one scenario its parts, of several those side by side."""
    estimates = [outcome for outcome in document.outcomes if isinstance(outcome, Estimate)]
    failed = [outcome for outcome in document.outcomes if isinstance(outcome, Failure)]
    if not estimates:
        return []
    if len(estimates) == 1:
        only = estimates[0]
        return [(f"{terminal_text(only.name)} ({only.kind})", estimate_charts(only, style))]
    left_out = [f"the first {MOST_SCENARIOS} drawn"] if len(estimates) > MOST_SCENARIOS else []
    left_out += [f"{len(failed)} failed"] if failed else []
    heading = ", ".join([f"{len(estimates)} scenarios", *left_out])
    return [(heading, _compared_charts(estimates[:MOST_SCENARIOS], style))]


def estimate_charts(estimate: Estimate, style: ReportStyle) -> list[Chart]:
    """Return what totals of an estimate are made of, and what moves the first metric that has a range."""
    found = []
    for each in breakdowns(estimate.outputs):
        if len(each.parts) < 2:
            continue
        total = each.total
        unit, target = METRICS[total.id].unit, style.units.get(total.id)
        whole = total.mid or 0.0
        bars = tuple(
            Bar(part.label, part.value, f"{_shown(part.value, unit, style, target)}  {part.value / whole:6.1%}")
            for part in each.parts
        )
        shown = _shown(whole, unit, style, target)
        found.append(Chart(f"{total.id}: {shown}", "parts", bars, total))
    moved = _tornado(estimate, style)
    return [*found, moved] if moved is not None else found


def _tornado(estimate: Estimate, style: ReportStyle) -> Chart | None:
    for name in _MOVED:
        value = estimate.outputs.get(name)
        if value is None or not value.swings:
            continue
        tornado = tornado_of(estimate, METRICS[name])
        bars = tuple(
            Bar(lever.swing.path, 0.0, _ends(ends(tornado, lever, style), changes(tornado, lever)), swing=lever.swing)
            for lever in tornado.levers[:_MOST_SWINGS]
        )
        return Chart(f"what moves {name}: {metric_text(value, style)}", "swings", bars, value)
    return None


def _ends(ends: tuple[str, str], change: str) -> str:
    return f"{ends[0]} .. {ends[1]}  {change}"


def _compared_charts(estimates: Sequence[Estimate], style: ReportStyle) -> list[Chart]:
    found = []
    for name in _COMPARED:
        known = [(each, each.outputs[name]) for each in estimates if name in each.outputs]
        bars = tuple(
            Bar(terminal_text(each.name), value.mid, metric_text(value, style), value.low, value.high)
            for each, value in known
            if value.mid is not None
        )
        if len(bars) > 1:
            rest = f" ({len(bars)} of {len(estimates)} know it)" if len(bars) < len(estimates) else ""
            found.append(Chart(f"{name}{rest}", "compared", bars))
    return found


def metric_text(value: MetricValue, style: ReportStyle) -> str:
    """Return a known metric with its range."""
    if value.mid is None or value.low is None or value.high is None:
        return "unknown"
    shown = display_range(
        value.low, value.mid, value.high, value.unit, digits=style.digits, target=style.units.get(value.id)
    )
    numbers = dict.fromkeys((shown.low, shown.mid, shown.high))
    return f"{'..'.join(numbers)} {shown.unit}".rstrip()


def _shown(value: float, unit: str, style: ReportStyle, target: str | None) -> str:
    return str(display(value, unit, digits=style.digits, target=target)).strip()
