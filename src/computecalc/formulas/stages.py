"""Pipeline stages: which layers a stage holds, and how many micro-batches wait on it."""

from __future__ import annotations

import numpy as np

from computecalc.formulas.duration import ROUNDING
from computecalc.formulas.table import Numeric, formula

__all__ = [
    "first_stage",
    "head_copies",
    "in_flight_micro_batches",
    "last_stage",
    "leading_layers",
    "micro_batch_count",
    "spread_layers",
    "stage_layers",
]


@formula(
    returns="1",
    global_batch="1",
    data="1",
    micro_batch="1",
    version=1,
    cite=("narayanan2021",),
)
def micro_batch_count(*, global_batch: Numeric, data: Numeric, micro_batch: Numeric) -> Numeric:
    r"""Micro-batches that each pipeline works through in one step, at least one.

    Parameters
    ----------
    global_batch : numeric
        Sequences of one optimizer step. [1]
    data : numeric
        Data-parallel degree. [1]
    micro_batch : numeric
        Sequences of a micro-batch. [1]

    Returns
    -------
    numeric
        Micro-batches, a whole number. [1]

    Notes
    -----
    .. math:: m = \max(1, \lceil B / (D b) \rceil)

    References
    ----------
    narayanan2021, section 3.1.

    Examples
    --------
    >>> float(micro_batch_count(global_batch=2048.0, data=128.0, micro_batch=2.0))
    8.0
    """
    return np.maximum(np.ceil(global_batch / (data * micro_batch) * ROUNDING), 1.0)


@formula(
    returns="1",
    layers="1",
    pipeline="1",
    virtual="1",
    stage="1",
    version=1,
    cite=("narayanan2021",),
)
def stage_layers(*, layers: Numeric, pipeline: Numeric, virtual: Numeric, stage: Numeric) -> Numeric:
    r"""Layers on a pipeline stage; where they do not divide, the first chunks get one more.

    Parameters
    ----------
    layers : numeric
        Layers of the model. [1]
    pipeline : numeric
        Pipeline-parallel degree. [1]
    virtual : numeric
        Chunks of layers that each stage holds (interleaving). [1]
    stage : numeric
        Number of the stage, counted from 0. [1]

    Returns
    -------
    numeric
        Layers of this stage. [1]

    Notes
    -----
    .. math:: L_i = v \lfloor L / (p v) \rfloor + \min(v, \max(0, \lceil (r - i) / p \rceil)), \quad r = L \bmod p v

    Chunk x of the p v chunks is on stage x mod p.

    References
    ----------
    narayanan2021, section 2.2 (assignment of chunks to devices); the uneven split is our own.

    Examples
    --------
    >>> [float(stage_layers(layers=126.0, pipeline=16.0, virtual=1.0, stage=i)) for i in (0.0, 13.0, 14.0, 15.0)]
    [8.0, 8.0, 7.0, 7.0]
    """
    chunks = pipeline * virtual
    even = np.floor(layers / chunks)
    rest = layers - even * chunks
    return virtual * even + np.minimum(virtual, np.maximum(0.0, np.ceil((rest - stage) / pipeline)))


@formula(
    returns="1",
    leading="1",
    layers="1",
    pipeline="1",
    virtual="1",
    stage="1",
    version=1,
    cite=("narayanan2021",),
)
def leading_layers(
    *, leading: Numeric, layers: Numeric, pipeline: Numeric, virtual: Numeric, stage: Numeric
) -> Numeric:
    r"""Layers of a stage that are among the first layers of the model.

    Parameters
    ----------
    leading : numeric
        Layers at the start of the model that differ from the others, such as dense ones before experts. [1]
    layers : numeric
        Layers of the model. [1]
    pipeline : numeric
        Pipeline-parallel degree. [1]
    virtual : numeric
        Chunks of layers that each stage holds. [1]
    stage : numeric
        Number of the stage, counted from 0. [1]

    Returns
    -------
    numeric
        Leading layers on this stage. [1]

    Notes
    -----
    .. math:: d_i = \sum_{j < v} \min(\max(d - S(j p + i), 0), S(j p + i + 1) - S(j p + i))

    S(x) = x floor(L / p v) + min(x, r) is the number of layers before chunk x.

    References
    ----------
    narayanan2021, section 2.2 (assignment of chunks to devices).

    Examples
    --------
    >>> [float(leading_layers(leading=3.0, layers=61.0, pipeline=32.0, virtual=1.0, stage=i)) for i in (0.0, 1.0, 2.0)]
    [2.0, 1.0, 0.0]
    """
    even = np.floor(layers / (pipeline * virtual))
    rest = layers - even * pipeline * virtual
    held = 0.0 * stage * leading
    for chunk in range(int(np.max(np.ceil(virtual)))):
        number = chunk * pipeline + stage
        before = number * even + np.minimum(number, rest)
        if np.all(before >= leading):  # as it is in all chunks to come
            break
        size = even + np.maximum(0.0, np.minimum(1.0, rest - number))
        held = held + np.where(virtual > chunk, np.minimum(np.maximum(leading - before, 0.0), size), 0.0)
    return held


@formula(
    returns="1",
    held="1",
    leading="1",
    count="1",
    others="1",
    version=1,
    cite=("narayanan2021",),
)
def spread_layers(*, held: Numeric, leading: Numeric, count: Numeric, others: Numeric) -> Numeric:
    """Layers of one group on a stage, where groups alternate and so are spread evenly.

    Parameters
    ----------
    held : numeric
        Layers of the stage. [1]
    leading : numeric
        Those of them that are leading layers. [1]
    count : numeric
        Layers of the group in the model. [1]
    others : numeric
        Layers of the model that are not leading. [1]

    Returns
    -------
    numeric
        Layers of the group on the stage, a mean that need not be whole. [1]

    Notes
    -----
    .. math:: L_{ig} = (L_i - d_i) L_g / (L - d)

    References
    ----------
    narayanan2021, section 2.2.

    Examples
    --------
    >>> spread_layers(held=12.0, leading=0.0, count=40.0, others=48.0)
    10.0
    """
    return (held - leading) * count / others


@formula(
    returns="1",
    micro_batches="1",
    pipeline="1",
    virtual="1",
    stage="1",
    version=1,
    cite=("korthikanti2022", "narayanan2021"),
)
def in_flight_micro_batches(*, micro_batches: Numeric, pipeline: Numeric, virtual: Numeric, stage: Numeric) -> Numeric:
    r"""Micro-batches whose activations a stage holds at once, in units of all its layers.

    One forward, one backward: a stage waits for those behind it. Interleaving holds chunks instead; on the first
    stage that is 1 + (p - 1) / (p v) times as much.

    Parameters
    ----------
    micro_batches : numeric
        Micro-batches of a step. [1]
    pipeline : numeric
        Pipeline-parallel degree. [1]
    virtual : numeric
        Chunks of layers that each stage holds; 1 without interleaving. [1]
    stage : numeric
        Number of the stage, counted from 0. [1]

    Returns
    -------
    numeric
        Micro-batches. [1]

    Notes
    -----
    .. math:: f_i = \min(m, p - i), \quad v > 1: f_i = \min(m, ((v - 1) p + 2 (p - 1 - i) + 1) / v)

    References
    ----------
    korthikanti2022, section 4.2.3 (first stage); narayanan2021, section 2.2 (warm-up of either schedule).

    Examples
    --------
    >>> float(in_flight_micro_batches(micro_batches=64.0, pipeline=8.0, virtual=1.0, stage=0.0))
    8.0
    >>> float(in_flight_micro_batches(micro_batches=64.0, pipeline=8.0, virtual=4.0, stage=0.0))
    9.75
    """
    behind = pipeline - 1.0 - stage
    chunks = (virtual - 1.0) * pipeline + behind + behind + 1.0
    return np.minimum(micro_batches, np.where(virtual > 1.0, chunks / virtual, behind + 1.0))


@formula(returns="1", stage="1", version=1, cite=("narayanan2021",))
def first_stage(*, stage: Numeric) -> Numeric:
    r"""Whether a stage is the first, which holds the input embedding.

    Parameters
    ----------
    stage : numeric
        Number of the stage, counted from 0. [1]

    Returns
    -------
    numeric
        1 on the first stage, else 0. [1]

    Notes
    -----
    .. math:: e_i = [i = 0]

    References
    ----------
    narayanan2021, section 2.2.

    Examples
    --------
    >>> float(first_stage(stage=0.0))
    1.0
    """
    return np.where(stage < 1.0, 1.0, 0.0)


@formula(returns="1", stage="1", pipeline="1", version=1, cite=("narayanan2021",))
def last_stage(*, stage: Numeric, pipeline: Numeric) -> Numeric:
    r"""Whether a stage is the last, which holds the output head and the loss.

    Parameters
    ----------
    stage : numeric
        Number of the stage, counted from 0. [1]
    pipeline : numeric
        Pipeline-parallel degree. [1]

    Returns
    -------
    numeric
        1 on the last stage, else 0. [1]

    Notes
    -----
    .. math:: h_i = [i = p - 1]

    References
    ----------
    narayanan2021, section 2.2.

    Examples
    --------
    >>> float(last_stage(stage=15.0, pipeline=16.0))
    1.0
    """
    return np.where(stage + 1.0 >= pipeline, 1.0, 0.0)


@formula(returns="1", stage="1", pipeline="1", tied="1", version=1, cite=("narayanan2021",))
def head_copies(*, stage: Numeric, pipeline: Numeric, tied: Numeric) -> Numeric:
    r"""Matrices of the output head that a stage holds of its own.

    Tied to the input embedding it is the same matrix on one stage, and a second copy on two.

    Parameters
    ----------
    stage : numeric
        Number of the stage, counted from 0. [1]
    pipeline : numeric
        Pipeline-parallel degree. [1]
    tied : numeric
        1 where embeddings are tied, else 0. [1]

    Returns
    -------
    numeric
        1 or 0. [1]

    Notes
    -----
    .. math:: h_i = [i = p - 1] (1 - [tied] [p = 1])

    References
    ----------
    narayanan2021, section 2.2.

    Examples
    --------
    >>> float(head_copies(stage=0.0, pipeline=1.0, tied=1.0))
    0.0
    """
    own = np.where(tied > 0.0, np.where(pipeline > 1.0, 1.0, 0.0), 1.0)
    return np.where(stage + 1.0 >= pipeline, own, 0.0)
