"""Identities of demand, bills and purchase; each formula's own example is in its docstring."""

from __future__ import annotations

import pytest

from computecalc.formulas.serving_demand import user_request_rate, volume_request_rate
from computecalc.formulas.serving_purchase import (
    bought_cost,
    break_even_share,
    break_even_tokens,
    cost_ratio,
    reachable_share,
    request_price,
)
from computecalc.formulas.serving_speculation import accepted_tokens


def test_a_volume_is_the_tokens_of_its_requests() -> None:
    rate = user_request_rate(users=1000.0, each=0.5)
    assert volume_request_rate(tokens=rate * 1900.0, prompt=1500.0, output=400.0) == pytest.approx(rate)


def test_break_even_is_where_buying_costs_what_the_fleet_does() -> None:
    prices = {"input_price": 2.0, "cached_price": 2.0, "output_price": 10.0, "cache_hit": 0.5}
    each = request_price(prompt=3.0, output=1.0, **prices)
    # 3 x 2 + 10: 4 tokens cost 16, 200 tokens cost 800.
    assert each == 16.0
    tokens = break_even_tokens(cost=800.0, prompt=3.0, output=1.0, each=each)
    assert tokens == 200.0
    assert bought_cost(rate=tokens / 4.0, period=1.0, each=each) == 800.0
    assert cost_ratio(own=800.0, bought=800.0) == 1.0
    assert break_even_share(tokens=tokens, taken=30.0, given=10.0, replicas=1.0, period=10.0) == 0.5


def test_what_a_seller_finds_in_a_cache_costs_less() -> None:
    # DeepSeek's list of 2025-02: 1000 tokens, of which 560 at 0.07 and 440 at 0.27 USD a million; 100 at 1.10.
    prices = {"input_price": 0.27e-6, "cached_price": 0.07e-6, "output_price": 1.10e-6}
    found = request_price(prompt=1000.0, output=100.0, cache_hit=0.56, **prices)
    assert found == pytest.approx(39.2e-6 + 118.8e-6 + 110e-6)


def test_a_peak_leaves_a_share_on_average() -> None:
    assert reachable_share(utilization=0.8, peak_to_mean=2.0) == 0.4


@pytest.mark.parametrize(
    ("acceptances", "tokens"),
    [
        ((0.0,), 1.0),
        ((1.0, 1.0, 1.0), 4.0),
        # The geometric series of Leviathan et al.: (1 - 0.8^4) / (1 - 0.8).
        ((0.8, 0.8, 0.8), 2.952),
        # Acceptance falls with depth: 1 + 0.8 + 0.52 + 0.286.
        ((0.8, 0.65, 0.55), 2.606),
    ],
)
def test_accepted_tokens(acceptances: tuple[float, ...], tokens: float) -> None:
    assert accepted_tokens(acceptances=acceptances) == pytest.approx(tokens, rel=1e-12)
