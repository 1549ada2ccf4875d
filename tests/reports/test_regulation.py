"""The section of thresholds in every report."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from computecalc.estimators.results import Estimate
from computecalc.estimators.thresholds import Crossing, Threshold
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.formats import render
from computecalc.reports.regulation import regulation_rows, standing

LAW = Threshold("eu-law", "A law", "EU", "in-force", "2025-08-02", "", "compute", 1e25, "2026-11-25")
HOSTILE = "<b>|[red]\x1b[31m"


def crossing(**changes: object) -> Crossing:
    known: dict[str, object] = {"verdict": "within range", "low": 6e24, "mid": 1.2e25, "high": 2.4e25, "ratio": 1.2}
    return Crossing(LAW, **{**known, **changes})  # type: ignore[arg-type]


@pytest.fixture
def one(documented: Callable[..., ReportDocument]) -> Callable[[Crossing], ReportDocument]:
    """A document of one estimate with one threshold."""

    def build(found: Crossing) -> ReportDocument:
        document = documented("run")
        (outcome,) = document.outcomes
        assert isinstance(outcome, Estimate)
        return replace(document, outcomes=(replace(outcome, crossings=(found,)),))

    return build


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "in force 2025-08-02"),
        ({"status": "enacted", "in_force": "2027-01-01"}, "takes effect 2027-01-01"),
        ({"status": "passed", "in_force": ""}, "passed, not in force"),
        ({"status": "rescinded", "ended": "2025-01-20"}, "rescinded 2025-01-20"),
        ({"status": "superseded", "ended": "2023-11-17"}, "superseded 2023-11-17"),
        ({"in_force": ""}, "in force"),
    ],
)
def test_the_standing_says_since_when(changes: dict[str, str], expected: str) -> None:
    assert standing(replace(LAW, **changes)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["plain", "md", "table"])
def test_people_read_threshold_verdict_and_standing(form: str, one: Callable[[Crossing], ReportDocument]) -> None:
    text = render(form, one(crossing()), ReportStyle(width=80))
    (line,) = (line for line in text.splitlines() if "eu-law" in line)
    for word in ("1e25 FLOP", "within range", "1.2", "in force 2025-08-02"):
        assert word in line
    assert "not legal advice" in " ".join(text.split())


def test_a_share_is_one_of_the_base(one: Callable[[Crossing], ReportDocument]) -> None:
    share = replace(LAW, measured="base_share", value=1 / 3)
    found = replace(crossing(ratio=None, low=0.3, mid=0.3, high=0.3, verdict="below"), threshold=share)
    (outcome,) = one(found).outcomes
    assert isinstance(outcome, Estimate)
    (row,) = regulation_rows(outcome, ReportStyle())
    assert row == ("eu-law", "0.333 of base", "below", "", "in force 2025-08-02")


def test_the_reason_stands_below_once(one: Callable[[Crossing], ReportDocument]) -> None:
    unknown = crossing(verdict="unknown", reason="nobody said what went before")
    for form in ("plain", "md", "table"):
        text = " ".join(render(form, one(unknown), ReportStyle(width=80)).split())
        assert text.count("unknown: nobody said what went before") == 1


def test_json_holds_the_range_and_the_dates(one: Callable[[Crossing], ReportDocument]) -> None:
    (scenario,) = json.loads(render("json", one(crossing()), ReportStyle()))["scenarios"]
    assert scenario["regulation"] == [
        {
            "id": "eu-law",
            "name": "A law",
            "jurisdiction": "EU",
            "status": "in-force",
            "as_of": "2026-11-25",
            "threshold": 1e25,
            "unit": "FLOP",
            "verdict": "within range",
            "low": 6e24,
            "value": 1.2e25,
            "high": 2.4e25,
            "ratio": 1.2,
            "in_force": "2025-08-02",
        }
    ]


def test_csv_has_a_line_a_threshold(one: Callable[[Crossing], ReportDocument]) -> None:
    rows = list(csv.DictReader(io.StringIO(render("csv", one(crossing()), ReportStyle()))))
    (row,) = (row for row in rows if row["metric"].startswith("regulation."))
    assert (row["metric"], row["unit"], row["reason"]) == ("regulation.eu-law", "FLOP", "within range 1e+25")
    assert [float(row[key]) for key in ("low", "value", "high")] == [6e24, 1.2e25, 2.4e25]


@pytest.mark.parametrize("form", ["plain", "md", "table", "csv", "json", "jsonl"])
def test_without_thresholds_there_is_no_section(form: str, documented: Callable[..., ReportDocument]) -> None:
    document = documented("run")
    (outcome,) = document.outcomes
    assert isinstance(outcome, Estimate)
    assert outcome.crossings
    bare = replace(document, outcomes=(replace(outcome, crossings=()),))
    assert "regulation" not in render(form, bare, ReportStyle(width=80)).lower()


@pytest.mark.parametrize("form", ["plain", "md", "table"])
def test_words_of_an_overlay_are_escaped(form: str, one: Callable[[Crossing], ReportDocument]) -> None:
    hostile = replace(crossing(), threshold=replace(LAW, status="in-force", in_force=HOSTILE))
    text = render(form, one(hostile), ReportStyle(width=120))
    assert "\x1b" not in text
    assert form != "md" or "<b>" not in text
