"""What moves the main figures, and how far: each ranged input alone at both its ends."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate
from computecalc.reports.document import ReportStyle
from computecalc.reports.html.charts import Bar, bar_chart, figure
from computecalc.reports.html.markup import Markup, element, table
from computecalc.reports.html.page import Section, section
from computecalc.reports.html.summary import NAMES
from computecalc.reports.html.ticking import tick_text
from computecalc.reports.tornado import Lever, Tornado, changes, ends, heading, tornado_of

__all__ = ["tornado_charts", "tornado_section"]

_WANTED = ("cost.total", "time.wall", "carbon.total", "carbon.operational", "latency.tpot", "capital.total")
_MOST_CHARTS = 4
_MOST_BARS = 8


def tornado_section(anchor: str, estimate: Estimate, style: ReportStyle, *, level: int) -> Section | None:
    """Return tornado charts of the main figures; None where no range moves any."""
    if estimate.resolved is None:
        return None  # a saved result keeps the widest swing alone
    found = [tornado_of(estimate, METRICS[name]) for name in _WANTED if name in estimate.outputs]
    found = [each for each in found if each.levers and each.value.mid]
    if any(each.value.id == "carbon.total" for each in found):
        found = [each for each in found if each.value.id != "carbon.operational"]
    if not found:
        return None
    charts = tornado_charts(found[:_MOST_CHARTS], style)
    lead = (
        "Each assumption that is a range, alone at its low and at its high end, all others in the middle. "
        "What moves a figure most is at the top; the axis is the change from the middle in percent."
    )
    return section(f"{anchor}tornado", "What moves it", charts, level=level, lead=lead)


def tornado_charts(found: Sequence[Tornado], style: ReportStyle) -> Markup:
    """Return a chart a figure, each with its table."""
    return element("div", *(_chart(each, style) for each in found), class_="charts")


def _chart(tornado: Tornado, style: ReportStyle) -> Markup:
    name = NAMES.get(tornado.value.id, tornado.value.id)
    title = f"{name}: {heading(tornado, style).partition(' = ')[2] or heading(tornado, style)}"
    rows = []
    for lever in tornado.levers:
        low, high = ends(tornado, lever, style)
        rows.append((lever.swing.path, lever.span(style.digits), low, high, changes(tornado, lever)))
    header = ("assumption", "its range", "figure at low", "at high", "change")
    numbers = table(title, header, rows, numbers=(2, 3, 4))
    mid = tornado.value.mid
    if not mid or not tornado.levers:
        return figure(title, [], numbers)
    bars = [_bar(lever, mid) for lever in tornado.levers[:_MOST_BARS]]
    said = f"{title}. Change from the middle at the low and the high end of each assumption: " + "; ".join(
        f"{bar.label} {bar.said}" for bar in bars
    )
    return figure(title, [_legend(), bar_chart(said, bars, tick_text, is_tornado=True)], numbers)


def _legend() -> Markup:
    """Say which colour is which end; the figures beside each bar come in the same order."""
    ends_named = (("below", "assumption at its low end"), ("part-0", "at its high end"))
    return element(
        "p",
        *(element("span", element("span", "", class_=f"swatch {color}"), name) for color, name in ends_named),
        class_="legend small",
    )


def _bar(lever: Lever, mid: float) -> Bar:
    low, high = (100.0 * (end / mid - 1.0) for end in (lever.swing.low, lever.swing.high))
    said = f"{low:+.1f} % / {high:+.1f} %"
    return Bar(lever.swing.path, said, low, other=high, hint=f"{lever.swing.path} {lever.span(4)}: {said}")
