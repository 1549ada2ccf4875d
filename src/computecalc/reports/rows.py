"""The rows that every report for people shows: metrics, assumptions, gaps, already in readable units."""

from __future__ import annotations

from collections.abc import Mapping

from computecalc.catalog.calibrated import STEP_CONSTANTS
from computecalc.estimators.inputs import Choice, Origin, ResolvedInput
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.records import record
from computecalc.reports.document import ReportStyle
from computecalc.units.display import display_range, format_range

__all__ = [
    "AssumptionRow",
    "MetricRow",
    "assumption_rows",
    "driver_lines",
    "metric_rows",
    "numbered_rows",
    "origin_text",
    "section_order",
    "unknown_lines",
]


@record
class MetricRow:
    """One metric as text. `low` and `high` are empty where there is no range."""

    group: str
    id: str
    low: str
    mid: str
    high: str
    unit: str
    driver: str
    formula: str
    p5: str = ""
    """Percentiles; empty where nothing was sampled."""
    p50: str = ""
    p95: str = ""


@record
class AssumptionRow:
    """One input as text."""

    path: str
    value: str
    origin: str


def metric_rows(estimate: Estimate, style: ReportStyle) -> list[MetricRow]:
    """Rows of all metrics, in the order of the metric table."""
    return [_metric_row(value, style) for value in estimate.outputs.values()]


def numbered_rows(estimate: Estimate, style: ReportStyle) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows of all metrics as text; unit, driver and formula come behind the numbers."""
    rows = metric_rows(estimate, style)
    header: tuple[str, ...] = ("metric", "low", "value", "high", "unit", "range from", "formula")
    if estimate.method.name != "mc":
        return header, [(row.id, row.low, row.mid, row.high, row.unit, row.driver, row.formula) for row in rows]
    header = ("metric", "low", "p5", "value", "p50", "p95", "high", "unit", "range from", "formula")
    numbers = [(row.low, row.p5, row.mid, row.p50, row.p95, row.high) for row in rows]
    return header, [(row.id, *each, row.unit, row.driver, row.formula) for row, each in zip(rows, numbers, strict=True)]


def _metric_row(value: MetricValue, style: ReportStyle) -> MetricRow:
    group = METRICS[value.id].group
    if value.low is None or value.mid is None or value.high is None:
        return MetricRow(group, value.id, "", "unknown", "", "", "", "")
    target = style.units.get(value.id)
    shown = display_range(value.low, value.mid, value.high, value.unit, digits=style.digits, target=target)
    ranged = value.low < value.high
    return MetricRow(
        group=group,
        id=value.id,
        low=shown.low if ranged else "",
        mid=shown.mid,
        high=shown.high if ranged else "",
        unit=shown.unit,
        driver=value.driver or "",
        formula="override" if value.override else value.formula or "input",
        **_percentiles(value, style),
    )


def _percentiles(value: MetricValue, style: ReportStyle) -> dict[str, str]:
    """Percentiles in the unit of the middle; nothing for a metric that is the same in all samples."""
    found = value.percentiles
    if found is None or value.mid is None or value.low == value.high:
        return {}
    target = style.units.get(value.id)
    texts = [found.p5, found.p50, found.p95]
    shown = [display_range(each, value.mid, each, value.unit, digits=style.digits, target=target).low for each in texts]
    return dict(zip(("p5", "p50", "p95"), shown, strict=True))


def assumption_rows(estimate: Estimate, style: ReportStyle) -> list[AssumptionRow]:
    """Rows of all inputs and choices; the shapes of a model are one row, and so are fitted constants."""
    rows = [_choice_row(choice) for choice in estimate.choices.values()]
    fitted: dict[str, list[ResolvedInput]] = {}
    for path, given in estimate.inputs.items():
        if path.startswith("model.") and path not in ("model.parameters", "model.active_parameters"):
            continue
        if path.removeprefix("step.") in STEP_CONSTANTS:
            continue
        if given.origin.entry.startswith(_FITTED):
            fitted.setdefault(given.origin.entry.partition(" ")[0], []).append(given)
            continue
        rows.append(_input_row(given, style))
    rows += [_fitted_row(together) for together in fitted.values()]
    return sorted(rows, key=lambda row: section_order(row.path))


_SECTIONS = (
    "model",
    "scaling",
    "task",
    "lora",
    "data",
    "traffic",
    "targets",
    "cluster",
    "serving",
    "engine",
    "layout",
    "memory",
    "efficiency",
    "step",
    "reliability",
    "power",
    "embodied",
    "site",
    "money",
    "overrides",
    "uncertainty",
    "programme",
    "campus",
    "silicon",
    "regulation",
)


def section_order(path: str) -> tuple[int, str]:
    """Return where an input stands among others: by its section, then by its path."""
    section = path.partition(".")[0]
    return (_SECTIONS.index(section), path)


_FITTED = ("calibration/", "engine/")
"""Starts of what entries of fitted constants are called; results in JSON and CSV hold each constant."""


def _fitted_row(together: list[ResolvedInput]) -> AssumptionRow:
    first = together[0]
    section = first.path.partition(".")[0]
    return AssumptionRow(f"{section}.constants", f"{len(together)} constants", origin_text(first.origin))


def _choice_row(choice: Choice) -> AssumptionRow:
    return AssumptionRow(choice.path, choice.value, origin_text(choice.origin))


def _input_row(given: ResolvedInput, style: ReportStyle) -> AssumptionRow:
    return AssumptionRow(
        given.path, format_range(given.range, given.unit, digits=style.digits), origin_text(given.origin)
    )


def origin_text(origin: Origin) -> str:
    """Return an origin on one line: who said it, how firm it is, and since when."""
    if origin.kind == "default":
        return f"default: {origin.text}"
    if origin.kind == "override":
        return f"override: {origin.text}"
    firmness = ", ".join(part for part in (origin.certainty, origin.as_of) if part)
    kind = "prior: " if origin.kind == "prior" else ""
    text = origin.text.removeprefix("prior ") if kind else origin.text
    return f"{kind}{text} ({firmness})" if firmness else f"{kind}{text}"


def driver_lines(estimate: Estimate) -> list[str]:
    """Which input drives the range of which metrics, one line an input."""
    driven: dict[str, list[str]] = {}
    for value in estimate.outputs.values():
        if value.driver:
            driven.setdefault(value.driver, []).append(value.id)
    return [f"{driver}: {', '.join(metrics)}" for driver, metrics in driven.items()]


def unknown_lines(outputs: Mapping[str, MetricValue]) -> list[str]:
    """Why metrics are unknown, one line a reason."""
    reasons: dict[str, list[str]] = {}
    for value in outputs.values():
        if value.mid is None:
            reasons.setdefault(value.reason, []).append(value.id)
    return [f"{', '.join(metrics)}: {reason}" for reason, metrics in reasons.items()]
