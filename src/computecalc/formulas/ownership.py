"""Owning accelerators: what one costs for each time that it is used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "break_even_use",
    "colocation_charge",
    "cost_per_time",
    "energy_cost",
    "owned_cost",
    "peak_draw",
    "total_charge",
    "upkeep_charge",
]


@formula(returns="W/accelerator", thermal_design="W/accelerator", host_overhead="1", version=1, cite=("barroso2018",))
def peak_draw(*, thermal_design: Numeric, host_overhead: Numeric) -> Numeric:
    r"""Power that must be reserved for an accelerator with its share of host and network.

    Parameters
    ----------
    thermal_design : numeric
        Thermal design power of one accelerator. [W/accelerator]
    host_overhead : numeric
        IT power over accelerator power. [1]

    Returns
    -------
    numeric
        Peak draw of IT equipment for an accelerator, without PUE. [W/accelerator]

    Notes
    -----
    .. math:: W = W_t\, h

    References
    ----------
    barroso2018, chapter 6 (capital for critical power is paid by its peak).

    Examples
    --------
    >>> peak_draw(thermal_design=700.0, host_overhead=1.5)
    1050.0
    """
    return thermal_design * host_overhead


@formula(returns="USD/accelerator/s", draw="W/accelerator", price="USD/W/s", version=1, cite=("barroso2018",))
def colocation_charge(*, draw: Numeric, price: Numeric) -> Numeric:
    r"""Rent of space, power supply and cooling for an accelerator, which is asked for its peak power.

    Parameters
    ----------
    draw : numeric
        Peak draw of IT equipment for an accelerator. [W/accelerator]
    price : numeric
        Rent for each power and time, without electricity. [USD/W/s]

    Returns
    -------
    numeric
        Rent for each time, used or not. [USD/accelerator/s]

    Notes
    -----
    .. math:: k = W\, p_c

    References
    ----------
    barroso2018, chapter 6 (cost of a data centre by the power it supplies).

    Examples
    --------
    >>> colocation_charge(draw=1000.0, price=0.18)
    180.0
    """
    return draw * price


@formula(returns="USD/accelerator/s", price="USD/accelerator", operations="1/s", version=1, cite=("barroso2018",))
def upkeep_charge(*, price: Numeric, operations: Numeric) -> Numeric:
    r"""Repair, support and insurance of hardware, as a share of its price.

    Parameters
    ----------
    price : numeric
        Price of server and network for an accelerator. [USD/accelerator]
    operations : numeric
        Share of it that is paid in a time. [1/s]

    Returns
    -------
    numeric
        Upkeep for each time, used or not. [USD/accelerator/s]

    Notes
    -----
    .. math:: k = P\, o

    References
    ----------
    barroso2018, chapter 6 (repair and maintenance as a share of the price of servers).

    Examples
    --------
    >>> upkeep_charge(price=50000.0, operations=0.02)
    1000.0
    """
    return price * operations


@formula(
    returns="USD",
    accelerator_time="accelerator*s",
    charge="USD/accelerator/s",
    utilization="1",
    version=1,
    cite=("barroso2018",),
)
def owned_cost(*, accelerator_time: Numeric, charge: Numeric, utilization: Numeric) -> Numeric:
    r"""What is charged for accelerators of one's own: the time used bears the time that they stand idle.

    Parameters
    ----------
    accelerator_time : numeric
        Accelerator time that is reserved here. [accelerator*s]
    charge : numeric
        Cost for each time, used or not. [USD/accelerator/s]
    utilization : numeric
        Share of its life that an accelerator is reserved for some work. [1]

    Returns
    -------
    numeric
        Cost. [USD]

    Notes
    -----
    .. math:: K = T_b\, k / u

    References
    ----------
    barroso2018, chapter 6 (idle servers raise the cost of those at work).

    Examples
    --------
    >>> owned_cost(accelerator_time=100.0, charge=2.0, utilization=0.8)
    250.0
    """
    return accelerator_time * charge / utilization


@formula(returns="USD", energy="J", price="USD/J", version=1, cite=("cottier2024",))
def energy_cost(*, energy: Numeric, price: Numeric) -> Numeric:
    r"""Cost of electricity.

    Parameters
    ----------
    energy : numeric
        Energy of the whole facility, PUE included. [J]
    price : numeric
        Price of electricity. [USD/J]

    Returns
    -------
    numeric
        Cost. [USD]

    Notes
    -----
    .. math:: K = E\, p_e

    References
    ----------
    cottier2024, section 2 (energy at the industrial price).

    Examples
    --------
    >>> energy_cost(energy=3.6e9, price=2.5e-8)
    90.0
    """
    return energy * price


@formula(returns="USD/accelerator/s", cost="USD", accelerator_time="accelerator*s", version=1, cite=("cottier2024",))
def cost_per_time(*, cost: Numeric, accelerator_time: Numeric) -> Numeric:
    r"""Cost for each time of an accelerator, to be compared with a rent.

    Parameters
    ----------
    cost : numeric
        Cost. [USD]
    accelerator_time : numeric
        Accelerator time that it pays for. [accelerator*s]

    Returns
    -------
    numeric
        Cost for each time. [USD/accelerator/s]

    Notes
    -----
    .. math:: p = K / T_b

    References
    ----------
    cottier2024, section 2 (owning compared with renting by the hour).

    Examples
    --------
    >>> cost_per_time(cost=500.0, accelerator_time=250.0)
    2.0
    """
    return cost / accelerator_time


@formula(
    returns="1",
    fixed="USD/accelerator/s",
    variable="USD/accelerator/s",
    rent="USD/accelerator/s",
    most="1",
    version=1,
    cite=("park2016",),
)
def break_even_use(*, fixed: Numeric, variable: Numeric, rent: Numeric, most: Numeric) -> Numeric:
    r"""Share of its life that an accelerator must be used for to cost less than a rented one.

    Parameters
    ----------
    fixed : numeric
        Cost of owning it for each time, used or not. [USD/accelerator/s]
    variable : numeric
        Cost that only arises in use: electricity. [USD/accelerator/s]
    rent : numeric
        Rent for the time of use. [USD/accelerator/s]
    most : numeric
        What stands for never, where the rent is hardly more than the electricity. [1]

    Returns
    -------
    numeric
        Share; above 1 renting costs less whatever the use. [1]

    Notes
    -----
    .. math:: u = \min\left(u_m, \frac{k_f}{\max(p - k_v, k_f / u_m)}\right)

    References
    ----------
    park2016, chapter 8 (break-even volume from fixed and variable cost).

    Examples
    --------
    >>> float(break_even_use(fixed=1.5, variable=0.25, rent=2.25, most=1000.0))
    0.75
    >>> float(break_even_use(fixed=1.5, variable=0.25, rent=0.25, most=1000.0))
    1000.0
    """
    return fixed / np.maximum(rent - variable, fixed / most)


@formula(returns="USD/accelerator/s", parts="USD/accelerator/s", version=1, cite=("barroso2018",))
def total_charge(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Everything that owning an accelerator costs for each time, used or not.

    Parameters
    ----------
    parts : sequence of numeric
        The parts; at least one. [USD/accelerator/s]

    Returns
    -------
    numeric
        Their sum. [USD/accelerator/s]

    Notes
    -----
    .. math:: k = \sum_i k_i

    References
    ----------
    barroso2018, chapter 6 (parts of the cost of a data centre).

    Examples
    --------
    >>> total_charge(parts=(3.0, 0.5))
    3.5
    """
    return sum(parts[1:], start=parts[0])
