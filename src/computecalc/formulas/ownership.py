"""Owning accelerators: what one costs for each time that it is used."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "aged_price",
    "break_even_use",
    "capital_charge",
    "capital_recovery",
    "colocation_charge",
    "cost_per_time",
    "energy_cost",
    "network_price",
    "owned_cost",
    "peak_draw",
    "replacement_charge",
    "server_price",
    "total_charge",
    "total_price",
    "upkeep_charge",
]


@formula(
    returns="USD/accelerator", accelerator_price="USD/accelerator", server_factor="1", version=1, cite=("cottier2024",)
)
def server_price(*, accelerator_price: Numeric, server_factor: Numeric) -> Numeric:
    r"""Price of an accelerator with its share of the server.

    Parameters
    ----------
    accelerator_price : numeric
        Price of the accelerator alone. [USD/accelerator]
    server_factor : numeric
        Price of the server over that of its accelerators. [1]

    Returns
    -------
    numeric
        Price of its share of the server. [USD/accelerator]

    Notes
    -----
    .. math:: P_s = f_s\, P_a

    References
    ----------
    cottier2024, section 2 (server costs as an overhead on the price of the accelerators).

    Examples
    --------
    >>> server_price(accelerator_price=25000.0, server_factor=1.64)
    41000.0
    """
    return accelerator_price * server_factor


@formula(returns="USD/accelerator", server_price="USD/accelerator", network_share="1", version=1, cite=("cottier2024",))
def network_price(*, server_price: Numeric, network_share: Numeric) -> Numeric:
    r"""Price of an accelerator's share of the network between servers.

    Parameters
    ----------
    server_price : numeric
        Price of its share of the server. [USD/accelerator]
    network_share : numeric
        Share of the network in the price of the whole cluster, below 1. [1]

    Returns
    -------
    numeric
        Price of its share of the network. [USD/accelerator]

    Notes
    -----
    .. math:: P_n = P_s \frac{s_n}{1 - s_n}

    References
    ----------
    cottier2024, section 2 (the interconnect as a share of the cost of the cluster).

    Examples
    --------
    >>> network_price(server_price=40000.0, network_share=0.2)
    10000.0
    """
    return server_price * network_share / (1.0 - network_share)


@formula(
    returns="USD/accelerator", price="USD/accelerator", replacement="1/s", age="s", version=1, cite=("cottier2024",)
)
def aged_price(*, price: Numeric, replacement: Numeric, age: Numeric) -> Numeric:
    r"""Value of hardware that was bought some time ago.

    Parameters
    ----------
    price : numeric
        Price when it was bought. [USD/accelerator]
    replacement : numeric
        Rate at which its value falls with the progress of hardware. [1/s]
    age : numeric
        Time since then. [s]

    Returns
    -------
    numeric
        Value at the start of its use here. [USD/accelerator]

    Notes
    -----
    .. math:: P = P_0\, e^{-\delta a}

    References
    ----------
    cottier2024, section 2 (start value of a chip, from the trend of price-performance).

    Examples
    --------
    >>> round(float(aged_price(price=1000.0, replacement=0.5, age=2.0)), 3)
    367.879
    """
    return price * np.exp(-replacement * age)


@formula(returns="1/s", interest="1/s", lifetime="s", year="s", version=1, cite=("park2016",))
def capital_recovery(*, interest: Numeric, lifetime: Numeric, year: Numeric) -> Numeric:
    r"""Share of a price that each time of use must earn to pay it back with interest over its lifetime.

    Parameters
    ----------
    interest : numeric
        Cost of capital; 0 spreads the price evenly, to one part in 10^11. [1/s]
    lifetime : numeric
        Time until the hardware is replaced. [s]
    year : numeric
        The time after which interest is paid. [s]

    Returns
    -------
    numeric
        Capital recovery factor for each time. [1/s]

    Notes
    -----
    .. math:: c = \frac{1}{\tau} \frac{i}{1 - (1 + i)^{-n}}, \quad i = r\tau, \quad n = L / \tau

    References
    ----------
    park2016, chapter 3 (equal payment series: capital recovery factor).

    Examples
    --------
    >>> round(float(capital_recovery(interest=0.08, lifetime=5.0, year=1.0)), 6)
    0.250456
    >>> round(float(capital_recovery(interest=0.0, lifetime=5.0, year=1.0)), 6)
    0.2
    """
    return (
        np.maximum(interest * year, 1e-12)
        / -np.expm1(-lifetime / year * np.log1p(np.maximum(interest * year, 1e-12)))
        / year
    )


@formula(
    returns="USD/accelerator/s",
    price="USD/accelerator",
    residual="1",
    recovery="1/s",
    interest="1/s",
    version=1,
    cite=("park2016",),
)
def capital_charge(*, price: Numeric, residual: Numeric, recovery: Numeric, interest: Numeric) -> Numeric:
    r"""What hardware must earn in each time of its life: its loss of value, and interest on all of it.

    Parameters
    ----------
    price : numeric
        Price when it was bought. [USD/accelerator]
    residual : numeric
        Share of the price that it sells for at the end. [1]
    recovery : numeric
        Capital recovery factor. [1/s]
    interest : numeric
        Cost of capital. [1/s]

    Returns
    -------
    numeric
        Capital cost for each time, used or not. [USD/accelerator/s]

    Notes
    -----
    .. math:: k = P \left[(1 - \rho) c + \rho r\right]

    References
    ----------
    park2016, chapter 6 (capital recovery cost with salvage value).

    Examples
    --------
    >>> capital_charge(price=1000.0, residual=0.1, recovery=0.25, interest=0.08)
    233.0
    """
    return price * ((1.0 - residual) * recovery + residual * interest)


@formula(returns="USD/accelerator/s", price="USD/accelerator", replacement="1/s", version=1, cite=("cottier2024",))
def replacement_charge(*, price: Numeric, replacement: Numeric) -> Numeric:
    r"""What hardware must earn in each time of its life when a rate of replacement stands for lifetime and interest.

    Parameters
    ----------
    price : numeric
        Its value when this use began. [USD/accelerator]
    replacement : numeric
        Share of it that is used up in a time. [1/s]

    Returns
    -------
    numeric
        Capital cost for each time, used or not. [USD/accelerator/s]

    Notes
    -----
    .. math:: k = P\, \delta

    References
    ----------
    cottier2024, section 2 (0.14 orders of magnitude a year, that is 32.2 % of the start value).

    Examples
    --------
    >>> replacement_charge(price=1000.0, replacement=0.32)
    320.0
    """
    return price * replacement


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


@formula(returns="USD/accelerator", parts="USD/accelerator", version=1, cite=("barroso2018",))
def total_price(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Price of an accelerator with server and network.

    Parameters
    ----------
    parts : sequence of numeric
        The parts; at least one. [USD/accelerator]

    Returns
    -------
    numeric
        Their sum. [USD/accelerator]

    Notes
    -----
    .. math:: P = \sum_i P_i

    References
    ----------
    barroso2018, chapter 6 (parts of the cost of a data centre).

    Examples
    --------
    >>> total_price(parts=(3.0, 0.5))
    3.5
    """
    return sum(parts[1:], start=parts[0])
