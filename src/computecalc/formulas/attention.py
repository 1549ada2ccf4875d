"""Attention's core: the work between queries and the keys they may look at."""

from __future__ import annotations

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "attention_product_flops",
    "causal_context",
    "chunked_context",
    "full_context",
]


@formula(
    returns="token",
    sequence_length="token",
    window="token",
    version=1,
    cite=(
        "beltagy2020",
        "dao2023",
    ),
)
def causal_context(*, sequence_length: Numeric, window: Numeric) -> Numeric:
    r"""Keys a query sees on average under a causal mask, with a sliding window.

    Without a window this is half the sequence; a window much shorter than the sequence is seen almost
    whole.

    Parameters
    ----------
    sequence_length : numeric
        Length of the training sequences. [token]
    window : numeric
        Tokens a query can look back on; the sequence length or more where there is no window. [token]

    Returns
    -------
    numeric
        Mean number of keys a query. [token]

    Notes
    -----
    .. math:: \bar S = w (1 - w / 2 s), \quad w = \min(s, w)

    The mean of min(i, w) over the positions i of the sequence, the diagonal counted half.

    References
    ----------
    beltagy2020, section 3.1 (window); dao2023, section 3.1 (causal mask halves the work).

    Examples
    --------
    >>> float(causal_context(sequence_length=8192.0, window=8192.0))
    4096.0
    >>> float(causal_context(sequence_length=8192.0, window=128.0))
    127.0
    """
    seen = np.minimum(sequence_length, window)
    return seen * (1.0 - seen / (2.0 * sequence_length))


@formula(returns="token", sequence_length="token", chunk="token", version=1, cite=("beltagy2020",))
def chunked_context(*, sequence_length: Numeric, chunk: Numeric) -> Numeric:
    r"""Keys a query sees on average when attention is causal within fixed blocks.

    Parameters
    ----------
    sequence_length : numeric
        Length of the training sequences. [token]
    chunk : numeric
        Length of the blocks that the sequence is cut into. [token]

    Returns
    -------
    numeric
        Mean number of keys a query. [token]

    Notes
    -----
    .. math:: \bar S = \min(s, c) / 2

    Valid where the sequence is a whole number of blocks, or shorter than one.

    References
    ----------
    beltagy2020, section 3.1; the block form is that of Llama 4's local layers.

    Examples
    --------
    >>> float(chunked_context(sequence_length=32768.0, chunk=8192.0))
    4096.0
    """
    return np.minimum(sequence_length, chunk) / 2.0


@formula(returns="token", sequence_length="token", window="token", version=1, cite=("chowdhery2022",))
def full_context(*, sequence_length: Numeric, window: Numeric) -> Numeric:
    r"""Keys a query sees when the causal mask is not credited, the older convention of MFU.

    Parameters
    ----------
    sequence_length : numeric
        Length of the training sequences. [token]
    window : numeric
        Tokens a query can look at; the sequence length or more where there is no window. [token]

    Returns
    -------
    numeric
        Number of keys a query. [token]

    Notes
    -----
    .. math:: S = \min(s, w)

    References
    ----------
    chowdhery2022, appendix B (12 L H Q T counts the whole square).

    Examples
    --------
    >>> float(full_context(sequence_length=2048.0, window=2048.0))
    2048.0
    """
    return np.minimum(sequence_length, window)


@formula(
    returns="FLOP/token",
    coefficient="FLOP/token^2",
    heads="1",
    head_size="1",
    context="token",
    version=1,
    cite=(
        "vaswani2017",
        "ainslie2023",
    ),
)
def attention_product_flops(*, heads: Numeric, head_size: Numeric, context: Numeric) -> Numeric:
    r"""Forward work of one attention product, queries by keys or scores by values.

    Parameters
    ----------
    heads : numeric
        Query heads; sharing key heads (GQA) does not reduce this work. [1]
    head_size : numeric
        Width of one head: of keys for the scores, of values for their weighted sum. [1]
    context : numeric
        Keys a query sees on average. [token]

    Returns
    -------
    numeric
        Forward FLOPs of the product for one token. [FLOP/token]

    Notes
    -----
    .. math:: F = 2 n_q d \bar S

    Two FLOPs, one multiply and one add, for every width of every pair of a query and a key.

    References
    ----------
    vaswani2017, section 3.2.1; ainslie2023, section 2 (heads share keys, the products stay).

    Examples
    --------
    >>> attention_product_flops(heads=128.0, head_size=128.0, context=4096.0)
    134217728.0
    """
    return 2.0 * heads * head_size * context
