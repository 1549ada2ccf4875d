from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.architecture import (
    Architecture,
    Attention,
    ExpertFeedForward,
    LayerGroup,
    MultiLatentAttention,
)
from computecalc.estimators.shapes import (
    AttentionShape,
    DenseShape,
    ExpertShape,
    LatentAttentionShape,
    ModelShape,
    model_shape,
    shape_numbers,
)

Build = Callable[..., Architecture]
Shaped = Callable[[Architecture], ModelShape]


def test_every_number_has_a_path(toy: Build) -> None:
    assert shape_numbers(toy()) == {
        "model.hidden": 8.0,
        "model.vocab": 100.0,
        "model.mixers.mixer.heads": 4.0,
        "model.mixers.mixer.kv_heads": 2.0,
        "model.mixers.mixer.head_size": 3.0,
        "model.mixers.mixer.value_head_size": 3.0,
        "model.feed_forwards.ffn.width": 16.0,
        "model.layers.0.count": 2.0,
        "model.layers.0.norm_vectors": 2.0,
        "model.layers.0.norms": 2.0,
        "model.layers.0.unlisted_parameters": 0.0,
        "model.learned_positions": 0.0,
        "model.norm_vectors": 1.0,
        "model.head_bias_vectors": 0.0,
    }


def test_norms_with_bias_have_two_vectors(toy: Build) -> None:
    found = shape_numbers(toy(norm_bias=True, embedding_norm=True, final_norms=2, head_bias=True))
    assert found["model.layers.0.norm_vectors"] == 4.0
    # Two final norms and one on the embedding, each weight and bias.
    assert found["model.norm_vectors"] == 6.0
    assert found["model.head_bias_vectors"] == 1.0


def test_numbers_of_experts_and_latent_attention(toy: Build) -> None:
    mixer = MultiLatentAttention(
        heads=2, query_rank=5, kv_rank=4, nope_head_size=3, rope_head_size=2, value_head_size=6
    )
    experts = ExpertFeedForward(experts=4, experts_per_token=2, width=6, shared_experts=1, parallel_dense_width=7)
    found = shape_numbers(toy(mixer, experts))
    assert {path: value for path, value in found.items() if path.startswith(("model.mixers", "model.feed"))} == {
        "model.mixers.mixer.heads": 2.0,
        "model.mixers.mixer.query_rank": 5.0,
        "model.mixers.mixer.kv_rank": 4.0,
        "model.mixers.mixer.nope_head_size": 3.0,
        "model.mixers.mixer.rope_head_size": 2.0,
        "model.mixers.mixer.value_head_size": 6.0,
        "model.feed_forwards.ffn.experts": 4.0,
        "model.feed_forwards.ffn.experts_per_token": 2.0,
        "model.feed_forwards.ffn.width": 6.0,
        "model.feed_forwards.ffn.shared_experts": 1.0,
        # A shared expert is as wide as a routed one where nothing else is said.
        "model.feed_forwards.ffn.shared_width": 6.0,
        "model.feed_forwards.ffn.parallel_dense_width": 7.0,
    }


def test_shapes_take_what_stands_for_each_number(toy: Build) -> None:
    numbers = shape_numbers(toy())
    doubled = model_shape(toy(), lambda path: 2.0 * numbers[path])
    assert (doubled.hidden, doubled.vocab, doubled.tied_embeddings) == (16.0, 200.0, False)
    (group,) = doubled.groups
    assert (group.count, group.norm_vectors, group.label) == (4.0, 4.0, "2 layers of mixer and ffn")
    assert group.feed_forward == DenseShape(32.0, gated=True, bias=False)
    assert isinstance(group.mixer, AttentionShape)
    assert (group.mixer.heads, group.mixer.head_size, group.mixer.window) == (8.0, 6.0, None)


def test_absent_parts_stay_absent(toy: Build, shape: Shaped) -> None:
    groups = (LayerGroup(count=1, mixer="mixer"), LayerGroup(count=3, feed_forward="ffn"), LayerGroup(count=1))
    found = shape(toy(layers=groups)).groups
    assert [group.label for group in found] == ["1 layers of mixer", "3 layers of ffn", "1 layers of norms"]
    assert (found[0].feed_forward, found[1].mixer, found[2].mixer) == (None, None, None)


def test_absent_options_stay_absent(toy: Build, shape: Shaped) -> None:
    direct = MultiLatentAttention(heads=2, kv_rank=4, nope_head_size=3, rope_head_size=2, value_head_size=6)
    (group,) = shape(toy(direct, ExpertFeedForward(experts=4, experts_per_token=2, width=6))).groups
    assert isinstance(group.mixer, LatentAttentionShape)
    assert group.mixer.query_rank is None
    assert isinstance(group.feed_forward, ExpertShape)
    assert group.feed_forward.parallel_dense is None
    assert group.feed_forward.shared_experts == 0.0


@pytest.mark.parametrize("window", [None, 4])
def test_windows(toy: Build, shape: Shaped, window: int | None) -> None:
    (group,) = shape(toy(Attention(heads=4, kv_heads=2, head_size=3, window=window))).groups
    assert isinstance(group.mixer, AttentionShape)
    assert group.mixer.window == window
