"""Money."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "discounted_price",
    "rental_cost",
    "total_cost",
]


@formula(returns="USD/accelerator/s", price="USD/accelerator/s", discount="1", version=1, cite=("cottier2024",))
def discounted_price(*, price: Numeric, discount: Numeric) -> Numeric:
    r"""Rent after a discount, such as one for a commitment.

    Parameters
    ----------
    price : numeric
        Rent by the list. [USD/accelerator/s]
    discount : numeric
        Share of it that is taken off, below 1. [1]

    Returns
    -------
    numeric
        Rent that is paid. [USD/accelerator/s]

    Notes
    -----
    .. math:: p = p_l (1 - d)

    References
    ----------
    cottier2024, section 2 (discounts for committed use).

    Examples
    --------
    >>> discounted_price(price=0.001, discount=0.25)
    0.00075
    """
    return price * (1.0 - discount)


@formula(
    returns="USD",
    accelerator_time="accelerator*s",
    price="USD/accelerator/s",
    version=1,
    cite=("narayanan2021",),
)
def rental_cost(*, accelerator_time: Numeric, price: Numeric) -> Numeric:
    r"""Cost of renting the accelerators.

    Parameters
    ----------
    accelerator_time : numeric
        Billed accelerator time. [accelerator*s]
    price : numeric
        Rental price of one accelerator, its share of host, network and energy included.
        [USD/accelerator/s]

    Returns
    -------
    numeric
        Cost. [USD]

    Notes
    -----
    .. math:: K = T_b\, p

    References
    ----------
    narayanan2021, section 5.1 (accelerator time, here at a price).

    Examples
    --------
    >>> rental_cost(accelerator_time=3600.0, price=0.001)
    3.6
    """
    return accelerator_time * price


@formula(returns="USD", parts="USD", version=1, cite=("patterson2021",))
def total_cost(*, parts: Sequence[Numeric]) -> Numeric:
    r"""All costs together.

    Parameters
    ----------
    parts : sequence of numeric
        Every cost that counts; at least one. [USD]

    Returns
    -------
    numeric
        Their sum. [USD]

    Notes
    -----
    .. math:: K = \sum_i K_i

    References
    ----------
    patterson2021, section 4 (what a training run is charged with).

    Examples
    --------
    >>> total_cost(parts=(10.0, 2.5))
    12.5
    """
    return sum(parts[1:], start=parts[0])
