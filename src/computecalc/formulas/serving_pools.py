"""Prompts computed by accelerators of their own: rates that balance, the way of the cache, waits, both as one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from computecalc.formulas.duration import ROUNDING
from computecalc.formulas.table import Numeric, formula

__all__ = [
    "balancing_ratio",
    "greatest_share",
    "joint_accelerators",
    "joint_draw",
    "paired_rate",
    "paired_replicas",
    "total_accelerators",
    "total_replicas",
    "whole_groups",
]


@formula(returns="1", decode="request/s/replica", prompts="request/s/replica", version=1, cite=("zhong2024",))
def balancing_ratio(*, decode: Numeric, prompts: Numeric) -> Numeric:
    r"""Groups for prompts that keep up with one replica that decodes.

    Parameters
    ----------
    decode : numeric
        Requests that the replica completes. [request/s/replica]
    prompts : numeric
        Prompts that one group completes. [request/s/replica]

    Returns
    -------
    numeric
        Groups for each replica, not rounded. [1]

    Notes
    -----
    .. math:: x = \lambda_d / \lambda_p

    References
    ----------
    zhong2024, section 4 (as many instances of each phase as their rates ask for).

    Examples
    --------
    >>> balancing_ratio(decode=4.0, prompts=8.0)
    0.5
    """
    return decode / prompts


@formula(
    returns="request/s/replica",
    decode="request/s/replica",
    prompts="request/s/replica",
    ratio="1",
    version=1,
    cite=("zhong2024",),
)
def paired_rate(*, decode: Numeric, prompts: Numeric, ratio: Numeric) -> Numeric:
    r"""Requests that a replica completes with its stated share of the groups for prompts: the slower one sets the pace.

    Parameters
    ----------
    decode : numeric
        Requests that the replica could complete. [request/s/replica]
    prompts : numeric
        Prompts that one group completes. [request/s/replica]
    ratio : numeric
        Groups for each replica. [1]

    Returns
    -------
    numeric
        Rate. [request/s/replica]

    Notes
    -----
    .. math:: \lambda = \min(\lambda_d, x \lambda_p)

    References
    ----------
    zhong2024, section 4.

    Examples
    --------
    >>> float(paired_rate(decode=4.0, prompts=6.0, ratio=0.5))
    3.0
    """
    return np.minimum(decode, ratio * prompts)


@formula(returns="replica", replicas="replica", ratio="1", version=1, cite=("zhong2024",))
def paired_replicas(*, replicas: Numeric, ratio: Numeric) -> Numeric:
    r"""Groups for prompts beside replicas that decode, at a stated ratio.

    Parameters
    ----------
    replicas : numeric
        Replicas that decode. [replica]
    ratio : numeric
        Groups for each of them. [1]

    Returns
    -------
    numeric
        A whole number. [replica]

    Notes
    -----
    .. math:: R_p = \lceil x R_d \rceil

    References
    ----------
    zhong2024, section 4.

    Examples
    --------
    >>> float(paired_replicas(replicas=5.0, ratio=0.5))
    3.0
    """
    return np.ceil(replicas * ratio * ROUNDING)


@formula(returns="1", ratio="1", version=1, cite=("zhong2024",))
def whole_groups(*, ratio: Numeric) -> Numeric:
    r"""Whole groups for prompts beside a single replica that decodes.

    Parameters
    ----------
    ratio : numeric
        Groups that keep up with it. [1]

    Returns
    -------
    numeric
        A whole number. [1]

    Notes
    -----
    .. math:: X = \lceil x \rceil

    References
    ----------
    zhong2024, section 4.

    Examples
    --------
    >>> float(whole_groups(ratio=0.3))
    1.0
    """
    return np.ceil(ratio * ROUNDING)


@formula(
    returns="accelerator/replica",
    decode="accelerator/replica",
    prompts="accelerator/replica",
    ratio="1",
    version=1,
    cite=("zhong2024",),
)
def joint_accelerators(*, decode: Numeric, prompts: Numeric, ratio: Numeric) -> Numeric:
    """Accelerators of a replica that decodes and of its share of the groups for prompts.

    Parameters
    ----------
    decode : numeric
        Accelerators of the replica. [accelerator/replica]
    prompts : numeric
        Accelerators of a group for prompts. [accelerator/replica]
    ratio : numeric
        Groups for each replica. [1]

    Returns
    -------
    numeric
        Accelerators. [accelerator/replica]

    Notes
    -----
    .. math:: n = n_d + x n_p

    References
    ----------
    zhong2024, section 4 (rate for each accelerator of both phases).

    Examples
    --------
    >>> joint_accelerators(decode=16.0, prompts=4.0, ratio=0.5)
    18.0
    """
    return decode + ratio * prompts


@formula(returns="1", shares="1", accelerators="accelerator", version=1, cite=("fan2007",))
def joint_draw(*, shares: Sequence[Numeric], accelerators: Sequence[Numeric]) -> Numeric:
    r"""Average draw of parts of a fleet that draw differently, as a share of thermal design power.

    Parameters
    ----------
    shares : sequence of numeric
        Draw of an accelerator of each part. [1]
    accelerators : sequence of numeric
        Accelerators of each part. [accelerator]

    Returns
    -------
    numeric
        Share. [1]

    Notes
    -----
    .. math:: \bar\alpha = \sum_i N_i \alpha_i / \sum_i N_i

    References
    ----------
    fan2007 (power of a fleet is the sum of its servers').

    Examples
    --------
    >>> joint_draw(shares=(0.75, 0.25), accelerators=(30.0, 10.0))
    0.625
    """
    drawn = [share * count for share, count in zip(shares, accelerators, strict=True)]
    return sum(drawn[1:], start=drawn[0]) / sum(accelerators[1:], start=accelerators[0])


@formula(returns="1", parts="1", version=1, cite=("zhong2024",))
def greatest_share(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Load of the part of a fleet that is nearest to its limit.

    Parameters
    ----------
    parts : sequence of numeric
        Load of each part. [1]

    Returns
    -------
    numeric
        The greatest. [1]

    Notes
    -----
    .. math:: l = \max_i l_i

    References
    ----------
    zhong2024, section 4 (the slower phase bounds the rate).

    Examples
    --------
    >>> float(greatest_share(parts=(0.25, 0.75)))
    0.75
    """
    return reduce(np.maximum, parts)


@formula(returns="replica", parts="replica", version=1, cite=("zhong2024",))
def total_replicas(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Replicas and groups of all kinds.

    Parameters
    ----------
    parts : sequence of numeric
        Of each kind. [replica]

    Returns
    -------
    numeric
        Their sum. [replica]

    Notes
    -----
    .. math:: R = \sum_i R_i

    References
    ----------
    zhong2024, section 4.

    Examples
    --------
    >>> total_replicas(parts=(5.0, 3.0))
    8.0
    """
    return sum(parts[1:], start=parts[0])


@formula(returns="accelerator", parts="accelerator", version=1, cite=("zhong2024",))
def total_accelerators(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Accelerators of all parts of a fleet.

    Parameters
    ----------
    parts : sequence of numeric
        Of each part. [accelerator]

    Returns
    -------
    numeric
        Their sum. [accelerator]

    Notes
    -----
    .. math:: N = \sum_i N_i

    References
    ----------
    zhong2024, section 4.

    Examples
    --------
    >>> total_accelerators(parts=(40.0, 12.0))
    52.0
    """
    return sum(parts[1:], start=parts[0])
