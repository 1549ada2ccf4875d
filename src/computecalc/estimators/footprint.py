"""From accelerator time to energy, carbon and money: the tail that training and inference share."""

from __future__ import annotations

from computecalc.estimators.trace import labelled
from computecalc.formulas.carbon import operational_carbon
from computecalc.formulas.cost import rental_cost, total_cost
from computecalc.formulas.power import (
    accelerator_energy,
    accelerator_power,
    facility_energy,
    facility_peak_power,
    it_energy,
    it_power,
)
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["FootprintInputs", "footprint"]


@record
class FootprintInputs:
    """What the tail needs besides accelerator time. None: not known."""

    power: Numeric | None
    """Average draw of an accelerator where stated; else `thermal_design` times `draw`. [W/accelerator]"""
    thermal_design: Numeric | None
    draw: Numeric | None
    host_overhead: Numeric
    pue: Numeric
    grid_intensity: Numeric | None
    price: Numeric | None


def footprint(inputs: FootprintInputs, *, billed: Numeric, accelerators: Numeric) -> dict[str, Numeric]:
    """Energy, carbon and cost of billed accelerator time.

    Metrics whose inputs are not known are left out.

    Parameters
    ----------
    inputs : FootprintInputs
        Power, site and price.
    billed : numeric
        Billed accelerator time. [accelerator*s]
    accelerators : numeric
        Accelerators reserved. [accelerator]
    """
    metrics: dict[str, Numeric] = {}
    power = inputs.power
    if power is None and inputs.thermal_design is not None and inputs.draw is not None:
        power = accelerator_power(thermal_design=inputs.thermal_design, draw=inputs.draw)
    if power is not None:
        own = accelerator_energy(power=power, accelerator_time=billed)
        it = it_energy(accelerators=own, host_overhead=inputs.host_overhead)
        facility = facility_energy(it=it, pue=inputs.pue)
        metrics |= {
            "power.accelerator": power,
            "power.it": it_power(power=power, host_overhead=inputs.host_overhead, accelerators=accelerators),
            "energy.accelerator": own,
            "energy.it": it,
            "energy.facility": facility,
        }
        if inputs.grid_intensity is not None:
            metrics["carbon.operational"] = operational_carbon(
                facility_energy=facility, grid_intensity=inputs.grid_intensity
            )
    if inputs.thermal_design is not None:
        metrics["power.facility_peak"] = facility_peak_power(
            thermal_design=inputs.thermal_design,
            host_overhead=inputs.host_overhead,
            accelerators=accelerators,
            pue=inputs.pue,
        )
    if inputs.price is not None:
        rental = labelled(rental_cost(accelerator_time=billed, price=inputs.price), "rental")
        metrics |= {"cost.accelerators": rental, "cost.total": total_cost(parts=(rental,))}
    return metrics
