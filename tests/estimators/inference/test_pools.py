"""Prompts on accelerators of their own, by hand on the toy model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from computecalc.estimators.inference import estimate_serving
from computecalc.estimators.inference.inputs import PromptPool, ServingInputs
from computecalc.estimators.inference.latency import ReplicaTimes, replica_times
from computecalc.estimators.inference.memory import replica_memory
from computecalc.estimators.inference.pools import pool_inputs, pool_times
from computecalc.estimators.inference.service import ServiceInputs, estimate_service

Serve = Callable[..., ServingInputs]

SAME = PromptPool(tensor=None, attention_data=None, expert=None, pipeline=None, ratio=None, spare=0.0)

# Three requests decode in 2 x 3 x (0.576 + 0.768 + 0.576) + 3 x 1.6 s. A prompt of 10 tokens is 2 x (10 x 0.576 +
# 10 x 0.768 + 2.4) s of products and attention; the head is read once a step, for 8192 / 10 prompts or for one.
DECODE = 2 * 3 * 1.92 + 4.8
PROMPT = 2 * (10 * 0.576 + 10 * 0.768 + 2.4)
FULL, ALONE = PROMPT + 1.6 * 10 / 8192, PROMPT + 1.6
# A block of 16 tokens, 24 numbers of 2 byte... 768 byte over 100 byte/s.
TRANSFER = 7.68


def pool(**changes: Any) -> PromptPool:
    names = ("tensor", "attention_data", "expert", "pipeline", "ratio", "spare")
    return PromptPool(**({name: getattr(SAME, name) for name in names} | changes))


def times(inputs: ServingInputs) -> ReplicaTimes:
    return replica_times(inputs, replica_memory(inputs))


def test_decoding_meets_no_prompts(serve: Serve) -> None:
    found = times(serve(concurrency=3.0, prompts=SAME, utilization=0.5))
    assert found.interval == pytest.approx(DECODE)
    assert found.requests == found.own_requests == pytest.approx(3 / (4 * DECODE))
    assert found.pool is not None
    assert found.pool.requests == pytest.approx(1 / FULL)
    assert found.unloaded_first_token == pytest.approx(ALONE + TRANSFER)
    # Half of the time a group is busy: M/D/1 has half a prompt before each.
    assert found.first_token == pytest.approx(0.5 * FULL + ALONE + TRANSFER)
    assert found.latency == pytest.approx(found.first_token + 4 * DECODE)


def test_a_group_has_a_layout_of_its_own(serve: Serve) -> None:
    inputs = serve(
        concurrency=3.0, utilization=0.5, prompts=pool(tensor=2.0, attention_data=1.0, expert=1.0, pipeline=2.0)
    )
    found = pool_times(inputs)
    assert found.each == 4.0
    # Two stages work on two prompts: the next one starts after half of the time of one.
    assert found.turn == pytest.approx(float(found.charge) / 2)
    assert found.requests == pytest.approx(1 / float(found.turn))
    alone = pool_inputs(inputs)
    assert (alone.tensor, alone.pipeline, alone.output) == (2.0, 2.0, 0.0)
    with pytest.raises(ValueError, match="of their own"):
        pool_inputs(serve())


def test_as_many_groups_as_the_traffic_asks_for(serve: Serve) -> None:
    inputs = serve(concurrency=3.0, prompts=pool(spare=2.0), rate=0.1, peak_to_mean=2.0, utilization=0.8, spare=1.0)
    found = estimate_serving(inputs)
    # A replica gives 3 / (4 x 16.32) = 0.04596 requests a second, a group 1 / 31.68 = 0.03156.
    # At the peak 0.2 / 0.8 = 0.25 a second: 5.44 replicas and 7.92 groups, rounded up, and the spares.
    assert (found["replicas.decode"], found["replicas.prefill"], found["replicas"]) == (7.0, 10.0, 17.0)
    assert found["accelerators"] == 17.0
    assert found["utilization.decode"] == pytest.approx(0.1 / (7 * 3 / (4 * DECODE)))
    assert found["utilization.prefill"] == pytest.approx(0.1 * FULL / 10)
    assert found["utilization"] == max(found["utilization.decode"], found["utilization.prefill"])
    assert found["replicas.prefill_per_decode"] == pytest.approx(3 / (4 * DECODE) * FULL)
    assert found["time.cache_transfer"] == pytest.approx(TRANSFER)
    # Of both parts together: 4 tokens a request, over 4 x 16.32 / 3 + 31.7 accelerator seconds.
    assert found["throughput.per_accelerator"] == pytest.approx(4 / (4 * DECODE / 3 + FULL))


def test_a_stated_ratio_is_kept_and_the_slower_phase_sets_the_pace(serve: Serve) -> None:
    found = estimate_serving(serve(concurrency=3.0, prompts=pool(ratio=1.0), rate=0.1, utilization=0.99))
    # One group is slower than one replica: 0.1 / (0.99 x 0.03156) = 3.2.
    assert (found["replicas.decode"], found["replicas.prefill"]) == (4.0, 4.0)
    assert found["utilization.prefill"] == pytest.approx(0.1 * FULL / 4)
    assert found["utilization.decode"] == pytest.approx(0.1 * 4 * DECODE / 3 / 4)


def test_a_busy_replica_has_the_groups_that_keep_up_with_it(serve: Serve) -> None:
    found = estimate_serving(serve(concurrency=3.0, prompts=SAME, utilization=0.5))
    assert (found["replicas.decode"], found["replicas.prefill"]) == (1.0, 2.0)
    assert found["utilization.decode"] == pytest.approx(1.0)


@pytest.mark.parametrize("ratio", [None, 1.5])
def test_the_two_phases_pay_the_whole_rent(serve: Serve, ratio: float | None) -> None:
    found = estimate_serving(
        serve(concurrency=3.0, prompts=pool(ratio=ratio), rate=0.1, utilization=0.9, residual=1.1, spare=1.0)
    )
    day = 0.1 * 86400
    paid = day * (10 * float(found["cost.per_input_token"]) + 4 * float(found["cost.per_output_token"]))
    assert paid == pytest.approx(float(found["cost.total"]))


def test_power_is_that_of_both_parts(serve: Serve) -> None:
    inputs = serve(concurrency=3.0, prompts=SAME, rate=0.1, utilization=0.9, power=None)
    found = estimate_serving(inputs)
    assert 100.0 < float(found["power.accelerator"]) < 1000.0
    # All are busy when the load is whole, so that each token costs the draw of its share of both.
    assert float(found["energy.accelerator_per_output_token"]) * float(found["throughput.per_accelerator"]) < 1000.0
    assert "energy.accelerator_per_output_token" not in estimate_serving(
        serve(prompts=SAME, utilization=0.5, curve=None)
    )


def test_a_long_prompt_waits_for_itself_and_its_cache(serve: Serve) -> None:
    found = times(serve(concurrency=3.0, prompts=SAME, utilization=0.5, input_long=40.0))
    # 40 tokens: attention of each sees 20 keys, 40 x 2 x 2 x 4 x 3 x 20 = 38,400 FLOP; 48 tokens in three blocks.
    alone = 2 * (40 * 0.576 + 40 * 0.768 + 38.4) + 1.6
    assert found.long_first_token == pytest.approx(0.5 * FULL + alone + 3 * TRANSFER)


def test_break_even_counts_whole_groups(serve: Serve) -> None:
    given = {"writes": True, "month": 2_629_800.0, "bundle": 1e6, "accelerators_per_node": 8.0}
    service = ServiceInputs(
        serving=serve(concurrency=3.0, prompts=SAME, utilization=0.5), api_input=1e-6, api_output=4e-6, **given
    )  # type: ignore[arg-type]
    # One replica and two groups: 3 x 48 USD a day; 14 tokens are 26e-6 USD.
    assert estimate_service(service)["break_even.tokens"] == pytest.approx(3 * 48.0 / 26e-6 * 14)
