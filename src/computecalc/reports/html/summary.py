"""What a reader wants first: the figures that matter of a kind, and the table of all."""

from __future__ import annotations

from itertools import groupby

from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.reports.document import ReportStyle
from computecalc.reports.html.markup import Markup, breakable, element, joined
from computecalc.reports.html.page import Section, section
from computecalc.reports.rows import metric_rows, unknown_lines
from computecalc.units.display import display_range

__all__ = ["KEY", "NAMES", "all_figures", "key_figures", "range_text", "summary"]

NAMES = {
    "accelerators": "Accelerators",
    "accelerator_time.billed": "Accelerator time billed",
    "batch": "Requests at once",
    "break_even.ownership": "Break-even of owning",
    "break_even.volume": "Break-even volume",
    "capital.per_power": "Capital per power",
    "capital.total": "Capital",
    "carbon.embodied": "Carbon, embodied",
    "carbon.operational": "Carbon, operational",
    "carbon.total": "Carbon",
    "compute.model": "Training compute",
    "cost.api": "The same bought by token",
    "cost.per_mtoken_input": "Cost per million input tokens",
    "cost.per_mtoken_output": "Cost per million output tokens",
    "cost.per_request": "Cost per request",
    "cost.total": "Cost",
    "energy.facility": "Energy",
    "energy.per_output_token": "Energy per output token",
    "goodput": "Goodput",
    "latency.request": "Time of a request",
    "latency.tpot": "Time per output token",
    "latency.ttft": "Time to first token",
    "memory.fits": "Fits into memory",
    "memory.per_accelerator": "Memory per accelerator",
    "mfu": "Model FLOPs utilization",
    "parameters.total": "Parameters",
    "power.facility": "Power of the facility",
    "power.facility_peak": "Peak power of the facility",
    "replicas": "Replicas",
    "silicon.cost": "Cost of a chip",
    "throughput.cluster": "Throughput",
    "throughput.per_accelerator": "Throughput per accelerator",
    "time.step": "Time of a step",
    "time.wall": "Wall time",
    "water.offsite": "Water, off site",
    "water.total": "Water",
}
"""Names of metrics for readers; the id stands beside them."""

KEY: dict[str, tuple[str, ...]] = {
    "train": (
        "time.wall",
        "cost.total",
        "accelerators",
        "energy.facility",
        "carbon.total",
        "carbon.operational",
        "water.total",
        "mfu",
        "memory.per_accelerator",
        "memory.fits",
        "compute.model",
        "power.facility_peak",
    ),
    "infer": (
        "cost.per_mtoken_output",
        "cost.total",
        "accelerators",
        "latency.ttft",
        "latency.tpot",
        "throughput.per_accelerator",
        "energy.facility",
        "carbon.total",
        "carbon.operational",
        "cost.per_request",
        "memory.per_accelerator",
        "memory.fits",
    ),
    "campus": (
        "capital.total",
        "cost.total",
        "accelerators",
        "power.facility",
        "energy.facility",
        "carbon.operational",
        "capital.per_power",
    ),
    "silicon": ("silicon.cost", "break_even.volume", "cost.total", "capital.total"),
}
"""Figures of the cards, by kind of scenario; operational carbon only where the total is not known."""

_MOST_CARDS = 10


def key_figures(estimate: Estimate) -> list[MetricValue]:
    """Return the figures of the cards that are known."""
    known = {name: value for name, value in estimate.outputs.items() if value.mid is not None}
    wanted = KEY.get(estimate.kind, KEY["train"])
    found = [known[name] for name in wanted if name in known]
    if "carbon.total" in known:
        found = [value for value in found if value.id != "carbon.operational"]
    return found[:_MOST_CARDS]


def summary(anchor: str, estimate: Estimate, style: ReportStyle, *, level: int) -> Section:
    """Return the cards of a scenario."""
    cards = [_card(value, style) for value in key_figures(estimate)]
    period = " Energy, carbon and cost are those of a day." if estimate.kind == "infer" else ""
    if estimate.kind == "campus":
        period = " Energy, carbon and cost are those of a year."
    lead = f"Middle of the estimate, and from low to high where assumptions are ranges.{period}"
    return section(
        f"{anchor}summary",
        "Summary",
        element("dl", *cards, class_=f"cards of-{_across(len(cards))}"),
        level=level,
        lead=lead,
    )


def _across(count: int) -> int:
    """Return how many cards stand side by side on a wide screen, so that rows are full."""
    return count if count <= 5 else min(range(5, 2, -1), key=lambda across: -count % across)


def _card(value: MetricValue, style: ReportStyle) -> Markup:
    low, mid, high = value.low or 0.0, value.mid or 0.0, value.high or 0.0
    shown = display_range(low, mid, high, value.unit, digits=style.digits, target=style.units.get(value.id))
    number = shown.mid
    if value.id == "memory.fits":
        number = "yes" if mid else "no"
    parts: list[Markup] = [element("span", number, class_="value")]
    if shown.unit:
        parts.append(element("span", f" {shown.unit}", class_="unit"))
    if low < high and value.id != "memory.fits":
        parts.append(_strip(low, mid, high))
        parts.append(element("div", f"{shown.low} to {shown.high}", class_="range"))
    return element(
        "div",
        element("dt", NAMES.get(value.id, value.id), element("span", breakable(value.id), class_="code")),
        element("dd", *parts),
    )


def _strip(low: float, mid: float, high: float) -> Markup:
    """Return a line from low to high with the middle on it: a picture of what the words beside it say."""
    place = 100.0 * (mid - low) / (high - low)
    return element(
        "svg",
        element("rect", class_="reach", x="0", y="3", width="100", height="2"),
        element("rect", class_="middle", x=f"{min(max(place - 1.5, 0.0), 97.0):.1f}", y="0", width="3", height="8"),
        class_="strip",
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def range_text(value: MetricValue, style: ReportStyle) -> str:
    """Return a metric with its range as one text; ``unknown`` where nobody knows it."""
    if value.low is None or value.mid is None or value.high is None:
        return "unknown"
    target = style.units.get(value.id)
    shown = display_range(value.low, value.mid, value.high, value.unit, digits=style.digits, target=target)
    numbers = [shown.mid] if value.low == value.high else [shown.low, shown.mid, shown.high]
    return f"{' .. '.join(numbers)} {shown.unit}".rstrip()


def all_figures(anchor: str, estimate: Estimate, style: ReportStyle, *, level: int) -> Section:
    """Return the table of all metrics, grouped, with what each means; and why others are unknown."""
    is_sampled = estimate.method.name == "mc"
    header = ["figure", "low", *(["p5"] if is_sampled else []), "value", *(["p50", "p95"] if is_sampled else [])]
    header += ["high", "unit", "range from", "formula"]
    count = header.index("unit")
    body: list[Markup] = []
    for group, rows in groupby(metric_rows(estimate, style), key=lambda row: row.group):
        body.append(element("tr", element("th", group, colspan=str(len(header)), scope="rowgroup"), class_="group"))
        for row in rows:
            numbers = [row.low, row.mid, row.high]
            if is_sampled:
                numbers = [row.low, row.p5, row.mid, row.p50, row.p95, row.high]
            cells = [element("td", each, class_="number") for each in numbers]
            cells += [element("td", each) for each in (row.unit, row.driver, row.formula)]
            name = element("th", row.id, scope="row", class_="code", title=METRICS[row.id].meaning)
            body.append(element("tr", name, *cells))
    heads = [
        element("th", each, scope="col", class_="number" if 0 < place < count else None)
        for place, each in enumerate(header)
    ]
    inner = element(
        "table",
        element("caption", f"All figures of {estimate.name}", class_="unseen"),
        element("thead", element("tr", *heads)),
        element("tbody", *body),
    )
    scrolls = element("div", inner, class_="scrolls", role="region", aria_label="All figures", tabindex="0")
    gaps = unknown_lines(estimate.outputs)
    unknown = element("ul", *(element("li", gap) for gap in gaps), class_="notes small") if gaps else None
    parts = [element("details", element("summary", f"{len(estimate.outputs)} figures"), scrolls, class_="fold")]
    if unknown:
        parts.append(joined([element("p", "Unknown, and why:", class_="small"), unknown]))
    return section(f"{anchor}figures", "All figures", *parts, level=level)
