"""Power, price and prices to compare with of a service."""

from __future__ import annotations

from datetime import date

from computecalc.scenario.collector import Collector
from computecalc.scenario.footprint import take_market_price
from computecalc.scenario.power import take_hosts, take_limits
from computecalc.scenario.serving.replica import ResolvedReplica
from computecalc.scenario.serving.schema import InferScenario

__all__ = ["resolve_service_money", "resolve_service_power"]

_CURVE = ("base", "memory_slope", "compute_slope", "idle")


def resolve_service_power(collector: Collector, scenario: InferScenario, replica: ResolvedReplica) -> None:
    """Take the draw of a working accelerator: stated, or a curve of what is busy; and the share of the hosts."""
    given = scenario.power
    if take_limits(collector, given, replica.accelerator):
        collector.priors(*(f"power.serving.{name}" for name in _CURVE), **replica.labels)
        collector.together("power.serving", [f"power.serving.{name}" for name in _CURVE])
    take_hosts(collector, given, replica.accelerator, replica.labels)


def resolve_service_money(collector: Collector, scenario: InferScenario, replica: ResolvedReplica, today: date) -> None:
    """Take the rental price, and what somebody else takes for tokens."""
    money = scenario.money
    if money.price is not None:
        collector.stated("money.price", money.price)
    else:
        take_market_price(
            collector, replica.accelerator.id, today, commitment=money.commitment, provider=money.provider
        )
    if money.discount is not None:
        collector.stated("money.discount", money.discount)
    if money.ownership is not None:
        # Imported here: a service that is rented needs nothing of it.
        from computecalc.scenario.bill import resolve_bill

        resolve_bill(collector, money.ownership, None, replica.accelerator, scenario.site)
    api = money.api_price
    if isinstance(api, str):
        entry = collector.catalog.find("api-price", api, span=collector.place("money.api_price"))
        for name in ("input", "output", "cached_input"):
            if entry.get(name) is not None:
                collector.figure(f"money.api_price.{name}", entry, name)
    elif api is not None:
        collector.stated("money.api_price.input", api.input)
        collector.stated("money.api_price.output", api.output)
        if api.cached_input is not None:
            collector.stated("money.api_price.cached_input", api.cached_input)
