"""What the keys of the early decoders change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.architecture import Attention, DenseFeedForward
from computecalc.catalog.importers.huggingface import ImportedModel
from computecalc.errors import Diagnostic
from tests.catalog.importers.conftest import GONE, counted

Importing = Callable[..., ImportedModel]
Refusing = Callable[..., tuple[Diagnostic, ...]]


def test_widths_are_four_times_the_model_where_they_are_not_stated(imported: Importing) -> None:
    widths = []
    for name, changes in (("gpt2-xl", {}), ("gpt2-xl", {"n_inner": 5000}), ("falcon-7b", {"ffn_hidden_size": 999})):
        shape = imported(name, **changes).architecture.feed_forwards["mlp"]
        assert isinstance(shape, DenseFeedForward)
        widths.append(shape.width)
    assert widths == [4 * 1600, 5000, 999]


def test_names_old_and_new_are_understood(imported: Importing) -> None:
    old = imported("bloom-176b")
    new = imported("bloom-176b", n_embed=GONE, hidden_size=14336, n_layer=GONE, num_hidden_layers=70)
    assert new == old


def test_positions_of_opt_start_late(imported: Importing) -> None:
    assert imported("opt-66b", max_position_embeddings=1024).architecture.learned_positions == 1026


def test_opt_may_have_no_last_norm(imported: Importing) -> None:
    finals = [
        imported("opt-66b", **changes).architecture.final_norms
        for changes in ({}, {"do_layer_norm_before": False}, {"_remove_final_layer_norm": True})
    ]
    assert finals == [1, 0, 0]


def test_projected_embeddings_of_opt_are_refused(refused: Refusing) -> None:
    (problem,) = refused("opt-66b", word_embed_proj_dim=512)
    assert problem.message == "the key `word_embed_proj_dim` is understood at the value of hidden_size only"


@pytest.mark.parametrize(
    ("name", "changes", "kv_heads", "norms"),
    [
        ("falcon-7b", {}, 1, 1),
        ("falcon-7b", {"parallel_attn": False}, 1, 2),
        ("falcon-7b", {"multi_query": False}, 71, 1),
        ("falcon-40b", {}, 8, 2),
        ("falcon-40b", {"num_ln_in_parallel_attn": 1}, 8, 1),
    ],
)
def test_variants_of_falcon(
    imported: Importing, name: str, changes: dict[str, object], kv_heads: int, norms: int
) -> None:
    architecture = imported(name, **changes).architecture
    mixer = architecture.mixers["attention"]
    assert isinstance(mixer, Attention)
    assert (mixer.kv_heads, architecture.layers[0].norms) == (kv_heads, norms)


def test_starcoder_without_biases(imported: Importing) -> None:
    # A layer: 4608 + 2 x 512 + 4608 in attention, 18432 + 4608 in the feed-forward; norms keep theirs.
    less = counted(imported("starcoder2-7b", use_bias=False).architecture).parameters
    assert counted(imported("starcoder2-7b").architecture).parameters - less == 32 * (10_240 + 23_040)


def test_experts_of_dbrx_stand_in_a_section(refused: Refusing) -> None:
    (problem,) = refused("dbrx", ffn_config={"ffn_hidden_size": 10752, "moe_num_experts": "many"})
    assert problem.message == "the key `ffn_config.moe_num_experts` must be a whole number"
