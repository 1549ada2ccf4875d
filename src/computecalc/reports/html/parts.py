"""What time, memory, energy, carbon, water and money are made of, as charts."""

from __future__ import annotations

from computecalc.checks.breakdown import Breakdown, breakdowns
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate
from computecalc.reports.document import ReportStyle
from computecalc.reports.html.charts import Bar, bar_chart, figure
from computecalc.reports.html.markup import Markup, element, table
from computecalc.reports.html.page import Section, section
from computecalc.reports.html.ticking import axis_unit, tick_text
from computecalc.units.display import display

__all__ = ["breakdown_section"]

_TITLES = {
    "time.step": "Time of a step",
    "accelerator_time.billed": "Accelerator time",
    "latency.request": "Time of a request",
    "memory.per_accelerator": "Memory of an accelerator",
    "energy.facility": "Energy",
    "carbon.total": "Carbon",
    "water.total": "Water",
    "capital.total": "Capital",
    "cost.total": "Cost",
}

_WORDS = {"kv_cache": "key-value cache", "data": "data parallel", "tensor": "tensor parallel"}


def breakdown_section(anchor: str, estimate: Estimate, style: ReportStyle, *, level: int) -> Section | None:
    """Return the charts of all totals whose parts are known; None where there are none."""
    found = breakdowns(estimate.outputs)
    if not found:
        return None
    charts = element("div", *(_chart(each, style) for each in found), class_="charts")
    lead = "Parts of each total, at the middle of all ranges; a part that is nothing is left out."
    return section(f"{anchor}parts", "Breakdown", charts, level=level, lead=lead)


def _chart(breakdown: Breakdown, style: ReportStyle) -> Markup:
    total = breakdown.total
    whole = total.mid or 1.0
    target = style.units.get(total.id)
    shown = str(display(whole, total.unit, digits=style.digits, target=target))
    title = f"{_TITLES[total.id]}: {shown}"
    parts = sorted(breakdown.parts, key=lambda part: -part.value)
    factor, _ = axis_unit(whole, total.unit, target)
    bars, rows = [], []
    for part in parts:
        share = f"{part.value / whole:.1%}"
        value = str(display(part.value, total.unit, digits=style.digits, target=target))
        label = _label(part.label, total.id)
        meaning = METRICS[part.id].meaning if part.id else ""
        bars.append(Bar(label, f"{value} · {share}", part.value / factor, hint=f"{label}: {value}, {share}"))
        rows.append((label, value, share, meaning))
    numbers = table(title, ("part", "value", "share", "what it is"), rows, numbers=(1, 2), wide=(3,))
    if len(parts) == 1:
        only = element("p", f"All of it is {bars[0].label}.", class_="note")
        return figure(title, [only], numbers)
    said = f"{title}. " + "; ".join(bar.hint for bar in bars)
    return figure(title, [bar_chart(said, bars, tick_text)], numbers)


def _label(label: str, total: str) -> str:
    words = _WORDS.get(label, label) if total in ("time.step", "memory.per_accelerator") else label
    return words.replace("_", " ")
