"""Water: evaporated at the site for cooling, and consumed where the electricity is made."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = ["offsite_water", "onsite_water", "total_water"]


@formula(returns="L", it_energy="J", wue="L/J", version=1, cite=("greengrid2011", "li2023"))
def onsite_water(*, it_energy: Numeric, wue: Numeric) -> Numeric:
    r"""Water that the site itself uses.

    Parameters
    ----------
    it_energy : numeric
        Energy at the IT boundary. [J]
    wue : numeric
        Water usage effectiveness: water of the site over its IT energy. [L/J]

    Returns
    -------
    numeric
        Water on site. [L]

    Notes
    -----
    .. math:: W_s = E_{IT}\, \mathrm{WUE}

    WUE is defined on IT energy, so that PUE does not enter.

    References
    ----------
    greengrid2011 (definition of WUE); li2023, equation 1.

    Examples
    --------
    >>> onsite_water(it_energy=3.6e9, wue=5e-7)
    1800.0
    """
    return it_energy * wue


@formula(returns="L", facility_energy="J", grid_water="L/J", version=1, cite=("li2023",))
def offsite_water(*, facility_energy: Numeric, grid_water: Numeric) -> Numeric:
    """Water consumed in making the electricity.

    Parameters
    ----------
    facility_energy : numeric
        Energy at the facility boundary, PUE included. [J]
    grid_water : numeric
        Water consumed in generation, over the electricity. [L/J]

    Returns
    -------
    numeric
        Water at the power plants. [L]

    Notes
    -----
    .. math:: W_g = E_f w

    References
    ----------
    li2023, equation 2 (PUE x EWIF on server energy).

    Examples
    --------
    >>> offsite_water(facility_energy=3.6e9, grid_water=1e-6)
    3600.0
    """
    return facility_energy * grid_water


@formula(returns="L", onsite="L", offsite="L", version=1, cite=("li2023",))
def total_water(*, onsite: Numeric, offsite: Numeric) -> Numeric:
    """Water of running the workload, on site and off site.

    Parameters
    ----------
    onsite : numeric
        Water that the site uses. [L]
    offsite : numeric
        Water that its electricity uses. [L]

    Returns
    -------
    numeric
        Water; that of making the hardware is not counted. [L]

    Notes
    -----
    .. math:: W = W_s + W_g

    References
    ----------
    li2023, equation 3.

    Examples
    --------
    >>> total_water(onsite=1800.0, offsite=3600.0)
    5400.0
    """
    return onsite + offsite
