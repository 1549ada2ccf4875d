from __future__ import annotations

import pytest

from computecalc.errors import UsageError
from computecalc.estimators.metrics import METRICS, metric
from computecalc.units.registry import unit

PUBLISHED = {
    "parameters.total": "parameter",
    "parameters.active": "parameter",
    "compute.model": "FLOP",
    "compute.hardware": "FLOP",
    "compute.per_token": "FLOP/token",
    "accelerators": "accelerator",
    "nodes": "node",
    "memory.per_accelerator": "byte",
    "memory.per_accelerator.weights": "byte",
    "memory.per_accelerator.gradients": "byte",
    "memory.per_accelerator.optimizer": "byte",
    "memory.per_accelerator.activations": "byte",
    "memory.fits": "1",
    "mfu": "1",
    "hfu": "1",
    "goodput": "1",
    "time.step": "s",
    "time.wall": "s",
    "time.between_interruptions": "s",
    "time.checkpoint_interval": "s",
    "interruptions": "1",
    "throughput.per_accelerator": "token/s",
    "throughput.cluster": "token/s",
    "accelerator_time.useful": "accelerator*s",
    "accelerator_time.billed": "accelerator*s",
    "power.accelerator": "W",
    "power.it": "W",
    "power.facility_peak": "W",
    "energy.accelerator": "J",
    "energy.it": "J",
    "energy.facility": "J",
    "carbon.operational": "gCO2e",
    "cost.total": "USD",
    "cost.accelerators": "USD",
    "compute.prefill_per_request": "FLOP/request",
    "compute.decode_per_token": "FLOP/token",
    "replicas": "replica",
    "memory.per_accelerator.kv_cache": "byte",
    "utilization": "1",
    "throughput.total_per_accelerator": "token/s",
    "latency.ttft": "s",
    "latency.tpot": "s",
    "latency.request": "s",
    "batch": "request",
    "energy.per_output_token": "J/token",
    "cost.per_mtoken_input": "USD",
    "cost.per_mtoken_output": "USD",
}
"""Ids and units that scripts may rely on from the first release on."""


def test_published_ids_keep_their_units() -> None:
    assert {name: METRICS[name].unit for name in PUBLISHED} == PUBLISHED


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_is_described(name: str) -> None:
    found = METRICS[name]
    assert found.id == name
    assert unit(found.unit).factor == 1.0
    assert unit(found.formula_unit).factor == 1.0
    assert found.meaning[0].isupper() or found.meaning[0].isdigit()
    assert not found.meaning.endswith(".")


def test_what_is_for_one_accelerator_says_so_to_formulas_only() -> None:
    assert METRICS["throughput.per_accelerator"].formula_unit == "token/s/accelerator"
    assert METRICS["power.accelerator"].formula_unit == "W/accelerator"
    assert METRICS["power.it"].formula_unit == "W"
    assert METRICS["throughput.replica"].formula_unit == "token/s/replica"
    assert {name for name, found in METRICS.items() if found.per == "accelerator"} == {
        name for name in METRICS if "per_accelerator" in name or name == "power.accelerator"
    }


def test_an_unknown_metric_is_answered_with_its_neighbours() -> None:
    assert metric("cost.total") is METRICS["cost.total"]
    with pytest.raises(UsageError) as caught:
        metric("cost.totl")
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("CC102", "there is no metric 'cost.totl'")
    assert "cost.total" in found.hint
    with pytest.raises(UsageError) as caught:
        metric("zzz")
    assert caught.value.diagnostics[0].hint == "`computecalc explain --list` prints all ids"


def test_a_family_leads_to_the_whole_of_it() -> None:
    with pytest.raises(UsageError) as raised:
        metric("carbon")
    assert raised.value.diagnostics[0].hint == "did you mean carbon.total?"
