"""Measured runs as JSON, and read back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NotRequired, cast

from typing_extensions import TypedDict

from computecalc.errors import Document, Span
from computecalc.reports.places import SourceJson, place_json

if TYPE_CHECKING:
    from computecalc.checks.measured_comparison import MeasuredComparison, MeasuredValue, Standing

__all__ = ["MeasuredJson", "MeasuredValueJson", "measured_from_json", "measured_json"]


class MeasuredValueJson(TypedDict):
    """A quantity that was measured, beside its estimate at the same boundary; null where that is unknown."""

    metric: str
    unit: str
    boundary: str
    measured: float
    low: float | None
    value: float | None
    high: float | None
    ratio: float | None
    standing: str
    reason: NotRequired[str]


class MeasuredJson(TypedDict):
    """A measured run beside its scenario."""

    scenario: str
    project: str
    run: str
    place: str
    pue: float
    accelerators: float | None
    source: SourceJson
    values: list[MeasuredValueJson]
    notes: list[str]


def measured_json(comparisons: Iterable[MeasuredComparison]) -> list[MeasuredJson]:
    """Return comparisons as plain data, numbers in canonical units."""
    return [
        {
            "scenario": each.scenario,
            "project": each.run.project,
            "run": each.run.run,
            "place": each.run.place,
            "pue": each.run.pue,
            "accelerators": each.run.accelerators,
            "source": place_json(each.run.span),
            "values": [_value(value) for value in each.values],
            "notes": list(each.notes),
        }
        for each in comparisons
    ]


def _value(value: MeasuredValue) -> MeasuredValueJson:
    found: MeasuredValueJson = {
        "metric": value.metric,
        "unit": value.unit,
        "boundary": value.boundary,
        "measured": value.measured,
        "low": value.low,
        "value": value.mid,
        "high": value.high,
        "ratio": value.ratio,
        "standing": value.standing,
    }
    if value.reason:
        found["reason"] = value.reason
    return found


def measured_from_json(found: MeasuredJson) -> MeasuredComparison:
    """Return a comparison as it was saved."""
    # Imported here: results without measured runs load nothing of them.
    from computecalc.checks.measured_comparison import MeasuredComparison, MeasuredValue
    from computecalc.checks.measured_runs import MeasuredRun

    span = Span(Document(found["source"].get("file", ""), ""), found["source"].get("line", 1), 1, 2)
    measured = {value["metric"]: value["measured"] for value in found["values"]}
    run = MeasuredRun(
        project=found["project"],
        run=found["run"],
        span=span,
        duration=measured["time.wall"],
        emissions=measured["carbon.operational"],
        energy=measured["energy.it"],
        accelerator_energy=measured.get("energy.accelerator"),
        accelerators=found["accelerators"],
        pue=found["pue"],
        place=found["place"],
    )
    values = tuple(
        MeasuredValue(
            each["metric"],
            each["unit"],
            each["measured"],
            each["low"],
            each["value"],
            each["high"],
            cast("Standing", each["standing"]),
            each["boundary"],
            each.get("reason", ""),
        )
        for each in found["values"]
    )
    return MeasuredComparison(found["scenario"], run, values, tuple(found["notes"]))
