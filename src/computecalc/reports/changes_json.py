"""A diff as JSON in canonical units, for other programs."""

from __future__ import annotations

import json
from collections import Counter
from typing import NotRequired

from typing_extensions import TypedDict

from computecalc.checks.changes import Changes, MetricChange, ScenarioChange
from computecalc.checks.saved import Ends
from computecalc.reports.document import ReportStyle

__all__ = [
    "CauseJson",
    "ChangesJson",
    "EndsJson",
    "MetricChangeJson",
    "ScenarioChangeJson",
    "render_changes_json",
]


class EndsJson(TypedDict):
    """A metric; null where it is unknown."""

    low: float | None
    value: float | None
    high: float | None


class MetricChangeJson(TypedDict):
    """A metric that changed; where all three parts are known, they add up to `change`."""

    unit: str
    before: EndsJson
    after: EndsJson
    change: float | None
    inputs: float | None
    catalog: float | None
    formulas: float | None
    reason: NotRequired[str]


class CauseJson(TypedDict):
    """Something that is no longer as it was; null: it was not there."""

    part: str
    what: str
    before: str | None
    after: str | None


class ScenarioChangeJson(TypedDict):
    """What became of a scenario."""

    name: str
    state: str
    metrics: dict[str, MetricChangeJson]
    causes: list[CauseJson]
    reason: NotRequired[str]


class ChangesJson(TypedDict):
    """A whole diff."""

    schema_version: int
    against: str
    scenarios: list[ScenarioChangeJson]
    summary: dict[str, int]


def render_changes_json(changes: Changes, style: ReportStyle) -> str:  # noqa: ARG001
    """Return the diff as indented JSON; scenarios that did not change are in it."""
    counts = Counter(scenario.state for scenario in changes.scenarios)
    document: ChangesJson = {
        "schema_version": 1,
        "against": changes.against,
        "scenarios": [_scenario(scenario) for scenario in changes.scenarios],
        "summary": {state: counts[state] for state in ("changed", "unchanged", "new", "removed", "failed")},
    }
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _scenario(scenario: ScenarioChange) -> ScenarioChangeJson:
    found: ScenarioChangeJson = {
        "name": scenario.name,
        "state": scenario.state,
        "metrics": {change.id: _change(change) for change in scenario.metrics},
        "causes": [
            {"part": each.part, "what": each.what, "before": each.before or None, "after": each.after or None}
            for each in scenario.causes
        ],
    }
    if scenario.reason:
        found["reason"] = scenario.reason
    return found


def _change(change: MetricChange) -> MetricChangeJson:
    found: MetricChangeJson = {
        "unit": "" if change.unit == "1" else change.unit,
        "before": _ends(change.before),
        "after": _ends(change.after),
        "change": change.change,
        "inputs": change.inputs,
        "catalog": change.catalog,
        "formulas": change.formulas,
    }
    if change.reason:
        found["reason"] = change.reason
    return found


def _ends(value: Ends) -> EndsJson:
    return {"low": value.low, "value": value.mid, "high": value.high}
