"""The page of a search: the best runs or configurations, why each goes before the next, and the front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from computecalc.estimators.inference.candidates import ServedCandidate
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.training.ranking import Candidate
from computecalc.reports.document import Failure, ReportStyle
from computecalc.reports.html.charts import Bar, bar_chart, figure
from computecalc.reports.html.diagnostics import diagnostics_section, failure_section
from computecalc.reports.html.front import front_of, front_section
from computecalc.reports.html.markup import Markup, element, table
from computecalc.reports.html.page import Origin, Section, page, section
from computecalc.reports.html.summary import NAMES
from computecalc.reports.html.ticking import axis_unit, tick_text
from computecalc.reports.optimum import (
    AnyOptimum,
    OptimumDocument,
    candidate_rows,
    layout_text,
    part_rows,
    parts_title,
    reason_texts,
    summary,
)
from computecalc.reports.savings import PARTS
from computecalc.reports.service_optimum import ServedOptimum, configuration_text
from computecalc.units.display import display

__all__ = ["render_optimum_html"]

AnyCandidate: TypeAlias = Candidate | ServedCandidate

_MOST_BARS = 20


def render_optimum_html(document: OptimumDocument, style: ReportStyle) -> str:
    """Return the page of all searches of a document."""
    sections: list[Section] = []
    single = len(document.outcomes) == 1
    for number, outcome in enumerate(document.outcomes, 1):
        anchor = "" if single else f"s{number}-"
        parts = _parts(anchor, outcome, style, level=2 if single else 3)
        if single:
            sections = parts
            continue
        heading = element("h2", outcome.name, class_="scenario-head")
        content = element("div", heading, *(part.content for part in parts), class_="scenario", id=f"{anchor}scenario")
        sections.append(Section(f"{anchor}scenario", outcome.name, content))
    origin = Origin(document.catalog_version, document.catalog_digest)
    title = document.outcomes[0].name if single else f"{len(document.outcomes)} searches"
    return page(title, "Search for the best plan", _lead(document.outcomes), sections, origin)


def _lead(outcomes: Sequence[AnyOptimum | Failure]) -> str:
    if len(outcomes) > 1:
        return ""
    (only,) = outcomes
    return "" if isinstance(only, Failure) else _sentence(summary(only))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _parts(anchor: str, outcome: AnyOptimum | Failure, style: ReportStyle, *, level: int) -> list[Section]:
    if isinstance(outcome, Failure):
        return [failure_section(anchor, outcome, level=level)]
    found: list[Section | None] = [_best(anchor, outcome, style, level), _measured(anchor, outcome, style, level)]
    if outcome.front:
        found.append(_front(anchor, outcome, style, level))
    found.append(diagnostics_section(anchor, outcome.diagnostics, level=level))
    return [each for each in found if each is not None]


def _best(anchor: str, optimum: AnyOptimum, style: ReportStyle, level: int) -> Section:
    header, rows = candidate_rows(optimum, style)
    inner = table("The best", header, rows, numbers=range(2, len(header) - 1), wide=(len(header) - 1,))
    why = [element("li", text) for text in reason_texts(optimum)]
    reasons = element("ol", *why, class_="notes") if why else None
    label = element(f"h{level + 1}", "Why each goes before the next") if why else None
    lead = "" if level == 2 else _sentence(summary(optimum))
    return section(
        f"{anchor}best",
        f"Best by {optimum.by}",
        inner,
        _ranking(optimum, style),
        label,
        reasons,
        level=level,
        lead=lead,
    )


def _measured(anchor: str, optimum: AnyOptimum, style: ReportStyle, level: int) -> Section:
    """Return the ranking as a chart, and what each is made of."""
    header, rows = part_rows(optimum, style)
    inner = table(parts_title(optimum), header, rows, numbers=range(1, len(header)), is_captioned=False)
    chart = None if isinstance(optimum, ServedOptimum) else _step(optimum.best[0].metrics, style)
    return section(f"{anchor}parts", parts_title(optimum), inner, chart, level=level)


def _text(candidate: AnyCandidate) -> str:
    return layout_text(candidate) if isinstance(candidate, Candidate) else configuration_text(candidate)


def _ranking(optimum: AnyOptimum, style: ReportStyle) -> Markup:
    unit, target = METRICS[optimum.by].unit, style.units.get(optimum.by)
    factor, shown = axis_unit(optimum.best[0].metrics[optimum.by], unit, target)
    bars = []
    best: tuple[AnyCandidate, ...] = optimum.best[:_MOST_BARS]
    for rank, candidate in enumerate(best, 1):
        value = candidate.metrics[optimum.by]
        said = str(display(value, unit, digits=style.digits, target=target))
        what = f"{candidate.count:,} {candidate.accelerator}, {_text(candidate)}"
        bars.append(
            Bar(f"{rank}: {candidate.count:,} {candidate.accelerator}", said, value / factor, hint=f"{what}: {said}")
        )
    title = f"{NAMES.get(optimum.by, optimum.by)}{f' [{shown}]' if shown else ''}"
    heard = f"{title} by rank: " + "; ".join(f"{bar.label} {bar.said}" for bar in bars)
    return figure(title, [bar_chart(heard, bars, tick_text)], None)


def _step(metrics: Mapping[str, float], style: ReportStyle) -> Markup:
    """Return the parts of the step of the best run."""
    whole = metrics["time.step"]
    factor, _ = axis_unit(whole, "s")
    bars = []
    for part in PARTS:
        value = metrics.get(f"time.step.{part}", 0.0)
        if value > 0.0:
            said = f"{display(value, 's', digits=style.digits)} · {value / whole:.1%}"
            bars.append(Bar(part, said, value / factor, hint=f"{part}: {said}"))
    title = f"Step of the best: {display(whole, 's', digits=style.digits)}"
    heard = f"{title}. " + "; ".join(bar.hint for bar in bars)
    return figure(title, [bar_chart(heard, bars, tick_text)], None)


def _front(anchor: str, optimum: AnyOptimum, style: ReportStyle, level: int) -> Section:
    candidates: tuple[AnyCandidate, ...] = optimum.front
    points = [
        (f"{candidate.count:,} {candidate.accelerator}, {_text(candidate)}", candidate.metrics)
        for candidate in candidates
    ]
    front = front_of(points, (optimum.by,), optimum.axes)
    return front_section(f"{anchor}front", "Pareto front", front, style, level=level)
