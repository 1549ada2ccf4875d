"""CSV: one metric a line in canonical units."""

from __future__ import annotations

import csv
import io

from computecalc.estimators.results import Estimate
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.escapes import csv_text

__all__ = ["COLUMNS", "render_csv"]

COLUMNS = ("scenario", "kind", "metric", "low", "value", "high", "unit", "formula", "driver", "reason")
"""Header of the file."""


def render_csv(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return the metrics of all scenarios that could be estimated; an unknown one has empty numbers and a reason."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for outcome in document.outcomes:
        if isinstance(outcome, Estimate):
            writer.writerows(_rows(outcome))
            writer.writerows(_regulation_rows(outcome))
            writer.writerows(_verdict_rows(document, outcome))
    return text.getvalue()


def _rows(estimate: Estimate) -> list[tuple[str, ...]]:
    return [
        (
            csv_text(estimate.name),
            estimate.kind,
            value.id,
            _number(value.low),
            _number(value.mid),
            _number(value.high),
            "" if value.unit == "1" else value.unit,
            value.formula or "",
            value.driver or "",
            csv_text(value.reason),
        )
        for value in estimate.outputs.values()
    ]


def _regulation_rows(estimate: Estimate) -> list[tuple[str, ...]]:
    """One line a threshold: what is compared with it, and the verdict where a metric has the reason it is unknown."""
    return [
        (
            csv_text(estimate.name),
            estimate.kind,
            f"regulation.{csv_text(crossing.threshold.id)}",
            _number(crossing.low),
            _number(crossing.mid),
            _number(crossing.high),
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
            _number(verdict.low),
            _number(verdict.mid),
            _number(verdict.high),
            "" if verdict.limit.check.unit == "1" else verdict.limit.check.unit,
            "",
            "",
            csv_text(": ".join(filter(None, (f"{verdict.state} {verdict.limit.check.text}", verdict.reason)))),
        )
        for verdict in document.verdicts
        if verdict.scenario == estimate.name
    ]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
