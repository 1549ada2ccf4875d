"""From accelerator time to energy, carbon and money: the tail that training and inference share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from computecalc.estimators.trace import labelled
from computecalc.formulas.carbon import operational_carbon
from computecalc.formulas.cost import rental_cost, total_cost
from computecalc.formulas.power import (
    accelerator_energy,
    accelerator_power,
    facility_energy,
    facility_peak_power,
    facility_power,
    it_energy,
    it_power,
    server_peak_power,
)
from computecalc.formulas.table import Numeric
from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.estimators.impact import ImpactInputs

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
    server_maximum: Numeric | None = None
    """Nameplate of a server; with `accelerators_per_node`, what a site is laid out for. [W/node]"""
    accelerators_per_node: Numeric | None = None
    impact: ImpactInputs | None = None
    """Market-based and embodied carbon, and water."""


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
        average = it_power(power=power, host_overhead=inputs.host_overhead, accelerators=accelerators)
        metrics |= {
            "power.accelerator": power,
            "power.it": average,
            "power.facility": facility_power(it=average, pue=inputs.pue),
            "energy.accelerator": own,
            "energy.it": it,
            "energy.facility": facility,
        }
        if inputs.grid_intensity is not None:
            metrics["carbon.operational"] = operational_carbon(
                facility_energy=facility, grid_intensity=inputs.grid_intensity
            )
    metrics |= _peak(inputs, accelerators)
    if inputs.impact is not None:
        # Imported here: the inputs come with it, and only where something is known.
        from computecalc.estimators.impact import impact_metrics

        metrics |= impact_metrics(inputs.impact, metrics, billed=billed, grid_intensity=inputs.grid_intensity)
    if inputs.price is not None:
        rental = labelled(rental_cost(accelerator_time=billed, price=inputs.price), "rental")
        metrics |= {"cost.accelerators": rental, "cost.total": total_cost(parts=(rental,))}
    return metrics


def _peak(inputs: FootprintInputs, accelerators: Numeric) -> dict[str, Numeric]:
    """Power a site must supply: servers at their nameplate, else accelerators at their limit."""
    if inputs.server_maximum is not None and inputs.accelerators_per_node is not None:
        return {
            "power.facility_peak": server_peak_power(
                server_maximum=inputs.server_maximum,
                accelerators_per_node=inputs.accelerators_per_node,
                accelerators=accelerators,
                pue=inputs.pue,
            )
        }
    if inputs.thermal_design is None:
        return {}
    return {
        "power.facility_peak": facility_peak_power(
            thermal_design=inputs.thermal_design,
            host_overhead=inputs.host_overhead,
            accelerators=accelerators,
            pue=inputs.pue,
        )
    }
