"""Memory beside states and activations: gradients and weights in passing, sums, maxima and what may be used."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "copy_bytes",
    "largest_bytes",
    "present_bytes",
    "repeated_bytes",
    "shard_degree",
    "usable_memory",
]


@formula(returns="1", data="1", context="1", version=1, cite=("rajbhandari2020",))
def shard_degree(*, data: Numeric, context: Numeric) -> Numeric:
    """Ranks that share sharded states: context-parallel ranks hold the same weights, as data-parallel ones do.

    Parameters
    ----------
    data : numeric
        Data-parallel degree. [1]
    context : numeric
        Context-parallel degree. [1]

    Returns
    -------
    numeric
        Ranks with the same weights. [1]

    Notes
    -----
    .. math:: D' = D c

    References
    ----------
    rajbhandari2020, section 5: states are cut over all ranks that would else repeat them.

    Examples
    --------
    >>> shard_degree(data=4.0, context=2.0)
    8.0
    """
    return data * context


@formula(
    returns="byte/accelerator",
    parameters="parameter/accelerator",
    bytes_per_parameter="byte/parameter",
    version=1,
    cite=("rajbhandari2020",),
)
def copy_bytes(*, parameters: Numeric, bytes_per_parameter: Numeric) -> Numeric:
    """Weights or gradients that pass through an accelerator's memory.

    Parameters
    ----------
    parameters : numeric
        Parameters at a time. [parameter/accelerator]
    bytes_per_parameter : numeric
        Bytes of each. [byte/parameter]

    Returns
    -------
    numeric
        Bytes on one accelerator. [byte/accelerator]

    Notes
    -----
    .. math:: M = k N

    References
    ----------
    rajbhandari2020, section 6.2 (temporary buffers).

    Examples
    --------
    >>> copy_bytes(parameters=8.0e8, bytes_per_parameter=2.0)
    1600000000.0
    """
    return parameters * bytes_per_parameter


@formula(returns="byte/accelerator", each="byte/accelerator", count="1", version=1, cite=("korthikanti2022",))
def repeated_bytes(*, each: Numeric, count: Numeric) -> Numeric:
    """Bytes of equal layers, micro-batches or copies together.

    Parameters
    ----------
    each : numeric
        Bytes of one. [byte/accelerator]
    count : numeric
        How many. [1]

    Returns
    -------
    numeric
        Bytes of all. [byte/accelerator]

    Notes
    -----
    .. math:: M = n M_1

    References
    ----------
    korthikanti2022, section 4.3 (layers times micro-batches).

    Examples
    --------
    >>> repeated_bytes(each=3.0e9, count=8.0)
    24000000000.0
    """
    return each * count


@formula(returns="byte/accelerator", each="byte/accelerator", count="1", version=1, cite=("korthikanti2022",))
def present_bytes(*, each: Numeric, count: Numeric) -> Numeric:
    """Bytes that one layer of a kind needs at work, where a stage holds any.

    Parameters
    ----------
    each : numeric
        Bytes of one such layer. [byte/accelerator]
    count : numeric
        Layers of that kind on the stage. [1]

    Returns
    -------
    numeric
        The same, or 0. [byte/accelerator]

    Notes
    -----
    .. math:: M = M_1 [n > 0]

    References
    ----------
    korthikanti2022, section 5 (one layer is at work at a time).

    Examples
    --------
    >>> float(present_bytes(each=3.0e9, count=0.0))
    0.0
    """
    return each * np.where(count > 0.0, 1.0, 0.0)


@formula(returns="byte/accelerator", parts="byte/accelerator", version=1, cite=("korthikanti2022",))
def largest_bytes(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Bytes of the largest of several needs that never come together.

    Parameters
    ----------
    parts : sequence of numeric
        Needs, of which one at a time is present; at least one. [byte/accelerator]

    Returns
    -------
    numeric
        The largest. [byte/accelerator]

    Notes
    -----
    .. math:: M = \max_i M_i

    References
    ----------
    korthikanti2022, section 5 (one layer is at work at a time).

    Examples
    --------
    >>> float(largest_bytes(parts=(2.0, 3.0)))
    3.0
    """
    return reduce(np.maximum, parts)


@formula(returns="byte/accelerator", capacity="byte/accelerator", reserve="1", version=1, cite=("rajbhandari2020",))
def usable_memory(*, capacity: Numeric, reserve: Numeric) -> Numeric:
    """Memory that a training process can allocate.

    Parameters
    ----------
    capacity : numeric
        Memory of one accelerator. [byte/accelerator]
    reserve : numeric
        Share kept for the driver's context, the collective library and fragmentation. [1]

    Returns
    -------
    numeric
        Usable bytes. [byte/accelerator]

    Notes
    -----
    .. math:: C' = C (1 - r)

    References
    ----------
    rajbhandari2020, section 3.2 (temporary buffers and fragmentation).

    Examples
    --------
    >>> usable_memory(capacity=8.0e10, reserve=0.0625)
    75000000000.0
    """
    return capacity * (1.0 - reserve)
