"""Memory for what training keeps of every parameter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "accelerators_to_hold",
    "bytes_per_parameter",
    "evenly_spread_bytes",
    "fits_memory",
    "held_bytes",
    "model_state_bytes",
    "rank_parameters",
    "sharded_state_bytes",
]


@formula(
    returns="byte",
    parameters="parameter",
    bytes_per_parameter="byte/parameter",
    version=1,
    cite=("rajbhandari2020",),
)
def model_state_bytes(*, parameters: Numeric, bytes_per_parameter: Numeric) -> Numeric:
    """Memory for weights, gradients or optimizer states before any sharding.

    Parameters
    ----------
    parameters : numeric
        Parameters held, all experts counted. [parameter]
    bytes_per_parameter : numeric
        Bytes kept of each: weights, gradients or optimizer states of the recipe. [byte/parameter]

    Returns
    -------
    numeric
        Unsharded bytes. [byte]

    Notes
    -----
    .. math:: M = k N

    References
    ----------
    rajbhandari2020, section 3.1.

    Examples
    --------
    >>> model_state_bytes(parameters=7.5e9, bytes_per_parameter=16.0)
    120000000000.0
    """
    return parameters * bytes_per_parameter


@formula(
    returns="byte/parameter",
    weights="byte/parameter",
    gradients="byte/parameter",
    optimizer="byte/parameter",
    version=1,
    cite=("rajbhandari2020",),
)
def bytes_per_parameter(*, weights: Numeric, gradients: Numeric, optimizer: Numeric) -> Numeric:
    """Bytes that a training recipe keeps of each parameter.

    Parameters
    ----------
    weights : numeric
        Bytes of the weight itself. [byte/parameter]
    gradients : numeric
        Bytes of its gradient. [byte/parameter]
    optimizer : numeric
        Bytes of master weight and moments. [byte/parameter]

    Returns
    -------
    numeric
        Bytes a parameter. [byte/parameter]

    Notes
    -----
    .. math:: k = k_w + k_g + k_o

    References
    ----------
    rajbhandari2020, section 3.1.

    Examples
    --------
    >>> bytes_per_parameter(weights=2.0, gradients=4.0, optimizer=12.0)
    18.0
    """
    return weights + gradients + optimizer


@formula(
    returns="parameter/accelerator",
    coefficient="1/accelerator",
    shared="parameter",
    experts="parameter",
    tensor="1",
    pipeline="1",
    expert="1",
    version=1,
    cite=("narayanan2021",),
)
def rank_parameters(
    *, shared: Numeric, experts: Numeric, tensor: Numeric, pipeline: Numeric, expert: Numeric
) -> Numeric:
    """Parameters that one model-parallel rank holds, stages taken as equal.

    Parameters
    ----------
    shared : numeric
        Parameters outside the routed experts. [parameter]
    experts : numeric
        Parameters of all routed experts. [parameter]
    tensor : numeric
        Tensor-parallel degree. [1]
    pipeline : numeric
        Pipeline-parallel degree. [1]
    expert : numeric
        Expert-parallel degree. [1]

    Returns
    -------
    numeric
        Parameters of one rank, which is one accelerator. [parameter/accelerator]

    Notes
    -----
    .. math:: N_r = (N_s + N_x / e) / (t p)

    Experts are cut by the expert degree as well, once.

    References
    ----------
    narayanan2021, section 2.3.

    Examples
    --------
    >>> rank_parameters(shared=8.0e9, experts=64.0e9, tensor=2.0, pipeline=4.0, expert=8.0)
    2000000000.0
    """
    return (shared + experts / expert) / (tensor * pipeline)


@formula(
    returns="byte/accelerator",
    shared="parameter/accelerator",
    experts="parameter/accelerator",
    bytes_per_parameter="byte/parameter",
    data="1",
    expert="1",
    sharded="1",
    version=1,
    cite=("rajbhandari2020",),
)
def sharded_state_bytes(
    *,
    shared: Numeric,
    experts: Numeric,
    bytes_per_parameter: Numeric,
    data: Numeric,
    expert: Numeric,
    sharded: Numeric,
) -> Numeric:
    r"""Bytes of one kind of state on one accelerator, with or without ZeRO sharding.

    Parameters
    ----------
    shared : numeric
        Parameters outside the routed experts that the rank holds. [parameter/accelerator]
    experts : numeric
        Parameters of routed experts that the rank holds. [parameter/accelerator]
    bytes_per_parameter : numeric
        Bytes kept of each. [byte/parameter]
    data : numeric
        Data-parallel degree. [1]
    expert : numeric
        Expert-parallel degree, which divides the data-parallel one. [1]
    sharded : numeric
        1 where this state is sharded over the data-parallel group, else 0. [1]

    Returns
    -------
    numeric
        Bytes on one accelerator. [byte/accelerator]

    Notes
    -----
    .. math:: M = k (N_s / D^z + N_x / (D/e)^z), \quad z \in \{0, 1\}

    An expert's states are shared by the D/e ranks that hold the same expert, not by all D.

    References
    ----------
    rajbhandari2020, section 5 and figure 1.

    Examples
    --------
    >>> float(sharded_state_bytes(
    ...     shared=1.0e9, experts=0.0, bytes_per_parameter=12.0, data=8.0, expert=1.0, sharded=1.0
    ... ))
    1500000000.0
    """
    shared_ways = np.where(sharded > 0.0, data, 1.0)
    expert_ways = np.where(sharded > 0.0, data / expert, 1.0)
    return bytes_per_parameter * (shared / shared_ways + experts / expert_ways)


@formula(
    returns="accelerator",
    model_states="byte",
    capacity="byte/accelerator",
    version=1,
    cite=("rajbhandari2020",),
)
def accelerators_to_hold(*, model_states: Numeric, capacity: Numeric) -> Numeric:
    r"""Fewest accelerators that can hold one copy of the states, spread evenly and nothing else.

    A lower bound: activations, buffers and fragmentation need more.

    Parameters
    ----------
    model_states : numeric
        All states of one copy of the model. [byte]
    capacity : numeric
        Memory of one accelerator. [byte/accelerator]

    Returns
    -------
    numeric
        Accelerators, a whole number. [accelerator]

    Notes
    -----
    .. math:: n = \lceil M / C \rceil

    References
    ----------
    rajbhandari2020, section 5.3 (all states sharded).

    Examples
    --------
    >>> float(accelerators_to_hold(model_states=7.3e12, capacity=8.0e10))
    92.0
    """
    return np.ceil(model_states / capacity)


@formula(
    returns="byte/accelerator",
    model_states="byte",
    accelerators="accelerator",
    version=1,
    cite=("rajbhandari2020",),
)
def evenly_spread_bytes(*, model_states: Numeric, accelerators: Numeric) -> Numeric:
    """States on one accelerator if all of them could share one copy evenly, the least any layout can reach.

    Parameters
    ----------
    model_states : numeric
        All states of one copy of the model. [byte]
    accelerators : numeric
        Accelerators reserved. [accelerator]

    Returns
    -------
    numeric
        Bytes on one accelerator. [byte/accelerator]

    Notes
    -----
    .. math:: M_1 = M / n

    References
    ----------
    rajbhandari2020, section 5.3.

    Examples
    --------
    >>> evenly_spread_bytes(model_states=8.0e12, accelerators=1000.0)
    8000000000.0
    """
    return model_states / accelerators


@formula(
    returns="byte/accelerator",
    parts="byte/accelerator",
    version=1,
    cite=("rajbhandari2020",),
)
def held_bytes(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Bytes of all states on one accelerator.

    Parameters
    ----------
    parts : sequence of numeric
        Bytes of each kind of state; at least one. [byte/accelerator]

    Returns
    -------
    numeric
        Their sum. [byte/accelerator]

    Notes
    -----
    .. math:: M_1 = \sum_i M_i

    References
    ----------
    rajbhandari2020, section 3.

    Examples
    --------
    >>> held_bytes(parts=(2.0, 3.0))
    5.0
    """
    return sum(parts[1:], start=parts[0])


@formula(returns="1", needed="byte/accelerator", capacity="byte/accelerator", version=1, cite=("rajbhandari2020",))
def fits_memory(*, needed: Numeric, capacity: Numeric) -> Numeric:
    r"""Whether what an accelerator must hold fits into its memory.

    Parameters
    ----------
    needed : numeric
        Bytes it must hold. [byte/accelerator]
    capacity : numeric
        Its memory. [byte/accelerator]

    Returns
    -------
    numeric
        1 where it fits, else 0. [1]

    Notes
    -----
    .. math:: f = [M_1 \le C]

    References
    ----------
    rajbhandari2020, section 3.

    Examples
    --------
    >>> float(fits_memory(needed=9.0e10, capacity=8.0e10))
    0.0
    """
    return np.where(needed <= capacity, 1.0, 0.0)
