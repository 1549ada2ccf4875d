"""What energy and hardware do to the world beside location-based carbon: market-based and embodied carbon, water."""

from __future__ import annotations

from collections.abc import Callable

from computecalc.estimators.impact_units import IMPACT_UNITS
from computecalc.estimators.trace import labelled
from computecalc.formulas.carbon_totals import market_carbon, total_carbon
from computecalc.formulas.embodied import embodied_carbon, hardware_carbon
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["ImpactInputs", "impact_inputs", "impact_metrics"]

Metrics = dict[str, Numeric]


@record
class ImpactInputs:
    """Factors of site and hardware. None: not known."""

    carbon_free_share: Numeric | None
    residual_intensity: Numeric | None
    """Factor of the uncovered rest where a residual mix is known; else the grid's factor stands in."""
    wue: Numeric | None
    grid_water: Numeric | None
    accelerator: Numeric | None
    """Carbon of making one accelerator. [gCO2e/accelerator]"""
    host: Numeric | None
    """Carbon of making its share of the server. [gCO2e/accelerator]"""
    lifetime: Numeric | None
    utilization: Numeric | None
    """Share of the lifetime that somebody reserves."""


def impact_inputs(optional: Callable[[str], Numeric | None]) -> ImpactInputs:
    """Take what is known by the path of each input."""
    return ImpactInputs(**{path.partition(".")[2]: optional(path) for path in IMPACT_UNITS})


def impact_metrics(inputs: ImpactInputs, bill: Metrics, *, billed: Numeric, grid_intensity: Numeric | None) -> Metrics:
    """Carbon and water beside the operational figure.

    Metrics whose inputs are not known are left out.

    Parameters
    ----------
    inputs : ImpactInputs
        Factors of site and hardware.
    bill : dict
        What is known of energy and operational carbon.
    billed : numeric
        Reserved accelerator time. [accelerator*s]
    grid_intensity : numeric, optional
        Location-based emission factor. [gCO2e/J]
    """
    found = _market(inputs, bill, grid_intensity) | _water(inputs, bill)
    embodied = _embodied(inputs, billed)
    if embodied is not None:
        found["carbon.embodied"] = embodied
        if "carbon.operational" in bill:
            found["carbon.total"] = total_carbon(operational=bill["carbon.operational"], embodied=embodied)
    return found


def _market(inputs: ImpactInputs, bill: Metrics, grid_intensity: Numeric | None) -> Metrics:
    residual = inputs.residual_intensity if inputs.residual_intensity is not None else grid_intensity
    if inputs.carbon_free_share is None or residual is None or "energy.facility" not in bill:
        return {}
    energy = bill["energy.facility"]
    share = inputs.carbon_free_share
    return {
        "carbon.market": market_carbon(facility_energy=energy, carbon_free_share=share, residual_intensity=residual)
    }


def _water(inputs: ImpactInputs, bill: Metrics) -> Metrics:
    """Water on site from IT energy, which PUE is not in, and off site from that of the facility, which it is in."""
    if inputs.wue is None and inputs.grid_water is None:
        return {}
    # Imported here: without a region no water is known.
    from computecalc.formulas.water import offsite_water, onsite_water, total_water

    found: Metrics = {}
    if inputs.wue is not None and "energy.it" in bill:
        found["water.onsite"] = onsite_water(it_energy=bill["energy.it"], wue=inputs.wue)
    if inputs.grid_water is not None and "energy.facility" in bill:
        found["water.offsite"] = offsite_water(facility_energy=bill["energy.facility"], grid_water=inputs.grid_water)
    if len(found) == 2:
        found["water.total"] = total_water(onsite=found["water.onsite"], offsite=found["water.offsite"])
    return found


def _embodied(inputs: ImpactInputs, billed: Numeric) -> Numeric | None:
    if inputs.accelerator is None or inputs.host is None or inputs.lifetime is None or inputs.utilization is None:
        return None
    return embodied_carbon(
        hardware=labelled(hardware_carbon(accelerator=inputs.accelerator, host=inputs.host), "with its host"),
        accelerator_time=billed,
        lifetime=inputs.lifetime,
        utilization=inputs.utilization,
    )
