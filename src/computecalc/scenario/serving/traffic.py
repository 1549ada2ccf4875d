"""What is asked of a service: lengths, and one way of saying how much."""

from __future__ import annotations

from computecalc.errors import Diagnostic, Note, ScenarioError
from computecalc.records import changed
from computecalc.scenario.collector import Collector
from computecalc.scenario.origins import defaulted, stated_origin
from computecalc.scenario.serving.lengths import Lengths
from computecalc.scenario.serving.schema import InferScenario
from computecalc.units.grammar import parse_quantity
from computecalc.units.ranges import Range

__all__ = ["resolve_traffic", "traffic_problems"]

_LOADS = ("rate", "concurrency", "tokens", "users", "offline")
"""Keys of which one says how much is asked; without any, a replica is always busy."""

_PERIODS = (
    ("traffic.period", "s", "1 d", "energy, emissions and cost are those of a day"),
    ("traffic.month", "s", "1 month", "a twelfth of a year"),
    ("traffic.bundle", "token", "1M tokens", "prices of tokens are for a million"),
)


def traffic_problems(collector: Collector) -> list[Diagnostic]:
    """Return what keeps the traffic from saying one thing: CC304 for two loads, CC305 for half of one."""
    loads = [key for key in _LOADS if collector.is_stated(f"traffic.{key}")]
    problems = []
    if len(loads) > 1:
        first, second = (f"traffic.{key}" for key in loads[:2])
        problems.append(
            Diagnostic(
                "CC304",
                f"both `{first}` and `{second}` are stated, but each says how much is asked",
                span=collector.place(second),
                hint="keep one; set an inherited one to null",
                notes=(Note(f"`{first}` is stated here", collector.place(first)),),
            )
        )
    people = [collector.is_stated(f"traffic.{key}") for key in ("users", "requests_per_user")]
    if any(people) and not all(people):
        there, missing = ("users", "requests_per_user") if people[0] else ("requests_per_user", "users")
        problems.append(
            Diagnostic(
                "CC305",
                f"`traffic.{there}` is stated without `traffic.{missing}`",
                span=collector.place(f"traffic.{there}"),
                hint="state both, such as users: 3B and requests_per_user: 10 request/month",
            )
        )
    return problems


def resolve_traffic(collector: Collector, scenario: InferScenario) -> None:
    """Take lengths, load, peak and cache hits.

    Raises
    ------
    ScenarioError
        CC304 and CC305, where the traffic says two things or half of one; CC405 for a range of outputs from none.
    """
    traffic = scenario.traffic
    problems = traffic_problems(collector)
    if traffic.output.mean.low < 1.0 and traffic.output.mean.high > 0.0:
        hint = "0 alone says that nothing is written; else the low end is at least 1 token"
        message = "an output of less than one token is no output, and a range cannot be both"
        problems.append(Diagnostic("CC405", message, span=collector.place("traffic.output"), hint=hint))
    if problems:
        raise ScenarioError(*problems)
    for name in ("input", "output"):
        _take_lengths(collector, f"traffic.{name}", getattr(traffic, name))
    for key in ("rate", "concurrency", "tokens", "users", "requests_per_user"):
        value = getattr(traffic, key)
        if value is not None:
            collector.stated(f"traffic.{key}", value)
    _stated_or(collector, "traffic.peak_to_mean", traffic.peak_to_mean, 1.0, "no peak is stated: a constant rate")
    _stated_or(collector, "traffic.cache_hit", traffic.cache_hit, 0.0, "no cache hits are stated: none")
    offline = defaulted("not stated: requests come while others run")
    collector.choose_stated("traffic.offline", str(traffic.offline).lower(), offline)
    for path, unit, text, reason in _PERIODS:
        collector.found(path, parse_quantity(text, unit=unit), defaulted(reason))


def _take_lengths(collector: Collector, path: str, lengths: Lengths) -> None:
    """Take the mean, and of a distribution how far it spreads."""
    origin = stated_origin(collector.place(path))
    if lengths.text:
        origin = changed(origin, text=f"{origin.text}, {lengths.text}")
    collector.found(path, lengths.mean, origin)
    if lengths.long is not None:
        collector.found(f"{path}_spread", Range.exact(lengths.spread), origin)
        collector.found(f"{path}_long", Range.exact(lengths.long), origin)


def _stated_or(collector: Collector, path: str, value: Range | None, absent: float, reason: str) -> None:
    if value is not None:
        collector.stated(path, value)
    else:
        collector.found(path, Range.exact(absent), defaulted(reason))
