"""A campus, top to bottom: power, the accelerators it hosts, capital, and what a year of it costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from computecalc.estimators.footprint import FootprintInputs, footprint
from computecalc.estimators.input_units import InputUnit
from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.estimators.money_inputs import Ownership, ownership_inputs
from computecalc.estimators.ownership import NEVER, charges, hardware_prices
from computecalc.estimators.trace import labelled
from computecalc.formulas.buildout import (
    capital_per_power,
    critical_power,
    equipment_capital,
    facility_capital,
    facility_charge,
    hosted_accelerators,
    reserved_time,
    total_capital,
)
from computecalc.formulas.capital import capital_recovery
from computecalc.formulas.cost import rental_cost, total_cost
from computecalc.formulas.duration import node_count
from computecalc.formulas.ownership import (
    break_even_use,
    cost_per_time,
    energy_cost,
    owned_cost,
    peak_draw,
    total_charge,
)
from computecalc.formulas.table import Numeric
from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.errors import Diagnostic
    from computecalc.estimators.results import MetricValue

__all__ = [
    "CAMPUS_INPUTS",
    "CampusInputs",
    "campus_diagnostics",
    "campus_metrics",
    "estimate_campus",
    "unknown_campus_metrics",
]

CAMPUS_INPUTS: dict[str, InputUnit] = {
    "campus.power": InputUnit("W"),
    "campus.capital": InputUnit("USD/W"),
    "campus.lifetime": InputUnit("s"),
    "campus.interest": InputUnit("1/s"),
}
"""Inputs that only a campus has."""

Metrics = dict[str, Numeric]


@record
class CampusInputs:
    """The numbers of one campus."""

    count: Numeric | None
    """Accelerators; this or `site_power` is given, the other is solved."""
    site_power: Numeric | None
    capital: Numeric
    """For each critical power."""
    lifetime: Numeric
    interest: Numeric
    accelerators_per_node: Numeric
    power: Numeric | None
    """Average draw of an accelerator where stated; else `thermal_design` times `draw`."""
    thermal_design: Numeric
    draw: Numeric | None
    host_overhead: Numeric
    pue: Numeric
    grid_intensity: Numeric | None
    rent: Numeric | None
    ownership: Ownership


def campus_metrics(resolved: Resolved, number: Callable[[ResolvedInput], Numeric]) -> Metrics:
    """Return the metrics of a campus, each input as `number` gives it."""

    def needed(path: str) -> Numeric:
        return number(resolved.inputs[path])

    def optional(path: str) -> Numeric | None:
        found = resolved.inputs.get(path)
        return None if found is None else number(found)

    def of_ownership(path: str) -> Numeric | None:
        # A campus pays no rent for its own buildings.
        return 0.0 if path == "money.ownership.colocation" else optional(path)

    ownership = ownership_inputs(of_ownership)
    if ownership is None:
        raise ValueError("a campus without ownership: resolving a scenario provides it")
    return estimate_campus(
        CampusInputs(
            count=optional("cluster.count"),
            site_power=optional("campus.power"),
            capital=needed("campus.capital"),
            lifetime=needed("campus.lifetime"),
            interest=needed("campus.interest"),
            accelerators_per_node=needed("cluster.accelerators_per_node"),
            power=optional("power.accelerator"),
            thermal_design=needed("power.thermal_design"),
            draw=optional("power.draw"),
            host_overhead=needed("power.host_overhead"),
            pue=needed("site.pue"),
            grid_intensity=optional("site.grid_intensity"),
            rent=optional("money.price"),
            ownership=ownership,
        )
    )


def estimate_campus(inputs: CampusInputs) -> Metrics:
    """Estimate a campus.

    Parameters
    ----------
    inputs : CampusInputs
        Floats, arrays over cases, or traced floats.

    Returns
    -------
    dict
        Metric id to value; energy, emissions and cost are those of a year.
    """
    draw = peak_draw(thermal_design=inputs.thermal_design, host_overhead=inputs.host_overhead)
    accelerators = inputs.count
    if accelerators is None:
        if inputs.site_power is None:
            raise ValueError("neither count nor power: resolving a scenario demands one of them")
        accelerators = hosted_accelerators(power=inputs.site_power, pue=inputs.pue, draw=draw)
    critical = critical_power(accelerators=accelerators, draw=draw)
    year, use = inputs.ownership.year, inputs.ownership.utilization
    billed = reserved_time(accelerators=accelerators, period=year, utilization=use)
    metrics = {
        "accelerators": accelerators,
        "nodes": node_count(accelerators=accelerators, accelerators_per_node=inputs.accelerators_per_node),
        "accelerator_time.billed": billed,
        "power.it_peak": critical,
    } | footprint(
        FootprintInputs(
            power=inputs.power,
            thermal_design=inputs.thermal_design,
            draw=inputs.draw,
            host_overhead=inputs.host_overhead,
            pue=inputs.pue,
            grid_intensity=inputs.grid_intensity,
            price=None,
        ),
        billed=billed,
        accelerators=accelerators,
    )
    metrics |= _capital(inputs, accelerators, critical, metrics["power.facility_peak"])
    return metrics | _year(inputs, metrics, accelerators, billed)


def _capital(inputs: CampusInputs, accelerators: Numeric, critical: Numeric, facility_peak: Numeric) -> Metrics:
    facility = facility_capital(power=critical, capital=inputs.capital)
    found: Metrics = {"capital.facility": facility}
    prices = hardware_prices(inputs.ownership)
    if prices is None:
        return found
    servers, network = (
        labelled(equipment_capital(accelerators=accelerators, price=price), name)
        for price, name in zip(prices, ("servers", "network"), strict=True)
    )
    total = total_capital(parts=(facility, servers, network))
    return found | {
        "capital.servers": servers,
        "capital.network": network,
        "capital.total": total,
        "capital.per_power": capital_per_power(capital=total, power=facility_peak),
    }


def _year(inputs: CampusInputs, metrics: Metrics, accelerators: Numeric, billed: Numeric) -> Metrics:
    ownership = inputs.ownership
    each = charges(ownership, draw=None)
    found: Metrics = {
        name: labelled(
            owned_cost(accelerator_time=billed, charge=charge, utilization=ownership.utilization),
            name.partition(".")[2],
        )
        for name, charge in each.items()
    }
    recovery = labelled(
        capital_recovery(interest=inputs.interest, lifetime=inputs.lifetime, year=ownership.year),
        "recovery of the facility",
    )
    found["cost.facility"] = facility_charge(
        capital=metrics["capital.facility"], recovery=recovery, period=ownership.year
    )
    found["cost.energy"] = energy_cost(energy=metrics["energy.facility"], price=ownership.electricity_price)
    if inputs.rent is not None:
        found["cost.rented"] = labelled(rental_cost(accelerator_time=billed, price=inputs.rent), "rent")
    if "cost.accelerators" not in each:
        return found
    parts = ("accelerators", "network", "facility", "energy", "operations", "staff")
    total = total_cost(parts=tuple(found[f"cost.{part}"] for part in parts))
    found |= {"cost.total": total, "cost.owned_time": cost_per_time(cost=total, accelerator_time=billed)}
    if inputs.rent is not None:
        whole = labelled(reserved_time(accelerators=accelerators, period=ownership.year, utilization=1.0), "whole year")
        housing = labelled(cost_per_time(cost=found["cost.facility"], accelerator_time=whole), "facility")
        found["break_even.ownership"] = break_even_use(
            fixed=total_charge(parts=(*each.values(), housing)),
            variable=labelled(cost_per_time(cost=found["cost.energy"], accelerator_time=billed), "energy of a time"),
            rent=inputs.rent,
            most=NEVER,
        )
    return found


_NEEDS = {
    "money.ownership.server_price": (
        "capital.servers",
        "capital.network",
        "capital.total",
        "capital.per_power",
        "cost.accelerators",
        "cost.network",
        "cost.operations",
        "cost.total",
        "cost.owned_time",
    ),
    "site.grid_intensity": ("carbon.operational",),
}
"""Inputs that may be unknown, and the metrics that are null without them."""


def unknown_campus_metrics(resolved: Resolved) -> dict[str, str]:
    """Return the metrics that cannot be given, each with the reason."""
    return {name: reason for path, reason in resolved.unknown.items() for name in _NEEDS.get(path, ())}


def campus_diagnostics(
    resolved: Resolved,  # noqa: ARG001 - as other kinds
    outputs: Mapping[str, MetricValue],
) -> tuple[dict[str, MetricValue], tuple[Diagnostic, ...]]:
    """Return the outputs as they are: what could be wrong with a campus is told when it is resolved."""
    return dict(outputs), ()
