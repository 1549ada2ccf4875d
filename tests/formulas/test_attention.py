from __future__ import annotations

import numpy as np
import pytest

from computecalc.formulas.attention import (
    attention_product_flops,
    causal_context,
    chunked_context,
    compressed_context,
    compressed_full_context,
    full_context,
    state_flops,
)


def mean_of_keys(sequence_length: int, window: int) -> float:
    """Keys seen, counted position by position, the query's own key half: what causal_context abbreviates."""
    return float(np.mean([min(i, window) - 0.5 * (i <= window) for i in range(1, sequence_length + 1)]))


def test_causal_context_without_window_is_half_the_sequence() -> None:
    assert causal_context(sequence_length=8192.0, window=8192.0) == 4096.0


@pytest.mark.parametrize("window", [8192.0, 8193.0, 131072.0])
def test_a_window_of_the_sequence_or_more_is_none(window: float) -> None:
    assert causal_context(sequence_length=8192.0, window=window) == 4096.0


@pytest.mark.parametrize(
    ("sequence_length", "window", "seen"),
    [
        # w - w^2 / 2s: 4096 - 4096^2 / 16384 = 4096 - 1024.
        (8192.0, 4096.0, 3072.0),
        # 1024 - 1024^2 / 65536 = 1024 - 16.
        (32768.0, 1024.0, 1008.0),
        # A window of one token: 1 - 1/8.
        (4.0, 1.0, 0.875),
    ],
)
def test_causal_context_of_a_window(sequence_length: float, window: float, seen: float) -> None:
    assert causal_context(sequence_length=sequence_length, window=window) == seen


@pytest.mark.parametrize(("sequence_length", "window"), [(12, 12), (12, 4), (12, 1), (7, 9)])
def test_causal_context_is_the_mean_over_positions(sequence_length: int, window: int) -> None:
    counted = mean_of_keys(sequence_length, window)
    assert causal_context(sequence_length=float(sequence_length), window=float(window)) == pytest.approx(counted)


def test_a_long_sequence_sees_its_window_whole() -> None:
    # 128 - 128^2 / (2 x 2^20) = 128 - 0.0078125.
    assert causal_context(sequence_length=2.0**20, window=128.0) == 127.9921875


def test_chunked_context_is_half_a_block() -> None:
    # 65,536 tokens in blocks of 8192: each block is its own causal sequence, seen half.
    assert chunked_context(sequence_length=65536.0, chunk=8192.0) == 4096.0
    # One block, longer than the sequence: the sequence itself is seen half.
    assert chunked_context(sequence_length=2048.0, chunk=8192.0) == 1024.0


def test_a_block_sees_less_than_a_window_of_its_length() -> None:
    # 8192 - 8192^2 / 131,072 = 8192 - 512 for the window, 4096 for the block.
    assert causal_context(sequence_length=65536.0, window=8192.0) == 7680.0
    assert chunked_context(sequence_length=65536.0, chunk=8192.0) == 4096.0


def test_full_context_is_the_whole_sequence_or_window() -> None:
    assert full_context(sequence_length=2048.0, window=2048.0) == 2048.0
    assert full_context(sequence_length=2048.0, window=512.0) == 512.0
    assert full_context(sequence_length=2048.0, window=4096.0) == 2048.0


def test_causal_is_half_of_full_without_a_window() -> None:
    lengths = np.array([1.0, 2048.0, 131072.0])
    causal = causal_context(sequence_length=lengths, window=lengths)
    assert np.array_equal(2.0 * causal, full_context(sequence_length=lengths, window=lengths))


def test_attention_product_counts_two_flops_a_pair_and_width() -> None:
    # GPT-3, one product of one layer, causal at 2048: 2 x 96 x 128 x 1024 = 25,165,824.
    assert attention_product_flops(heads=96.0, head_size=128.0, context=1024.0) == 25_165_824.0


def test_palm_appendix_b_is_four_products_of_the_whole_square() -> None:
    # 12 L H Q T for training is, forward and for one layer, 4 H Q T: two products of 2 H Q T each.
    # PaLM: 4 x 48 x 256 x 2048 = 100,663,296.
    product = attention_product_flops(
        heads=48.0, head_size=256.0, context=full_context(sequence_length=2048.0, window=2048.0)
    )
    assert 2.0 * product == 100_663_296.0


def test_compressed_keys_are_seen_in_proportion() -> None:
    # 8192 tokens, one key for 128 of them: 64 keys, a query sees half of them.
    assert compressed_context(sequence_length=8192.0, compression=128.0, keys=8192.0) == 32.0
    assert compressed_full_context(sequence_length=8192.0, compression=128.0, keys=8192.0) == 64.0


def test_picked_compressed_keys_are_seen_as_a_window_of_their_tokens() -> None:
    # 512 keys of 4 tokens reach back 2048: 2048 (1 - 2048 / 16,384) / 4 = 448.
    assert compressed_context(sequence_length=8192.0, compression=4.0, keys=512.0) == 448.0
    # Unmasked there are 2048 keys, of which 512 are picked.
    assert compressed_full_context(sequence_length=8192.0, compression=4.0, keys=512.0) == 512.0
    # Without compression it is attention that picks keys.
    assert compressed_context(sequence_length=8192.0, compression=1.0, keys=2048.0) == causal_context(
        sequence_length=8192.0, window=2048.0
    )


def test_work_on_a_state() -> None:
    # Qwen3-Next: 32 value heads with states of 128 x 128, delta rule: 3 x 2 x 32 x 16,384 = 3,145,728 FLOP a token.
    assert state_flops(heads=32.0, key_size=128.0, value_size=128.0, products=3.0) == 3_145_728.0
    # Mamba-2 (Dao and Gu 2024, theorem 6.1): proportional to N^2 for a head whose widths are both N.
    assert state_flops(heads=1.0, key_size=64.0, value_size=64.0, products=2.0) == 4.0 * 64.0**2


def test_a_state_is_cheaper_than_attention_beyond_its_width() -> None:
    # Linear attention, 128 wide: write and read 4 x 128 x 128. Attention: two products of 2 x 128 keys' widths, so
    # they meet where a query sees 128 keys.
    attention = 2.0 * attention_product_flops(heads=1.0, head_size=128.0, context=128.0)
    assert state_flops(heads=1.0, key_size=128.0, value_size=128.0, products=2.0) == attention
