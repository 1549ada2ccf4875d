"""What the keys of families with recurrent layers change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from computecalc.catalog.architecture import ExpertFeedForward
from computecalc.catalog.importers.huggingface import ImportedModel
from computecalc.catalog.mixers import KimiDelta, Mamba
from computecalc.errors import Diagnostic
from tests.catalog.importers.conftest import GONE

Importing = Callable[..., ImportedModel]
Refusing = Callable[..., tuple[Diagnostic, ...]]


def counts(model: ImportedModel) -> dict[tuple[str | None, str | None], int]:
    return {(group.mixer, group.feed_forward): group.count for group in model.architecture.layers}


def test_full_attention_of_qwen_by_interval_and_by_list(imported: Importing) -> None:
    assert counts(imported("qwen3-next-80b-a3b")) == {("delta", "experts"): 36, ("full", "experts"): 12}
    sparser = imported("qwen3-next-80b-a3b", full_attention_interval=8)
    assert counts(sparser) == {("delta", "experts"): 42, ("full", "experts"): 6}
    listed = imported("qwen3.5-27b", layer_types=["linear_attention"] * 60 + ["full_attention"] * 4)
    assert counts(listed) == {("delta", "mlp"): 60, ("full", "mlp"): 4}


def test_heads_of_qwen_that_do_not_fit(refused: Refusing) -> None:
    (problem,) = refused("qwen3-next-80b-a3b", linear_num_value_heads=24)
    assert problem.message == "the key `linear_num_value_heads` is no multiple of linear_num_key_heads"


def test_layers_of_jamba(imported: Importing) -> None:
    assert counts(imported("jamba-v0.1")) == {
        ("mamba", "mlp"): 12,
        ("mamba", "experts"): 16,
        ("attention", "mlp"): 4,
    }
    # Jamba's smallest has one expert, which is a dense feed-forward.
    dense = imported("jamba-v0.1", num_experts=1, num_experts_per_tok=1)
    assert counts(dense) == {("mamba", "mlp"): 28, ("attention", "mlp"): 4}


@pytest.mark.parametrize(("name", "key"), [("jamba-v0.1", "mamba_dt_rank"), ("mamba-2.8b", "time_step_rank")])
def test_the_rank_of_the_time_step_may_be_automatic(imported: Importing, name: str, key: str) -> None:
    # A sixteenth of the hidden width, rounded up: 4096 / 16 = 256, 2570 / 16 = 160.6.
    width = {"jamba-v0.1": {}, "mamba-2.8b": {"hidden_size": 2570}}[name]
    mixer = imported(name, **{key: "auto", **width}).architecture.mixers["mamba"]
    assert isinstance(mixer, Mamba)
    assert mixer.time_step_rank == {"jamba-v0.1": 256, "mamba-2.8b": 161}[name]


def test_layers_of_nemotron_by_letters_and_by_words(imported: Importing) -> None:
    letters = imported("nemotron-h-56b", hybrid_override_pattern="M-*-E", num_hidden_layers=5, **EXPERTS)
    words = imported(
        "nemotron-h-56b",
        hybrid_override_pattern=GONE,
        layers_block_type=["linear_attention", "mlp", "full_attention", "mlp", "moe"],
        num_hidden_layers=5,
        **EXPERTS,
    )
    assert counts(letters) == {("mamba", None): 1, (None, "mlp"): 2, ("attention", None): 1, (None, "experts"): 1}
    assert words.architecture == letters.architecture
    shape = letters.architecture.feed_forwards["experts"]
    assert isinstance(shape, ExpertFeedForward)
    assert (shape.gated, shape.shared_width, shape.latent_width) == (False, 3072, 1024)


EXPERTS = {
    "n_routed_experts": 8,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 1536,
    "n_shared_experts": 1,
    "moe_shared_expert_intermediate_size": 3072,
    "moe_latent_size": 1024,
}


@pytest.mark.parametrize("pattern", ["M-M", "M" * 117 + "X", 3])
def test_a_pattern_that_is_none(refused: Refusing, pattern: Any) -> None:
    (problem,) = refused("nemotron-h-56b", hybrid_override_pattern=pattern)
    assert problem.message == "the key `hybrid_override_pattern` must have one of M, *, - or E for each layer"


def test_a_pattern_must_be_stated(refused: Refusing) -> None:
    (problem,) = refused("nemotron-h-56b", hybrid_override_pattern=GONE)
    assert problem.message == "the key `hybrid_override_pattern` is missing"


def test_heads_that_share_state_projections(refused: Refusing) -> None:
    (problem,) = refused("mamba2-2.7b", n_groups=7)
    assert problem.message == "the key `n_groups` does not divide the 80 heads"


def test_minimax_by_list_and_by_rule(imported: Importing) -> None:
    assert counts(imported("minimax-text-01")) == {("lightning", "experts"): 70, ("full", "experts"): 10}
    by_rule = imported("minimax-text-01", attn_type_list=GONE, model_type="minimax")
    assert counts(by_rule) == {("lightning", "experts"): 40, ("full", "experts"): 40}


def test_sparse_attention_of_minimax_can_be_off(imported: Importing) -> None:
    assert counts(imported("minimax-m3")) == {("full", "mlp"): 3, ("sparse", "experts"): 57}
    config = {
        "use_sparse_attention": False,
        "sparse_num_index_heads": 4,
        "sparse_index_dim": 128,
        "sparse_topk_blocks": 16,
        "sparse_block_size": 128,
    }
    assert counts(imported("minimax-m3", sparse_attention_config=config)) == {
        ("full", "mlp"): 3,
        ("full", "experts"): 57,
    }


LINEAR = {"head_dim": 128, "num_heads": 96, "short_conv_kernel_size": 4}


def test_layers_of_kimi_are_counted_from_one(imported: Importing, refused: Refusing) -> None:
    lists = {"full_attn_layers": [3], "kda_layers": [1, 2]}
    found = imported("kimi-k3", num_hidden_layers=3, linear_attn_config={**LINEAR, **lists})
    assert counts(found) == {("delta", "mlp"): 1, ("delta", "experts"): 1, ("full", "experts"): 1}
    delta = found.architecture.mixers["delta"]
    assert isinstance(delta, KimiDelta)
    assert delta.full_rank_gate is False
    for wrong in ({"full_attn_layers": [3], "kda_layers": [1]}, {"full_attn_layers": [2, 3], "kda_layers": [1, 2]}):
        (problem,) = refused("kimi-k3", num_hidden_layers=3, linear_attn_config={**LINEAR, **wrong})
        assert problem.message == (
            "the key `linear_attn_config.kda_layers` and full_attn_layers must list each of 3 layers once"
        )
