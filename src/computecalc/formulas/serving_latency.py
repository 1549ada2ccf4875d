"""Latency of a request in a replica at a steady state."""

from __future__ import annotations

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "first_token_time",
    "generation_time",
    "longer_time",
    "other_requests",
    "prompt_charge",
    "prompts_per_token",
    "running_requests",
    "scaled_time",
    "token_interval",
]


@formula(returns="request", asked="request", capacity="request", least="request", version=1, cite=("kwon2023",))
def running_requests(*, asked: Numeric, capacity: Numeric, least: Numeric) -> Numeric:
    r"""Requests that run at once: those that are there, as far as the cache has room.

    Parameters
    ----------
    asked : numeric
        Requests in the system of one replica. [request]
    capacity : numeric
        Requests that the cache has room for. [request]
    least : numeric
        Requests that are looked at even where there is no room: one. [request]

    Returns
    -------
    numeric
        Requests; the others wait. [request]

    Notes
    -----
    .. math:: C = \min(C_a, \max(C_{max}, 1))

    References
    ----------
    kwon2023, section 4.5 (admission by free blocks).

    Examples
    --------
    >>> float(running_requests(asked=128.0, capacity=60.0, least=1.0))
    60.0
    """
    return np.minimum(asked, np.maximum(capacity, least))


@formula(returns="1", running="1", version=1, cite=("kwon2023",))
def other_requests(*, running: Numeric) -> Numeric:
    r"""Running requests besides the one that is looked at.

    Parameters
    ----------
    running : numeric
        Requests that run at once, as a bare count. [1]

    Returns
    -------
    numeric
        Requests as a bare count, at least 0. [1]

    Notes
    -----
    .. math:: C_o = \max(C - 1, 0)

    References
    ----------
    kwon2023, section 2.2 (batched requests).

    Examples
    --------
    >>> float(other_requests(running=64.0))
    63.0
    """
    return np.maximum(running - 1.0, 0.0)


@formula(
    returns="1",
    coefficient="token/request",
    others="1",
    output="token/request",
    version=1,
    cite=("little1961", "agrawal2024"),
)
def prompts_per_token(*, others: Numeric, output: Numeric) -> Numeric:
    """Prompts of others that are computed while a request gains one token, in a steady state.

    Parameters
    ----------
    others : numeric
        Running requests besides the one that is looked at. [1]
    output : numeric
        Output of a request. [token/request]

    Returns
    -------
    numeric
        Prompts. [1]

    Notes
    -----
    .. math:: q = C_o / O

    References
    ----------
    little1961, equation L = lambda W, with the output as the stay; agrawal2024, section 3 (prompts delay
    decoding).

    Examples
    --------
    >>> prompts_per_token(others=64.0, output=128.0)
    0.5
    """
    return others / output


@formula(returns="s", chunks="1", mixed="s", decode="s", launch="s", version=1, cite=("agrawal2024",))
def prompt_charge(*, chunks: Numeric, mixed: Numeric, decode: Numeric, launch: Numeric) -> Numeric:
    """Time that one prompt adds to the steps that take it, beyond the decoding that they do anyway.

    Parameters
    ----------
    chunks : numeric
        Mixed steps that the prompt takes. [1]
    mixed : numeric
        A step with decoding requests and a chunk of prompt. [s]
    decode : numeric
        The same step without the chunk. [s]
    launch : numeric
        What a mixed step costs besides: it runs without a recorded graph. [s]

    Returns
    -------
    numeric
        Time. [s]

    Notes
    -----
    .. math:: p = n (t_m - t_d + l)

    References
    ----------
    agrawal2024, section 4.2 (prompts in the batches of decoding); the launch is a fitted constant.

    Examples
    --------
    >>> prompt_charge(chunks=2.0, mixed=0.75, decode=0.25, launch=0.125)
    1.25
    """
    return chunks * (mixed - decode + launch)


@formula(
    returns="s",
    decode="s",
    accepted="1",
    prompts="1",
    charge="s",
    share="1",
    stages="1",
    version=1,
    cite=("agrawal2024", "leviathan2022"),
)
def token_interval(
    *, decode: Numeric, accepted: Numeric, prompts: Numeric, charge: Numeric, share: Numeric, stages: Numeric
) -> Numeric:
    r"""Time between two output tokens of a request, in a steady state.

    Parameters
    ----------
    decode : numeric
        One decode step. [s]
    accepted : numeric
        Tokens that a request gains in one step; 1 without speculative decoding. [1]
    prompts : numeric
        Prompts of others that are computed while a request gains one token. [1]
    charge : numeric
        Time that one prompt adds. [s]
    share : numeric
        Share of it that falls on decoding requests; the rest falls on those that wait for their first token. [1]
    stages : numeric
        Pipeline stages, each of which a prompt occupies for its part of the time. [1]

    Returns
    -------
    numeric
        Time for one token. [s]

    Notes
    -----
    .. math:: t = t_d / A + \phi q p / s

    References
    ----------
    agrawal2024, section 3 (interference of prompts); leviathan2022, section 3.1 (tokens a step); the share is a
    fitted constant.

    Examples
    --------
    >>> token_interval(decode=0.02, accepted=2.0, prompts=0.5, charge=0.04, share=1.0, stages=1.0)
    0.03
    """
    return decode / accepted + share * prompts * charge / stages


@formula(returns="s", time="s", residual="1", version=1, cite=("kwon2023",))
def scaled_time(*, time: Numeric, residual: Numeric) -> Numeric:
    """Time corrected by what measurements leave of it.

    Parameters
    ----------
    time : numeric
        Time as the model has it. [s]
    residual : numeric
        Measured over modelled time. [1]

    Returns
    -------
    numeric
        Time. [s]

    Notes
    -----
    .. math:: t' = r t

    References
    ----------
    kwon2023, section 6 (what is measured: latency a token).

    Examples
    --------
    >>> scaled_time(time=0.02, residual=1.5)
    0.03
    """
    return time * residual


@formula(
    returns="s",
    base="s",
    chunks="1",
    decode="s",
    charge="s",
    others="1",
    queue_share="1",
    stages="1",
    version=1,
    cite=("agrawal2024",),
)
def first_token_time(
    *,
    base: Numeric,
    chunks: Numeric,
    decode: Numeric,
    charge: Numeric,
    others: Numeric,
    queue_share: Numeric,
    stages: Numeric,
) -> Numeric:
    r"""Time from the start of a request to its first token, with others at work.

    Parameters
    ----------
    base : numeric
        What the engine takes besides: queue, tokenizer, network. [s]
    chunks : numeric
        Mixed steps that the prompt takes. [1]
    decode : numeric
        A step without its chunk. [s]
    charge : numeric
        Time that the prompt adds to these steps. [s]
    others : numeric
        Running requests besides it. [1]
    queue_share : numeric
        Share of the others whose prompts it waits for. [1]
    stages : numeric
        Pipeline stages. [1]

    Returns
    -------
    numeric
        Time, without a wait for a place. [s]

    Notes
    -----
    .. math:: T = b + \max(n, 1) t_d + p / \min(n, 1) + \psi C_o p / s

    A prompt that shares its step with others waits for the whole step.

    References
    ----------
    agrawal2024, section 2 (time to first token); base and share are fitted constants.

    Examples
    --------
    >>> float(first_token_time(base=0.25, chunks=1, decode=0.25, charge=0.5, others=8, queue_share=0.25, stages=2))
    1.5
    """
    return (
        base
        + np.maximum(chunks, 1.0) * decode
        + charge / np.minimum(chunks, 1.0)
        + queue_share * others * charge / stages
    )


@formula(returns="s", coefficient="request/token", interval="s", output="token/request", version=1, cite=("kwon2023",))
def generation_time(*, interval: Numeric, output: Numeric) -> Numeric:
    """Time of the output of a request after its first token.

    Parameters
    ----------
    interval : numeric
        Time between two tokens. [s]
    output : numeric
        Output of a request. [token/request]

    Returns
    -------
    numeric
        Time. [s]

    Notes
    -----
    .. math:: G = O t

    One interval more than there are between O tokens; the last one frees the place.

    References
    ----------
    kwon2023, section 6.1 (normalized latency).

    Examples
    --------
    >>> generation_time(interval=0.02, output=500.0)
    10.0
    """
    return interval * output


@formula(returns="s", time="s", longer="s", shorter="s", version=1, cite=("agrawal2024",))
def longer_time(*, time: Numeric, longer: Numeric, shorter: Numeric) -> Numeric:
    """Time to the first token of a prompt longer than the mean, among the same others.

    Parameters
    ----------
    time : numeric
        That of a mean prompt, waits for others counted. [s]
    longer : numeric
        That of the longer one, alone. [s]
    shorter : numeric
        That of a mean one, alone. [s]

    Returns
    -------
    numeric
        Time. [s]

    Notes
    -----
    .. math:: T' = T + T_l - T_m

    References
    ----------
    agrawal2024, section 2 (time to first token); what others add does not depend on the prompt itself.

    Examples
    --------
    >>> longer_time(time=2.0, longer=1.5, shorter=0.5)
    3.0
    """
    return time + (longer - shorter)
