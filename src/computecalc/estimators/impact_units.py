"""Inputs of power, and of carbon and water beside the location-based factor, with their units."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TYPE_CHECKING

from computecalc.formulas.table import Numeric

if TYPE_CHECKING:
    from computecalc.estimators.impact import ImpactInputs

__all__ = ["IMPACT_UNITS", "POWER_UNITS", "footprint_needs", "impact_of"]

POWER_UNITS: dict[str, tuple[str, str]] = {
    "power.server_maximum": ("W", "node"),
    "power.training.idle": ("1", ""),
    "power.training.maximum": ("1", ""),
}
"""Limits of servers and accelerators: unit of each, and what it is counted for where the unit leaves it out."""

IMPACT_UNITS: dict[str, tuple[str, str]] = {
    "site.carbon_free_share": ("1", ""),
    "site.residual_intensity": ("gCO2e/J", ""),
    "site.wue": ("L/J", ""),
    "site.grid_water": ("L/J", ""),
    "embodied.accelerator": ("gCO2e", "accelerator"),
    "embodied.host": ("gCO2e", "accelerator"),
    "embodied.lifetime": ("s", ""),
    "embodied.utilization": ("1", ""),
}
"""The same of carbon and water."""

_POWERED = (
    "power.accelerator",
    "power.it",
    "power.facility",
    "energy.accelerator",
    "energy.it",
    "energy.facility",
    "carbon.operational",
    "carbon.market",
    "carbon.total",
    "water.onsite",
    "water.offsite",
    "water.total",
)


def footprint_needs(*, per_unit: tuple[str, ...], powered: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """Return the inputs of power, carbon and water that may be unknown, and the metrics that are null without them.

    Parameters
    ----------
    per_unit : tuple of str
        Metrics of carbon for a functional unit, embodied carbon in them.
    powered : tuple of str
        Further metrics that need the draw of an accelerator.
    """
    return {
        "power.thermal_design": ("power.facility_peak",),
        "power.accelerator": (*_POWERED, *per_unit, *powered),
        "site.grid_intensity": ("carbon.operational", "carbon.market", "carbon.total", *per_unit),
        "site.carbon_free_share": ("carbon.market",),
        "site.wue": ("water.onsite", "water.total"),
        "site.grid_water": ("water.offsite", "water.total"),
        "embodied.accelerator": ("carbon.embodied", "carbon.total", *per_unit),
    }


def impact_of(known: Container[str], optional: Callable[[str], Numeric | None]) -> ImpactInputs | None:
    """Take what is known of carbon and water beside the location-based factor; None where nothing is.

    Parameters
    ----------
    known : container of str
        Paths of the inputs of a scenario.
    optional : callable
        The number of an input by its path, None where it is absent.
    """
    if not any(path in known for path in IMPACT_UNITS):
        return None
    # Imported here: estimates in which nothing of it is known need none of it.
    from computecalc.estimators.impact import impact_inputs

    return impact_inputs(optional)
