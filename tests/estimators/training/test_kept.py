"""Widths that a layer keeps, listed by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.architecture import (
    Architecture,
    Attention,
    DenseFeedForward,
    ExpertFeedForward,
    MultiLatentAttention,
)
from computecalc.estimators.shapes import ModelShape
from computecalc.estimators.training.kept import gradient_widths, kept_widths, score_heads

Build = Callable[..., Architecture]
Shaped = Callable[[Architecture], ModelShape]


def totals(shape: Shaped, architecture: Architecture, *, context: float = 1.0, fused: bool = True) -> dict[str, float]:
    (group,) = shape(architecture).groups
    found = kept_widths(group, 8.0, context=context, fused_attention=fused).totals()
    return {name: float(value) for name, value in found.items()}


def test_a_dense_layer_with_shared_keys(toy: Build, shape: Shaped) -> None:
    # Norms 2 in, 2 out of 8. Query 4 x 3, key and value 2 x 3 each, output 4 x 3; gated feed-forward 3 x 16.
    assert totals(shape, toy()) == {
        "along": 32.0,
        "across": 12.0 + 6.0 + 6.0 + 12.0 + 48.0,
        "whole": 0.0,
        "statistics": 4.0,
    }


def test_a_plain_feed_forward_keeps_two_thirds_of_a_gated_one(toy: Build, shape: Shaped) -> None:
    found = totals(shape, toy(feed_forward=DenseFeedForward(width=16, gated=False)))
    assert found["across"] == 36.0 + 32.0


def test_an_unfused_attention_has_scores_in_place_of_statistics(toy: Build, shape: Shaped) -> None:
    assert totals(shape, toy(), fused=False)["statistics"] == 0.0
    (group,) = shape(toy()).groups
    assert score_heads(group) == 4.0


def test_context_parallelism_keeps_the_attention_output_once_more(toy: Build, shape: Shaped) -> None:
    assert totals(shape, toy(), context=2.0)["across"] - totals(shape, toy())["across"] == 12.0


def test_norms_of_queries_and_keys_keep_their_inputs(toy: Build, shape: Shaped) -> None:
    found = totals(shape, toy(Attention(heads=4, kv_heads=2, head_size=3, qk_norm="head")))
    assert found["across"] == 84.0 + 12.0 + 6.0


def test_sandwich_norms_keep_their_inputs(toy: Build, shape: Shaped) -> None:
    layers = ({"count": 2, "mixer": "mixer", "feed_forward": "ffn", "norms": 4},)
    # Four inputs of norms, two inputs of blocks.
    assert totals(shape, Architecture.model_validate(toy().model_dump() | {"layers": layers}))["along"] == 48.0


def test_latent_attention_keeps_compressed_and_joined_vectors(toy: Build, shape: Shaped) -> None:
    mixer = MultiLatentAttention(
        heads=2, query_rank=5, kv_rank=4, nope_head_size=3, rope_head_size=2, value_head_size=6
    )
    found = totals(shape, toy(mixer))
    # Outside: 32, and twice 5 and 4 + 2. Inside: query 2 x 5, key-value up 2 x 9, rotary keys 2 x 2, output 2 x 6, 48.
    assert found["along"] == 32.0 + 10.0 + 12.0
    assert found["across"] == 10.0 + 18.0 + 4.0 + 12.0 + 48.0
    assert found["statistics"] == 2.0


def test_experts_keep_a_copy_for_each_visit(toy: Build, shape: Shaped) -> None:
    experts = ExpertFeedForward(experts=4, experts_per_token=2, width=6, shared_experts=1, parallel_dense_width=7)
    found = totals(shape, toy(feed_forward=experts))
    # 2 copies of 8; attention 36, 2 experts of 3 x 6, a shared one, a dense one beside; heads 4, router 8, 2 weights.
    assert found["whole"] == 16.0
    assert found["across"] == 36.0 + 36.0 + 18.0 + 21.0
    assert found["statistics"] == 4.0 + 8.0 + 2.0


def test_one_expert_for_all_is_a_dense_layer_with_a_router(toy: Build, shape: Shaped) -> None:
    one = totals(shape, toy(feed_forward=ExpertFeedForward(experts=1, experts_per_token=1, width=16)))
    dense = totals(shape, toy())
    assert (one["along"], one["across"]) == (dense["along"], dense["across"])
    assert (one["whole"], one["statistics"]) == (8.0, 4.0 + 3.0)


@pytest.mark.parametrize(
    ("feed_forward", "across", "whole"),
    [
        (DenseFeedForward(width=16, gated=True), 32.0, 8.0),
        (DenseFeedForward(width=16, gated=False), 16.0, 8.0),
        (ExpertFeedForward(experts=4, experts_per_token=2, width=6), 24.0, 24.0),
    ],
)
def test_gradients_at_work(toy: Build, shape: Shaped, feed_forward: object, across: float, whole: float) -> None:
    (group,) = shape(toy(feed_forward=feed_forward)).groups
    found = gradient_widths(group, 8.0).totals()
    assert (found["across"], found["whole"]) == (across, whole)
