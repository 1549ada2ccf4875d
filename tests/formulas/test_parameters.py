from __future__ import annotations

import pytest

from computecalc.formulas.parameters import (
    active_expert_parameters,
    expanded_width,
    joined_width,
    other_parameters,
    projection_parameters,
    repeated_parameters,
    total_parameters,
    total_width,
    vector_parameters,
)


def test_joined_width_is_not_the_hidden_width() -> None:
    # Qwen3-235B-A22B: 64 heads of 128 make 8192, though hidden is 4096.
    assert joined_width(heads=64.0, head_size=128.0) == 8192.0
    # PaLM 540B: 48 heads of 256 make 12,288, though hidden is 18,432.
    assert joined_width(heads=48.0, head_size=256.0) == 12288.0


def test_total_width_of_a_latent_head() -> None:
    # DeepSeek-V2, section 3.1.2: 128 without positions and 64 rotary.
    assert total_width(parts=(128.0, 64.0)) == 192.0
    assert total_width(parts=(128.0,)) == 128.0


def test_projection_parameters_of_the_largest_llama() -> None:
    # Llama 3.1 405B: hidden 16,384 by feed-forward 53,248 = 872,415,232 weights a matrix.
    assert projection_parameters(inputs=16384.0, outputs=53248.0) == 872_415_232.0


def test_projection_has_no_bias() -> None:
    assert projection_parameters(inputs=3.0, outputs=5.0) == 15.0


def test_vector_parameters_of_norms_with_bias() -> None:
    # Two layer norms, each with weight and bias, over 12,288: 4 x 12,288.
    assert vector_parameters(width=12288.0, vectors=4.0) == 49152.0
    assert vector_parameters(width=12288.0, vectors=0.0) == 0.0


def test_repeated_parameters() -> None:
    # 8 experts of 3 x 4096 x 14,336 = 176,160,768 (Mixtral 8x7B): 1,409,286,144 a layer.
    assert repeated_parameters(parameters=176_160_768.0, count=8.0) == 1_409_286_144.0


def test_active_expert_parameters_take_top_k_experts() -> None:
    # Mixtral: 2 of 8 experts of 176,160,768 each.
    assert active_expert_parameters(expert=176_160_768.0, experts_per_token=2.0) == 352_321_536.0


def test_active_experts_are_all_when_top_k_is_all() -> None:
    whole = repeated_parameters(parameters=1.0e6, count=16.0)
    assert active_expert_parameters(expert=1.0e6, experts_per_token=16.0) == whole


def test_other_parameters_of_a_dense_model_are_all() -> None:
    assert other_parameters(total=7.0e9, routed=0.0) == 7.0e9
    # Mixtral: 32 layers x 1,409,286,144 routed of 46,702,792,704 leaves 1,605,636,096.
    assert other_parameters(total=46_702_792_704.0, routed=32 * 1_409_286_144.0) == 1_605_636_096.0


@pytest.mark.parametrize("parts", [(4.0,), (1.0, 3.0), (1.0, 1.0, 2.0), (0.0, 4.0, 0.0)])
def test_total_parameters_adds_every_part_once(parts: tuple[float, ...]) -> None:
    assert total_parameters(parts=parts) == 4.0


def test_expanded_width_of_jamba() -> None:
    # 2 x 4096 channels.
    assert expanded_width(hidden=4096.0, expansion=2.0) == 8192.0
