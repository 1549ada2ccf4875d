"""What the keys of Llama's relatives change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.architecture import Attention, ExpertFeedForward
from computecalc.catalog.importers.huggingface import ImportedModel
from computecalc.errors import Diagnostic
from tests.catalog.importers.conftest import GONE, counted

Importing = Callable[..., ImportedModel]
Refusing = Callable[..., tuple[Diagnostic, ...]]


def groups(model: ImportedModel) -> list[tuple[int, str | None, str | None]]:
    return [(group.count, group.mixer, group.feed_forward) for group in model.architecture.layers]


def test_biases_count(imported: Importing) -> None:
    plain = counted(imported("llama-3.1-405b").architecture).parameters
    # A layer: queries 16384, keys and values 128 x 8 each, output 16384.
    attention = counted(imported("llama-3.1-405b", attention_bias=True).architecture).parameters
    assert attention - plain == 126 * (2 * 16384 + 2 * 1024)
    # A layer: gate and up 53248 each, down 16384.
    forward = counted(imported("llama-3.1-405b", mlp_bias=True).architecture).parameters
    assert forward - plain == 126 * (2 * 53248 + 16384)


def test_head_size_follows_where_it_is_not_stated(imported: Importing) -> None:
    stated = imported("mistral-nemo-12b").architecture.mixers["attention"]
    derived = imported("mistral-nemo-12b", head_dim=GONE).architecture.mixers["attention"]
    assert isinstance(stated, Attention)
    assert isinstance(derived, Attention)
    assert (stated.head_size, derived.head_size) == (128, 5120 // 32)


def test_key_heads_are_all_heads_where_they_are_not_stated(imported: Importing) -> None:
    mixer = imported("llama-3.1-405b", num_key_value_heads=GONE).architecture.mixers["attention"]
    assert isinstance(mixer, Attention)
    assert mixer.kv_heads == 128


@pytest.mark.parametrize(("window", "expected"), [(4096, 4096), (32768, None), (None, None)])
def test_a_window_over_the_whole_context_is_none(imported: Importing, window: int | None, expected: int | None) -> None:
    mixer = imported("mistral-7b-v0.1", sliding_window=window).architecture.mixers["attention"]
    assert isinstance(mixer, Attention)
    assert mixer.window == expected


def test_qwen_has_windows_from_a_layer_on(imported: Importing) -> None:
    found = imported("qwen2.5-7b", use_sliding_window=True, max_window_layers=20, sliding_window=8192)
    assert groups(found) == [(20, "attention", "mlp"), (8, "windowed", "mlp")]
    mixer = found.architecture.mixers["windowed"]
    assert isinstance(mixer, Attention)
    assert mixer.window == 8192


def test_listed_layers_win_over_the_rule(imported: Importing) -> None:
    kinds = ["sliding_attention"] * 7 + ["full_attention"] * 21
    found = imported("qwen2.5-7b", layer_types=kinds, use_sliding_window=True, sliding_window=8192)
    assert groups(found) == [(7, "windowed", "mlp"), (21, "attention", "mlp")]


def test_qwen_may_have_dense_layers_among_its_experts(imported: Importing) -> None:
    # Layers 1, 3, ... 23 have experts, but 3 and 5 are named as dense: 10 of 24 remain.
    found = imported("qwen1.5-moe-a2.7b", decoder_sparse_step=2, mlp_only_layers=[3, 5])
    assert sorted(groups(found)) == [(10, "attention", "experts"), (14, "attention", "mlp")]


def test_shared_experts_of_qwen_are_gated(imported: Importing) -> None:
    shape = imported("qwen1.5-moe-a2.7b").architecture.feed_forwards["experts"]
    assert isinstance(shape, ExpertFeedForward)
    assert (shape.shared_experts, shape.shared_width, shape.shared_gate) == (1, 5632, True)
    without = imported("qwen3-30b-a3b").architecture.feed_forwards["experts"]
    assert isinstance(without, ExpertFeedForward)
    assert (without.shared_experts, without.shared_gate) == (0, False)


def test_more_experts_visited_than_there_are(refused: Refusing) -> None:
    (problem,) = refused("mixtral-8x7b", num_experts_per_tok=9)
    assert problem.message == "the key `num_experts_per_tok` is more than the 8 experts"


def test_cohere_2_has_a_window_on_three_layers_of_four(imported: Importing) -> None:
    found = imported(
        "command-r-35b", model_type="cohere2", num_hidden_layers=10, sliding_window=4096, sliding_window_pattern=4
    )
    # Layers 4 and 8 of 10 see everything.
    assert groups(found) == [(8, "windowed", "mlp"), (2, "attention", "mlp")]


def test_glm_has_fewer_norms_than_glm_4(imported: Importing) -> None:
    norms = [imported("glm-4-9b", model_type=name).architecture.layers[0].norms for name in ("glm", "glm4")]
    assert norms == [2, 4]


def test_minimax_m2_without_norms_on_queries(imported: Importing) -> None:
    mixer = imported("minimax-m2", use_qk_norm=False).architecture.mixers["attention"]
    assert isinstance(mixer, Attention)
    assert mixer.qk_norm is None


def test_shared_experts_that_minimax_m2_does_not_have(refused: Refusing) -> None:
    (problem,) = refused("minimax-m2", shared_intermediate_size=1536)
    assert problem.message == "the key `shared_intermediate_size` is understood as 0 only for model_type minimax_m2"
