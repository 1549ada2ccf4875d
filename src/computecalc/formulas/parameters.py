"""Parameters of a model, counted from the shapes of its layers."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "active_expert_parameters",
    "expanded_width",
    "joined_width",
    "other_parameters",
    "projection_parameters",
    "repeated_parameters",
    "total_parameters",
    "total_width",
    "vector_parameters",
]


@formula(returns="1", heads="1", head_size="1", version=1, cite=("vaswani2017",))
def joined_width(*, heads: Numeric, head_size: Numeric) -> Numeric:
    """Width of all heads side by side, which need not be the hidden width.

    Parameters
    ----------
    heads : numeric
        Query heads, or key and value heads. [1]
    head_size : numeric
        Width of one head. [1]

    Returns
    -------
    numeric
        Width of the joined heads. [1]

    Notes
    -----
    .. math:: w = n d

    References
    ----------
    vaswani2017, section 3.2.2.

    Examples
    --------
    >>> joined_width(heads=64.0, head_size=64.0)
    4096.0
    """
    return heads * head_size


@formula(returns="1", hidden="1", expansion="1", version=1, cite=("gu2023",))
def expanded_width(*, hidden: Numeric, expansion: Numeric) -> Numeric:
    """Inner width of a state-space mixer.

    Parameters
    ----------
    hidden : numeric
        Hidden width of the model. [1]
    expansion : numeric
        Inner width over hidden width. [1]

    Returns
    -------
    numeric
        Channels of the mixer. [1]

    Notes
    -----
    .. math:: w = e h

    References
    ----------
    gu2023, section 3.4.

    Examples
    --------
    >>> expanded_width(hidden=4096.0, expansion=2.0)
    8192.0
    """
    return expansion * hidden


@formula(returns="1", parts="1", version=1, cite=("deepseek2024",))
def total_width(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Width of parts side by side, such as a head's rotary and non-rotary parts.

    Parameters
    ----------
    parts : sequence of numeric
        Width of each part; at least one. [1]

    Returns
    -------
    numeric
        Their sum. [1]

    Notes
    -----
    .. math:: w = \sum_i w_i

    References
    ----------
    deepseek2024, section 2.1.3 (decoupled rotary key).

    Examples
    --------
    >>> total_width(parts=(128.0, 64.0))
    192.0
    """
    return sum(parts[1:], start=parts[0])


@formula(returns="parameter", coefficient="parameter", inputs="1", outputs="1", version=1, cite=("vaswani2017",))
def projection_parameters(*, inputs: Numeric, outputs: Numeric) -> Numeric:
    """Weights of a linear map, one for every pair of an input and an output.

    Parameters
    ----------
    inputs : numeric
        Width of what goes in. [1]
    outputs : numeric
        Width of what comes out. [1]

    Returns
    -------
    numeric
        Weights of the matrix, without bias. [parameter]

    Notes
    -----
    .. math:: N = w_{in} w_{out}

    References
    ----------
    vaswani2017, section 3.

    Examples
    --------
    >>> projection_parameters(inputs=4096.0, outputs=14336.0)
    58720256.0
    """
    return inputs * outputs


@formula(returns="parameter", coefficient="parameter", width="1", vectors="1", version=1, cite=("vaswani2017",))
def vector_parameters(*, width: Numeric, vectors: Numeric) -> Numeric:
    """Weights of norms, biases and other vectors.

    Parameters
    ----------
    width : numeric
        Width of one vector. [1]
    vectors : numeric
        How many vectors: a norm with bias has two. [1]

    Returns
    -------
    numeric
        Weights of all the vectors. [parameter]

    Notes
    -----
    .. math:: N = n w

    References
    ----------
    vaswani2017, section 3.1.

    Examples
    --------
    >>> vector_parameters(width=4096.0, vectors=2.0)
    8192.0
    """
    return width * vectors


@formula(returns="parameter", parameters="parameter", count="1", version=1, cite=("vaswani2017",))
def repeated_parameters(*, parameters: Numeric, count: Numeric) -> Numeric:
    """Parameters of several equal parts: matrices of a block, experts of a layer, layers of a group.

    Parameters
    ----------
    parameters : numeric
        Parameters of one part. [parameter]
    count : numeric
        Equal parts. [1]

    Returns
    -------
    numeric
        Parameters of all parts. [parameter]

    Notes
    -----
    .. math:: N = n N_1

    References
    ----------
    vaswani2017, section 3.1.

    Examples
    --------
    >>> repeated_parameters(parameters=100.0, count=32.0)
    3200.0
    """
    return parameters * count


@formula(
    returns="parameter",
    expert="parameter",
    experts_per_token="1",
    version=1,
    cite=("shazeer2017", "fedus2021"),
)
def active_expert_parameters(*, expert: Numeric, experts_per_token: Numeric) -> Numeric:
    """Parameters of the routed experts that one token visits.

    Parameters
    ----------
    expert : numeric
        Parameters of one routed expert. [parameter]
    experts_per_token : numeric
        Experts the router picks for a token (top-k). [1]

    Returns
    -------
    numeric
        Routed parameters a token uses. [parameter]

    Notes
    -----
    .. math:: N_{act} = k N_e

    References
    ----------
    shazeer2017, section 2.1 (top-k gating); fedus2021, section 2.1 (top-1).

    Examples
    --------
    >>> active_expert_parameters(expert=1.0e6, experts_per_token=8.0)
    8000000.0
    """
    return expert * experts_per_token


@formula(returns="parameter", total="parameter", routed="parameter", version=1, cite=("fedus2021",))
def other_parameters(*, total: Numeric, routed: Numeric) -> Numeric:
    """Parameters outside the routed experts, which every token uses.

    Parameters
    ----------
    total : numeric
        Parameters of the model. [parameter]
    routed : numeric
        Parameters of all routed experts; 0 for a dense model. [parameter]

    Returns
    -------
    numeric
        Parameters outside the routed experts. [parameter]

    Notes
    -----
    .. math:: N_s = N - N_x

    References
    ----------
    fedus2021, section 2.1.

    Examples
    --------
    >>> other_parameters(total=46.7e9, routed=45.1e9) == 46.7e9 - 45.1e9
    True
    """
    return total - routed


@formula(returns="parameter", parts="parameter", version=1, cite=("vaswani2017",))
def total_parameters(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Parameters of all parts of a layer or a model together.

    Parameters
    ----------
    parts : sequence of numeric
        Parameters of each part; at least one. [parameter]

    Returns
    -------
    numeric
        Their sum. [parameter]

    Notes
    -----
    .. math:: N = \sum_i N_i

    References
    ----------
    vaswani2017, section 3.

    Examples
    --------
    >>> total_parameters(parts=(1.0, 2.0, 3.5))
    6.5
    """
    return sum(parts[1:], start=parts[0])
