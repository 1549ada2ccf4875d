"""The training recipe on a case with round numbers; see `run` and `toy` of the fixtures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from computecalc.catalog.architecture import Architecture
from computecalc.estimators.impact import ImpactInputs
from computecalc.estimators.inputs import Adapters, Reliability, TrainInputs
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.shapes import CoarseShape, ModelShape
from computecalc.estimators.training import estimate_training
from computecalc.estimators.training.step import PARTS
from tests.estimators.kinds import BEYOND_RENT, ONLY_CONTINUED, ONLY_SERVING

Build = Callable[..., Architecture]
Shaped = Callable[[Architecture], ModelShape]
Run = Callable[..., TrainInputs]

STEP_PARTS = [f"time.step.{part}" for part in PARTS]
"""What a step is told by where it is predicted, which it is not where the MFU is stated."""


def test_the_whole_run_by_hand(run: Run) -> None:
    found = {name: float(value) for name, value in estimate_training(run()).items()}
    expected = {
        "parameters.total": 1e9,
        "parameters.active": 1e9,
        "tokens": 1e12,
        "tokens.per_parameter": 1000.0,
        "parameters.trained": 1e9,
        # 2 N forward, 4 N backward.
        "compute.per_token": 6e9,
        "compute.model": 6e21,
        "compute.model_full": 6e21,
        "compute.six_n_d": 6e21,
        "compute.hardware": 6e21,
        "mfu": 0.4,
        "mfu.full": 0.4,
        "hfu": 0.4,
        "goodput": 0.8,
        # 18 bytes each: 18 GB, one accelerator of 80 GB.
        "memory.model_states": 18e9,
        "memory.minimum_accelerators": 1.0,
        "memory.fits": 1.0,
        # 6e21 / (1e15 x 0.4) = 1.5e7; / 0.8 = 1.875e7; / 100 = 187,500 s.
        "accelerator_time.useful": 1.5e7,
        "accelerator_time.billed": 1.875e7,
        "time.wall": 187_500.0,
        "accelerators": 100.0,
        "nodes": 13.0,
        # 4e14 / 6e9 = 66,666.7; a step of 4 million tokens takes 0.6 s.
        "throughput.per_accelerator": 4e14 / 6e9,
        "throughput.cluster": 4e16 / 6e9,
        "time.step": 0.6,
        # 560 W each; 72.8 kW of IT; 1.05e10 J x 1.3 x 1.2.
        "power.accelerator": 560.0,
        "power.it": 72_800.0,
        "power.facility": 87_360.0,
        "power.facility_peak": 109_200.0,
        "energy.accelerator": 1.05e10,
        "energy.it": 1.365e10,
        "energy.facility": 1.638e10,
        # 4550 kWh x 400 g.
        "carbon.operational": 1.82e6,
        # 5208.33 h x 2 USD.
        "cost.accelerators": 10_416.666667,
        "cost.total": 10_416.666667,
    }
    assert found == pytest.approx(expected, rel=1e-9)


def test_every_metric_is_in_the_table(
    run: Run, toy: Callable[..., Architecture], shape: Callable[[Architecture], ModelShape]
) -> None:
    layout = {"tensor": 1.0, "pipeline": 1.0, "expert": 1.0, "data": 100.0}
    predicting = {"goodput": None, "reliability": Reliability(1e-9, 600.0, 1e8, None, 1.0)}
    impact = ImpactInputs(0.5, None, 1e-7, 1e-6, 1e5, 4e5, 1.5e8, 0.8)
    found = estimate_training(run(**layout, **predicting, model=shape(toy()), impact=impact))
    besides = {"loss.predicted", *STEP_PARTS} | ONLY_SERVING | ONLY_CONTINUED | BEYOND_RENT
    assert set(found) == set(METRICS) - besides


@pytest.mark.parametrize("count", [1.0, 3.0, 49.0, 100.0, 1000.0, 16384.0, 98_765.0])
def test_count_and_deadline_are_inverse(run: Run, count: float) -> None:
    wall = estimate_training(run(count=count))["time.wall"]
    found = estimate_training(run(count=None, wall_time=wall))
    assert found["accelerators"] == count
    assert found["time.wall"] == pytest.approx(wall)


def test_a_deadline_is_met_with_the_fewest_whole_accelerators(run: Run) -> None:
    # 1.875e7 / 200,000 s = 93.75, hence 94, which need 199,468 s.
    found = estimate_training(run(count=None, wall_time=200_000.0))
    assert found["accelerators"] == 94.0
    assert found["nodes"] == 12.0
    assert found["time.wall"] == pytest.approx(199_468.0851, rel=1e-9)


def test_neither_count_nor_deadline_is_an_error_of_ours(run: Run) -> None:
    with pytest.raises(ValueError, match="neither count nor wall_time"):
        estimate_training(run(count=None))


def test_goodput_is_paid_for_but_does_not_slow_the_steps(run: Run) -> None:
    whole, half = estimate_training(run(goodput=1.0)), estimate_training(run(goodput=0.5))
    assert half["accelerator_time.useful"] == whole["accelerator_time.useful"]
    assert half["accelerator_time.billed"] == pytest.approx(3.0e7)
    assert half["time.wall"] == pytest.approx(300_000.0)
    assert half["time.step"] == whole["time.step"]
    # Lost time draws power and costs money too.
    assert half["energy.facility"] / whole["energy.facility"] == pytest.approx(2.0)
    assert half["cost.total"] / whole["cost.total"] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("changes", "hardware"),
    [
        # The toy: forward 4768 of layers 3168 (core 480, scores 240) and head 1600; training 3 x 4768 = 14,304.
        ({}, 14_304.0),
        ({"fused_attention": True}, 14_304.0 + 240.0),
        ({"recompute": "selective"}, 14_304.0 + 480.0),
        ({"recompute": "full"}, 14_304.0 + 3168.0),
        ({"recompute": "full", "fused_attention": True}, 14_304.0 + 3168.0 + 240.0),
    ],
)
def test_hfu_counts_recomputed_work(
    run: Run, toy: Build, shape: Shaped, changes: dict[str, object], hardware: float
) -> None:
    found = estimate_training(run(model=shape(toy()), sequence_length=10.0, tokens=1.0e6, **changes))
    assert found["compute.per_token"] == 14_304.0
    assert found["compute.model"] == pytest.approx(14_304e6)
    assert found["compute.hardware"] == pytest.approx(hardware * 1e6)
    assert found["hfu"] == pytest.approx(0.4 * hardware / 14_304.0)
    # Recomputing is not model work: time at a given MFU stays.
    assert found["accelerator_time.useful"] == pytest.approx(14_304e6 / 4e14)


@pytest.mark.parametrize(
    ("targets", "adapters", "per_token"),
    [
        # Rank 2: query and output 2 x 20 each, key and value 2 x 14 each, so 136 a layer; the three matrices of the
        # feed-forward 2 x 24 each, so 280. Forward 4768, of it 4288 in matrices, which go without weight gradients:
        # 14,304 - 4288, and 6 for each parameter of an adapter.
        ("attention", 272.0, 10_016.0 + 6 * 272),
        ("all", 560.0, 10_016.0 + 6 * 560),
    ],
)
def test_frozen_matrices_need_no_weight_gradients(
    run: Run, toy: Build, shape: Shaped, targets: str, adapters: float, per_token: float
) -> None:
    lora = {"weight_gradients": 0.0, "adapters": Adapters(2.0, targets)}
    given = {"model": shape(toy()), "sequence_length": 10.0, "tokens": 1.0e6, "fused_attention": False}
    found = estimate_training(run(**given, **lora))
    assert (found["parameters.total"], found["parameters.trained"]) == (2984.0, adapters)
    assert found["compute.per_token"] == per_token
    # The core without credit for the mask is 480 more forward, and whole in the backward pass.
    assert found["compute.model_full"] == pytest.approx((per_token + 3 * 480) * 1e6)
    # Recomputation needs the forward pass of all layers all the same, and of the adapters.
    full = estimate_training(run(**given, **lora, recompute="full"))
    assert full["compute.hardware"] == pytest.approx((per_token + 3168 + 2 * adapters) * 1e6)
    # At the same MFU time follows the work.
    assert found["accelerator_time.useful"] == pytest.approx(per_token * 1e6 / 4e14)
    # Frozen weights at 2 bytes, adapters at 18.
    assert found["memory.model_states"] == 2 * 2984 + 18 * adapters


def test_a_coarse_model_has_no_adapters(run: Run) -> None:
    with pytest.raises(TypeError, match="counts alone"):
        estimate_training(run(adapters=Adapters(8.0, "all"), weight_gradients=0.0))


def test_mfu_is_counted_with_or_without_credit_for_the_mask(run: Run, toy: Build, shape: Shaped) -> None:
    given = {"model": shape(toy()), "sequence_length": 10.0, "tokens": 1.0e6}
    # Causal 4768 forward, full 5248: the same run has MFU 0.4 in one count and 0.4 x 5248 / 4768 in the other.
    causal = estimate_training(run(**given))
    assert (causal["mfu"], causal["mfu.full"]) == (0.4, pytest.approx(0.4402685))
    full = estimate_training(run(**given, convention="full"))
    assert (full["mfu"], full["mfu.full"]) == (pytest.approx(0.3634146), 0.4)
    # Time follows the run, not the way of counting: 3 x 5248e6 / 4e14 with the full count.
    assert full["accelerator_time.useful"] == pytest.approx(3 * 5248e6 / 4e14)
    again = estimate_training(run(**given | {"mfu": causal["mfu.full"]}, convention="full"))
    assert again["accelerator_time.useful"] == pytest.approx(causal["accelerator_time.useful"])
    assert full["hfu"] == pytest.approx(full["mfu"])


def test_a_coarse_mixture_works_with_its_active_parameters(run: Run) -> None:
    found = estimate_training(run(model=CoarseShape(1.8e12, 280e9)))
    assert found["parameters.total"] == 1.8e12
    assert found["compute.per_token"] == 6 * 280e9
    assert found["memory.model_states"] == 18 * 1.8e12
    assert found["mfu.full"] == 0.4


@pytest.mark.parametrize(("recompute", "work"), [("none", 6.0), ("selective", 6.0), ("full", 8.0)])
def test_a_coarse_model_has_no_attention_to_recompute(run: Run, recompute: str, work: float) -> None:
    tiny = run(model=CoarseShape(1.0, 1.0), tokens=1.0, recompute=recompute, fused_attention=True)
    assert estimate_training(tiny)["compute.hardware"] == work


def test_cases_are_estimated_at_once(run: Run) -> None:
    mfu, prices = np.array([0.3, 0.4, 0.5]), np.array([[1.0], [2.0]]) / 3600.0
    found = estimate_training(run(mfu=mfu, price=prices))
    # 6e21 / (1e15 x u) / 0.8 / 3600 hours, times the price.
    hours = 6e21 / (1e15 * mfu) / 0.8 / 3600.0
    assert np.allclose(found["cost.total"], [hours, 2.0 * hours])
    assert np.shape(found["time.wall"]) == (3,)
    for case, one in enumerate(mfu):
        alone = estimate_training(run(mfu=float(one)))
        assert np.asarray(found["time.wall"])[case] == pytest.approx(alone["time.wall"], rel=1e-15)


@pytest.mark.parametrize(
    ("absent", "missing"),
    [
        ("global_batch", {"time.step"}),
        ("price", {"cost.accelerators", "cost.total"}),
        ("grid_intensity", {"carbon.operational"}),
    ],
)
def test_metrics_of_unknown_inputs_are_left_out(run: Run, absent: str, missing: set[str]) -> None:
    assert set(estimate_training(run())) - set(estimate_training(run(**{absent: None}))) == missing
