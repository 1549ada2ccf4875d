"""What a served token takes: accelerator time, energy, emissions and money, prompts and output apart."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "input_token_time",
    "output_token_time",
    "phase_accelerators",
    "replica_token_energy",
    "token_carbon",
    "token_cost",
    "token_energy",
    "token_flow",
    "used_share",
]


@formula(
    returns="accelerator*s/token",
    coefficient="replica/request",
    charge="s",
    prompt="token/request",
    accelerators="accelerator/replica",
    stages="1",
    version=1,
    cite=("patel2023",),
)
def input_token_time(*, charge: Numeric, prompt: Numeric, accelerators: Numeric, stages: Numeric) -> Numeric:
    r"""Accelerator time that one prompt token takes.

    Parameters
    ----------
    charge : numeric
        Time that one prompt adds. [s]
    prompt : numeric
        Prompt of a request, cached tokens included. [token/request]
    accelerators : numeric
        Accelerators of a replica. [accelerator/replica]
    stages : numeric
        Pipeline stages, of which a prompt occupies one at a time. [1]

    Returns
    -------
    numeric
        Accelerator time. [accelerator*s/token]

    Notes
    -----
    .. math:: \tau_i = n p / (s I)

    References
    ----------
    patel2023, section 3 (phases apart).

    Examples
    --------
    >>> input_token_time(charge=0.05, prompt=1000.0, accelerators=8.0, stages=1.0)
    0.0004
    """
    return charge * accelerators / (stages * prompt)


@formula(
    returns="accelerator*s/token",
    coefficient="request*replica/token",
    decode="s",
    accepted="1",
    running="request",
    accelerators="accelerator/replica",
    version=1,
    cite=("patel2023",),
)
def output_token_time(*, decode: Numeric, accepted: Numeric, running: Numeric, accelerators: Numeric) -> Numeric:
    r"""Accelerator time that one output token takes.

    Parameters
    ----------
    decode : numeric
        One decode step. [s]
    accepted : numeric
        Tokens that a request gains in one step. [1]
    running : numeric
        Requests that run at once. [request]
    accelerators : numeric
        Accelerators of a replica. [accelerator/replica]

    Returns
    -------
    numeric
        Accelerator time. [accelerator*s/token]

    Notes
    -----
    .. math:: \tau_o = n t_d / (A C)

    References
    ----------
    patel2023, section 3 (phases apart).

    Examples
    --------
    >>> output_token_time(decode=0.02, accepted=1.0, running=64.0, accelerators=8.0)
    0.0025
    """
    return decode * accelerators / (accepted * running)


@formula(returns="accelerator", tokens="token/s", each="accelerator*s/token", version=1, cite=("patel2023",))
def phase_accelerators(*, tokens: Numeric, each: Numeric) -> Numeric:
    r"""Accelerators that a phase keeps busy, prompts or output.

    Parameters
    ----------
    tokens : numeric
        Tokens of the phase that are served in a second. [token/s]
    each : numeric
        Accelerator time of one of them. [accelerator*s/token]

    Returns
    -------
    numeric
        Accelerators, not rounded. [accelerator]

    Notes
    -----
    .. math:: N_i = r_i \tau_i

    References
    ----------
    patel2023, section 4 (pools of machines for each phase).

    Examples
    --------
    >>> phase_accelerators(tokens=20000.0, each=0.0025)
    50.0
    """
    return tokens * each


@formula(returns="token/s", rate="request/s", each="token/request", version=1, cite=("patel2023",))
def token_flow(*, rate: Numeric, each: Numeric) -> Numeric:
    r"""Tokens of a phase that are served in a second.

    Parameters
    ----------
    rate : numeric
        Rate of requests. [request/s]
    each : numeric
        Tokens of one request. [token/request]

    Returns
    -------
    numeric
        Rate. [token/s]

    Notes
    -----
    .. math:: r = \lambda O

    References
    ----------
    patel2023, section 3.

    Examples
    --------
    >>> token_flow(rate=50.0, each=400.0)
    20000.0
    """
    return rate * each


@formula(
    returns="USD/token",
    time="accelerator*s/token",
    price="USD/accelerator/s",
    utilization="1",
    version=1,
    cite=("patterson2021", "patel2023"),
)
def token_cost(*, time: Numeric, price: Numeric, utilization: Numeric) -> Numeric:
    r"""Rent of the accelerator time that one token takes.

    Parameters
    ----------
    time : numeric
        Accelerator time of one token. [accelerator*s/token]
    price : numeric
        Rent of one accelerator. [USD/accelerator/s]
    utilization : numeric
        Share of the reserved time that is used. [1]

    Returns
    -------
    numeric
        Cost. [USD/token]

    Notes
    -----
    .. math:: c = \tau \pi / u

    References
    ----------
    patterson2021 (reserved time is paid for whether used or not); patel2023 (cost a phase).

    Examples
    --------
    >>> token_cost(time=0.0025, price=0.0005, utilization=0.5)
    2.5e-06
    """
    return time * price / utilization


@formula(returns="J/token", power="W/accelerator", rate="token/s/accelerator", version=1, cite=("chung2025",))
def replica_token_energy(*, power: Numeric, rate: Numeric) -> Numeric:
    """Energy of the accelerators of a busy replica for one output token.

    Parameters
    ----------
    power : numeric
        Average power of one accelerator. [W/accelerator]
    rate : numeric
        Output tokens a second for one accelerator. [token/s/accelerator]

    Returns
    -------
    numeric
        Energy, prompts included. [J/token]

    Notes
    -----
    .. math:: e = P / r

    References
    ----------
    chung2025 (energy a generated token).

    Examples
    --------
    >>> replica_token_energy(power=500.0, rate=250.0)
    2.0
    """
    return power / rate


@formula(returns="gCO2e/token", carbon="gCO2e", tokens="token", version=1, cite=("chung2025", "patterson2021"))
def token_carbon(*, carbon: Numeric, tokens: Numeric) -> Numeric:
    """Emissions for one output token of a fleet.

    Parameters
    ----------
    carbon : numeric
        Emissions of the fleet in a period. [gCO2e]
    tokens : numeric
        Output tokens of that period. [token]

    Returns
    -------
    numeric
        Emissions. [gCO2e/token]

    Notes
    -----
    .. math:: c = E / K

    References
    ----------
    chung2025; patterson2021, section 2.5.

    Examples
    --------
    >>> token_carbon(carbon=500.0, tokens=1.0e6)
    0.0005
    """
    return carbon / tokens


@formula(returns="J/token", energy="J", tokens="token", version=1, cite=("chung2025",))
def token_energy(*, energy: Numeric, tokens: Numeric) -> Numeric:
    """Energy of a fleet for one output token.

    Parameters
    ----------
    energy : numeric
        Energy of the fleet in a period. [J]
    tokens : numeric
        Output tokens of that period. [token]

    Returns
    -------
    numeric
        Energy. [J/token]

    Notes
    -----
    .. math:: e = E / K

    References
    ----------
    chung2025.

    Examples
    --------
    >>> token_energy(energy=5.0e6, tokens=1.0e6)
    5.0
    """
    return energy / tokens


@formula(returns="1", working="accelerator", accelerators="accelerator", version=1, cite=("patterson2021", "patel2023"))
def used_share(*, working: Sequence[Numeric], accelerators: Numeric) -> Numeric:
    r"""Share of the reserved accelerator time in which a fleet works on either phase.

    Parameters
    ----------
    working : sequence of numeric
        Accelerators that each phase keeps busy. [accelerator]
    accelerators : numeric
        Accelerators reserved. [accelerator]

    Returns
    -------
    numeric
        Share. [1]

    Notes
    -----
    .. math:: u = \sum_i N_i / N

    With it, what input and output tokens cost adds up to the rent.

    References
    ----------
    patterson2021 (reserved time is paid for whether used or not); patel2023 (cost a phase).

    Examples
    --------
    >>> used_share(working=(10.0, 30.0), accelerators=80.0)
    0.5
    """
    return sum(working[1:], start=working[0]) / accelerators
