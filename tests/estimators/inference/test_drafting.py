"""Drafting by hand on the toy model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.architecture import Architecture
from computecalc.estimators.inference.drafting import draft_inputs, drafting
from computecalc.estimators.inference.inputs import DraftModel, ServingInputs
from computecalc.estimators.inference.latency import replica_times
from computecalc.estimators.inference.memory import replica_memory
from computecalc.estimators.inference.meter import StepTime
from computecalc.estimators.shapes import ModelShape

Serve = Callable[..., ServingInputs]
Shape = Callable[[Architecture], ModelShape]
Toy = Callable[..., Architecture]

# The toy with one layer in place of two: 0.576 + 0.768 + 0.576 s and the head of 1.6 s for one request.
SMALL_STEP = 1.92 + 1.6


def one_layer(toy: Toy) -> Architecture:
    whole = toy()
    (group,) = whole.layers
    return whole.model_copy(update={"layers": (group.model_copy(update={"count": 1}),)})


@pytest.fixture
def drafted(serve: Serve, shape: Shape, toy: Toy) -> Serve:
    def build(**changes: object) -> ServingInputs:
        draft = DraftModel(shape(one_layer(toy)), serve().formats)
        return serve(**({"draft": draft, "drafted": 3.0, "accepted": 2.5} | changes))

    return build


def test_each_draft_is_a_step_of_the_small_model(drafted: Serve) -> None:
    inputs = drafted()
    found = drafting(inputs, 1.0, StepTime(100.0, 50.0, 25.0))
    assert found is not None
    assert found.time == pytest.approx(3 * SMALL_STEP)
    # Its cache is read in 0.288 s, which the work on it hides.
    assert found.memory == pytest.approx(3 * (SMALL_STEP - 0.288))
    times = replica_times(inputs, replica_memory(inputs))
    # 4 tokens are verified, 2.5 gained.
    assert times.interval == pytest.approx((4 * (2 * 1.92 + 1.6) + 3 * SMALL_STEP) / 2.5)


def test_both_models_share_the_memory(drafted: Serve, serve: Serve) -> None:
    alone, both = replica_memory(serve()), replica_memory(drafted())
    # 672 parameters of a layer and 1600 of embedding and head, 2 byte each; half of the cache.
    assert both.weights == alone.weights + 2 * (672 + 1600)
    assert both.each == 1.5 * float(alone.each)
    assert both.capacity == pytest.approx((18_000 - 5888 - 4544) / 1152)


def test_a_share_of_the_step_stands_for_a_model(serve: Serve) -> None:
    inputs = serve(drafted=3.0, accepted=2.5, draft_share=0.25)
    assert draft_inputs(inputs) is None
    times = replica_times(inputs, replica_memory(inputs))
    assert times.decode == pytest.approx(1.25 * 4 * (2 * 1.92 + 1.6))
    share = drafting(inputs, 1.0, StepTime(8.0, 4.0, 2.0))
    assert share is not None
    assert (share.time, share.memory, share.compute) == (2.0, 1.0, 0.5)


def test_nothing_is_drafted_without_speculation(serve: Serve) -> None:
    assert drafting(serve(), 1.0, StepTime(8.0, 4.0, 2.0)) is None


def test_verification_reads_more_experts(workload: Serve) -> None:
    # DeepSeek-V3, 8 requests: 256 (1 - (1 - 8/256)^T) experts of 8 and of 32 tokens, 57.4 and 163.3.
    def memory(drafts: float) -> float:
        inputs = workload("deepseek-v3", "h200-sxm", "fp8", attention_data=8.0, expert=8.0, drafted=drafts)
        from computecalc.estimators.inference.step import step_time

        return float(step_time(inputs, replica_memory(inputs).parts, 8.0).memory)

    # One expert is 3 x 7168 x 2048 byte; 58 layers; a rank reads an eighth at 4.8 TB/s.
    more = (163.3 - 57.4) * 3 * 7168 * 2048 * 58 / 8 / 4.8e12
    assert memory(3.0) - memory(0.0) == pytest.approx(more, rel=0.1)
