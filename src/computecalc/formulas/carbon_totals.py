"""Carbon beside the location-based figure: market-based, with what making the hardware emitted, and for a unit."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.formulas.table import Numeric, formula

__all__ = ["market_carbon", "profile_intensity", "request_sci", "token_sci", "total_carbon"]


@formula(
    returns="gCO2e",
    facility_energy="J",
    carbon_free_share="1",
    residual_intensity="gCO2e/J",
    version=1,
    cite=("ghgprotocol2015",),
)
def market_carbon(*, facility_energy: Numeric, carbon_free_share: Numeric, residual_intensity: Numeric) -> Numeric:
    r"""Emissions of the electricity used, market-based: what contracts do not cover, at the factor of the rest.

    Parameters
    ----------
    facility_energy : numeric
        Energy of the whole facility, PUE included. [J]
    carbon_free_share : numeric
        Share that contracts for carbon-free electricity cover. [1]
    residual_intensity : numeric
        Emission factor of the uncovered rest: the residual mix, else the grid. [gCO2e/J]

    Returns
    -------
    numeric
        Market-based emissions; a second figure beside the location-based one, never added to it. [gCO2e]

    Notes
    -----
    .. math:: G_m = E_f (1 - s)\, \gamma_r

    References
    ----------
    ghgprotocol2015, chapters 4 and 6 (market-based method; the average of the grid where no residual mix is known).

    Examples
    --------
    >>> market_carbon(facility_energy=3.6e9, carbon_free_share=0.75, residual_intensity=1.0e-4)
    90000.0
    """
    return facility_energy * (1.0 - carbon_free_share) * residual_intensity


@formula(returns="gCO2e/J", intensities="gCO2e/J", loads="1", version=1, cite=("ghgprotocol2015",))
def profile_intensity(*, intensities: Sequence[Numeric], loads: Sequence[Numeric]) -> Numeric:
    r"""Emission factor of a profile, by what is drawn in each of its periods.

    Parameters
    ----------
    intensities : sequence of numeric
        Emission factor of each period; at least one. [gCO2e/J]
    loads : sequence of numeric
        Electricity drawn in each period, on any common scale: the hours of the period for a constant draw. [1]

    Returns
    -------
    numeric
        Mean emission factor, weighted by the draw. [gCO2e/J]

    Notes
    -----
    .. math:: \gamma = \frac{\sum_t l_t \gamma_t}{\sum_t l_t}

    References
    ----------
    ghgprotocol2015, chapter 6 (activity data times factor, period by period).

    Examples
    --------
    >>> profile_intensity(intensities=(1e-4, 2e-4), loads=(3.0, 1.0))
    0.000125
    """
    weighted = [intensity * load for intensity, load in zip(intensities, loads, strict=True)]
    return sum(weighted[1:], start=weighted[0]) / sum(loads[1:], start=loads[0])


@formula(returns="gCO2e", operational="gCO2e", embodied="gCO2e", version=1, cite=("iso2024",))
def total_carbon(*, operational: Numeric, embodied: Numeric) -> Numeric:
    """Carbon of running a workload and of the hardware it wears out.

    Parameters
    ----------
    operational : numeric
        Emissions of the electricity used, location-based. [gCO2e]
    embodied : numeric
        Share of the emissions of making the hardware. [gCO2e]

    Returns
    -------
    numeric
        Sum of both. [gCO2e]

    Notes
    -----
    .. math:: G = G_o + G_e

    References
    ----------
    iso2024, O + M.

    Examples
    --------
    >>> total_carbon(operational=1000.0, embodied=250.0)
    1250.0
    """
    return operational + embodied


@formula(returns="gCO2e/token", carbon="gCO2e", tokens="token", version=1, cite=("iso2024",))
def token_sci(*, carbon: Numeric, tokens: Numeric) -> Numeric:
    r"""Software carbon intensity with a token as the functional unit.

    Parameters
    ----------
    carbon : numeric
        Operational and embodied carbon. [gCO2e]
    tokens : numeric
        Tokens trained on, or generated. [token]

    Returns
    -------
    numeric
        Carbon for one token. [gCO2e/token]

    Notes
    -----
    .. math:: \mathrm{SCI} = \frac{O + M}{R}

    References
    ----------
    iso2024; R is a token.

    Examples
    --------
    >>> token_sci(carbon=1250.0, tokens=1e6)
    0.00125
    """
    return carbon / tokens


@formula(returns="gCO2e/request", carbon="gCO2e", rate="request/s", period="s", version=1, cite=("iso2024",))
def request_sci(*, carbon: Numeric, rate: Numeric, period: Numeric) -> Numeric:
    r"""Software carbon intensity with a request as the functional unit.

    Parameters
    ----------
    carbon : numeric
        Operational and embodied carbon of the period. [gCO2e]
    rate : numeric
        Requests of a time. [request/s]
    period : numeric
        Time that the carbon is counted over. [s]

    Returns
    -------
    numeric
        Carbon for one request. [gCO2e/request]

    Notes
    -----
    .. math:: \mathrm{SCI} = \frac{O + M}{\lambda T}

    References
    ----------
    iso2024; R is a request.

    Examples
    --------
    >>> request_sci(carbon=8640.0, rate=0.1, period=86400.0)
    1.0
    """
    return carbon / (rate * period)
