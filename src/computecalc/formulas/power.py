"""Power and energy, boundary by boundary: accelerators, IT, facility."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "accelerator_energy",
    "accelerator_power",
    "facility_energy",
    "facility_peak_power",
    "facility_power",
    "idle_energy_share",
    "it_energy",
    "it_power",
    "nameplate_overhead",
    "server_peak_power",
]


@formula(returns="W/accelerator", thermal_design="W/accelerator", draw="1", version=1, cite=("patterson2021",))
def accelerator_power(*, thermal_design: Numeric, draw: Numeric) -> Numeric:
    r"""Average electrical power of one accelerator over the run.

    Parameters
    ----------
    thermal_design : numeric
        Thermal design power of one accelerator. [W/accelerator]
    draw : numeric
        Average draw over the run as a share of it. [1]

    Returns
    -------
    numeric
        Average power, accelerator only. [W/accelerator]

    Notes
    -----
    .. math:: P_a = \alpha P_{TDP}

    References
    ----------
    patterson2021, section 2.5 (measured system power against TDP).

    Examples
    --------
    >>> accelerator_power(thermal_design=700.0, draw=0.8)
    560.0
    """
    return thermal_design * draw


@formula(returns="J", power="W/accelerator", accelerator_time="accelerator*s", version=1, cite=("patterson2021",))
def accelerator_energy(*, power: Numeric, accelerator_time: Numeric) -> Numeric:
    """Energy of the accelerators alone.

    Parameters
    ----------
    power : numeric
        Average power of one accelerator. [W/accelerator]
    accelerator_time : numeric
        Billed accelerator time: idle and lost time draw power too. [accelerator*s]

    Returns
    -------
    numeric
        Energy, accelerators only. [J]

    Notes
    -----
    .. math:: E_a = P_a T_b

    References
    ----------
    patterson2021, section 2.5, equation 1.

    Examples
    --------
    >>> accelerator_energy(power=500.0, accelerator_time=7200.0)
    3600000.0
    """
    return power * accelerator_time


@formula(returns="J", accelerators="J", host_overhead="1", version=1, cite=("patterson2021",))
def it_energy(*, accelerators: Numeric, host_overhead: Numeric) -> Numeric:
    """Energy of all IT equipment: accelerators, hosts and network.

    Parameters
    ----------
    accelerators : numeric
        Energy of the accelerators. [J]
    host_overhead : numeric
        IT energy over accelerator energy: hosts, memory, fans, network. [1]

    Returns
    -------
    numeric
        Energy at the IT boundary. [J]

    Notes
    -----
    .. math:: E_{IT} = o E_a

    References
    ----------
    patterson2021, section 2.5.

    Examples
    --------
    >>> it_energy(accelerators=100.0, host_overhead=1.3)
    130.0
    """
    return accelerators * host_overhead


@formula(
    returns="J",
    it="J",
    pue="1",
    version=1,
    cite=(
        "greengrid2012",
        "patterson2021",
    ),
)
def facility_energy(*, it: Numeric, pue: Numeric) -> Numeric:
    r"""Energy of the whole facility; the one place where PUE enters.

    Parameters
    ----------
    it : numeric
        Energy of all IT equipment. [J]
    pue : numeric
        Power usage effectiveness of the site. [1]

    Returns
    -------
    numeric
        Energy at the facility boundary. [J]

    Notes
    -----
    .. math:: E_f = \mathrm{PUE}\, E_{IT}

    References
    ----------
    greengrid2012; patterson2021, section 2.5, equation 1.

    Examples
    --------
    >>> facility_energy(it=100.0, pue=1.1)
    110.00000000000001
    """
    return it * pue


@formula(
    returns="W",
    power="W/accelerator",
    host_overhead="1",
    accelerators="accelerator",
    version=1,
    cite=("patterson2021",),
)
def it_power(*, power: Numeric, host_overhead: Numeric, accelerators: Numeric) -> Numeric:
    """Average power of all IT equipment of the cluster.

    Parameters
    ----------
    power : numeric
        Average power of one accelerator. [W/accelerator]
    host_overhead : numeric
        IT energy over accelerator energy. [1]
    accelerators : numeric
        Accelerators reserved. [accelerator]

    Returns
    -------
    numeric
        Average power at the IT boundary. [W]

    Notes
    -----
    .. math:: P_{IT} = n o P_a

    References
    ----------
    patterson2021, section 2.5.

    Examples
    --------
    >>> it_power(power=500.0, host_overhead=1.2, accelerators=10.0)
    6000.0
    """
    return power * host_overhead * accelerators


@formula(
    returns="W",
    thermal_design="W/accelerator",
    host_overhead="1",
    accelerators="accelerator",
    pue="1",
    version=1,
    cite=("greengrid2012",),
)
def facility_peak_power(
    *, thermal_design: Numeric, host_overhead: Numeric, accelerators: Numeric, pue: Numeric
) -> Numeric:
    r"""Power the site must be able to supply: every accelerator at its limit.

    Parameters
    ----------
    thermal_design : numeric
        Thermal design power of one accelerator. [W/accelerator]
    host_overhead : numeric
        IT power over accelerator power. [1]
    accelerators : numeric
        Accelerators reserved. [accelerator]
    pue : numeric
        Power usage effectiveness of the site. [1]

    Returns
    -------
    numeric
        Peak power at the facility boundary. [W]

    Notes
    -----
    .. math:: P_f = \mathrm{PUE}\, n\, o\, P_{TDP}

    References
    ----------
    greengrid2012.

    Examples
    --------
    >>> facility_peak_power(thermal_design=1000.0, host_overhead=1.5, accelerators=8.0, pue=1.25)
    15000.0
    """
    return thermal_design * host_overhead * accelerators * pue


@formula(returns="W", it="W", pue="1", version=1, cite=("greengrid2012",))
def facility_power(*, it: Numeric, pue: Numeric) -> Numeric:
    r"""Average power of the whole facility.

    Parameters
    ----------
    it : numeric
        Average power at the IT boundary. [W]
    pue : numeric
        Power usage effectiveness of the site. [1]

    Returns
    -------
    numeric
        Average power at the facility boundary. [W]

    Notes
    -----
    .. math:: P_f = \mathrm{PUE}\, P_{IT}

    References
    ----------
    greengrid2012.

    Examples
    --------
    >>> facility_power(it=1000.0, pue=1.25)
    1250.0
    """
    return it * pue


@formula(
    returns="W",
    server_maximum="W/node",
    accelerators_per_node="accelerator/node",
    accelerators="accelerator",
    pue="1",
    version=1,
    cite=("greengrid2012", "cottier2024"),
)
def server_peak_power(
    *, server_maximum: Numeric, accelerators_per_node: Numeric, accelerators: Numeric, pue: Numeric
) -> Numeric:
    r"""Power the site must be able to supply: every server at its nameplate.

    Parameters
    ----------
    server_maximum : numeric
        Largest draw of one server, as its maker states it. [W/node]
    accelerators_per_node : numeric
        Accelerators in one server. [accelerator/node]
    accelerators : numeric
        Accelerators reserved. [accelerator]
    pue : numeric
        Power usage effectiveness of the site. [1]

    Returns
    -------
    numeric
        Peak power at the facility boundary; switches beside the servers are not counted. [W]

    Notes
    -----
    .. math:: P_f = \mathrm{PUE}\, n\, \frac{P_s}{n_s}

    A nameplate is 2.03 times the thermal design power of its accelerators for a DGX A100, 1.82 times for a DGX H100.

    References
    ----------
    greengrid2012; cottier2024, appendix on energy (server over accelerator power).

    Examples
    --------
    >>> server_peak_power(server_maximum=10200.0, accelerators_per_node=8.0, accelerators=16.0, pue=1.25)
    25500.0
    """
    return server_maximum / accelerators_per_node * accelerators * pue


@formula(returns="1", idle="1", average="1", load="1", version=1, cite=("fan2007",))
def idle_energy_share(*, idle: Numeric, average: Numeric, load: Numeric) -> Numeric:
    r"""Share of the accelerators' energy that is drawn while they wait for work.

    Parameters
    ----------
    idle : numeric
        Share of the thermal design power that an idle accelerator draws. [1]
    average : numeric
        Share that the fleet draws on average. [1]
    load : numeric
        Share of the time in which an accelerator works. [1]

    Returns
    -------
    numeric
        Share of the energy, accelerators only. [1]

    Notes
    -----
    .. math:: s_0 = \frac{\alpha_0 (1 - l)}{\bar\alpha}

    References
    ----------
    fan2007 (idle power of servers).

    Examples
    --------
    >>> idle_energy_share(idle=0.25, average=0.5, load=0.5)
    0.25
    """
    return idle * (1.0 - load) / average


@formula(
    returns="1",
    server_maximum="W/node",
    accelerators_per_node="accelerator/node",
    thermal_design="W/accelerator",
    version=1,
    cite=("cottier2024",),
)
def nameplate_overhead(*, server_maximum: Numeric, accelerators_per_node: Numeric, thermal_design: Numeric) -> Numeric:
    r"""Nameplate power of a server over the thermal design power of its accelerators.

    Parameters
    ----------
    server_maximum : numeric
        Largest draw of one server, as its maker states it. [W/node]
    accelerators_per_node : numeric
        Accelerators in one server. [accelerator/node]
    thermal_design : numeric
        Thermal design power of one accelerator. [W/accelerator]

    Returns
    -------
    numeric
        IT power over accelerator power, everything at its limit. [1]

    Notes
    -----
    .. math:: o = \frac{P_s}{n_s P_{TDP}}

    References
    ----------
    cottier2024, appendix on energy (2.03 for a DGX A100 of 6.5 kW, 1.82 for a DGX H100 of 10.2 kW).

    Examples
    --------
    >>> round(nameplate_overhead(server_maximum=6500.0, accelerators_per_node=8.0, thermal_design=400.0), 2)
    2.03
    """
    return server_maximum / (accelerators_per_node * thermal_design)
