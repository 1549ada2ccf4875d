"""Operational carbon."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "operational_carbon",
]


@formula(
    returns="gCO2e",
    facility_energy="J",
    grid_intensity="gCO2e/J",
    version=1,
    cite=(
        "ghgprotocol2015",
        "patterson2021",
    ),
)
def operational_carbon(*, facility_energy: Numeric, grid_intensity: Numeric) -> Numeric:
    r"""Emissions of the electricity used, location-based.

    Parameters
    ----------
    facility_energy : numeric
        Energy of the whole facility, PUE included. [J]
    grid_intensity : numeric
        Emission factor of the grid: location-based, of one named kind and year. [gCO2e/J]

    Returns
    -------
    numeric
        Operational emissions. [gCO2e]

    Notes
    -----
    .. math:: G = E_f\, \gamma

    References
    ----------
    ghgprotocol2015, chapter 4 (location-based method); patterson2021, section 2.5, equation 1.

    Examples
    --------
    >>> operational_carbon(facility_energy=3.6e9, grid_intensity=1.0e-4)
    360000.0
    """
    return facility_energy * grid_intensity
