from __future__ import annotations

import numpy as np
import pytest

from computecalc.formulas.duration import (
    accelerator_token_rate,
    billed_accelerator_time,
    cluster_token_rate,
    node_count,
    required_accelerators,
    step_count,
    step_time,
    step_tokens,
    useful_accelerator_time,
    wall_time,
)


def test_useful_time_of_a_published_run() -> None:
    # GPT-3, Patterson et al., table 4: 3.14e23 FLOP at 24.6 TFLOP/s, 0.1968 of 125: 1.27642e10 s, 3.5456 million
    # hours (printed: 10,000 chips for 14.8 days = 3.552 million).
    found = useful_accelerator_time(compute=3.14e23, peak=125e12, mfu=0.1968)
    assert found == pytest.approx(1.276423e10, rel=1e-6)
    assert found == pytest.approx(10_000 * 14.8 * 86400, rel=0.003)


def test_goodput_lengthens_what_is_billed() -> None:
    assert billed_accelerator_time(useful=900.0, goodput=0.9) == pytest.approx(1000.0)
    assert billed_accelerator_time(useful=900.0, goodput=1.0) == 900.0


def test_wall_time_divides_by_the_accelerators() -> None:
    # 30.84 million hours on 16,384 accelerators: 1882.32 h = 78.43 d.
    assert wall_time(billed=30.84e6 * 3600, accelerators=16384.0) == pytest.approx(78.43 * 86400, rel=1e-4)


@pytest.mark.parametrize(("billed", "deadline", "count"), [(100.0, 10.0, 10.0), (101.0, 10.0, 11.0), (1.0, 10.0, 1.0)])
def test_required_accelerators_are_the_fewest_that_finish(billed: float, deadline: float, count: float) -> None:
    found = required_accelerators(billed=billed, deadline=deadline)
    assert found == count
    assert wall_time(billed=billed, accelerators=found) <= deadline


def test_the_wall_time_of_a_count_gives_that_count_again() -> None:
    # Without care the quotient of a quotient is rounded up to one accelerator more in 4 % of all cases.
    billed, counts = np.linspace(1.0e6, 1.0e12, 997)[:, None], np.arange(1.0, 40_000.0, 23.0)
    found = required_accelerators(billed=billed, deadline=wall_time(billed=billed, accelerators=counts))
    assert np.array_equal(found, np.broadcast_to(counts, found.shape))
    # One accelerator in a million too few is still seen.
    assert required_accelerators(billed=1.000001e6, deadline=1.0) == 1_000_001.0


@pytest.mark.parametrize(("accelerators", "nodes"), [(8.0, 1.0), (9.0, 2.0), (16384.0, 2048.0), (1.0, 1.0)])
def test_node_count_rounds_up(accelerators: float, nodes: float) -> None:
    assert node_count(accelerators=accelerators, accelerators_per_node=8.0) == nodes


def test_accelerator_token_rate_of_a_published_run() -> None:
    # Llama 3.1 405B, Dubey et al., table 4: 400 TFLOP/s at 2523.96 GFLOP a token: 158.48 token/s.
    found = accelerator_token_rate(peak=989.4e12, mfu=400.0 / 989.4, flops_per_token=2523.96e9)
    assert found == pytest.approx(158.48, rel=1e-4)


def test_cluster_token_rate() -> None:
    assert cluster_token_rate(rate=158.48, accelerators=16384.0) == pytest.approx(2_596_536.32)


def test_rate_and_time_are_two_sides_of_one_run() -> None:
    # 4e11 FLOP a token, 1e12 tokens, 1e15 peak, 0.4: 1e9 s of accelerator time, 1000 token/s each.
    rate = accelerator_token_rate(peak=1.0e15, mfu=0.4, flops_per_token=4.0e11)
    time = useful_accelerator_time(compute=4.0e23, peak=1.0e15, mfu=0.4)
    assert (rate, time) == (pytest.approx(1000.0), pytest.approx(1.0e9))
    assert rate * time == pytest.approx(1.0e12)


def test_steps() -> None:
    # 2048 sequences of 8192 are 16,777,216 tokens; at 2^22 token/s a step takes 4 s.
    assert step_tokens(sequences=2048.0, sequence_length=8192.0) == 16_777_216.0
    assert step_time(tokens=16_777_216.0, rate=4_194_304.0) == 4.0


@pytest.mark.parametrize(("tokens", "steps"), [(1.0e12, 250_000.0), (1.0e12 + 1.0, 250_001.0), (1.0, 1.0)])
def test_a_last_partial_step_counts(tokens: float, steps: float) -> None:
    assert step_count(tokens=tokens, step=4.0e6) == steps
