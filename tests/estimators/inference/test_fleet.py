"""Fleet, footprint and cost by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from computecalc.estimators.inference.fleet import fleet_metrics, fleet_of
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.latency import ReplicaTimes

Serve = Callable[..., ServingInputs]

TIMES = ReplicaTimes(
    running=50.0,
    decode=0.02,
    charge=0.1,
    interval=0.025,
    unloaded_first_token=0.1,
    first_token=0.2,
    long_first_token=None,
    latency=12.5,
    long_latency=None,
    requests=4.0,
    own_requests=4.0,
    memory_use=0.5,
    compute_use=0.2,
    pool=None,
)
TRAFFIC = {"prompt": 1000.0, "output": 500.0, "tensor": 4.0, "attention_data": 2.0}


def test_a_rate_is_borne_with_a_peak_a_reserve_and_spares(serve: Serve) -> None:
    # 50 a second, 2.4 times at the peak, replicas of 4 planned to 80 %: 120 / 3.2 = 37.5, and two spares.
    fleet = fleet_of(serve(**TRAFFIC, rate=50.0, peak_to_mean=2.4, utilization=0.8, spare=2.0), TIMES)
    assert (fleet.each, fleet.replicas, fleet.accelerators) == (8.0, 40.0, 320.0)
    assert fleet.load == pytest.approx(50 / 160)


def test_without_a_rate_one_replica_is_busy(serve: Serve) -> None:
    fleet = fleet_of(serve(**TRAFFIC), TIMES)
    assert (fleet.replicas, fleet.accelerators, fleet.rate, fleet.load) == (1.0, 8.0, 4.0, 1.0)


def test_throughput(serve: Serve) -> None:
    found = fleet_metrics(serve(**TRAFFIC, rate=50.0), TIMES)
    assert (found["throughput.replica"], found["throughput.input_replica"]) == (2000.0, 4000.0)
    assert (found["throughput.per_accelerator"], found["throughput.cluster"]) == (250.0, 25_000.0)


def test_phases_are_billed_by_the_time_they_take(serve: Serve) -> None:
    found = fleet_metrics(serve(**TRAFFIC, rate=50.0, price=2.0 / 3600.0, peak_to_mean=1.0), TIMES)
    # Prompt: 8 x 0.1 s for 1000 tokens; output: 8 x 0.02 s for 50. 13 replicas of 4 a second: 104 accelerators.
    assert found["accelerator_time.per_input_token"] == pytest.approx(8e-4)
    assert found["accelerator_time.per_output_token"] == pytest.approx(3.2e-3)
    assert found["accelerators.input"] == pytest.approx(50 * 1000 * 8e-4)
    assert found["accelerators.output"] == pytest.approx(50 * 500 * 3.2e-3)
    # 40 and 80 of them are busy, so that the rent of 104 is divided 1 to 2, whatever is idle.
    rent = 104 * 2.0 / 3600.0
    assert found["cost.per_input_token"] == pytest.approx(rent / 3 / 50_000)
    assert found["cost.per_output_token"] == pytest.approx(rent * 2 / 3 / 25_000)


def test_draw_follows_what_is_busy_and_how_often(serve: Serve) -> None:
    found = fleet_metrics(serve(**TRAFFIC, rate=50.0, period=10.0), TIMES)
    # Busy: 0.5 + 0.2 x 0.5 + 0.4 x 0.2 = 0.68 of 1000 W; 250 tokens a second each.
    assert found["energy.accelerator_per_output_token"] == pytest.approx(680 / 250)
    # On average 0.1 + 0.58 x 50 / 52, on 13 x 8 accelerators for 10 s; hosts 1.3, PUE 1.2.
    draw = 0.1 + 0.58 * 50 / 52
    assert found["energy.accelerator"] == pytest.approx(draw * 1000 * 104 * 10)
    assert found["energy.facility"] == pytest.approx(draw * 1000 * 104 * 10 * 1.3 * 1.2)
    assert found["energy.per_output_token"] == pytest.approx(found["energy.facility"] / (50 * 500 * 10))
    assert found["carbon.per_output_token"] == pytest.approx(found["energy.per_output_token"] * 400 / 3.6e6)


def test_draw_never_exceeds_thermal_design_power(serve: Serve) -> None:
    busy = replace(TIMES, compute_use=1.0, memory_use=1.0)
    curve = serve().curve
    assert curve is not None
    found = fleet_metrics(serve(**TRAFFIC, curve=replace(curve, compute_slope=2.0)), busy)
    assert found["power.accelerator"] == 1000.0


def test_a_stated_power_is_taken(serve: Serve) -> None:
    found = fleet_metrics(serve(**TRAFFIC, power=600.0), TIMES)
    assert found["power.accelerator"] == 600.0


def test_what_is_not_known_is_left_out(serve: Serve) -> None:
    found = fleet_metrics(serve(**TRAFFIC, curve=None, grid_intensity=None, price=None, thermal_design=None), TIMES)
    assert not {name for name in found if name.startswith(("energy", "carbon", "cost", "power"))}


def test_a_day_is_paid_for_and_partly_used(serve: Serve) -> None:
    # 120 accelerators would work, as in the bill of the phases, and 104 are reserved.
    found = fleet_metrics(serve(**TRAFFIC, rate=50.0, period=10.0), TIMES)
    assert found["accelerator_time.useful"] == pytest.approx(1200.0)
    assert found["accelerator_time.billed"] == pytest.approx(1040.0)
