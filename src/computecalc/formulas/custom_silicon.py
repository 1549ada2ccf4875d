"""A chip of one's own against one that is sold: wafers, cost, electricity, and the volume from which it pays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "break_even_volume",
    "chips_cost",
    "cost_each",
    "developed_cost",
    "die_share",
    "lifetime_cost",
    "lifetime_energy_cost",
    "wafer_count",
]


@formula(returns="m^2", area="m^2", dies="1", version=1, cite=("hennessy2017",))
def die_share(*, area: Numeric, dies: Numeric) -> Numeric:
    r"""Area of one of several dies of the same size.

    Parameters
    ----------
    area : numeric
        Area of all compute dies of an accelerator. [m^2]
    dies : numeric
        Their number. [1]

    Returns
    -------
    numeric
        Area of one. [m^2]

    Notes
    -----
    .. math:: a = A / n

    References
    ----------
    hennessy2017, section 1.6 (cost of a die).

    Examples
    --------
    >>> die_share(area=8e-4, dies=2.0)
    0.0004
    """
    return area / dies


@formula(returns="USD/accelerator", cost="USD", count="accelerator", version=1, cite=("hennessy2017",))
def cost_each(*, cost: Numeric, count: Numeric) -> Numeric:
    r"""Cost of making one of several accelerators.

    Parameters
    ----------
    cost : numeric
        Cost of all. [USD]
    count : numeric
        Their number. [accelerator]

    Returns
    -------
    numeric
        Cost of each. [USD/accelerator]

    Notes
    -----
    .. math:: k = K / V

    References
    ----------
    hennessy2017, section 1.6 (cost of an integrated circuit).

    Examples
    --------
    >>> cost_each(cost=3000.0, count=1.0)
    3000.0
    """
    return cost / count


@formula(returns="USD/accelerator", parts="USD/accelerator", version=1, cite=("magaki2016",))
def lifetime_cost(*, parts: Sequence[Numeric]) -> Numeric:
    r"""What an accelerator costs over its life.

    Parameters
    ----------
    parts : sequence of numeric
        Chip, its share of server and network, electricity; at least one. [USD/accelerator]

    Returns
    -------
    numeric
        Their sum. [USD/accelerator]

    Notes
    -----
    .. math:: k = \sum_i k_i

    References
    ----------
    magaki2016 (total cost of ownership).

    Examples
    --------
    >>> lifetime_cost(parts=(3000.0, 1000.0))
    4000.0
    """
    return sum(parts[1:], start=parts[0])


@formula(
    returns="1",
    coefficient="1/accelerator",
    volume="accelerator",
    dies="1",
    dies_per_wafer="1",
    die_yield="1",
    assembly_yield="1",
    version=1,
    cite=("hennessy2017",),
)
def wafer_count(
    *, volume: Numeric, dies: Numeric, dies_per_wafer: Numeric, die_yield: Numeric, assembly_yield: Numeric
) -> Numeric:
    r"""Wafers that a number of working accelerators takes.

    Parameters
    ----------
    volume : numeric
        Working accelerators. [accelerator]
    dies : numeric
        Compute dies of each. [1]
    dies_per_wafer : numeric
        Gross dies of a wafer. [1]
    die_yield : numeric
        Share of them that work. [1]
    assembly_yield : numeric
        Share of assembled packages that work. [1]

    Returns
    -------
    numeric
        Whole wafers. [1]

    Notes
    -----
    .. math:: N_w = \left\lceil \frac{V n}{N Y Y_a} \right\rceil

    References
    ----------
    hennessy2017, section 1.6 (dies per wafer, die yield and final yield).

    Examples
    --------
    >>> float(wafer_count(volume=900.0, dies=2.0, dies_per_wafer=80.0, die_yield=0.5, assembly_yield=0.9))
    50.0
    """
    return np.ceil(volume * dies / (dies_per_wafer * die_yield * assembly_yield))


@formula(
    returns="USD/accelerator",
    draw="W/accelerator",
    load="1",
    pue="1",
    price="USD/J",
    lifetime="s",
    utilization="1",
    version=1,
    cite=("barroso2018",),
)
def lifetime_energy_cost(
    *, draw: Numeric, load: Numeric, pue: Numeric, price: Numeric, lifetime: Numeric, utilization: Numeric
) -> Numeric:
    r"""Electricity of an accelerator over its life.

    Parameters
    ----------
    draw : numeric
        Peak draw of IT equipment for an accelerator. [W/accelerator]
    load : numeric
        Average draw in use over that peak. [1]
    pue : numeric
        Power usage effectiveness. [1]
    price : numeric
        Price of electricity. [USD/J]
    lifetime : numeric
        Time until it is replaced. [s]
    utilization : numeric
        Share of that time in which it is used. [1]

    Returns
    -------
    numeric
        Cost over its life. [USD/accelerator]

    Notes
    -----
    .. math:: K = W l\, \eta\, p_e L u

    References
    ----------
    barroso2018, chapter 6 (operational cost of a server).

    Examples
    --------
    >>> lifetime_energy_cost(draw=1000.0, load=0.5, pue=1.25, price=2e-8, lifetime=1e8, utilization=0.8)
    1000.0
    """
    return draw * load * pue * price * lifetime * utilization


@formula(
    returns="USD/accelerator",
    chip="USD/accelerator",
    development="USD",
    volume="accelerator",
    version=1,
    cite=("magaki2016",),
)
def developed_cost(*, chip: Numeric, development: Numeric, volume: Numeric) -> Numeric:
    r"""Cost of a chip of one's own with its share of the development.

    Parameters
    ----------
    chip : numeric
        Cost of making one. [USD/accelerator]
    development : numeric
        Non-recurring engineering: design, verification, software, masks. [USD]
    volume : numeric
        Chips made. [accelerator]

    Returns
    -------
    numeric
        Cost of each. [USD/accelerator]

    Notes
    -----
    .. math:: k = k_c + D / V

    References
    ----------
    magaki2016 (non-recurring engineering spread over a cloud of chips).

    Examples
    --------
    >>> developed_cost(chip=3000.0, development=5e8, volume=100000.0)
    8000.0
    """
    return chip + development / volume


@formula(returns="USD", each="USD/accelerator", count="accelerator", version=1, cite=("magaki2016",))
def chips_cost(*, each: Numeric, count: Numeric) -> Numeric:
    r"""Cost of a number of chips.

    Parameters
    ----------
    each : numeric
        Cost of one. [USD/accelerator]
    count : numeric
        Chips. [accelerator]

    Returns
    -------
    numeric
        Cost. [USD]

    Notes
    -----
    .. math:: K = V k

    References
    ----------
    magaki2016 (total cost of ownership).

    Examples
    --------
    >>> chips_cost(each=3000.0, count=1000.0)
    3000000.0
    """
    return each * count


@formula(
    returns="accelerator",
    development="USD",
    own="USD/accelerator",
    bought="USD/accelerator",
    work="1",
    most="accelerator",
    version=1,
    cite=("magaki2016",),
)
def break_even_volume(*, development: Numeric, own: Numeric, bought: Numeric, work: Numeric, most: Numeric) -> Numeric:
    r"""Chips from which developing one's own costs less than buying for the same work.

    Parameters
    ----------
    development : numeric
        Non-recurring engineering. [USD]
    own : numeric
        Cost of one chip of one's own, its electricity included. [USD/accelerator]
    bought : numeric
        Cost of a bought one, its electricity included. [USD/accelerator]
    work : numeric
        Bought accelerators that one of one's own stands for. [1]
    most : numeric
        What stands for never, where a chip of one's own saves hardly anything. [accelerator]

    Returns
    -------
    numeric
        Chips of one's own. [accelerator]

    Notes
    -----
    .. math:: V^* = \min\left(V_m, \frac{D}{\max(w k_b - k_o, D / V_m)}\right)

    References
    ----------
    magaki2016 (when an own chip pays: savings against non-recurring engineering).

    Examples
    --------
    >>> float(break_even_volume(development=5e8, own=5000.0, bought=30000.0, work=0.5, most=1e9))
    50000.0
    >>> float(break_even_volume(development=5e8, own=5000.0, bought=4000.0, work=1.0, most=1e9))
    1000000000.0
    """
    return development / np.maximum(work * bought - own, development / most)
