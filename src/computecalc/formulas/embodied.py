"""Embodied carbon: a share of what making the hardware emitted, by the time that it is reserved."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = ["embodied_carbon", "hardware_carbon"]


@formula(
    returns="gCO2e/accelerator",
    accelerator="gCO2e/accelerator",
    host="gCO2e/accelerator",
    version=1,
    cite=("gupta2022", "morrison2025"),
)
def hardware_carbon(*, accelerator: Numeric, host: Numeric) -> Numeric:
    """Carbon of making one accelerator with its share of the server around it.

    Parameters
    ----------
    accelerator : numeric
        Making the accelerator, by a named method. [gCO2e/accelerator]
    host : numeric
        Its share of the server without accelerators. [gCO2e/accelerator]

    Returns
    -------
    numeric
        Emissions before any use; network and building are not counted. [gCO2e/accelerator]

    Notes
    -----
    .. math:: k = k_a + k_h

    References
    ----------
    gupta2022, equation 3 (sum over components); morrison2025, section 3 (hardware manufacturing).

    Examples
    --------
    >>> hardware_carbon(accelerator=164e3, host=500e3)
    664000.0
    """
    return accelerator + host


@formula(
    returns="gCO2e",
    hardware="gCO2e/accelerator",
    accelerator_time="accelerator*s",
    lifetime="s",
    utilization="1",
    version=1,
    cite=("gupta2022", "iso2024"),
)
def embodied_carbon(
    *, hardware: Numeric, accelerator_time: Numeric, lifetime: Numeric, utilization: Numeric
) -> Numeric:
    r"""Embodied carbon that falls to a workload, by the time it reserves.

    Parameters
    ----------
    hardware : numeric
        Carbon of making one accelerator with its share of the server. [gCO2e/accelerator]
    accelerator_time : numeric
        Reserved accelerator time. [accelerator*s]
    lifetime : numeric
        Time from the first to the last day in service. [s]
    utilization : numeric
        Share of the lifetime that somebody reserves; the rest is charged to those who do. [1]

    Returns
    -------
    numeric
        Emissions charged to the workload. [gCO2e]

    Notes
    -----
    .. math:: G_e = k \frac{T_b}{L\, u}

    References
    ----------
    gupta2022, equation 1 (share of the lifetime); iso2024, M = TE x TS x RS.

    Examples
    --------
    >>> embodied_carbon(hardware=500e3, accelerator_time=3.6e6, lifetime=1.8e8, utilization=0.8)
    12500.0
    """
    return hardware * accelerator_time / (lifetime * utilization)
