"""Making a chip: what its dies, memory and package cost, in money and in carbon."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "assembled_carbon",
    "assembled_cost",
    "die_carbon",
    "die_cost",
    "die_yield",
    "dies_per_wafer",
    "fab_carbon",
    "memory_carbon",
    "memory_cost",
]


@formula(returns="1", wafer_diameter="m", die_area="m^2", version=1, cite=("hennessy2017",))
def dies_per_wafer(*, wafer_diameter: Numeric, die_area: Numeric) -> Numeric:
    r"""Whole dies that a wafer yields before testing, the partial ones along its edge left out.

    Parameters
    ----------
    wafer_diameter : numeric
        Diameter of the wafer. [m]
    die_area : numeric
        Area of one die, scribe lines included. [m^2]

    Returns
    -------
    numeric
        Gross dies of a wafer; at least one, for chips of the size of a wafer. [1]

    Notes
    -----
    .. math:: N = \max\left(1, \frac{\pi d^2}{4 A} - \frac{\pi d}{\sqrt{2 A}}\right)

    The second term is the circumference over the diagonal of a square die. The result is not rounded down: the
    formula itself is only good to a few dies, and a smooth function can be swept.

    References
    ----------
    hennessy2017, section 1.6 (dies per wafer).

    Examples
    --------
    >>> round(float(dies_per_wafer(wafer_diameter=0.3, die_area=100e-6)), 1)
    640.2
    """
    return np.maximum(
        1.0, np.pi * wafer_diameter**2 / (4.0 * die_area) - np.pi * wafer_diameter / (2.0 * die_area) ** 0.5
    )


@formula(returns="1", die_area="m^2", defect_density="1/m^2", clustering="1", version=1, cite=("stapper1983",))
def die_yield(*, die_area: Numeric, defect_density: Numeric, clustering: Numeric) -> Numeric:
    r"""Share of dies without a fatal defect, negative binomial model.

    Parameters
    ----------
    die_area : numeric
        Area of one die that a defect kills: less than the whole where defective units are switched off. [m^2]
    defect_density : numeric
        Fatal defects per area. [1/m^2]
    clustering : numeric
        Clustering parameter: small for defects in heaps, 2 to 3 is usual; towards infinity Poisson's model. [1]

    Returns
    -------
    numeric
        Yield of the dies. [1]

    Notes
    -----
    .. math:: Y = \left(1 + \frac{A D}{\alpha}\right)^{-\alpha}

    References
    ----------
    stapper1983, section on the negative binomial yield formula.

    Examples
    --------
    >>> round(float(die_yield(die_area=600e-6, defect_density=1000.0, clustering=3.0)), 4)
    0.5787
    """
    return np.exp(-clustering * np.log1p(die_area * defect_density / clustering))


@formula(
    returns="USD",
    dies="1",
    wafer_price="USD",
    dies_per_wafer="1",
    die_yield="1",
    version=1,
    cite=("hennessy2017",),
)
def die_cost(*, dies: Numeric, wafer_price: Numeric, dies_per_wafer: Numeric, die_yield: Numeric) -> Numeric:
    r"""Cost of the good compute dies of one accelerator.

    Parameters
    ----------
    dies : numeric
        Compute dies of one accelerator. [1]
    wafer_price : numeric
        Price of one processed wafer. [USD]
    dies_per_wafer : numeric
        Gross dies of a wafer. [1]
    die_yield : numeric
        Share of them that work. [1]

    Returns
    -------
    numeric
        Cost of the good dies, the bad ones paid for. [USD]

    Notes
    -----
    .. math:: K_d = \frac{n\, K_w}{N Y}

    References
    ----------
    hennessy2017, section 1.6 (cost of a die).

    Examples
    --------
    >>> die_cost(dies=2.0, wafer_price=15000.0, dies_per_wafer=60.0, die_yield=0.5)
    1000.0
    """
    return dies * wafer_price / (dies_per_wafer * die_yield)


@formula(returns="USD", capacity="byte", price="USD/byte", version=1, cite=("hennessy2017",))
def memory_cost(*, capacity: Numeric, price: Numeric) -> Numeric:
    r"""Cost of the main memory of one accelerator.

    Parameters
    ----------
    capacity : numeric
        Main memory of one accelerator. [byte]
    price : numeric
        Purchase price of that memory. [USD/byte]

    Returns
    -------
    numeric
        Cost of the memory. [USD]

    Notes
    -----
    .. math:: K_m = C\, p_m

    References
    ----------
    hennessy2017, section 1.6 (price of memory by capacity).

    Examples
    --------
    >>> memory_cost(capacity=128e9, price=4e-9)
    512.0
    """
    return capacity * price


@formula(returns="USD", parts="USD", assembly_yield="1", version=1, cite=("hennessy2017",))
def assembled_cost(*, parts: Sequence[Numeric], assembly_yield: Numeric) -> Numeric:
    r"""Cost of one working accelerator from its parts.

    Parameters
    ----------
    parts : sequence of numeric
        Good dies, memory, and packaging with its test; at least one. [USD]
    assembly_yield : numeric
        Share of assembled packages that work; all parts of the others are lost. [1]

    Returns
    -------
    numeric
        Cost of manufacturing one accelerator: no margin, no development. [USD]

    Notes
    -----
    .. math:: K = \frac{\sum_i K_i}{Y_a}

    References
    ----------
    hennessy2017, section 1.6 (cost of an integrated circuit: die, test and packaging over final yield).

    Examples
    --------
    >>> assembled_cost(parts=(300.0, 500.0, 100.0), assembly_yield=0.9)
    1000.0
    """
    return sum(parts[1:], start=parts[0]) / assembly_yield


@formula(
    returns="gCO2e/m^2",
    energy="J/m^2",
    grid_intensity="gCO2e/J",
    gases="gCO2e/m^2",
    materials="gCO2e/m^2",
    version=1,
    cite=("gupta2022",),
)
def fab_carbon(*, energy: Numeric, grid_intensity: Numeric, gases: Numeric, materials: Numeric) -> Numeric:
    r"""Carbon of processing an area of wafer.

    Parameters
    ----------
    energy : numeric
        Electricity of the fab per area of wafer. [J/m^2]
    grid_intensity : numeric
        Emission factor of that electricity. [gCO2e/J]
    gases : numeric
        Process gases that escape, after abatement. [gCO2e/m^2]
    materials : numeric
        Raw materials, the bare wafer included. [gCO2e/m^2]

    Returns
    -------
    numeric
        Emissions per processed area. [gCO2e/m^2]

    Notes
    -----
    .. math:: c_A = \gamma\, e_A + g_A + m_A

    References
    ----------
    gupta2022, equation 5 and table 1 (CPA before yield).

    Examples
    --------
    >>> fab_carbon(energy=1e8, grid_intensity=1.5e-4, gases=2000.0, materials=5000.0)
    22000.0
    """
    return energy * grid_intensity + gases + materials


@formula(
    returns="gCO2e",
    dies="1",
    die_area="m^2",
    fab_carbon="gCO2e/m^2",
    die_yield="1",
    version=1,
    cite=("gupta2022",),
)
def die_carbon(*, dies: Numeric, die_area: Numeric, fab_carbon: Numeric, die_yield: Numeric) -> Numeric:
    r"""Carbon of the good compute dies of one accelerator.

    Parameters
    ----------
    dies : numeric
        Compute dies of one accelerator. [1]
    die_area : numeric
        Area of one die. [m^2]
    fab_carbon : numeric
        Emissions per processed area of wafer. [gCO2e/m^2]
    die_yield : numeric
        Share of the dies that work. [1]

    Returns
    -------
    numeric
        Emissions of the good dies, those of the bad ones charged to them; the rim of the wafer is not. [gCO2e]

    Notes
    -----
    .. math:: G_d = \frac{n\, A\, c_A}{Y}

    References
    ----------
    gupta2022, equations 4 and 5.

    Examples
    --------
    >>> die_carbon(dies=1.0, die_area=500e-6, fab_carbon=2e7, die_yield=0.5)
    20000.0
    """
    return dies * die_area * fab_carbon / die_yield


@formula(returns="gCO2e", capacity="byte", carbon="gCO2e/byte", version=1, cite=("gupta2022",))
def memory_carbon(*, capacity: Numeric, carbon: Numeric) -> Numeric:
    r"""Carbon of making the main memory of one accelerator.

    Parameters
    ----------
    capacity : numeric
        Main memory of one accelerator. [byte]
    carbon : numeric
        Emissions of making that memory. [gCO2e/byte]

    Returns
    -------
    numeric
        Emissions of the memory. [gCO2e]

    Notes
    -----
    .. math:: G_m = C\, c_m

    References
    ----------
    gupta2022, equation 6 (carbon per size of DRAM).

    Examples
    --------
    >>> memory_carbon(capacity=128e9, carbon=5e-8)
    6400.0
    """
    return capacity * carbon


@formula(returns="gCO2e", parts="gCO2e", assembly_yield="1", version=1, cite=("gupta2022",))
def assembled_carbon(*, parts: Sequence[Numeric], assembly_yield: Numeric) -> Numeric:
    r"""Embodied carbon of one working accelerator from its parts, area method.

    Parameters
    ----------
    parts : sequence of numeric
        Good dies, memory and packaging; at least one. [gCO2e]
    assembly_yield : numeric
        Share of assembled packages that work; all parts of the others are lost. [1]

    Returns
    -------
    numeric
        Emissions of making one accelerator, cradle to gate, without server, transport and end of life. [gCO2e]

    Notes
    -----
    .. math:: G = \frac{\sum_i G_i}{Y_a}

    References
    ----------
    gupta2022, equation 3 (sum over packages and components; the assembly yield is ours).

    Examples
    --------
    >>> assembled_carbon(parts=(7000.0, 6000.0, 150.0), assembly_yield=1.0)
    13150.0
    """
    return sum(parts[1:], start=parts[0]) / assembly_yield
