"""A whole programme: development runs, people and data."""

from __future__ import annotations

from computecalc.estimators.money_inputs import MONEY_INPUTS, staff_inputs
from computecalc.scenario.collector import Collector
from computecalc.scenario.money_schema import Programme
from computecalc.scenario.origins import defaulted
from computecalc.units.ranges import Range

__all__ = ["resolve_programme"]


def resolve_programme(collector: Collector, given: Programme) -> None:
    """Take what a programme takes besides its final run; what is not stated of staff and data is not counted."""
    collector.units = {**collector.units, **MONEY_INPUTS, **staff_inputs(given.staff)}
    if given.development is not None:
        collector.stated("programme.development", given.development)
    else:
        collector.prior("programme.development")
    if given.data is not None:
        collector.stated("programme.data", given.data)
    for name, group in given.staff.items():
        place = f"programme.staff.{name}"
        collector.stated(f"{place}.count", group.count)
        collector.stated(f"{place}.duration", group.duration)
        if group.compensation is not None:
            collector.stated(f"{place}.compensation", group.compensation)
        else:
            collector.prior("programme.staff.compensation", into=f"{place}.compensation")
            collector.together("programme.staff.compensation", [f"{place}.compensation"])
        if group.bonus is not None:
            collector.stated(f"{place}.bonus", group.bonus)
        else:
            collector.found(f"{place}.bonus", Range.exact(0.0), defaulted("no bonus is stated"))
