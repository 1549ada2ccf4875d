"""Prompts on accelerators that compute nothing else: how many a step takes, when the next starts, and their caches."""

from __future__ import annotations

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = ["cache_transfer_time", "prompt_turn", "prompts_in_step", "queue_wait"]


@formula(
    returns="s",
    coefficient="request",
    sent="byte/request/accelerator",
    received="byte/request/accelerator",
    network="byte/s/accelerator",
    efficiency="1",
    version=1,
    cite=("patel2023", "zhong2024"),
)
def cache_transfer_time(*, sent: Numeric, received: Numeric, network: Numeric, efficiency: Numeric) -> Numeric:
    r"""Time in which the cache of a prompt gets from the accelerators that made it to those that decode.

    Parameters
    ----------
    sent : numeric
        Its bytes on each accelerator that computed the prompt. [byte/request/accelerator]
    received : numeric
        Its bytes on each that decodes. [byte/request/accelerator]
    network : numeric
        Network of one accelerator, one direction. [byte/s/accelerator]
    efficiency : numeric
        Share of it that exchanges reach. [1]

    Returns
    -------
    numeric
        Time, with nothing of it hidden behind computing. [s]

    Notes
    -----
    .. math:: t = \max(m_p, m_d) / (\eta B)

    References
    ----------
    patel2023, section 4 (transfer of the cache, which may also overlap layer by layer); zhong2024, section 3.3.

    Examples
    --------
    >>> float(cache_transfer_time(sent=1.0e9, received=2.0e9, network=5.0e10, efficiency=0.5))
    0.08
    """
    return np.maximum(sent, received) / (network * efficiency)


@formula(returns="s", charge="s", stages="1", version=1, cite=("narayanan2021", "zhong2024"))
def prompt_turn(*, charge: Numeric, stages: Numeric) -> Numeric:
    """Time after which a group that is busy with a prompt takes the next one.

    Parameters
    ----------
    charge : numeric
        Time in which one prompt is computed. [s]
    stages : numeric
        Pipeline stages, each with a prompt of its own. [1]

    Returns
    -------
    numeric
        Time. [s]

    Notes
    -----
    .. math:: t = p / s

    References
    ----------
    zhong2024, section 3.1 (pipeline parallelism of prompts); narayanan2021, section 2.2.

    Examples
    --------
    >>> prompt_turn(charge=0.5, stages=2.0)
    0.25
    """
    return charge / stages


@formula(returns="s", service="s", share="1", version=1, cite=("zhong2024",))
def queue_wait(*, service: Numeric, share: Numeric) -> Numeric:
    r"""Mean wait before equal jobs that come at random: the M/D/1 queue.

    Parameters
    ----------
    service : numeric
        Time of one job. [s]
    share : numeric
        Share of the time in which the server is busy, below 1. [1]

    Returns
    -------
    numeric
        Time. [s]

    Notes
    -----
    .. math:: W = \frac{u}{2 (1 - u)} t

    References
    ----------
    zhong2024, section 3.1, equation 1 (prompts as an M/D/1 queue).

    Examples
    --------
    >>> queue_wait(service=0.25, share=0.5)
    0.125
    """
    return service * share / (2.0 * (1.0 - share))


@formula(returns="1", limit="token", groups="1", prompt="token", version=1, cite=("agrawal2024",))
def prompts_in_step(*, limit: Numeric, groups: Numeric, prompt: Numeric) -> Numeric:
    r"""Prompts that fill a step of accelerators with nothing else to do.

    Parameters
    ----------
    limit : numeric
        Most prompt tokens that a group of attention ranks takes in one step. [token]
    groups : numeric
        Such groups. [1]
    prompt : numeric
        Fresh prompt of a request. [token]

    Returns
    -------
    numeric
        Prompts; less than 1 where one takes several steps. [1]

    Notes
    -----
    .. math:: j = c_{max} d / P

    References
    ----------
    agrawal2024, section 4.3 (token budget of a step).

    Examples
    --------
    >>> prompts_in_step(limit=8192.0, groups=2.0, prompt=1024.0)
    16.0
    """
    return limit * groups / prompt
