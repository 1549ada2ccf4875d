"""Accelerator time, wall time and cluster size, each from the others."""

from __future__ import annotations

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "ROUNDING",
    "accelerator_token_rate",
    "billed_accelerator_time",
    "cluster_token_rate",
    "node_count",
    "required_accelerators",
    "step_count",
    "step_time",
    "step_tokens",
    "useful_accelerator_time",
    "wall_time",
]

ROUNDING = 1.0 - 2.0**-40
"""Keeps a quotient that should be whole, but is larger by the rounding of floats, from being rounded up."""


@formula(
    returns="accelerator*s",
    compute="FLOP",
    peak="FLOP/s/accelerator",
    mfu="1",
    version=1,
    cite=("chowdhery2022",),
)
def useful_accelerator_time(*, compute: Numeric, peak: Numeric, mfu: Numeric) -> Numeric:
    """Accelerator time that the work takes while everything runs.

    Parameters
    ----------
    compute : numeric
        Model FLOPs of the run. [FLOP]
    peak : numeric
        Dense peak of one accelerator at the run's precision. [FLOP/s/accelerator]
    mfu : numeric
        Model FLOPs utilization, counted in the same convention as the FLOPs. [1]

    Returns
    -------
    numeric
        Useful accelerator time. [accelerator*s]

    Notes
    -----
    .. math:: T_u = C / (P u)

    References
    ----------
    chowdhery2022, section 4.1 and appendix B.

    Examples
    --------
    >>> useful_accelerator_time(compute=4.0e20, peak=1.0e15, mfu=0.4)
    1000000.0
    """
    return compute / (peak * mfu)


@formula(returns="accelerator*s", useful="accelerator*s", goodput="1", version=1, cite=("dubey2024",))
def billed_accelerator_time(*, useful: Numeric, goodput: Numeric) -> Numeric:
    """Accelerator time that is reserved and paid for.

    Parameters
    ----------
    useful : numeric
        Accelerator time of useful work. [accelerator*s]
    goodput : numeric
        Share of the reserved time that is useful: the rest is failures, restarts, lost work. [1]

    Returns
    -------
    numeric
        Billed accelerator time. [accelerator*s]

    Notes
    -----
    .. math:: T_b = T_u / g

    References
    ----------
    dubey2024, section 3.3.4 (effective training time).

    Examples
    --------
    >>> billed_accelerator_time(useful=900.0, goodput=0.9)
    1000.0
    """
    return useful / goodput


@formula(returns="s", billed="accelerator*s", accelerators="accelerator", version=1, cite=("narayanan2021",))
def wall_time(*, billed: Numeric, accelerators: Numeric) -> Numeric:
    """Time from start to end of the run.

    Parameters
    ----------
    billed : numeric
        Billed accelerator time. [accelerator*s]
    accelerators : numeric
        Accelerators reserved. [accelerator]

    Returns
    -------
    numeric
        Wall time. [s]

    Notes
    -----
    .. math:: t = T_b / n

    References
    ----------
    narayanan2021, section 5.1 (end-to-end training time).

    Examples
    --------
    >>> wall_time(billed=1.0e9, accelerators=1000.0)
    1000000.0
    """
    return billed / accelerators


@formula(returns="accelerator", billed="accelerator*s", deadline="s", version=1, cite=("narayanan2021",))
def required_accelerators(*, billed: Numeric, deadline: Numeric) -> Numeric:
    r"""Fewest accelerators that finish in time.

    Parameters
    ----------
    billed : numeric
        Billed accelerator time. [accelerator*s]
    deadline : numeric
        Wall time that must not be exceeded. [s]

    Returns
    -------
    numeric
        Accelerators, a whole number. [accelerator]

    Notes
    -----
    .. math:: n = \lceil T_b / t \rceil

    The wall time of a count gives that count again: what float rounding adds is taken off first.

    References
    ----------
    narayanan2021, section 5.1, solved for the count.

    Examples
    --------
    >>> float(required_accelerators(billed=1.0e9, deadline=3.0e6))
    334.0
    """
    return np.ceil(billed / deadline * ROUNDING)


@formula(
    returns="node",
    accelerators="accelerator",
    accelerators_per_node="accelerator/node",
    version=1,
    cite=("narayanan2021",),
)
def node_count(*, accelerators: Numeric, accelerators_per_node: Numeric) -> Numeric:
    r"""Servers that hold the accelerators.

    Parameters
    ----------
    accelerators : numeric
        Accelerators reserved. [accelerator]
    accelerators_per_node : numeric
        Accelerators in one server. [accelerator/node]

    Returns
    -------
    numeric
        Nodes, a whole number. [node]

    Notes
    -----
    .. math:: m = \lceil n / a \rceil

    References
    ----------
    narayanan2021, section 5 (8 accelerators a server).

    Examples
    --------
    >>> float(node_count(accelerators=334.0, accelerators_per_node=8.0))
    42.0
    """
    return np.ceil(accelerators / accelerators_per_node)


@formula(
    returns="token/s/accelerator",
    peak="FLOP/s/accelerator",
    mfu="1",
    flops_per_token="FLOP/token",
    version=1,
    cite=("chowdhery2022",),
)
def accelerator_token_rate(*, peak: Numeric, mfu: Numeric, flops_per_token: Numeric) -> Numeric:
    """Tokens that one accelerator trains a second while the run is up.

    Parameters
    ----------
    peak : numeric
        Dense peak of one accelerator at the run's precision. [FLOP/s/accelerator]
    mfu : numeric
        Model FLOPs utilization. [1]
    flops_per_token : numeric
        Model FLOPs of training for one token. [FLOP/token]

    Returns
    -------
    numeric
        Throughput of one accelerator. [token/s/accelerator]

    Notes
    -----
    .. math:: r_1 = P u / F

    References
    ----------
    chowdhery2022, appendix B, solved for the throughput.

    Examples
    --------
    >>> accelerator_token_rate(peak=1.0e15, mfu=0.4, flops_per_token=4.0e11)
    1000.0
    """
    return peak * mfu / flops_per_token


@formula(
    returns="token/s",
    rate="token/s/accelerator",
    accelerators="accelerator",
    version=1,
    cite=("chowdhery2022",),
)
def cluster_token_rate(*, rate: Numeric, accelerators: Numeric) -> Numeric:
    """Tokens that the cluster trains a second while the run is up.

    Parameters
    ----------
    rate : numeric
        Throughput of one accelerator. [token/s/accelerator]
    accelerators : numeric
        Accelerators that work together. [accelerator]

    Returns
    -------
    numeric
        Throughput of the cluster. [token/s]

    Notes
    -----
    .. math:: r = n r_1

    References
    ----------
    chowdhery2022, appendix B.

    Examples
    --------
    >>> cluster_token_rate(rate=1000.0, accelerators=8.0)
    8000.0
    """
    return rate * accelerators


@formula(returns="token", sequences="1", sequence_length="token", version=1, cite=("narayanan2021",))
def step_tokens(*, sequences: Numeric, sequence_length: Numeric) -> Numeric:
    """Tokens of one optimizer step.

    Parameters
    ----------
    sequences : numeric
        Global batch, in sequences. [1]
    sequence_length : numeric
        Length of a sequence. [token]

    Returns
    -------
    numeric
        Tokens a step. [token]

    Notes
    -----
    .. math:: b = B s

    References
    ----------
    narayanan2021, section 3.

    Examples
    --------
    >>> step_tokens(sequences=2048.0, sequence_length=8192.0)
    16777216.0
    """
    return sequences * sequence_length


@formula(returns="s", tokens="token", rate="token/s", version=1, cite=("narayanan2021",))
def step_time(*, tokens: Numeric, rate: Numeric) -> Numeric:
    """Time of one optimizer step.

    Parameters
    ----------
    tokens : numeric
        Tokens of one optimizer step. [token]
    rate : numeric
        Throughput of the cluster. [token/s]

    Returns
    -------
    numeric
        Step time. [s]

    Notes
    -----
    .. math:: t_s = b / r

    References
    ----------
    narayanan2021, section 5.1.

    Examples
    --------
    >>> step_time(tokens=16777216.0, rate=4194304.0)
    4.0
    """
    return tokens / rate


@formula(returns="1", tokens="token", step="token", version=1, cite=("narayanan2021",))
def step_count(*, tokens: Numeric, step: Numeric) -> Numeric:
    r"""Optimizer steps of the run.

    Parameters
    ----------
    tokens : numeric
        Tokens of the run. [token]
    step : numeric
        Tokens of one optimizer step. [token]

    Returns
    -------
    numeric
        Steps, a whole number. [1]

    Notes
    -----
    .. math:: n_s = \lceil D / b \rceil

    References
    ----------
    narayanan2021, section 5.1.

    Examples
    --------
    >>> float(step_count(tokens=1.0e12, step=4.0e6))
    250000.0
    """
    return np.ceil(tokens / step)
