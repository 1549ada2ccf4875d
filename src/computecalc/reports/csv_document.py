"""CSV: one metric a line in canonical units."""

from __future__ import annotations

import csv
import io

from computecalc.estimators.results import Estimate, MetricValue
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.escapes import csv_text

__all__ = ["COLUMNS", "PERCENTILES", "csv_number", "render_csv"]

COLUMNS = ("scenario", "kind", "metric", "low", "value", "high", "unit", "formula", "driver", "reason")
"""Header of the file."""

PERCENTILES = ("p5", "p50", "p95")
"""More columns, where an estimate was sampled."""


def render_csv(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return the metrics of all scenarios that could be estimated; an unknown one has empty numbers and a reason."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    estimates = [outcome for outcome in document.outcomes if isinstance(outcome, Estimate)]
    is_sampled = any(estimate.method.name == "mc" for estimate in estimates)
    writer.writerow((*COLUMNS, *PERCENTILES) if is_sampled else COLUMNS)
    for estimate in estimates:
        values = estimate.outputs.values()
        ends = [_percentiles(value) if is_sampled else () for value in values]
        writer.writerows((*row, *more) for row, more in zip(_rows(estimate), ends, strict=True))
        blank = ("", "", "") if is_sampled else ()
        writer.writerows((*row, *blank) for row in _regulation_rows(estimate))
        writer.writerows((*row, *blank) for row in _verdict_rows(document, estimate))
        writer.writerows((*row, *blank) for row in _measured_rows(document, estimate))
    return text.getvalue()


def _rows(estimate: Estimate) -> list[tuple[str, ...]]:
    return [
        (
            csv_text(estimate.name),
            estimate.kind,
            value.id,
            csv_number(value.low),
            csv_number(value.mid),
            csv_number(value.high),
            "" if value.unit == "1" else value.unit,
            "override" if value.override else value.formula or "",
            value.driver or "",
            csv_text(value.reason),
        )
        for value in estimate.outputs.values()
    ]


def _percentiles(value: MetricValue) -> tuple[str, ...]:
    found = value.percentiles
    return ("", "", "") if found is None else (csv_number(found.p5), csv_number(found.p50), csv_number(found.p95))


def _regulation_rows(estimate: Estimate) -> list[tuple[str, ...]]:
    """One line a threshold: what is compared with it, and the verdict where a metric has the reason it is unknown."""
    return [
        (
            csv_text(estimate.name),
            estimate.kind,
            f"regulation.{csv_text(crossing.threshold.id)}",
            csv_number(crossing.low),
            csv_number(crossing.mid),
            csv_number(crossing.high),
            "" if crossing.threshold.unit == "1" else crossing.threshold.unit,
            "",
            "",
            csv_text(": ".join(filter(None, (f"{crossing.verdict} {crossing.threshold.value:g}", crossing.reason)))),
        )
        for crossing in estimate.crossings
    ]


def _verdict_rows(document: ReportDocument, estimate: Estimate) -> list[tuple[str, ...]]:
    """One line a limit from a flag, with its state and text where a metric has the reason it is unknown."""
    return [
        (
            csv_text(estimate.name),
            estimate.kind,
            f"check.{verdict.limit.check.metric}",
            csv_number(verdict.low),
            csv_number(verdict.mid),
            csv_number(verdict.high),
            "" if verdict.limit.check.unit == "1" else verdict.limit.check.unit,
            "",
            "",
            csv_text(": ".join(filter(None, (f"{verdict.state} {verdict.limit.check.text}", verdict.reason)))),
        )
        for verdict in document.verdicts
        if verdict.scenario == estimate.name
    ]


def _measured_rows(document: ReportDocument, estimate: Estimate) -> list[tuple[str, ...]]:
    """One line a measured quantity, and where the reason would stand its ratio to the estimate."""
    return [
        (
            csv_text(estimate.name),
            estimate.kind,
            f"measured.{value.metric}",
            "",
            csv_number(value.measured),
            "",
            value.unit,
            "",
            "",
            csv_text(f"{value.standing} the range, ratio {csv_number(value.ratio)}: {each.run.span.label}"),
        )
        for each in document.measured
        if each.scenario == estimate.name
        for value in each.values
    ]


def csv_number(value: float | None) -> str:
    """Return a number in full, whole ones without a point; nothing where it is unknown."""
    if value is None:
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
