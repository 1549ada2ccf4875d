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
        take_market_price(collector, replica.accelerator.id, today)
    if money.api_price is not None:
        collector.stated("money.api_price.input", money.api_price.input)
        collector.stated("money.api_price.output", money.api_price.output)
