"""CSV: one metric a line in canonical units."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from computecalc.estimators.results import Estimate, MetricValue
from computecalc.reports.document import Failure, Pieces, ReportDocument, ReportStyle
from computecalc.reports.escapes import csv_text

__all__ = ["COLUMNS", "PERCENTILES", "csv_number", "csv_pieces", "render_csv"]

COLUMNS = ("scenario", "kind", "metric", "low", "value", "high", "unit", "formula", "driver", "reason")
"""Header of the file."""

PERCENTILES = ("p5", "p50", "p95")
"""More columns, where an estimate was sampled."""


def render_csv(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return the metrics of all scenarios that could be estimated; an unknown one has empty numbers and a reason."""
    estimates = [outcome for outcome in document.outcomes if isinstance(outcome, Estimate)]
    pieces = csv_pieces(document, is_sampled=any(estimate.method.name == "mc" for estimate in estimates))
    return pieces.head + "".join(map(pieces.each, estimates))


def csv_pieces(document: ReportDocument, *, is_sampled: bool) -> Pieces:
    """Return the same scenario by scenario, which takes knowing whether any of them is sampled."""
    header = (*COLUMNS, *PERCENTILES) if is_sampled else COLUMNS
    return Pieces(
        head=_written([header]),
        each=lambda outcome: _written(_lines(document, outcome, is_sampled=is_sampled)),
        between="",
        tail=lambda document: "",  # noqa: ARG005
    )


def _written(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _lines(document: ReportDocument, outcome: Estimate | Failure, *, is_sampled: bool) -> Iterator[Sequence[str]]:
    if isinstance(outcome, Failure):
        return
    blank = ("", "", "") if is_sampled else ()
    for row, value in zip(_rows(outcome), outcome.outputs.values(), strict=True):
        yield (*row, *_percentiles(value)) if is_sampled else row
    for more in (_regulation_rows(outcome), _verdict_rows(document, outcome), _measured_rows(document, outcome)):
        yield from ((*row, *blank) for row in more)


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
