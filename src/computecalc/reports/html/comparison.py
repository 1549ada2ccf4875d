"""Estimates side by side: who is best in each figure, as a table and as charts."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.checks.comparing import Comparison, Standing
from computecalc.estimators.results import Estimate
from computecalc.reports.comparison import Compared, best_lines, cell, unit_of
from computecalc.reports.document import Failure, ReportStyle
from computecalc.reports.html.charts import Bar, bar_chart, figure
from computecalc.reports.html.diagnostics import diagnostic_list
from computecalc.reports.html.estimates import catalog_of, exploring, scenario_sections
from computecalc.reports.html.markup import Markup, breakable, element, joined
from computecalc.reports.html.page import Section, page, section
from computecalc.reports.html.summary import NAMES
from computecalc.reports.html.ticking import axis_unit, tick_text

__all__ = ["comparison_sections", "render_comparison_html"]

_CHARTED = (
    "time.wall",
    "cost.total",
    "carbon.total",
    "carbon.operational",
    "energy.facility",
    "accelerators",
    "latency.tpot",
    "latency.ttft",
    "cost.per_mtoken_output",
    "throughput.per_accelerator",
    "mfu",
)
_MOST_CHARTS = 8
_MOST_BARS = 24
_FLAT = 1e-9


def render_comparison_html(compared: Compared, style: ReportStyle) -> str:
    """Return the page of a comparison: who is best first, then every estimate in full."""
    document = compared.document
    estimates = [each for each in document.outcomes if isinstance(each, Estimate)]
    failures = [each for each in document.outcomes if isinstance(each, Failure)]
    sections = comparison_sections(compared.comparison, compared.names, style)
    if compared.comparison.findings:
        told = diagnostic_list(compared.comparison.findings)
        sections.append(section("differs", "What differs besides", told))
    explored = exploring(estimates)
    sections += scenario_sections([*estimates, *failures], style, explored, is_folded=True)
    lead = f"{len(estimates)} estimates side by side: {_listed(compared.names)}"
    return page("Comparison", "Comparison of estimates", lead, sections, catalog_of(document), data=explored.data)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:6])} and {len(names) - 6} more" if len(names) > 6 else ", ".join(names)


def comparison_sections(comparison: Comparison, names: Sequence[str], style: ReportStyle) -> list[Section]:
    """Return the table of all figures with the best marked, and charts of the main ones."""
    known = [standing for standing in comparison.standings if any(_mid(standing, place) for place in range(len(names)))]
    wins = best_lines(comparison)
    best = element("ul", *(element("li", line) for line in wins), class_="notes") if wins else None
    lead = "Middle of each estimate, with its range below where it has one. The best of each figure is marked."
    table = section("comparison", "Side by side", _table(known, names, style), lead=lead)
    charts = [_chart(standing, names, style) for standing in known if standing.name in _CHARTED and _differs(standing)]
    found = [table]
    if charts:
        inner = element("div", *charts[:_MOST_CHARTS], class_="charts")
        found.append(section("comparison-charts", "As charts", inner, lead="Bars are middles, lines their ranges."))
    if best is not None:
        found.append(section("best", "Best in each figure", best))
    return found


def _mid(standing: Standing, place: int) -> bool:
    value = standing.values[place]
    return value is not None and value.mid is not None


def _differs(standing: Standing) -> bool:
    mids = [value.mid for value in standing.values if value is not None and value.mid is not None]
    return len(mids) > 1 and max(mids) - min(mids) > _FLAT * abs(max(mids))


def _table(standings: Sequence[Standing], names: Sequence[str], style: ReportStyle) -> Markup:
    """Return a row a scenario and a column a figure where there are many scenarios, else the other way round."""
    if len(names) > 4:
        heads = ["scenario", *(_head(standing, style) for standing in standings)]
        rows = [
            [element("span", name), *(_cell(standing, place, names, style) for standing in standings)]
            for place, name in enumerate(names)
        ]
    else:
        heads = ["figure", *names]
        rows = [
            [_head(standing, style), *(_cell(standing, place, names, style) for place in range(len(names)))]
            for standing in standings
        ]
    body = [
        element("tr", element("th", row[0], scope="row"), *(element("td", each, class_="number") for each in row[1:]))
        for row in rows
    ]
    inner = element(
        "table",
        element("caption", "Estimates side by side", class_="unseen"),
        element(
            "thead",
            element(
                "tr",
                *(
                    element("th", head, scope="col", class_="number" if place else None)
                    for place, head in enumerate(heads)
                ),
            ),
        ),
        element("tbody", *body),
    )
    return element("div", inner, class_="scrolls", role="region", aria_label="Estimates side by side", tabindex="0")


def _head(standing: Standing, style: ReportStyle) -> Markup:
    unit = unit_of(standing, style)
    parts = [joined([NAMES.get(standing.name, standing.name)])]
    parts.append(element("div", breakable(standing.name), f", {unit}" if unit else None, class_="small"))
    return joined(parts)


def _cell(standing: Standing, place: int, names: Sequence[str], style: ReportStyle) -> Markup:
    value = standing.values[place]
    text = cell(standing, value, style, ranged=False)
    if standing.name == "memory.fits" and value is not None and value.mid is not None:
        return joined(["yes" if value.mid else "no"])
    is_best = names[place] in standing.winners
    number = element("span", f"{text} ★" if is_best else text, class_="best" if is_best else None)
    if is_best:
        number = joined([number, element("span", " best", class_="unseen")])
    ranged = cell(standing, value, style, ranged=True)
    if ranged == text:
        return number
    low, _, high = ranged.split("..")
    return joined([number, element("div", f"{low} to {high}", class_="small")])


def _chart(standing: Standing, names: Sequence[str], style: ReportStyle) -> Markup:
    mids = sorted(value.mid for value in standing.values if value is not None and value.mid is not None)
    unit = next(value.unit for value in standing.values if value is not None)
    factor, _ = axis_unit(mids[len(mids) // 2], unit, style.units.get(standing.name))
    shown_unit = unit_of(standing, style)
    bars = []
    for name, value in zip(names[:_MOST_BARS], standing.values[:_MOST_BARS], strict=True):
        said = cell(standing, value, style, ranged=True).replace("..", " .. ")
        if value is None or value.mid is None or value.low is None or value.high is None:
            bars.append(Bar(name, "unknown", 0.0))
            continue
        mid = cell(standing, value, style, ranged=False)
        bars.append(
            Bar(
                name,
                mid,
                value.mid / factor,
                value.low / factor,
                value.high / factor,
                hint=f"{name}: {said} {shown_unit}",
            )
        )
    title = f"{NAMES.get(standing.name, standing.name)}{f' [{shown_unit}]' if shown_unit else ''}"
    note = f"The first {_MOST_BARS} of {len(names)}." if len(names) > _MOST_BARS else ""
    said = f"{title}: " + "; ".join(bar.hint or f"{bar.label}: {bar.said}" for bar in bars)
    return figure(title, [bar_chart(said, bars, tick_text)], None, note=note)
