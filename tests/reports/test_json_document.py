"""JSON: the published shape, canonical units, finite numbers, and where every input came from."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from computecalc.estimators.metrics import METRICS
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.json_document import result_json
from computecalc.reports.json_text import render_json, render_jsonl
from computecalc.reports.schemas import json_schema

STYLE = ReportStyle()


@pytest.fixture
def result(document: ReportDocument) -> Any:
    return json.loads(render_json(document, STYLE))


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        yield value


def test_it_is_what_its_schema_says(result: Any) -> None:
    jsonschema.Draft7Validator(json_schema("result")).validate(result)


def test_all_numbers_are_finite(result: Any) -> None:
    numbers = [leaf for leaf in leaves(result) if isinstance(leaf, float | int)]
    assert len(numbers) > 300
    assert all(math.isfinite(number) for number in numbers)


def test_scenarios_stand_in_order_with_status_and_place(result: Any) -> None:
    shown = [(s["name"], s["status"], s["source"]["line"]) for s in result["scenarios"]]
    assert shown == [
        ("llama-405b", "ok", 9),
        ("405b-spot", "ok", 17),
        ("short-of-everything", "ok", 18),
        ("wrong", "error", 22),
    ]


def test_units_are_canonical_and_dimensionless_is_empty(result: Any) -> None:
    for scenario in result["scenarios"]:
        for name, output in scenario["outputs"].items():
            expected = METRICS[name].unit
            assert output["unit"] == ("" if expected == "1" else expected), name


def test_inputs_say_kind_and_line_of_their_source(result: Any) -> None:
    inputs = result["scenarios"][1]["inputs"]
    price, pue, peak = inputs["money.price"]["source"], inputs["site.pue"]["source"], inputs["cluster.peak"]["source"]
    assert (price["kind"], price["line"]) == ("scenario", 7)  # the profile
    assert (pue["kind"], pue["line"]) == ("scenario", 5)  # the defaults
    assert (peak["kind"], peak["entry"]) == ("catalog", "accelerator/h100-sxm peak.bf16")
    assert (peak["title"], peak["certainty"], peak["as_of"]) == ("H100 datasheet, page 3", "vendor-claim", "2024-03-01")
    assert inputs["layout.recompute"]["source"] == {"kind": "default", "note": "default of the layout"}


def test_a_price_is_in_base_units_with_its_range(result: Any) -> None:
    price = result["scenarios"][1]["inputs"]["money.price"]
    assert price["unit"] == "USD/accelerator/s"
    values = (price["low"], price["value"], price["high"])
    assert values == pytest.approx((1.6 / 3600, 1.8 / 3600, 2.1 / 3600), rel=1e-12)


def test_an_unknown_metric_is_null_with_the_reason(result: Any) -> None:
    scenario = result["scenarios"][2]
    cost = scenario["outputs"]["cost.total"]
    assert (cost["low"], cost["value"], cost["high"], cost["formula"]) == (None, None, None, None)
    (why,) = [d for d in scenario["diagnostics"] if d.get("metric") == "cost.total"]
    assert (why["code"], why["severity"]) == ("CC602", "note")
    assert why["message"].endswith("the catalog has no on-demand price of mtia-400; state money.price")


def test_a_failure_carries_code_place_and_hint(result: Any) -> None:
    failed = result["scenarios"][3]
    assert (failed["inputs"], failed["outputs"]) == ({}, {})
    (problem,) = failed["diagnostics"]
    assert (problem["code"], problem["source"]["line"], problem["source"]["column"]) == ("CC501", 24, 28)
    assert problem["hint"].startswith("did you mean h100-sxm")
    assert result["summary"] == {"passed": 0, "risk": 0, "failed": 0, "errors": 1, "exit_code": 2}


def test_whole_numbers_are_written_as_such(document: ReportDocument) -> None:
    assert '"value": 16384,' in render_json(document, STYLE)


def test_the_text_says_what_the_data_says(document: ReportDocument) -> None:
    """Scenario by scenario, with pieces of text that are kept, it is what the whole of the data is."""
    twice = replace(document, outcomes=document.outcomes * 2)
    assert json.loads(render_json(twice, STYLE)) == json.loads(json.dumps(result_json(twice)))


def test_one_line_a_scenario(document: ReportDocument) -> None:
    lines = render_jsonl(document, STYLE).splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["llama-405b", "405b-spot", "short-of-everything", "wrong"]
