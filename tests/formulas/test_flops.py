from __future__ import annotations

import pytest

from computecalc.formulas.flops import (
    converted_mfu,
    hardware_flops,
    hardware_utilization,
    projection_flops,
    recomputed_flops,
    repeated_flops,
    run_flops,
    six_n_d_flops,
    total_flops,
    training_flops,
)


def recomputed(*, full: float = 0.0, selective: float = 0.0, fused: float = 0.0) -> float:
    """Recomputed work of layers of 100, of which the core is 20 and the scores 8."""
    return float(recomputed_flops(layers=100.0, core=20.0, scores=8.0, full=full, selective=selective, fused=fused))


def test_a_weight_costs_a_multiply_and_an_add() -> None:
    assert projection_flops(parameters=58_720_256.0) == 117_440_512.0


def test_total_and_repeated_flops() -> None:
    assert total_flops(parts=(1.0, 2.0, 4.0)) == 7.0
    assert total_flops(parts=(3.0,)) == 3.0
    # 80 layers of 2 GFLOP.
    assert repeated_flops(flops=2.0e9, count=80.0) == 1.6e11


def test_backward_is_twice_forward() -> None:
    # Kaplan et al., section 2.1: 2 N forward and 4 N backward make 6 N.
    assert training_flops(forward=projection_flops(parameters=1.0e9)) == 6.0e9


@pytest.mark.parametrize(
    ("options", "work"),
    [
        ({}, 0.0),
        ({"full": 1.0}, 100.0),
        ({"selective": 1.0}, 20.0),
        # A fused kernel recomputes queries by keys: 3.5 instead of 3 times a core of two equal products.
        ({"fused": 1.0}, 8.0),
        ({"selective": 1.0, "fused": 1.0}, 28.0),
        ({"full": 1.0, "fused": 1.0}, 108.0),
        # Full recompute contains the core already: it is not recomputed twice.
        ({"full": 1.0, "selective": 1.0}, 100.0),
        # Half of the layers whole, of the other half the core: 50 + 10.
        ({"full": 0.5, "selective": 1.0}, 60.0),
    ],
)
def test_recomputed_flops(options: dict[str, float], work: float) -> None:
    assert recomputed(**options) == work


def test_full_recompute_makes_four_forwards_of_three() -> None:
    # Narayanan et al., section 3: with recompute, backward and forward are 4 forwards; the head is not recomputed.
    layers, head = 90.0, 10.0
    extra = recomputed_flops(layers=layers, core=20.0, scores=10.0, full=1.0, selective=0.0, fused=0.0)
    assert hardware_flops(model=training_flops(forward=layers + head), recomputed=extra) == 390.0


def test_hardware_flops_without_recompute_are_model_flops() -> None:
    assert hardware_flops(model=6.0, recomputed=0.0) == 6.0


def test_run_flops() -> None:
    # Llama 3.1 405B: 2523.96 GFLOP a token (methodology) x 15.6e12 tokens = 3.93738e25.
    assert run_flops(flops_per_token=2523.96e9, tokens=15.6e12) == pytest.approx(3.937378e25, rel=1e-6)


def test_six_n_d_of_published_runs() -> None:
    # GPT-3: 6 x 175e9 x 300e9 = 3.15e23, which Brown et al., table D.1, print as 3.14e23.
    assert six_n_d_flops(active_parameters=175.0e9, tokens=300.0e9) == pytest.approx(3.15e23)
    # PaLM: 6 x 540.35e9 x 780e9 = 2.5288e24, printed as 2527.2 ZFLOP.
    assert six_n_d_flops(active_parameters=540.35e9, tokens=780.0e9) == pytest.approx(2.528838e24, rel=1e-6)


def test_six_n_d_is_three_times_two_n() -> None:
    per_token = training_flops(forward=projection_flops(parameters=8.0e9))
    assert six_n_d_flops(active_parameters=8.0e9, tokens=1.0e12) == pytest.approx(
        run_flops(flops_per_token=per_token, tokens=1.0e12)
    )


def test_converted_mfu_keeps_the_throughput() -> None:
    # Full attention counts 10 where causal counts 9: 0.45 of the smaller count is 0.5 of the larger.
    assert converted_mfu(mfu=0.45, counted=9.0, wanted=10.0) == pytest.approx(0.5)
    assert converted_mfu(mfu=0.5, counted=10.0, wanted=9.0) == pytest.approx(0.45)
    assert converted_mfu(mfu=0.4, counted=7.0, wanted=7.0) == pytest.approx(0.4)


def test_hardware_utilization_of_full_recompute() -> None:
    # Four forwards for three: HFU is 4/3 of MFU.
    assert hardware_utilization(mfu=0.3, hardware=4.0, model=3.0) == pytest.approx(0.4)
    assert hardware_utilization(mfu=0.3, hardware=3.0, model=3.0) == pytest.approx(0.3)
