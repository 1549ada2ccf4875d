"""The bill of accelerators of one's own: capital, network, energy, colocation, operations and staff."""

from __future__ import annotations

from computecalc.estimators.money_inputs import Ownership
from computecalc.estimators.trace import labelled
from computecalc.formulas.capital import (
    aged_price,
    capital_charge,
    capital_recovery,
    network_price,
    replacement_charge,
    server_price,
    total_price,
)
from computecalc.formulas.cost import rental_cost, total_cost
from computecalc.formulas.ownership import (
    break_even_use,
    colocation_charge,
    cost_per_time,
    energy_cost,
    owned_cost,
    peak_draw,
    total_charge,
    upkeep_charge,
)
from computecalc.formulas.table import Numeric

__all__ = ["NEVER", "charges", "hardware_prices", "owned_bill"]

NEVER = 10.0
"""Stands for a break-even that no use reaches, as any share above 1 is. [1]"""

Metrics = dict[str, Numeric]


def hardware_prices(ownership: Ownership) -> tuple[Numeric, Numeric] | None:
    """Return the price of an accelerator's share of server and of network; None where nobody knows it."""
    server = ownership.server_price
    if server is None:
        if ownership.accelerator_price is None or ownership.server_factor is None:
            return None
        server = server_price(accelerator_price=ownership.accelerator_price, server_factor=ownership.server_factor)
    if ownership.age is not None and ownership.replacement is not None:
        server = aged_price(price=server, replacement=ownership.replacement, age=ownership.age)
    return server, labelled(network_price(server_price=server, network_share=ownership.network_share), "network")


def charges(ownership: Ownership, *, draw: Numeric | None) -> Metrics:
    """Return what owning an accelerator costs for each time, used or not, by the part of the bill it is.

    Parameters
    ----------
    ownership : Ownership
        What owning takes.
    draw : numeric or None
        Peak draw of IT equipment for an accelerator; None: not known. [W/accelerator]
    """
    found: Metrics = {}
    prices = hardware_prices(ownership)
    if prices is not None:
        server, network = prices
        found["cost.accelerators"] = labelled(_capital(ownership, server), "capital of servers")
        found["cost.network"] = labelled(_capital(ownership, network), "capital of the network")
        found["cost.operations"] = upkeep_charge(price=total_price(parts=prices), operations=ownership.operations)
    if draw is not None:
        found["cost.colocation"] = colocation_charge(draw=draw, price=ownership.colocation)
    return found | {"cost.staff": ownership.staff}


def _capital(ownership: Ownership, price: Numeric) -> Numeric:
    if ownership.replacement is not None:
        return replacement_charge(price=price, replacement=ownership.replacement)
    if ownership.interest is None or ownership.lifetime is None or ownership.residual is None:
        raise ValueError("neither a replacement rate nor a lifetime: resolving a scenario provides one of them")
    recovery = capital_recovery(interest=ownership.interest, lifetime=ownership.lifetime, year=ownership.year)
    return capital_charge(price=price, residual=ownership.residual, recovery=recovery, interest=ownership.interest)


def owned_bill(
    ownership: Ownership,
    *,
    billed: Numeric,
    energy: Numeric | None,
    thermal_design: Numeric | None,
    host_overhead: Numeric,
    rent: Numeric | None,
) -> Metrics:
    """Return the cost of reserved time on accelerators of one's own, in parts that add up.

    Parts that cannot be known are left out, and then so is their sum.

    Parameters
    ----------
    ownership : Ownership
        What owning takes.
    billed : numeric
        Accelerator time that is reserved. [accelerator*s]
    energy : numeric or None
        Energy of the facility in that time. [J]
    thermal_design : numeric or None
        Thermal design power of an accelerator. [W/accelerator]
    host_overhead : numeric
        IT power over accelerator power. [1]
    rent : numeric or None
        Price of renting, to compare with. [USD/accelerator/s]
    """
    draw = None
    if thermal_design is not None:
        draw = peak_draw(thermal_design=thermal_design, host_overhead=host_overhead)
    each = charges(ownership, draw=draw)
    found: Metrics = {
        name: labelled(
            owned_cost(accelerator_time=billed, charge=charge, utilization=ownership.utilization),
            name.partition(".")[2],
        )
        for name, charge in each.items()
    }
    if energy is not None:
        found["cost.energy"] = labelled(energy_cost(energy=energy, price=ownership.electricity_price), "energy")
    if rent is not None:
        found["cost.rented"] = labelled(rental_cost(accelerator_time=billed, price=rent), "rent of the same time")
    if energy is None or draw is None or "cost.accelerators" not in each:
        return found
    parts = ("accelerators", "network", "energy", "colocation", "operations", "staff")
    total = total_cost(parts=tuple(found[f"cost.{part}"] for part in parts))
    found["cost.total"] = total
    found["cost.owned_time"] = cost_per_time(cost=total, accelerator_time=billed)
    if rent is not None:
        found["break_even.ownership"] = break_even_use(
            fixed=total_charge(parts=tuple(each.values())),
            variable=labelled(cost_per_time(cost=found["cost.energy"], accelerator_time=billed), "energy of a time"),
            rent=rent,
            most=NEVER,
        )
    return found
