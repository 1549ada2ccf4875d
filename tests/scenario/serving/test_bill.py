"""The bill of a service: prices by commitment, and accelerators of one's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import Estimate, estimate

HOUR = 3600.0


def value(found: Estimate, metric: str) -> float:
    mid = found.outputs[metric].mid
    assert mid is not None, found.outputs[metric].reason
    return mid


def test_owning_stands_in_for_the_rent(served: Callable[..., Resolved]) -> None:
    api = "api_price: {input: 1 USD/Mtoken, output: 3 USD/Mtoken}"
    rented, own = (
        estimate(served(money=f"{{price: 3.60 USD/accelerator/h, {api}{more}}}")) for more in ("", ", ownership: {}")
    )
    ratio = value(own, "cost.owned_time") * HOUR / 3.60
    parts = ("accelerators", "network", "energy", "colocation", "operations", "staff")
    assert value(own, "cost.total") == pytest.approx(sum(value(own, f"cost.{part}") for part in parts))
    assert value(own, "cost.rented") == pytest.approx(value(rented, "cost.total"))
    for name in ("total", "month", "per_request", "per_mtoken_input", "per_mtoken_output"):
        assert value(own, f"cost.{name}") == pytest.approx(ratio * value(rented, f"cost.{name}"))
    assert value(own, "break_even.tokens") == pytest.approx(ratio * value(rented, "break_even.tokens"))
    for name in ("accelerators", "energy.facility", "latency.tpot"):
        assert value(own, name) == value(rented, name)


def test_without_a_purchase_price_tokens_have_no_cost(served: Callable[..., Resolved]) -> None:
    serving = "{accelerator: v100-sxm2-32gb, tensor: 8, precision: fp16, engine: vllm, batch: 8}"
    model = "{hidden: 4096, layers: 32, heads: 32, kv_heads: 8, ffn: 14336, gated: true, vocab: 32000}"
    found = estimate(served(model=model, serving=serving, money="{price: 1 USD/accelerator/h, ownership: {}}")).outputs
    for name in ("cost.total", "cost.month", "cost.per_mtoken_output", "cost.per_request"):
        assert found[name].mid is None
        assert "no purchase price of v100-sxm2-32gb" in found[name].reason
    assert found["cost.rented"].mid is not None


def test_prices_by_commitment_and_discount(served: Callable[..., Resolved]) -> None:
    plain, less = (estimate(served(money=money)) for money in ("{commitment: 1y}", "{commitment: 1y, discount: 20 %}"))
    assert plain.inputs["money.price"].range.mid * HOUR == pytest.approx(1.5)
    assert value(less, "cost.total") == pytest.approx(0.8 * value(plain, "cost.total"))


def test_spot_is_noted_because_nobody_counts_lost_replicas(served: Callable[..., Resolved]) -> None:
    noted = served(money="{price: 1 USD/accelerator/h, commitment: spot}").diagnostics
    assert ("CC646", "note") in [(d.code, d.severity) for d in noted]


def test_a_price_of_electricity_is_used_by_owners_alone(served: Callable[..., Resolved]) -> None:
    site = "{pue: 1.2, grid_intensity: 360 gCO2e/kWh, electricity_price: 100 USD/MWh}"
    assert "CC606" in [d.code for d in served(site=site).diagnostics]
    owned = served(site=site, money="{ownership: {}}")
    assert "CC606" not in [d.code for d in owned.diagnostics]
    found = estimate(owned)
    assert value(found, "cost.energy") == pytest.approx(value(found, "energy.facility") / 3.6e9 * 100.0)


def test_bad_money_is_told_with_its_place(denied: Callable[..., tuple[Diagnostic, ...]]) -> None:
    (found,) = denied(money="{ownership: {lifetime: 0 yr}}")
    assert found.code == "CC405"
    assert found.span is not None
    (found,) = denied(money="{provider: Lamda}")
    assert (found.code, found.hint) == ("CC641", "did you mean Lambda?")
