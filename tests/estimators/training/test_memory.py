"""Peaks of pipeline stages, worked out on paper for the toy model of two or more layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from computecalc.catalog.architecture import Architecture, ExpertFeedForward
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.layers import count_model
from computecalc.estimators.shapes import ModelShape
from computecalc.estimators.training.layouts import Layouts, layouts_of
from computecalc.estimators.training.memory import leading_group, peak_memory, stage_memory, stage_states, worst_stage
from computecalc.formulas.memory import held_bytes

Run = Callable[..., TrainInputs]
Build = Callable[..., Architecture]
Shaped = Callable[[Architecture], ModelShape]

ONE = {"tensor": 1.0, "pipeline": 1.0, "expert": 1.0, "data": 1.0, "sharding": "none", "fused_attention": True}
LAYER = 288 + 384 + 16
"""Parameters of a toy layer: attention 8 x (12 + 6 + 6) + 12 x 8, feed-forward 3 x 8 x 16, two norms."""


@pytest.fixture
def plan(run: Run, toy: Build, shape: Shaped) -> Callable[..., TrainInputs]:
    """The toy model with sequences of 10 tokens on one accelerator."""

    def build(*, layers: int = 2, architecture: Architecture | None = None, **changes: Any) -> TrainInputs:
        chosen = architecture or toy(layers=({"count": layers, "mixer": "mixer", "feed_forward": "ffn"},))
        return run(model=shape(Architecture.model_validate(chosen.model_dump())), sequence_length=10.0, **ONE | changes)

    return build


def layout(inputs: TrainInputs) -> Layouts:
    found = layouts_of(inputs)
    assert found is not None
    return found


def parts(inputs: TrainInputs, stage: float = 0.0, batch: float = 64.0) -> dict[str, float]:
    return {name: float(size) for name, size in stage_memory(inputs, layout(inputs), stage, batch).items()}


def peak(inputs: TrainInputs, batch: float = 64.0) -> float:
    return float(held_bytes(parts=tuple(peak_memory(inputs, layout(inputs), batch).values())))


KEPT = 10 * (2 * (32 + 84) + 4 * 4)
"""Bytes that a layer keeps of 10 tokens: 32 outside, 84 inside the regions, 4 softmax statistics; see test_kept."""
HEAD = 10 * (2 * 4 * 8 + 6 * 100) + 2 * 800
"""Norm, input of the head and its gradient; logits 2 + 4 bytes; fresh gradient of the head's 8 x 100."""


def test_one_accelerator_holds_everything_once(plan: Callable[..., TrainInputs]) -> None:
    found = parts(plan())
    total = 2 * LAYER + 800 + 800 + 8
    assert (found["weights"], found["gradients"], found["optimizer"]) == (2 * total, 4 * total, 12 * total)
    # The head at work is more than the gradients in a layer, 10 x 2 x (32 + 8).
    assert found["activations"] == 2 * KEPT + HEAD
    assert found["buffers"] == 2 * LAYER


def test_the_first_stage_holds_as_many_micro_batches_as_there_are_stages(plan: Callable[..., TrainInputs]) -> None:
    inputs = plan(layers=8, pipeline=4.0)
    at_work = 10 * 2 * (32 + 8)
    assert [parts(inputs, float(stage))["activations"] for stage in range(4)] == [
        4 * 2 * KEPT + at_work,
        3 * 2 * KEPT + at_work,
        2 * 2 * KEPT + at_work,
        2 * KEPT + HEAD,
    ]
    # With two micro-batches a step no more than two wait.
    assert parts(inputs, batch=2.0)["activations"] == 2 * 2 * KEPT + at_work


def test_stages_together_hold_the_model_once(plan: Callable[..., TrainInputs]) -> None:
    inputs = plan(layers=7, pipeline=3.0)
    assert isinstance(inputs.model, ModelShape)
    whole = float(count_model(inputs.model, 10.0).parameters)
    found = [stage_states(inputs, layout(inputs), float(stage)) for stage in range(3)]
    # 3, 2 and 2 layers; embedding on the first, norm and head on the last.
    assert [float(each["weights"]) for each in found] == [
        2 * (3 * LAYER + 800),
        2 * 2 * LAYER,
        2 * (2 * LAYER + 8 + 800),
    ]
    assert sum(float(each["optimizer"]) for each in found) == 12 * whole


def test_tied_embeddings_are_held_twice_on_two_stages(plan: Callable[..., TrainInputs], toy: Build) -> None:
    tied = toy(tied_embeddings=True)
    one = stage_states(plan(architecture=tied), layout(plan(architecture=tied)), 0.0)
    assert one["weights"] == 2 * (2 * LAYER + 800 + 8)
    two = plan(architecture=tied, pipeline=2.0)
    assert stage_states(two, layout(two), 1.0)["weights"] == 2 * (LAYER + 8 + 800)


def test_the_worst_stage_is_the_one_that_needs_most(plan: Callable[..., TrainInputs]) -> None:
    deep = plan(layers=8, pipeline=4.0)
    assert worst_stage(deep, layout(deep), 64.0) == 0.0
    # One micro-batch in flight everywhere: the head decides.
    assert worst_stage(deep, layout(deep), 1.0) == 3.0
    assert peak(deep, 1.0) == sum(parts(deep, 3.0, 1.0).values())


def test_many_layouts_at_once_give_what_each_gives_alone(plan: Callable[..., TrainInputs]) -> None:
    tensor, pipeline, batch = (1.0, 2.0, 4.0, 2.0), (1.0, 2.0, 4.0, 8.0), (64.0, 8.0, 64.0, 1.0)
    each = [peak(plan(layers=9, tensor=t, pipeline=p), b) for t, p, b in zip(tensor, pipeline, batch, strict=True)]
    inputs = plan(layers=9)
    changed = layout(inputs).changed({"tensor": np.array(tensor), "pipeline": np.array(pipeline)})
    found = peak_memory(inputs, changed, np.array(batch))
    assert np.asarray(held_bytes(parts=tuple(found.values()))).tolist() == pytest.approx(each)


def test_a_search_may_look_at_few_stages(run: Run, shape: Shaped) -> None:
    architecture = Catalog.open().find("model", "deepseek-v3").architecture
    assert architecture is not None
    inputs = run(model=shape(architecture), sequence_length=4096.0, **ONE | {"data": 8.0})
    many = layout(inputs).changed(
        {"pipeline": np.array([1.0, 2.0, 4.0, 8.0, 16.0]), "virtual": np.array([1.0, 3.0, 1.0, 2.0, 1.0])}
    )
    few, every = (peak_memory(inputs, many, 512.0, first=first) for first in (4, 512))
    for part, size in few.items():
        assert np.asarray(size).tolist() == np.asarray(every[part]).tolist()


def test_context_parallelism_cuts_activations_and_shards_states(plan: Callable[..., TrainInputs]) -> None:
    one, cut = parts(plan(sharding="optimizer")), parts(plan(sharding="optimizer", context=2.0))
    assert one["optimizer"] / cut["optimizer"] == 2.0
    assert cut["weights"] == one["weights"]
    # Half the tokens, each keeping the attention output of 12 once more.
    assert cut["activations"] == (2 * (KEPT + 10 * 2 * 12) + HEAD - 1600) / 2 + 1600


def test_full_recompute_keeps_inputs_and_one_layer(plan: Callable[..., TrainInputs]) -> None:
    found = parts(plan(layers=50, recompute="full"))
    # 50 inputs of 10 x 8 values; the last layer rebuilt beside its gradients is less than the head.
    assert found["activations"] == 50 * 160 + max(KEPT + 800, HEAD)
    deep = parts(plan(layers=50, pipeline=2.0, recompute="full"))
    assert deep["activations"] == 2 * 25 * 160 + KEPT + 800


@pytest.mark.parametrize(("recompute", "kept_scores", "rebuilt"), [("none", 1, 0), ("selective", 0, 1)])
def test_scores_of_an_unfused_attention(
    plan: Callable[..., TrainInputs], recompute: str, kept_scores: int, rebuilt: int
) -> None:
    # 4 heads x 10 x 10 scores of 2 bytes. Their two gradients are 1600 bytes, above the 800 of the feed-forward.
    inputs = plan(layers=4, pipeline=2.0, fused_attention=False, recompute=recompute)
    each = KEPT - 160 + kept_scores * 800
    assert parts(inputs)["activations"] == 2 * 2 * each + rebuilt * 800 + 1600


def test_full_sharding_gathers_two_layers_and_the_outer_matrices(plan: Callable[..., TrainInputs]) -> None:
    found = parts(plan(data=4.0, sharding="full"))
    # Fresh gradients of a layer; two layers, embedding and head in 16 bits; a layer's gradients in 32 to scatter.
    assert found["buffers"] == 2 * LAYER + 2 * (2 * LAYER + 1600) + 4 * LAYER
    assert parts(plan(data=4.0, sharding="gradients"))["buffers"] == 2 * LAYER + 4 * LAYER
    assert parts(plan(data=4.0, sharding="optimizer", workspace=7.0))["buffers"] == 2 * LAYER + 7


def test_experts_are_held_by_their_ranks(plan: Callable[..., TrainInputs], toy: Build) -> None:
    experts = toy(feed_forward=ExpertFeedForward(experts=4, experts_per_token=2, width=6))
    found = parts(plan(architecture=experts, expert=4.0, data=4.0))
    # Of each layer's 4 x 144 expert parameters a quarter; attention 288, norms 16, router 32; outside 1608.
    assert found["weights"] == 2 * (2 * (144 + 336) + 1608)
    # Fresh gradients: one expert at a time.
    assert found["buffers"] == 2 * (144 + 336)


def test_one_expert_of_the_same_width_is_nearly_the_dense_model(plan: Callable[..., TrainInputs], toy: Build) -> None:
    one = parts(plan(architecture=toy(feed_forward=ExpertFeedForward(experts=1, experts_per_token=1, width=16))))
    dense = parts(plan())
    # A router of 8 in each of two layers, and of each token a copy, two router values and a weight.
    assert one["weights"] - dense["weights"] == 2 * 2 * 8
    assert one["activations"] - dense["activations"] == 2 * 10 * (2 * 8 + 4 * 3)


def test_dense_layers_before_experts_are_the_start_of_the_model(shape: Shaped) -> None:
    catalog = Catalog.open()

    def leads(name: str) -> bool:
        architecture = catalog.find("model", name).architecture
        assert architecture is not None
        return leading_group(shape(architecture))

    assert leads("deepseek-v3")
    # One group; local and global attention in turn; dense and expert layers in turn.
    assert not leads("llama-3.1-405b")
    assert not leads("gemma-3-27b")
    assert not leads("llama-4-maverick")


def test_a_model_known_by_its_counts_has_no_stages(run: Run) -> None:
    inputs = run(**ONE)
    with pytest.raises(TypeError, match="counts alone"):
        peak_memory(inputs, layout(inputs), 8.0)
