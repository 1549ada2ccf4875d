from __future__ import annotations

import numpy as np
import pytest

from computecalc.formulas.attention import causal_context
from computecalc.formulas.serving_requests import (
    decode_context,
    decode_span,
    fresh_prompt,
    prompt_context,
    request_compute,
    request_count,
)


def test_context_is_the_mean_over_decoding() -> None:
    # Of 1000 + 500 tokens: 1000, 1001, ... 1499 before each of them, 1249.5 on average.
    assert decode_context(prompt=1000.0, output=500.0, spread=1.0) == pytest.approx(
        np.mean(np.arange(1000, 1500)), abs=0.51
    )


@pytest.mark.parametrize("hit", [0.0, 0.25, 0.9])
def test_fresh_tokens_see_the_cached_ones(hit: float) -> None:
    # Tokens 1000 h to 1000 see on average the mean of their places.
    length = prompt_context(prompt=1000.0, cache_hit=hit, spread=1.0)
    seen = causal_context(sequence_length=length, window=length)
    assert float(seen) == pytest.approx(np.mean(np.arange(1000 * hit, 1000)), abs=0.51)
    assert fresh_prompt(prompt=1000.0, cache_hit=hit) == pytest.approx(1000 * (1 - hit))


def test_a_decoded_token_sees_its_context() -> None:
    span = decode_span(context=1250.0)
    assert causal_context(sequence_length=span, window=span) == 1250.0


def test_work_and_count() -> None:
    assert request_compute(work=2.0e9, prompt=100.0) == 2.0e11
    assert request_count(requests=7.5) == 7.5


def test_a_mixture_counts_long_requests_by_their_tokens() -> None:
    # 7 of 10 prompts have 500 tokens, 3 have 8000: mean 2750, mean square 19.375e6.
    prompts, counts = np.array([500.0, 8000.0]), np.array([7.0, 3.0])
    mean = np.average(prompts, weights=counts)
    spread = np.average(prompts**2, weights=counts) / mean**2
    # Seen by an average prompt token, one prompt after the other: 7 x 500 see 250, 3 x 8000 see 4000.
    seen = np.average(prompts / 2, weights=counts * prompts)
    length = prompt_context(prompt=mean, cache_hit=0.0, spread=spread)
    assert causal_context(sequence_length=length, window=length) == pytest.approx(seen, rel=1e-12)
    # Outputs of 100 and 1900, alike often: of 2000 tokens 1900 are in the long one.
    outputs = np.array([100.0, 1900.0])
    behind = np.average(1000 + outputs / 2, weights=outputs)
    found = decode_context(prompt=1000.0, output=1000.0, spread=np.mean(outputs**2) / 1000.0**2)
    assert found == pytest.approx(behind, rel=1e-12)
