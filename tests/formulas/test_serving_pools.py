"""Prompts on accelerators of their own, by hand."""

from __future__ import annotations

import pytest

from computecalc.formulas.serving_pools import (
    balancing_ratio,
    greatest_share,
    joint_accelerators,
    joint_draw,
    paired_rate,
    paired_replicas,
    total_accelerators,
    total_replicas,
    whole_groups,
)
from computecalc.formulas.serving_prompts import cache_transfer_time, prompt_turn, prompts_in_step, queue_wait


def test_rates_balance_at_the_ratio() -> None:
    # A replica of 3 requests a second beside groups of 5: 0.6 groups each; 10 replicas take 6 groups.
    ratio = balancing_ratio(decode=3.0, prompts=5.0)
    assert ratio == pytest.approx(0.6)
    assert paired_rate(decode=3.0, prompts=5.0, ratio=ratio) == pytest.approx(3.0)
    assert paired_replicas(replicas=10.0, ratio=ratio) == 6.0
    assert whole_groups(ratio=ratio) == 1.0


@pytest.mark.parametrize(("ratio", "rate"), [(0.25, 1.25), (1.0, 3.0)])
def test_the_slower_phase_sets_the_pace(ratio: float, rate: float) -> None:
    assert paired_rate(decode=3.0, prompts=5.0, ratio=ratio) == rate


def test_a_cache_crosses_the_network_on_the_side_that_has_more_each() -> None:
    # 70,272 byte/token x 4000 tokens (DeepSeek-V3 in 16 bits) at 0.8 of 50 GB/s: 7.03 ms, either way.
    whole, quarter = 70_272 * 4000.0, 70_272 * 1000.0
    for sent, received in ((whole, quarter), (quarter, whole)):
        found = cache_transfer_time(sent=sent, received=received, network=50e9, efficiency=0.8)
        assert found == pytest.approx(7.0272e-3)


def test_waits_grow_without_bound_towards_full_load() -> None:
    # M/D/1: half a job at two thirds of it busy... u / (2 (1 - u)): 0 at 0, 2 jobs at 0.8, 49.5 at 0.99.
    assert queue_wait(service=0.1, share=0.0) == 0.0
    assert queue_wait(service=0.1, share=0.8) == pytest.approx(0.2)
    assert queue_wait(service=0.1, share=0.99) == pytest.approx(4.95)


def test_stages_take_turns_and_steps_are_filled() -> None:
    assert prompt_turn(charge=0.4, stages=4.0) == 0.1
    assert prompts_in_step(limit=8192.0, groups=8.0, prompt=4096.0) == 16.0


def test_two_parts_are_one_fleet() -> None:
    assert joint_accelerators(decode=32.0, prompts=16.0, ratio=1.5) == 56.0
    assert total_replicas(parts=(4.0, 6.0)) == 10.0
    assert total_accelerators(parts=(128.0, 96.0)) == 224.0
    assert greatest_share(parts=(0.5, 0.8)) == 0.8
    # 128 at 0.5 and 96 at 0.9 of their limit: (64 + 86.4) / 224.
    assert joint_draw(shares=(0.5, 0.9), accelerators=(128.0, 96.0)) == pytest.approx(150.4 / 224)
