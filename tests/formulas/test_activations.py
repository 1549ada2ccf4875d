from __future__ import annotations

import pytest

from computecalc.formulas.activations import (
    exchanged_width,
    head_bytes,
    kept_bytes,
    kept_under_recompute_bytes,
    micro_batch_tokens,
    rebuilt_bytes,
    score_bytes,
)

S, B, H, HEADS = 2048.0, 1.0, 12288.0, 96.0
"""GPT-3 175B, for which Korthikanti et al. (2022) print their totals."""


def gpt_layer(tensor: float, sequence_parallel: float) -> float:
    # Norms in and out 4 h; query, key, value and attention output 4 h; feed-forward 4 h before and after its GELU.
    return float(
        kept_bytes(
            tokens=S * B,
            along=4 * H,
            across=4 * H + 8 * H,
            whole=0.0,
            statistics=0.0,
            element=2.0,
            single=4.0,
            tensor=tensor,
            sequence_parallel=sequence_parallel,
        )
    )


@pytest.mark.parametrize(
    ("tensor", "sequence_parallel", "a_value"),
    [
        # Their s b h (10 + 24 / t), 34 / t with sequence parallelism, less the 2 of dropout masks outside the regions.
        (1.0, 0.0, 32.0),
        (8.0, 0.0, 8.0 + 24.0 / 8.0),
        (1.0, 1.0, 32.0),
        (8.0, 1.0, 32.0 / 8.0),
    ],
)
def test_a_layer_of_gpt_keeps_the_published_bytes(tensor: float, sequence_parallel: float, a_value: float) -> None:
    assert gpt_layer(tensor, sequence_parallel) == pytest.approx(S * B * H * a_value)


def test_scores_without_dropout_are_two_of_the_published_five() -> None:
    # 5 a s / h times s b h: softmax output 2, dropout mask 1, dropout output 2.
    found = score_bytes(tokens=S * B, sequence_length=S, heads=HEADS, element=2.0, tensor=8.0)
    assert found == pytest.approx(2 * HEADS * S * S * B / 8)


def test_only_gathered_values_escape_tensor_parallelism() -> None:
    def cut(**widths: float) -> float:
        given = {"along": 0.0, "across": 0.0, "whole": 0.0, "statistics": 0.0} | widths
        return float(kept_bytes(tokens=10.0, element=2.0, single=4.0, tensor=4.0, sequence_parallel=1.0, **given))

    assert cut(along=8.0) == 10 * 2 * 8 / 4
    assert cut(across=8.0) == 10 * 2 * 8 / 4
    assert cut(whole=8.0) == 10 * 2 * 8
    assert cut(statistics=8.0) == 10 * 4 * 8 / 4


def test_context_parallelism_cuts_the_sequence_and_keeps_the_output_twice() -> None:
    assert micro_batch_tokens(sequences=2.0, sequence_length=4096.0, context=4.0) == 2048.0
    assert float(exchanged_width(width=64.0, context=1.0)) == 0.0
    assert float(exchanged_width(width=64.0, context=2.0)) == 64.0


@pytest.mark.parametrize(
    ("full", "selective", "kept", "rebuilt"),
    [(0.0, 0.0, 110.0, 0.0), (0.0, 1.0, 100.0, 10.0), (1.0, 0.0, 3.0, 110.0)],
)
def test_recompute_moves_bytes_from_kept_to_rebuilt(full: float, selective: float, kept: float, rebuilt: float) -> None:
    how = {"full": full, "selective": selective}
    assert float(kept_under_recompute_bytes(kept=100.0, scores=10.0, checkpoint=3.0, **how)) == kept
    assert float(rebuilt_bytes(kept=100.0, scores=10.0, **how)) == rebuilt


def test_logits_in_single_precision_are_the_published_four_bytes_beside_those_of_the_gradient() -> None:
    # Korthikanti et al., section 4.3: 4 s b v / t; the gradient of the logits is in 16 bits: 2 s b v / t.
    given = {"tokens": 4096.0, "hidden": 0.0, "vocab": 51200.0, "element": 2.0, "single": 4.0, "tensor": 8.0}
    plain = float(head_bytes(**given, sequence_parallel=1.0, fused=0.0))
    fused = float(head_bytes(**given, sequence_parallel=1.0, fused=1.0))
    assert plain - fused == 4 * 4096 * 51200 / 8
    assert fused == 2 * 4096 * 51200 / 8


def test_the_head_takes_its_input_whole() -> None:
    # Norm in and out over 4 ranks, gathered input and its gradient on each.
    found = head_bytes(
        tokens=10.0, hidden=8.0, vocab=0.0, element=2.0, single=4.0, tensor=4.0, sequence_parallel=1.0, fused=1.0
    )
    assert float(found) == 10 * 2 * (2 * 8 / 4 + 2 * 8)
