"""Sparse, compressed and crossing attention, counted by hand in the toy model: hidden width 8, sequences of 10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from computecalc.catalog.architecture import Architecture, ExpertFeedForward, LayerGroup
from computecalc.catalog.mixers import Attention, CompressedAttention, Indexer, MultiLatentAttention
from computecalc.estimators.layers import ModelCount

Build = Callable[..., Architecture]
Counted = Callable[..., ModelCount]

# See test_state_mixers.py: what the model is without its mixers.
REST, REST_WORK = 2408.0, 3136.0

GROUPED = {"heads": 4, "kv_heads": 2, "head_size": 3}
LATENT = {"heads": 2, "query_rank": 5, "kv_rank": 4, "nope_head_size": 3, "rope_head_size": 2, "value_head_size": 6}
COMPRESSED = {"heads": 4, "head_size": 3, "query_rank": 5, "output_groups": 2, "output_rank": 2, "window": 4}

CASES = [
    # Attention 288; indexer: query 8 x 6, key 8 x 3, two norms of 3. A query sees 4 of 10 keys: 4 (1 - 4/20) = 3.2;
    # two products of 2 x 4 x 3 x 3.2 = 76.8. The indexer scores all 5: 2 x 2 x 3 x 5 = 60. Unmasked: 4 and 10 keys.
    (Attention(**GROUPED, indexer=Indexer(heads=2, head_size=3, keys=4)), 360, 6, 153.6 + 60, 192 + 120),
    # It picks more than there are: the whole core, and the indexer still works.
    (Attention(**GROUPED, indexer=Indexer(heads=2, head_size=3, keys=99)), 360, 6, 240 + 60, 480 + 120),
    # Query 40 + 50, key-value 48 + 72, output 96: 306; norms 5 + 4. Gate 8 x 12. Keys 5 wide, values 6, 5 of 10 seen:
    # 2 x 2 x (5 + 6) x 5 = 220.
    (MultiLatentAttention(**LATENT, output_gate=True), 306 + 96, 9, 220, 440),
    # Indexer: query 5 x 6, key 8 x 2, head weights 8 x 3: 70; a layer norm of 2. Core 2 x 2 x 11 x 3.2 = 140.8;
    # indexer 2 x 3 x 2 x 5 = 60.
    (MultiLatentAttention(**LATENT, indexer=Indexer(heads=3, head_size=2, keys=4)), 376, 13, 200.8, 176 + 120),
    # Query 40 + 60, key 24, output 12 x 2 + 4 x 8: 180; norms 5 + 3, sinks 4. The window alone: 153.6.
    (CompressedAttention(**COMPRESSED), 180, 12, 153.6, 192),
    # Compressor: key and gate 24 each, positions 5 x 3, norm 3. All of 10 / 5 keys are seen, 1 on average: two
    # products of 2 x 4 x 3 x 1 = 24; unmasked 2.
    (CompressedAttention(**COMPRESSED, compression=5), 228, 30, 153.6 + 48, 192 + 96),
    # Overlapping spans: key and gate 48 each, positions 2 x 6, norm 3; the indexer the same again, its query 5 x 6
    # and head weights 8 x 2: 180 + 96 + 96 + 46. Picked: 2 keys of 2 tokens, 4 (1 - 4/20) / 2 = 1.6 on average, two
    # products of 24 x 1.6; the indexer scores 2.5: 2 x 2 x 3 x 2.5 = 30. Unmasked 2 and 5.
    (
        CompressedAttention(**COMPRESSED, compression=2, indexer=Indexer(heads=2, head_size=3, keys=2)),
        418,
        42,
        153.6 + 76.8 + 30,
        192 + 96 + 60,
    ),
    # An encoder's queries see everything: two products of 2 x 4 x 3 x 10.
    (Attention(**GROUPED, bidirectional=True), 288, 0, 480, 480),
]


@pytest.mark.parametrize(("mixer", "matrices", "vectors", "core", "full"), CASES)
def test_parameters_and_work(
    toy: Build, count: Counted, mixer: Any, matrices: int, vectors: int, core: float, full: float
) -> None:
    found = count(toy(mixer))
    assert found.parameters == REST + 2 * (matrices + vectors)
    assert found.core == pytest.approx(2 * core)
    assert found.forward == pytest.approx(REST_WORK + 2 * (2 * matrices + core))
    assert found.forward_full == pytest.approx(REST_WORK + 2 * (2 * matrices + full))


def test_scores_leave_the_indexer_out(toy: Build, count: Counted) -> None:
    compressed = CompressedAttention(**COMPRESSED, compression=2, indexer=Indexer(heads=2, head_size=3, keys=2))
    # Window 76.8 and compressed keys 38.4, in two layers: half of the core without the indexer's 30.
    assert count(toy(compressed)).scores == pytest.approx(2 * (76.8 + 38.4))


def test_sparse_attention_grows_with_the_sequence_by_its_indexer_alone(toy: Build, count: Counted) -> None:
    sparse = toy(Attention(**GROUPED, indexer=Indexer(heads=1, head_size=2, keys=4)))
    # Far beyond 4 keys a query sees 4 of them; the indexer sees s / 2, 2 x 2 x s / 2 FLOP in each of two layers.
    short, long = count(sparse, 1.0e6), count(sparse, 2.0e6)
    assert long.core - short.core == pytest.approx(2 * 2 * 1.0e6, rel=1e-6)


def test_an_encoder_and_a_decoder(toy: Build, count: Counted) -> None:
    one_way = Attention(**GROUPED)
    found = count(
        toy(
            mixers={"decoder": one_way, "encoder": Attention(**GROUPED, bidirectional=True)},
            layers=(
                LayerGroup(count=1, mixer="encoder", feed_forward="ffn"),
                LayerGroup(count=1, mixer="decoder", cross_mixer="encoder", feed_forward="ffn", norms=3),
            ),
        )
    )
    # Three attentions of 288; one norm of 8 more than two layers have.
    assert found.parameters == REST + 3 * 288 + 8
    # Encoder 480, decoder's own 240, across 480.
    assert found.core == 1200.0
    assert found.scores == 600.0
    assert found.forward == REST_WORK + 3 * 2 * 288 + 1200.0
    assert found.forward_full == found.forward + 240.0


def test_a_mixer_sees_one_way_unless_it_crosses(toy: Build, count: Counted) -> None:
    group = LayerGroup(count=1, mixer="mixer", cross_mixer="mixer", feed_forward="ffn")
    # 240 under the mask, 480 across.
    assert count(toy(layers=(group,))).core == 720.0


def test_latent_experts(toy: Build, count: Counted) -> None:
    experts = {"experts": 4, "experts_per_token": 2, "width": 6, "shared_experts": 1}
    found = count(toy(feed_forward=ExpertFeedForward(**experts, latent_width=3, latent_norm=True)))
    # An expert: 3 x 3 x 6 = 54, four of them 216. Down and up 24 each, norm 3. Router 32 and the shared expert
    # 3 x 8 x 6 = 144 keep the hidden width. Attention 288, norms 16.
    assert found.parameters == 2 * (288 + 16 + 32 + 144 + 48 + 3 + 216) + 1608.0
    assert found.active == 2 * (288 + 16 + 32 + 144 + 48 + 3 + 108) + 1608.0
    assert found.routed == 2 * 216.0
    # Core 480 and head 1600 as ever.
    assert found.forward == 2 * 2 * (288 + 32 + 144 + 48 + 108) + 480.0 + 1600.0


def test_embeddings_are_told_apart(toy: Build, count: Counted) -> None:
    untied, tied = count(toy(learned_positions=10)), count(toy(learned_positions=10, tied_embeddings=True))
    # 8 x 100 each, positions 8 x 10; a tied table is the head as well.
    assert (untied.input_embedding, untied.embeddings) == (800.0, 1680.0)
    assert (tied.input_embedding, tied.embeddings) == (0.0, 880.0)


def test_unlisted_weights_outside_the_layers_count_and_do_not_work(toy: Build, count: Counted) -> None:
    found, plain = count(toy(unlisted_parameters=7)), count(toy())
    assert found.parameters == plain.parameters + 7.0
    assert found.active == plain.active + 7.0
    assert found.forward == plain.forward
