"""Models of two layers, counted by hand; `s` is 10 throughout, so that a query sees 5 keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from computecalc.catalog.architecture import (
    Architecture,
    Attention,
    DenseFeedForward,
    ExpertFeedForward,
    LayerGroup,
    MultiLatentAttention,
)
from computecalc.estimators.layers import LayerCount, ModelCount, Projection, count_model, count_work, mixer_block
from computecalc.estimators.shapes import ModelShape

Build = Callable[..., Architecture]
Counted = Callable[..., ModelCount]

GROUPED = {"heads": 4, "kv_heads": 2, "head_size": 3}
LATENT = {"heads": 2, "kv_rank": 4, "nope_head_size": 3, "rope_head_size": 2, "value_head_size": 6}
EXPERTS = {"experts": 4, "experts_per_token": 2, "width": 6}


def test_grouped_query_attention_with_a_head_size_of_its_own(toy: Build, count: Counted) -> None:
    found = count(toy())
    # Attention: query 8 x 12, key 8 x 6, value 8 x 6, output 12 x 8 = 96 + 48 + 48 + 96 = 288.
    # Feed-forward: 3 x 8 x 16 = 384. Norms: 2 x 8 = 16. A layer: 688; two: 1376.
    # Embedding and head 800 each, final norm 8: 1376 + 1608 = 2984.
    assert found.parameters == found.active == found.shared == 2984.0
    assert found.routed == 0.0
    # Projections: 2 layers x 2 x (288 + 384) = 2688. Core: two products of 2 x 4 x 3 x 5 = 120, two layers: 480.
    # Head: 2 x 800 = 1600; the embedding is a look-up.
    assert found.layers == 2688.0 + 480.0
    assert found.core == 480.0
    assert found.scores == 240.0
    assert found.forward == 4768.0
    # Without credit for the mask every query sees 10 keys.
    assert found.forward_full == 5248.0


def test_tied_embeddings_hold_one_matrix_and_work_as_two(toy: Build, count: Counted) -> None:
    found = count(toy(tied_embeddings=True))
    assert found.parameters == 2984.0 - 800.0
    assert found.forward == 4768.0


def test_sharing_key_heads_saves_projections_and_no_core(toy: Build, count: Counted) -> None:
    several = count(toy(mixer=Attention(heads=4, kv_heads=4, head_size=3)))
    # Key and value grow from 8 x 6 to 8 x 12: 96 more a layer.
    assert several.parameters == 2984.0 + 2 * 96.0
    assert several.core == 480.0


@pytest.mark.parametrize(
    ("options", "parameters", "work"),
    [
        # Query, key and value biases: 12 + 6 + 6.
        ({"qkv_bias": True}, 24, 0),
        ({"output_bias": True}, 8, 0),
        # A norm for all query heads and one for all key heads: 3 + 3; one a head: 12 + 6, as over the full width.
        ({"qk_norm": "head"}, 6, 0),
        ({"qk_norm": "heads"}, 18, 0),
        ({"qk_norm": "full"}, 18, 0),
        # One more query projection, 8 x 12 = 96, and its work.
        ({"output_gate": True}, 96, 192),
        ({"sinks": True}, 4, 0),
        # No value projection: 48 less; neither key nor value: 96 less.
        ({"shared_key_value": True}, -48, -96),
        ({"reused_key_value": True}, -96, -192),
        ({"reused_key_value": True, "qk_norm": "head"}, -96 + 3, -192),
        # A projection of the positions, 8 x 12, and two biases of 12.
        ({"relative_positions": True}, 96 + 24, 192),
        # Values of 5: value 8 x 10 and output 20 x 8 are 240 instead of 144; core 2 x 4 x 5 x 5 = 200, not 120.
        ({"value_head_size": 5}, 96, 192 + 80),
    ],
)
def test_options_of_attention(toy: Build, count: Counted, options: dict[str, Any], parameters: int, work: int) -> None:
    found = count(toy(mixer=Attention(**GROUPED, **options)))
    assert found.parameters == 2984.0 + 2 * parameters
    assert found.forward == 4768.0 + 2 * work


def test_vectors_outside_the_mixer_count_and_do_not_work(toy: Build, count: Counted) -> None:
    biased = toy(
        feed_forward=DenseFeedForward(width=16, gated=True, bias=True),
        norm_bias=True,
        head_bias=True,
        embedding_norm=True,
        learned_positions=10,
        layers=(LayerGroup(count=2, mixer="mixer", feed_forward="ffn", unlisted_parameters=7),),
    )
    # A layer: biases 16 + 16 + 8 = 40, norms of two vectors 16 more, 7 unlisted: 63; two: 126.
    # Final norm 8 more, embedding norm 16, positions 10 x 8 = 80, head bias 100: 204.
    found = count(biased)
    assert found.parameters == 2984.0 + 126.0 + 204.0
    assert found.forward == 4768.0


def test_a_plain_feed_forward_has_two_matrices(toy: Build, count: Counted) -> None:
    found = count(toy(feed_forward=DenseFeedForward(width=16, gated=False)))
    # 8 x 16 less in each of two layers.
    assert found.parameters == 2984.0 - 256.0
    assert found.forward == 4768.0 - 512.0


def test_layers_without_mixer_or_feed_forward(toy: Build, count: Counted) -> None:
    groups = (
        LayerGroup(count=1, mixer="mixer", feed_forward="ffn"),
        LayerGroup(count=1, mixer="mixer", norms=1),
        LayerGroup(count=1, feed_forward="ffn", norms=1),
    )
    # What two whole layers have, cut into three.
    found, whole = count(toy(layers=groups)), count(toy())
    assert found == whole
    # A layer of nothing but a norm holds 8 parameters and does no work.
    bare = count(toy(layers=(*groups, LayerGroup(count=1, norms=1))))
    assert bare.parameters == whole.parameters + 8.0
    assert (bare.forward, bare.forward_full, bare.scores) == (whole.forward, whole.forward_full, whole.scores)


def test_mixture_with_a_shared_expert(toy: Build, count: Counted) -> None:
    found = count(toy(feed_forward=ExpertFeedForward(**EXPERTS, shared_experts=1, shared_width=10)))
    # An expert: 3 x 8 x 6 = 144, four of them 576. Router 8 x 4 = 32. Shared expert 3 x 8 x 10 = 240.
    # A layer: 288 + 16 + 32 + 240 + 576 = 1152; active: two of four experts, 864.
    assert found.parameters == 2 * 1152.0 + 1608.0
    assert found.active == 2 * 864.0 + 1608.0
    assert found.routed == 2 * 576.0
    assert found.shared == found.parameters - 1152.0
    # Work: 2 x (288 + 32 + 240 + 2 x 144) = 1696 a layer, core 480, head 1600.
    assert found.forward == 2 * 1696.0 + 480.0 + 1600.0


@pytest.mark.parametrize(
    ("options", "parameters", "active", "work"),
    [
        # Two shared experts of the routed ones' width.
        ({"shared_experts": 2}, 288, 288, 576),
        # A vector that gates the shared expert is a matrix with one output.
        ({"shared_experts": 1, "shared_gate": True}, 144 + 8, 144 + 8, 288 + 16),
        ({"router_bias": True}, 4, 4, 0),
        # A dense feed-forward of 5 beside the experts: 3 x 8 x 5.
        ({"parallel_dense_width": 5}, 120, 120, 240),
        # Biases of an expert: 6 + 6 + 8 = 20; four are held, two visited.
        ({"bias": True}, 80, 40, 0),
        # Two matrices an expert instead of three: 48 less in each.
        ({"gated": False}, -192, -96, -192),
    ],
)
def test_options_of_experts(
    toy: Build, count: Counted, options: dict[str, Any], parameters: int, active: int, work: int
) -> None:
    plain = count(toy(feed_forward=ExpertFeedForward(**EXPERTS)))
    found = count(toy(feed_forward=ExpertFeedForward(**EXPERTS, **options)))
    assert found.parameters - plain.parameters == 2 * parameters
    assert found.active - plain.active == 2 * active
    assert found.forward - plain.forward == 2 * work


def test_latent_attention_with_compressed_queries(toy: Build, count: Counted) -> None:
    found = count(toy(mixer=MultiLatentAttention(**LATENT, query_rank=5)))
    # Query 8 x 5 and 5 x (2 x 5) = 40 + 50; key-value 8 x (4 + 2) and 4 x 2 x (3 + 6) = 48 + 72; output 12 x 8 = 96:
    # 306. Norms of the compressed vectors: 5 + 4. With feed-forward 384 and norms 16: 715 a layer.
    assert found.parameters == 2 * 715.0 + 1608.0
    # Core: keys 2 x 2 x 5 x 5 = 100, values 2 x 2 x 6 x 5 = 120.
    assert (found.scores, found.core) == (200.0, 440.0)
    assert found.forward == 2 * 2 * (306.0 + 384.0) + 440.0 + 1600.0


def test_latent_attention_with_direct_queries(toy: Build, count: Counted) -> None:
    found = count(toy(mixer=MultiLatentAttention(**LATENT)))
    # Query 8 x 10 = 80 instead of 90, and no norm of 5: 700 a layer.
    assert found.parameters == 2 * 700.0 + 1608.0
    assert found.forward == 2 * 2 * (296.0 + 384.0) + 440.0 + 1600.0


@pytest.mark.parametrize(
    ("window", "chunked", "core"),
    [
        # A window of 4: 4 - 16/20 = 3.2 keys; four products of 2 x 4 x 3 = 24 a key: 96 x 3.2.
        (4, False, 307.2),
        # Blocks of 4 see half of them: 2 keys.
        (4, True, 192.0),
        # The sequence or more: 5 keys.
        (10, False, 480.0),
        (99, False, 480.0),
        (10, True, 480.0),
        (99, True, 480.0),
    ],
)
def test_windows_and_chunks(toy: Build, count: Counted, window: int, chunked: bool, core: float) -> None:
    found = count(toy(mixer=Attention(**GROUPED, window=window, chunked=chunked)))
    assert found.core == pytest.approx(core)
    assert found.scores == pytest.approx(core / 2)
    assert found.parameters == 2984.0
    assert found.forward_full - found.forward == pytest.approx(96.0 * min(window, 10) - core)


def test_one_expert_that_everybody_visits_is_a_dense_layer_with_a_router(toy: Build, count: Counted) -> None:
    dense = count(toy())
    single = count(toy(feed_forward=ExpertFeedForward(experts=1, experts_per_token=1, width=16)))
    # The router is 8 x 1 a layer.
    assert single.parameters == single.active == dense.parameters + 2 * 8
    assert single.forward == dense.forward + 2 * 2 * 8


def test_experts_do_not_change_the_work_of_those_visited(toy: Build, count: Counted) -> None:
    few = count(toy(feed_forward=ExpertFeedForward(**EXPERTS)))
    many = count(toy(feed_forward=ExpertFeedForward(**EXPERTS | {"experts": 64})))
    # Only the router grows: 60 more outputs of 8, two layers, two FLOPs.
    assert many.forward - few.forward == 2 * 2 * 8 * 60.0
    assert many.active - few.active == 2 * 8 * 60.0
    assert many.routed == 16 * few.routed


def test_causal_core_is_half_of_the_full_one_without_a_window(toy: Build, count: Counted) -> None:
    for length in (1.0, 10.0, 4096.0):
        found = count(toy(), length)
        assert found.forward_full - found.forward == found.core


def test_the_core_grows_with_the_sequence_and_nothing_else_does(toy: Build, count: Counted) -> None:
    short, long = count(toy(), 10.0), count(toy(), 40.0)
    assert long.core == 4 * short.core
    assert long.forward - short.forward == 3 * 480.0


def test_layers_add_up_over_groups(toy: Build, count: Counted) -> None:
    split = (
        LayerGroup(count=1, mixer="mixer", feed_forward="ffn"),
        LayerGroup(count=1, mixer="mixer", feed_forward="ffn"),
    )
    assert count(toy(layers=split)) == count(toy())


def test_cases_are_counted_as_arrays(toy: Build, count: Counted, shape: Callable[[Architecture], ModelShape]) -> None:
    lengths = np.array([10.0, 40.0, 4096.0])
    found = count_model(shape(toy()), lengths)
    assert np.asarray(found.forward).tolist() == [count(toy(), float(length)).forward for length in lengths]


def test_a_mixer_is_listed_once(toy: Build, shape: Callable[[Architecture], ModelShape]) -> None:
    mixer = shape(toy()).groups[0].mixer
    assert mixer is not None
    block = mixer_block(mixer, 8.0)
    assert block.projections == [
        Projection("query", 8.0, 12.0),
        Projection("key", 8.0, 6.0),
        Projection("value", 8.0, 6.0),
        Projection("output", 12.0, 8.0),
    ]
    assert block.multiplied == [96.0, 48.0, 48.0, 96.0]
    assert block.held == []


def test_counts_are_frozen() -> None:
    one = LayerCount(1.0, 1.0, 0.0, 2.0, 0.0, 0.0, 0.0)
    with pytest.raises(AttributeError):
        one.parameters = 2.0  # type: ignore[misc]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"mixer": MultiLatentAttention(**LATENT)},
        {"feed_forward": ExpertFeedForward(**EXPERTS, shared_experts=1, shared_width=10)},
        {"tied_embeddings": True},
    ],
)
def test_used_models_are_counted_like_trained_ones(
    toy: Build, shape: Callable[[Architecture], ModelShape], changes: dict[str, Any]
) -> None:
    model = shape(toy(**changes))
    found = count_work(model, (10.0, 40.0))
    for place, context in enumerate((10.0, 40.0)):
        whole = count_model(model, context)
        assert (found.parameters, found.active, found.forward[place]) == (whole.parameters, whole.active, whole.forward)
    # Attention sees more keys in the longer one.
    assert found.forward[1] > found.forward[0]
