"""Throughput of a replica in a steady state."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "accelerator_share_rate",
    "offline_cycle_time",
    "place_wait",
    "replica_accelerators",
    "replica_ranks",
    "request_rate",
    "token_rate",
    "user_token_rate",
]


@formula(returns="s", asked="request", running="request", stay="s", version=1, cite=("little1961",))
def place_wait(*, asked: Numeric, running: Numeric, stay: Numeric) -> Numeric:
    """Time that a request waits for a place in the cache.

    Parameters
    ----------
    asked : numeric
        Requests in the system of one replica. [request]
    running : numeric
        Those of them that run at once. [request]
    stay : numeric
        Time that a running request keeps its place. [s]

    Returns
    -------
    numeric
        Time; 0 where all fit. [s]

    Notes
    -----
    .. math:: w = (C_a / C - 1) T_r

    References
    ----------
    little1961, equation L = lambda W, for those that wait.

    Examples
    --------
    >>> place_wait(asked=96.0, running=64.0, stay=10.0)
    5.0
    """
    return (asked / running - 1.0) * stay


@formula(
    returns="request/s/replica", coefficient="1/replica", asked="request", latency="s", version=1, cite=("little1961",)
)
def request_rate(*, asked: Numeric, latency: Numeric) -> Numeric:
    r"""Requests that a replica completes in a second.

    Parameters
    ----------
    asked : numeric
        Requests in the system of one replica. [request]
    latency : numeric
        Time of a request from its start to its last token. [s]

    Returns
    -------
    numeric
        Rate. [request/s/replica]

    Notes
    -----
    .. math:: \lambda = C_a / T

    References
    ----------
    little1961, equation L = lambda W.

    Examples
    --------
    >>> request_rate(asked=64.0, latency=16.0)
    4.0
    """
    return asked / latency


@formula(returns="token/s", coefficient="token", interval="s", version=1, cite=("kwon2023",))
def user_token_rate(*, interval: Numeric) -> Numeric:
    r"""Output tokens that the one who waits for a request sees in a second.

    Parameters
    ----------
    interval : numeric
        Time between two output tokens of a request. [s]

    Returns
    -------
    numeric
        Rate. [token/s]

    Notes
    -----
    .. math:: r_u = 1 / t

    References
    ----------
    kwon2023, section 6.1 (normalized latency, whose inverse it is).

    Examples
    --------
    >>> user_token_rate(interval=0.02)
    50.0
    """
    return 1.0 / interval


@formula(returns="token/s/replica", requests="request/s/replica", each="token/request", version=1, cite=("kwon2023",))
def token_rate(*, requests: Numeric, each: Numeric) -> Numeric:
    r"""Tokens that a replica takes or gives in a second.

    Parameters
    ----------
    requests : numeric
        Requests it completes. [request/s/replica]
    each : numeric
        Tokens of one of them. [token/request]

    Returns
    -------
    numeric
        Rate. [token/s/replica]

    Notes
    -----
    .. math:: r = \lambda O

    References
    ----------
    kwon2023, section 6.1 (throughput).

    Examples
    --------
    >>> token_rate(requests=4.0, each=500.0)
    2000.0
    """
    return requests * each


@formula(
    returns="token/s/accelerator",
    rate="token/s/replica",
    accelerators="accelerator/replica",
    version=1,
    cite=("kwon2023",),
)
def accelerator_share_rate(*, rate: Numeric, accelerators: Numeric) -> Numeric:
    """Tokens a second for one accelerator of a replica.

    Parameters
    ----------
    rate : numeric
        Rate of the replica. [token/s/replica]
    accelerators : numeric
        Accelerators of a replica. [accelerator/replica]

    Returns
    -------
    numeric
        Rate. [token/s/accelerator]

    Notes
    -----
    .. math:: r' = r / n

    References
    ----------
    kwon2023, section 6.1 (throughput).

    Examples
    --------
    >>> accelerator_share_rate(rate=2000.0, accelerators=8.0)
    250.0
    """
    return rate / accelerators


@formula(returns="s", factor="1", running="1", charge="s", decoding="s", stages="1", version=1, cite=("agrawal2024",))
def offline_cycle_time(
    *, factor: Numeric, running: Numeric, charge: Numeric, decoding: Numeric, stages: Numeric
) -> Numeric:
    """Time in which a replica with its cache full completes as many requests as run at once.

    Parameters
    ----------
    factor : numeric
        Measured over modelled time without the needs of streaming. [1]
    running : numeric
        Requests that run at once, as a bare count. [1]
    charge : numeric
        Time that one prompt adds. [s]
    decoding : numeric
        Time of the output of a request without prompts of others. [s]
    stages : numeric
        Pipeline stages. [1]

    Returns
    -------
    numeric
        Time. [s]

    Notes
    -----
    .. math:: Z = f (C p / s + G)

    References
    ----------
    agrawal2024, section 3; what prompts and decoding take is the same in any order; the factor is a fitted
    constant.

    Examples
    --------
    >>> offline_cycle_time(factor=1.0, running=100.0, charge=0.05, decoding=10.0, stages=1.0)
    15.0
    """
    return factor * (running * charge / stages + decoding)


@formula(returns="1", tensor="1", replicas="1", version=1, cite=("narayanan2021", "pope2022"))
def replica_ranks(*, tensor: Numeric, replicas: Numeric) -> Numeric:
    """Accelerators of one pipeline stage, over which experts are spread.

    Parameters
    ----------
    tensor : numeric
        Tensor-parallel degree of attention. [1]
    replicas : numeric
        Groups of attention ranks, each with requests of its own. [1]

    Returns
    -------
    numeric
        Ranks. [1]

    Notes
    -----
    .. math:: n = t d

    References
    ----------
    pope2022, section 3.3; narayanan2021, section 3.

    Examples
    --------
    >>> replica_ranks(tensor=2.0, replicas=4.0)
    8.0
    """
    return tensor * replicas


@formula(
    returns="accelerator/replica",
    coefficient="accelerator/replica",
    ranks="1",
    stages="1",
    version=1,
    cite=("narayanan2021",),
)
def replica_accelerators(*, ranks: Numeric, stages: Numeric) -> Numeric:
    """Accelerators of a replica.

    Parameters
    ----------
    ranks : numeric
        Accelerators of one pipeline stage. [1]
    stages : numeric
        Pipeline stages. [1]

    Returns
    -------
    numeric
        Accelerators. [accelerator/replica]

    Notes
    -----
    .. math:: N = n p

    References
    ----------
    narayanan2021, section 3.

    Examples
    --------
    >>> replica_accelerators(ranks=8.0, stages=2.0)
    16.0
    """
    return ranks * stages
