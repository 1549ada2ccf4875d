"""Building a data centre: power, the accelerators it hosts, and capital."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "capital_per_power",
    "critical_power",
    "equipment_capital",
    "facility_capital",
    "facility_charge",
    "hosted_accelerators",
    "reserved_time",
    "total_capital",
]


@formula(
    returns="accelerator",
    power="W",
    pue="1",
    draw="W/accelerator",
    version=1,
    cite=("barroso2018",),
)
def hosted_accelerators(*, power: Numeric, pue: Numeric, draw: Numeric) -> Numeric:
    r"""Accelerators that the power of a site can host, all at their limit.

    Parameters
    ----------
    power : numeric
        Power of the facility. [W]
    pue : numeric
        Power usage effectiveness at peak. [1]
    draw : numeric
        Peak draw of IT equipment for an accelerator. [W/accelerator]

    Returns
    -------
    numeric
        Whole accelerators. [accelerator]

    Notes
    -----
    .. math:: N = \left\lfloor \frac{W_f}{\eta W} \right\rfloor

    References
    ----------
    barroso2018, chapter 5 (how many servers a power budget hosts).

    Examples
    --------
    >>> float(hosted_accelerators(power=1e9, pue=1.25, draw=1600.0))
    500000.0
    """
    return np.floor(power / (pue * draw))


@formula(returns="W", accelerators="accelerator", draw="W/accelerator", version=1, cite=("barroso2018",))
def critical_power(*, accelerators: Numeric, draw: Numeric) -> Numeric:
    r"""Power that a site must supply to IT equipment.

    Parameters
    ----------
    accelerators : numeric
        Accelerators. [accelerator]
    draw : numeric
        Peak draw of IT equipment for an accelerator. [W/accelerator]

    Returns
    -------
    numeric
        Critical power, without PUE. [W]

    Notes
    -----
    .. math:: W_c = N W

    References
    ----------
    barroso2018, chapter 6 (critical power).

    Examples
    --------
    >>> critical_power(accelerators=1000.0, draw=1600.0)
    1600000.0
    """
    return accelerators * draw


@formula(returns="USD", power="W", capital="USD/W", version=1, cite=("barroso2018",))
def facility_capital(*, power: Numeric, capital: Numeric) -> Numeric:
    r"""Capital for the building with its power supply and cooling.

    Parameters
    ----------
    power : numeric
        Critical power. [W]
    capital : numeric
        Capital for each critical power. [USD/W]

    Returns
    -------
    numeric
        Capital. [USD]

    Notes
    -----
    .. math:: C_f = W_c\, c

    References
    ----------
    barroso2018, chapter 6 (capital for each watt of critical power).

    Examples
    --------
    >>> facility_capital(power=1e6, capital=12.0)
    12000000.0
    """
    return power * capital


@formula(returns="USD", accelerators="accelerator", price="USD/accelerator", version=1, cite=("cottier2024",))
def equipment_capital(*, accelerators: Numeric, price: Numeric) -> Numeric:
    r"""Capital for equipment that is bought by the accelerator.

    Parameters
    ----------
    accelerators : numeric
        Accelerators. [accelerator]
    price : numeric
        Price for each. [USD/accelerator]

    Returns
    -------
    numeric
        Capital. [USD]

    Notes
    -----
    .. math:: C = N P

    References
    ----------
    cottier2024, section 2 (acquisition cost of hardware).

    Examples
    --------
    >>> equipment_capital(accelerators=1000.0, price=40000.0)
    40000000.0
    """
    return accelerators * price


@formula(returns="USD", parts="USD", version=1, cite=("barroso2018",))
def total_capital(*, parts: Sequence[Numeric]) -> Numeric:
    r"""All capital together.

    Parameters
    ----------
    parts : sequence of numeric
        Facility, servers and network; at least one. [USD]

    Returns
    -------
    numeric
        Their sum. [USD]

    Notes
    -----
    .. math:: C = \sum_i C_i

    References
    ----------
    barroso2018, chapter 6 (capital expenses).

    Examples
    --------
    >>> total_capital(parts=(12.0, 30.0))
    42.0
    """
    return sum(parts[1:], start=parts[0])


@formula(returns="USD/W", capital="USD", power="W", version=1, cite=("barroso2018",))
def capital_per_power(*, capital: Numeric, power: Numeric) -> Numeric:
    r"""Capital of a whole campus for each power of its site.

    Parameters
    ----------
    capital : numeric
        All capital. [USD]
    power : numeric
        Power of the facility. [W]

    Returns
    -------
    numeric
        Capital for each power. [USD/W]

    Notes
    -----
    .. math:: c = C / W_f

    References
    ----------
    barroso2018, chapter 6 (capital for each watt).

    Examples
    --------
    >>> capital_per_power(capital=36e9, power=1e9)
    36.0
    """
    return capital / power


@formula(returns="USD", capital="USD", recovery="1/s", period="s", version=1, cite=("park2016",))
def facility_charge(*, capital: Numeric, recovery: Numeric, period: Numeric) -> Numeric:
    r"""What a facility must earn in a period to pay back its capital with interest.

    Parameters
    ----------
    capital : numeric
        Capital of the facility. [USD]
    recovery : numeric
        Capital recovery factor over its lifetime. [1/s]
    period : numeric
        The period. [s]

    Returns
    -------
    numeric
        Cost of the period. [USD]

    Notes
    -----
    .. math:: K = C\, c\, \tau

    References
    ----------
    park2016, chapter 3 (equal payment series: capital recovery factor).

    Examples
    --------
    >>> facility_charge(capital=1000.0, recovery=0.1, period=2.0)
    200.0
    """
    return capital * recovery * period


@formula(
    returns="accelerator*s", accelerators="accelerator", period="s", utilization="1", version=1, cite=("barroso2018",)
)
def reserved_time(*, accelerators: Numeric, period: Numeric, utilization: Numeric) -> Numeric:
    r"""Accelerator time in which the accelerators of a campus are at work.

    Parameters
    ----------
    accelerators : numeric
        Accelerators. [accelerator]
    period : numeric
        The period. [s]
    utilization : numeric
        Share of its life that an accelerator is reserved for some work. [1]

    Returns
    -------
    numeric
        Accelerator time. [accelerator*s]

    Notes
    -----
    .. math:: T = N \tau u

    References
    ----------
    barroso2018, chapter 6 (utilization and the cost of work).

    Examples
    --------
    >>> reserved_time(accelerators=1000.0, period=100.0, utilization=0.8)
    80000.0
    """
    return accelerators * period * utilization
