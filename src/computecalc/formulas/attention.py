"""The core of a mixer: the work between queries and the keys they may look at, or on a recurrent state."""

from __future__ import annotations

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "attention_product_flops",
    "causal_context",
    "chunked_context",
    "compressed_context",
    "compressed_full_context",
    "full_context",
    "state_flops",
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


@formula(
    returns="token",
    sequence_length="token",
    compression="1",
    keys="token",
    version=1,
    cite=(
        "deepseek2025",
        "yuan2025",
    ),
)
def compressed_context(*, sequence_length: Numeric, compression: Numeric, keys: Numeric) -> Numeric:
    r"""Compressed keys a query sees on average under a causal mask.

    Parameters
    ----------
    sequence_length : numeric
        Length of the training sequences. [token]
    compression : numeric
        Tokens that are merged into one key. [1]
    keys : numeric
        Most compressed keys that are picked for a query; the sequence length or more where all are seen. [token]

    Returns
    -------
    numeric
        Mean number of compressed keys a query. [token]

    Notes
    -----
    .. math:: \bar S = w (1 - w / 2 s) / c, \quad w = \min(s, c k)

    The mean of min(i / c, k) over the positions i of the sequence. A last span that is not yet full counts as its
    share of a key, which matters only where the sequence is hardly longer than a span.

    References
    ----------
    yuan2025, section 3.3.1 (compressed keys); deepseek2025, section 2.1 (an indexer picks keys).

    Examples
    --------
    >>> float(compressed_context(sequence_length=8192.0, compression=128.0, keys=8192.0))
    32.0
    >>> float(compressed_context(sequence_length=8192.0, compression=4.0, keys=512.0))
    448.0
    """
    seen = np.minimum(sequence_length, compression * keys)
    return seen * (1.0 - seen / (2.0 * sequence_length)) / compression


@formula(
    returns="token",
    sequence_length="token",
    compression="1",
    keys="token",
    version=1,
    cite=(
        "chowdhery2022",
        "yuan2025",
    ),
)
def compressed_full_context(*, sequence_length: Numeric, compression: Numeric, keys: Numeric) -> Numeric:
    r"""Compressed keys a query sees when the causal mask is not credited.

    Parameters
    ----------
    sequence_length : numeric
        Length of the training sequences. [token]
    compression : numeric
        Tokens that are merged into one key. [1]
    keys : numeric
        Most compressed keys that are picked for a query; the sequence length or more where all are seen. [token]

    Returns
    -------
    numeric
        Number of compressed keys a query. [token]

    Notes
    -----
    .. math:: S = \min(s / c, k)

    References
    ----------
    yuan2025, section 3.3.1 (compressed keys); chowdhery2022, appendix B (the whole square is counted).

    Examples
    --------
    >>> float(compressed_full_context(sequence_length=8192.0, compression=128.0, keys=8192.0))
    64.0
    """
    return np.minimum(sequence_length / compression, keys)


@formula(
    returns="FLOP/token",
    coefficient="FLOP/token",
    heads="1",
    key_size="1",
    value_size="1",
    products="1",
    version=1,
    cite=(
        "dao2024",
        "gu2023",
        "qin2024",
        "yang2024",
    ),
)
def state_flops(*, heads: Numeric, key_size: Numeric, value_size: Numeric, products: Numeric) -> Numeric:
    r"""Forward work of a linear recurrence on its states for one token, whatever the sequence.

    Parameters
    ----------
    heads : numeric
        Heads, each with a state of its own. [1]
    key_size : numeric
        Width of a key head; the state size of a state space. [1]
    value_size : numeric
        Width of a value head. [1]
    products : numeric
        Products with the state: 2 (write, read) for linear attention and state spaces, 3 for the delta rule, which
        also reads what the state holds for the key before it writes the difference. [1]

    Returns
    -------
    numeric
        Forward FLOPs of the recurrence for one token. [FLOP/token]

    Notes
    -----
    .. math:: F = 2 p n d_k d_v

    The recurrent form, one multiply and one add for each number of the state and each product; decays are
    element-wise and not counted, as attention's softmax is not. Kernels that work in chunks of q tokens do more, up
    to n q (d_k + d_v) for a token; that is a property of the kernel and no model work.

    References
    ----------
    gu2023, section 3.2 (recurrence); dao2024, theorem 6.1 (T N^2 where both widths are N); qin2024, section 2 (linear
    attention); yang2024, section 3.1 (gated delta rule).

    Examples
    --------
    >>> state_flops(heads=32.0, key_size=128.0, value_size=128.0, products=3.0)
    3145728.0
    """
    return 2.0 * products * heads * key_size * value_size
