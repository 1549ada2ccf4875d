"""Buying hardware: its price with server and network, and the capital that each time of its life pays back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "aged_price",
    "capital_charge",
    "capital_recovery",
    "network_price",
    "replacement_charge",
    "server_price",
    "total_price",
]

_LEAST = 2.0**-40
"""Interest of a year that stands for none, so that the factor needs no case of its own. [1]"""


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


@formula(returns="1/s", interest="1/s", lifetime="s", year="s", version=1, cite=("park2016",))
def capital_recovery(*, interest: Numeric, lifetime: Numeric, year: Numeric) -> Numeric:
    r"""Share of a price that each time of use must earn to pay it back with interest over its lifetime.

    Parameters
    ----------
    interest : numeric
        Cost of capital; 0 spreads the price evenly, to one part in a million million. [1/s]
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
        np.maximum(interest * year, _LEAST)
        / -np.expm1(-lifetime / year * np.log1p(np.maximum(interest * year, _LEAST)))
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
