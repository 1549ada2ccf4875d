"""Verdicts as JSON: the `checks` of a result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NotRequired

from typing_extensions import TypedDict

from computecalc.reports.places import SourceJson, place_json

if TYPE_CHECKING:
    from computecalc.checks.levers import Lever
    from computecalc.checks.verdicts import Verdict

__all__ = ["CheckJson", "LeverJson", "verdicts_json"]


class LeverJson(TypedDict):
    """An input and the value at which the limit would hold; null where none does it."""

    path: str
    unit: str
    value: float
    needed: float | None
    obstacle: NotRequired[str]


class CheckJson(TypedDict):
    """One limit on one scenario."""

    scenario: str
    check: str
    metric: str
    state: str
    severity: str
    low: float | None
    value: float | None
    high: float | None
    unit: str
    waived: bool
    baseline: NotRequired[float]
    reason: NotRequired[str]
    message: NotRequired[str]
    owner: NotRequired[str]
    source: NotRequired[SourceJson]
    levers: NotRequired[list[LeverJson]]


def verdicts_json(verdicts: Sequence[Verdict]) -> list[CheckJson]:
    """Return verdicts as plain data, numbers in canonical units, changes as shares."""
    return [_verdict(verdict) for verdict in verdicts]


def _verdict(verdict: Verdict) -> CheckJson:
    check = verdict.limit.check
    found: CheckJson = {
        "scenario": verdict.scenario,
        "check": check.text,
        "metric": check.metric,
        "state": verdict.state.lower(),
        "severity": verdict.severity,
        "low": verdict.low,
        "value": verdict.mid,
        "high": verdict.high,
        "unit": "" if check.unit == "1" else check.unit,
        "waived": verdict.is_waived,
    }
    if verdict.baseline is not None:
        found["baseline"] = verdict.baseline
    if verdict.reason:
        found["reason"] = verdict.reason
    if verdict.message:
        found["message"] = verdict.message
    if verdict.owner:
        found["owner"] = verdict.owner
    if verdict.limit.span is not None:
        found["source"] = place_json(verdict.limit.span)
        if verdict.limit.span.document.kind == "file":
            found["source"]["column"] = verdict.limit.span.column
    if verdict.levers:
        found["levers"] = [_lever(lever) for lever in verdict.levers]
    return found


def _lever(lever: Lever) -> LeverJson:
    unit = "" if lever.unit == "1" else lever.unit
    found: LeverJson = {"path": lever.path, "unit": unit, "value": lever.now, "needed": lever.needed}
    if lever.why_not:
        found["obstacle"] = lever.why_not
    return found
