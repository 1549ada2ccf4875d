"""Memory for what the forward pass keeps for the backward pass, and for what the backward pass has at work."""

from __future__ import annotations

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "exchanged_width",
    "head_bytes",
    "kept_bytes",
    "kept_under_recompute_bytes",
    "micro_batch_tokens",
    "rebuilt_bytes",
    "score_bytes",
]


@formula(
    returns="token",
    sequences="1",
    sequence_length="token",
    context="1",
    version=1,
    cite=("narayanan2021",),
)
def micro_batch_tokens(*, sequences: Numeric, sequence_length: Numeric, context: Numeric) -> Numeric:
    """Tokens of a micro-batch that one accelerator sees.

    Parameters
    ----------
    sequences : numeric
        Sequences of a micro-batch. [1]
    sequence_length : numeric
        Length of the training sequences. [token]
    context : numeric
        Context-parallel degree, which cuts every sequence. [1]

    Returns
    -------
    numeric
        Tokens. [token]

    Notes
    -----
    .. math:: n = b s / c

    References
    ----------
    narayanan2021, section 2 (micro-batch).

    Examples
    --------
    >>> micro_batch_tokens(sequences=2.0, sequence_length=32768.0, context=8.0)
    8192.0
    """
    return sequences * sequence_length / context


@formula(returns="1", width="1", context="1", version=1, cite=("dao2023",))
def exchanged_width(*, width: Numeric, context: Numeric) -> Numeric:
    r"""Width of the attention output that the kernel keeps for itself under context parallelism.

    Without context parallelism the kernel's output and the input of the output projection are one tensor. With it
    they differ, for the output is exchanged between ranks first, and both are kept.

    Parameters
    ----------
    width : numeric
        Width of the attention output. [1]
    context : numeric
        Context-parallel degree. [1]

    Returns
    -------
    numeric
        The width once more, or 0. [1]

    Notes
    -----
    .. math:: w' = w [c > 1]

    References
    ----------
    dao2023, section 3.1 (the backward pass needs the output of the kernel).

    Examples
    --------
    >>> float(exchanged_width(width=8192.0, context=8.0))
    8192.0
    """
    return np.where(context > 1.0, width, 0.0)


@formula(
    returns="byte/accelerator",
    coefficient="1/token/accelerator",
    tokens="token",
    along="1",
    across="1",
    whole="1",
    statistics="1",
    element="byte",
    single="byte",
    tensor="1",
    sequence_parallel="1",
    version=1,
    cite=("korthikanti2022",),
)
def kept_bytes(
    *,
    tokens: Numeric,
    along: Numeric,
    across: Numeric,
    whole: Numeric,
    statistics: Numeric,
    element: Numeric,
    single: Numeric,
    tensor: Numeric,
    sequence_parallel: Numeric,
) -> Numeric:
    r"""Activations that a layer keeps of one micro-batch, by how tensor parallelism cuts them.

    Parameters
    ----------
    tokens : numeric
        Tokens of the micro-batch on one accelerator. [token]
    along : numeric
        Values a token outside the tensor-parallel regions: cut only by sequence parallelism. [1]
    across : numeric
        Values a token inside them: always cut. [1]
    whole : numeric
        Values a token that nothing cuts, such as inputs gathered for experts. [1]
    statistics : numeric
        Values a token in single precision: of the softmax, of the router. [1]
    element : numeric
        Bytes of a value. [byte]
    single : numeric
        Bytes of a value in single precision. [byte]
    tensor : numeric
        Tensor-parallel degree. [1]
    sequence_parallel : numeric
        1 with sequence parallelism, else 0. [1]

    Returns
    -------
    numeric
        Bytes on one accelerator. [byte/accelerator]

    Notes
    -----
    .. math:: A = n (y (w_l / t^z + w_a / t + w_0) + y_s w_s / t), \quad z \in \{0, 1\}

    References
    ----------
    korthikanti2022, sections 4.1 to 4.2.2 and table 2, without dropout masks.

    Examples
    --------
    >>> float(kept_bytes(
    ...     tokens=2048.0, along=4.0 * 12288, across=12.0 * 12288, whole=0.0, statistics=0.0,
    ...     element=2.0, single=4.0, tensor=8.0, sequence_parallel=1.0
    ... ))
    100663296.0
    """
    ways = np.where(sequence_parallel > 0.0, tensor, 1.0)
    return tokens * (element * (along / ways + across / tensor + whole) + single * statistics / tensor)


@formula(
    returns="byte/accelerator",
    coefficient="1/token^2/accelerator",
    tokens="token",
    sequence_length="token",
    heads="1",
    element="byte",
    tensor="1",
    version=1,
    cite=("korthikanti2022",),
)
def score_bytes(
    *, tokens: Numeric, sequence_length: Numeric, heads: Numeric, element: Numeric, tensor: Numeric
) -> Numeric:
    """Attention scores after the softmax, which an unfused attention keeps.

    The masked half of the square is stored as well, and so is what a window hides.

    Parameters
    ----------
    tokens : numeric
        Tokens of the micro-batch on one accelerator. [token]
    sequence_length : numeric
        Keys of each query. [token]
    heads : numeric
        Query heads. [1]
    element : numeric
        Bytes of a value. [byte]
    tensor : numeric
        Tensor-parallel degree. [1]

    Returns
    -------
    numeric
        Bytes of one layer and micro-batch. [byte/accelerator]

    Notes
    -----
    .. math:: A = y n_q n s / t

    References
    ----------
    korthikanti2022, section 4.1: softmax output 2 a s^2 b; their dropout mask and output are left out.

    Examples
    --------
    >>> score_bytes(tokens=2048.0, sequence_length=2048.0, heads=96.0, element=2.0, tensor=8.0)
    100663296.0
    """
    return element * heads * tokens * sequence_length / tensor


@formula(
    returns="byte/accelerator",
    kept="byte/accelerator",
    scores="byte/accelerator",
    checkpoint="byte/accelerator",
    full="1",
    selective="1",
    version=1,
    cite=("korthikanti2022",),
)
def kept_under_recompute_bytes(
    *, kept: Numeric, scores: Numeric, checkpoint: Numeric, full: Numeric, selective: Numeric
) -> Numeric:
    r"""Activations of a layer that stay until its backward pass.

    Parameters
    ----------
    kept : numeric
        All activations but the scores of an unfused attention. [byte/accelerator]
    scores : numeric
        These scores. [byte/accelerator]
    checkpoint : numeric
        The layer's input alone. [byte/accelerator]
    full : numeric
        1 where whole layers are computed again, else 0. [1]
    selective : numeric
        1 where the attention core is, else 0. [1]

    Returns
    -------
    numeric
        Bytes of one layer and micro-batch. [byte/accelerator]

    Notes
    -----
    .. math:: A' = A_0 \text{ if full}, A \text{ if selective}, \text{else } A' = A + A_s

    References
    ----------
    korthikanti2022, section 5 and table 2.

    Examples
    --------
    >>> float(kept_under_recompute_bytes(kept=32.0, scores=80.0, checkpoint=2.0, full=0.0, selective=1.0))
    32.0
    """
    return np.where(full > 0.0, checkpoint, kept + np.where(selective > 0.0, 0.0, scores))


@formula(
    returns="byte/accelerator",
    kept="byte/accelerator",
    scores="byte/accelerator",
    full="1",
    selective="1",
    version=1,
    cite=("korthikanti2022",),
)
def rebuilt_bytes(*, kept: Numeric, scores: Numeric, full: Numeric, selective: Numeric) -> Numeric:
    r"""Activations of one layer that recomputation brings back while its backward pass runs.

    Parameters
    ----------
    kept : numeric
        All activations but the scores of an unfused attention. [byte/accelerator]
    scores : numeric
        These scores. [byte/accelerator]
    full : numeric
        1 where whole layers are computed again, else 0. [1]
    selective : numeric
        1 where the attention core is, else 0. [1]

    Returns
    -------
    numeric
        Bytes of one layer and micro-batch. [byte/accelerator]

    Notes
    -----
    .. math:: R = A + A_s \text{ if full}, A_s \text{ if selective}, \text{else } R = 0

    References
    ----------
    korthikanti2022, section 5.

    Examples
    --------
    >>> float(rebuilt_bytes(kept=32.0, scores=80.0, full=1.0, selective=0.0))
    112.0
    """
    return np.where(full > 0.0, kept + scores, np.where(selective > 0.0, scores, 0.0))


@formula(
    returns="byte/accelerator",
    coefficient="1/token/accelerator",
    tokens="token",
    hidden="1",
    vocab="1",
    element="byte",
    single="byte",
    tensor="1",
    sequence_parallel="1",
    fused="1",
    version=1,
    cite=("korthikanti2022",),
)
def head_bytes(
    *,
    tokens: Numeric,
    hidden: Numeric,
    vocab: Numeric,
    element: Numeric,
    single: Numeric,
    tensor: Numeric,
    sequence_parallel: Numeric,
    fused: Numeric,
) -> Numeric:
    r"""Output head and loss of one micro-batch at the start of its backward pass.

    The final norm keeps its input and output; the logits are gathered over no one, but the input of the head and its
    gradient are whole. A fused loss turns the logits into their gradient in place; otherwise the loss keeps the
    probabilities in single precision beside them.

    Parameters
    ----------
    tokens : numeric
        Tokens of the micro-batch on one accelerator. [token]
    hidden : numeric
        Hidden width. [1]
    vocab : numeric
        Vocabulary. [1]
    element : numeric
        Bytes of a value. [byte]
    single : numeric
        Bytes of a value in single precision. [byte]
    tensor : numeric
        Tensor-parallel degree. [1]
    sequence_parallel : numeric
        1 with sequence parallelism, else 0. [1]
    fused : numeric
        1 with a fused cross-entropy, else 0. [1]

    Returns
    -------
    numeric
        Bytes on one accelerator. [byte/accelerator]

    Notes
    -----
    .. math:: A_h = n (2 y h / t^z + 2 y h + (y + y_s (1 - u)) V / t)

    References
    ----------
    korthikanti2022, section 4.3 (final norm 2 s b h, head 2 s b h, logits 4 s b v, each over t).

    Examples
    --------
    >>> float(head_bytes(
    ...     tokens=4096.0, hidden=0.0, vocab=128256.0, element=2.0, single=4.0, tensor=8.0,
    ...     sequence_parallel=1.0, fused=0.0
    ... ))
    394002432.0
    """
    ways = np.where(sequence_parallel > 0.0, tensor, 1.0)
    loss = np.where(fused > 0.0, 0.0, single)
    return tokens * (element * (hidden + hidden) * (1.0 / ways + 1.0) + (element + loss) * vocab / tensor)
