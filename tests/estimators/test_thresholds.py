"""Which thresholds of training compute runs cross; compute of coarse models is exactly 6 N D."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inputs import Origin, Resolved
from computecalc.estimators.results import Estimate, estimate
from computecalc.estimators.thresholds import Threshold, crossings
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text

CATALOG = Catalog.open()


def estimated(model: str, tokens: str, more: str = "") -> Estimate:
    text = (
        f"version: 1\nscenarios:\n  run:\n    kind: train\n    model: {model}\n    data: {{tokens: {tokens}}}\n"
        f"    cluster: {{accelerator: h100-sxm, count: 1024}}\n    efficiency: {{mfu: 0.4}}\n{more}"
    )
    (raw,) = raw_scenarios(load_text(text, "s.yaml"), {})
    return estimate(resolve(raw, CATALOG, today=date(2026, 11, 25)))


def verdicts(found: Estimate) -> dict[str, str]:
    return {crossing.threshold.id: crossing.verdict for crossing in found.crossings}


GENERAL_26 = {"us-ca-sb-53", "us-ny-raise", "us-il-sb-315", "kr-ai-basic-act", "us-eo-14110", "us-ear-4e091"}
"""Thresholds at 1e26 FLOP."""


def test_llama_405b_is_above_1e25_and_below_1e26() -> None:
    # 6 x 405e9 x 15.6e12 = 3.79e25 besides attention; Meta states 3.8e25.
    found = estimated("llama-3.1-405b", "15.6T tokens")
    assert verdicts(found) == {
        "eu-gpai-indicator": "above",
        "eu-gpai-systemic-risk": "above",
        **dict.fromkeys(GENERAL_26, "below"),
    }
    ratios = {crossing.threshold.id: crossing.ratio for crossing in found.crossings}
    # Causal attention adds 3 to 4 % to 3.79e25.
    assert ratios["eu-gpai-systemic-risk"] == pytest.approx(3.79 * 1.035, rel=0.01)


def test_a_gpt_4_class_run_is_above_1e25() -> None:
    # Rumoured 280B active parameters on 13T tokens: 6 x 280e9 x 13e12 = 2.184e25.
    found = estimated("{parameters: 1.8T params, active_parameters: 280B params}", "13T tokens")
    assert verdicts(found)["eu-gpai-systemic-risk"] == "above"
    (crossing,) = (each for each in found.crossings if each.threshold.id == "us-ca-sb-53")
    assert (crossing.verdict, crossing.mid) == ("below", pytest.approx(2.184e25))
    assert crossing.ratio == pytest.approx(0.2184)


def test_a_range_around_a_threshold_is_neither_above_nor_below() -> None:
    # 6 x 1e12 x (10, 20, 40)e12 = 6e25, 1.2e26, 2.4e26.
    found = estimated("{parameters: 1T params}", "10T..20T..40T tokens")
    assert {verdicts(found)[name] for name in GENERAL_26} == {"within range"}
    assert verdicts(found)["eu-gpai-systemic-risk"] == "above"
    (crossing,) = (each for each in found.crossings if each.threshold.id == "us-ca-sb-53")
    assert (crossing.low, crossing.mid, crossing.high) == pytest.approx((6e25, 1.2e26, 2.4e26))
    assert crossing.ratio == pytest.approx(1.2)


def test_a_threshold_is_crossed_by_more_than_it() -> None:
    # 6 x 5e9 x 1e13 / 3 is 1e23: one token in ten million decides.
    assert verdicts(estimated("{parameters: 5B params}", "3.3333334T tokens"))["eu-gpai-indicator"] == "above"
    assert verdicts(estimated("{parameters: 5B params}", "3.3333333T tokens"))["eu-gpai-indicator"] == "below"
    # 6 x 5 x 2 = 60: exactly the threshold, which is not more than it.
    small = Threshold("small", "Small", "EU", "in-force", "2026", "", "compute", 60.0, "2026")
    run = estimated("{parameters: 5B params}", "2T tokens")
    exact = replace(run.outputs["compute.model"], low=60.0, mid=60.0, high=60.0)
    resolved = Resolved("run", "train", None, Origin("scenario", ""), {}, {}, thresholds=(small,))
    assert [crossing.verdict for crossing in crossings(resolved, {"compute.model": exact})] == ["below"]


def test_thresholds_that_hold_come_first() -> None:
    statuses = [crossing.threshold.status for crossing in estimated("{parameters: 1B params}", "1T tokens").crossings]
    order = ("in-force", "enacted", "passed", "rescinded", "superseded")
    assert statuses == sorted(statuses, key=order.index)
    assert {"in-force", "enacted", "rescinded"} <= set(statuses)


def test_rules_for_special_data_are_left_out() -> None:
    assert "us-eo-14110-biology" not in verdicts(estimated("{parameters: 1B params}", "1T tokens"))


BASE = "    task: sft\n    regulation: {{base_compute: {base}}}\n"


def test_fine_tuning_counts_with_what_went_before() -> None:
    # 6 x 70e9 x 5e12 = 2.1e24; with 9e24 before it 1.11e25. The share is 2.1 / 9 = 0.2333, less than a third.
    found = estimated("{parameters: 70B params}", "5T tokens", BASE.format(base="9e24 FLOP"))
    assert found.outputs["compute.cumulative"].mid == pytest.approx(1.11e25)
    assert found.outputs["compute.base_share"].mid == pytest.approx(2.1 / 9)
    assert verdicts(found)["eu-gpai-systemic-risk"] == "above"
    assert verdicts(found)["eu-gpai-modification"] == "below"
    # 2.1e24 of 6e24 is 0.35.
    more = estimated("{parameters: 70B params}", "5T tokens", BASE.format(base="6e24 FLOP"))
    assert verdicts(more)["eu-gpai-modification"] == "above"
    assert verdicts(more)["eu-gpai-systemic-risk"] == "below"


def test_a_range_of_the_base_is_carried_on() -> None:
    # 2.1e24 + (7, 8, 9)e24 = 9.1e24, 1.01e25, 1.11e25; shares of 0.3, 0.2625 and 0.2333.
    found = estimated("{parameters: 70B params}", "5T tokens", BASE.format(base="7e24..8e24..9e24 FLOP"))
    assert verdicts(found)["eu-gpai-systemic-risk"] == "within range"
    share = found.outputs["compute.base_share"]
    assert (share.low, share.mid, share.high) == pytest.approx((2.1 / 9, 2.1 / 8, 2.1 / 7))
    assert verdicts(found)["eu-gpai-modification"] == "below"


def test_fine_tuning_without_a_base_is_never_below() -> None:
    found = estimated("{parameters: 70B params}", "5T tokens", "    task: sft\n")
    assert "compute.cumulative" not in found.outputs
    # 2.1e24 is more than 1e23 by itself; whether it is more than 1e25 depends on what went before.
    assert verdicts(found)["eu-gpai-indicator"] == "above"
    assert verdicts(found)["eu-gpai-systemic-risk"] == "unknown"
    (crossing,) = (each for each in found.crossings if each.threshold.id == "eu-gpai-modification")
    assert (crossing.verdict, crossing.mid) == ("unknown", None)
    assert "regulation.base_compute" in crossing.reason


def test_pre_training_may_go_on_from_a_model() -> None:
    base = "    regulation: {base_compute: 9.9e25 FLOP}\n"
    # 9.9e25 + 6 x 70e9 x 5e12 = 1.011e26.
    assert verdicts(estimated("{parameters: 70B params}", "5T tokens", base))["us-ca-sb-53"] == "above"


def test_services_are_compared_with_nothing() -> None:
    text = (
        "version: 1\nscenarios:\n  chat:\n    kind: infer\n    model: llama-3.1-8b\n"
        "    traffic: {input: 1500, output: 400, rate: 1 request/s}\n    serving: {accelerator: h100-sxm}\n"
    )
    (raw,) = raw_scenarios(load_text(text, "s.yaml"), {})
    assert estimate(resolve(raw, CATALOG, today=date(2026, 11, 25))).crossings == ()
