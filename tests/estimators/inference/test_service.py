"""The bill of a service, by hand from what its recipe finds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.estimators.inference import estimate_serving
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.service import ServiceInputs, estimate_service
from computecalc.estimators.inference.service import _water as water_of

Serve = Callable[..., ServingInputs]
DAY, MONTH = 86400.0, 2_629_800.0


def service(inputs: ServingInputs, **changes: object) -> ServiceInputs:
    given = {"writes": True, "month": MONTH, "bundle": 1e6, "accelerators_per_node": 8.0}
    return ServiceInputs(serving=inputs, **(given | {"api_input": None, "api_output": None} | changes))  # type: ignore[arg-type]


def test_a_million_tokens_cost_a_million_times_one(serve: Serve) -> None:
    inputs = serve(concurrency=2.0, rate=0.01)
    one, found = estimate_serving(inputs), estimate_service(service(inputs))
    for phase in ("input", "output"):
        assert found[f"cost.per_mtoken_{phase}"] == pytest.approx(float(one[f"cost.per_{phase}_token"]) * 1e6)
    assert found["carbon.per_mtoken_output"] == pytest.approx(float(one["carbon.per_output_token"]) * 1e6)
    assert "cost.per_output_token" not in found


def test_a_request_bears_its_share_of_the_day(serve: Serve) -> None:
    found = estimate_service(service(serve(concurrency=2.0, rate=0.01)))
    assert found["energy.per_request"] == pytest.approx(float(found["energy.facility"]) / (0.01 * DAY))
    assert found["cost.per_request"] == pytest.approx(float(found["cost.total"]) / (0.01 * DAY))
    # 2 USD an hour of each accelerator.
    assert found["cost.month"] == pytest.approx(float(found["accelerators"]) * 2.0 / 3600.0 * MONTH)


def test_prompts_and_answers_count_in_the_whole(serve: Serve) -> None:
    found = estimate_service(service(serve(tensor=2.0)))
    both = float(found["throughput.replica"]) + float(found["throughput.input_replica"])
    assert found["throughput.total_per_accelerator"] == pytest.approx(both / 2)


def test_buying_costs_by_the_token(serve: Serve) -> None:
    found = estimate_service(service(serve(rate=0.01), api_input=1e-6, api_output=4e-6))
    # 864 requests a day of 10 and 4 tokens: 864 x (10 + 16) x 1e-6 USD.
    assert found["cost.api"] == pytest.approx(864 * 26e-6)
    # One accelerator is 48 USD a day; 14 tokens are 26e-6 USD.
    assert found["break_even.tokens"] == pytest.approx(48.0 / 26e-6 * 14)
    taken = float(found["throughput.input_replica"]) + float(found["throughput.replica"])
    assert found["break_even.utilization"] == pytest.approx(48.0 / 26e-6 * 14 / (taken * DAY))


def test_at_the_break_even_both_cost_the_same(serve: Serve) -> None:
    found = estimate_service(service(serve(), api_input=1e-6, api_output=4e-6))
    rate = float(found["break_even.tokens"]) / 14 / DAY
    again = estimate_service(service(serve(rate=rate, replicas=None), api_input=1e-6, api_output=4e-6))
    assert again["cost.api"] == pytest.approx(48.0)


def test_without_a_price_nothing_is_compared(serve: Serve) -> None:
    assert "cost.api" not in estimate_service(service(serve()))
    found = estimate_service(service(serve(price=None), api_input=1e-6, api_output=4e-6))
    assert "cost.api" in found
    assert "break_even.tokens" not in found


def test_stated_replicas_are_all_busy(serve: Serve) -> None:
    one, four = estimate_service(service(serve())), estimate_service(service(serve(replicas=4.0)))
    for name in ("throughput.requests", "accelerators", "cost.total", "energy.facility"):
        assert four[name] == pytest.approx(4 * float(one[name]))


def test_a_cached_prefix_is_bought_for_less_and_the_fleet_is_compared(serve: Serve) -> None:
    inputs = serve(rate=0.01, cache_hit=0.5, utilization=0.8, peak_to_mean=2.0)
    found = estimate_service(service(inputs, api_input=1e-6, api_output=4e-6, api_cached=0.2e-6))
    # 5 x 1 + 5 x 0.2 + 4 x 4 = 22e-6 USD a request, 864 a day.
    assert found["cost.api_per_request"] == pytest.approx(22e-6)
    assert found["cost.api"] == pytest.approx(864 * 22e-6)
    assert found["break_even.tokens"] == pytest.approx(48.0 / 22e-6 * 14)
    assert found["break_even.cost_ratio"] == pytest.approx(float(found["cost.total"]) / (864 * 22e-6))
    assert found["break_even.reachable"] == pytest.approx(0.4)


def test_input_and_output_pay_the_rent_together(serve: Serve) -> None:
    found = estimate_service(service(serve(concurrency=3.0, rate=0.01, spare=2.0, residual=1.2)))
    # 864 requests a day of 10 and 4 tokens.
    paid = 864 * (10 * float(found["cost.per_mtoken_input"]) + 4 * float(found["cost.per_mtoken_output"])) / 1e6
    assert paid == pytest.approx(float(found["cost.total"]))


def test_water_is_for_a_million_tokens_where_it_is_known(serve: Serve) -> None:
    inputs = service(serve(rate=0.01))
    # 864 requests of 4 tokens a day; 345.6 L for 3456 tokens are 100,000 L for a million.
    found = {"water.total": 345.6, "throughput.requests": 0.01}
    assert water_of(inputs, found)["water.per_mtoken_output"] == pytest.approx(1e5)
    assert water_of(inputs, {"throughput.requests": 0.01}) == {}
    assert water_of(service(serve(rate=0.01), writes=False), found) == {}
