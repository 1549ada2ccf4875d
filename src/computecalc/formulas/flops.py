"""FLOPs a token and FLOPs a run."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "converted_mfu",
    "hardware_flops",
    "hardware_utilization",
    "projection_flops",
    "recomputed_flops",
    "repeated_flops",
    "run_flops",
    "six_n_d_flops",
    "total_flops",
    "training_flops",
]


@formula(
    returns="FLOP/token",
    coefficient="FLOP/parameter/token",
    parameters="parameter",
    version=1,
    cite=("kaplan2020",),
)
def projection_flops(*, parameters: Numeric) -> Numeric:
    """Forward work of linear maps for one token.

    Parameters
    ----------
    parameters : numeric
        Weights that a token is multiplied with: active ones only, without norms, biases and the input
        embedding. [parameter]

    Returns
    -------
    numeric
        Forward FLOPs a token. [FLOP/token]

    Notes
    -----
    .. math:: F = 2 N

    One multiply and one add for each weight. The input embedding is a look-up and counts nothing.

    References
    ----------
    kaplan2020, section 2.1 and table 1.

    Examples
    --------
    >>> projection_flops(parameters=1.0e9)
    2000000000.0
    """
    return 2.0 * parameters


@formula(returns="FLOP/token", parts="FLOP/token", version=1, cite=("kaplan2020",))
def total_flops(*, parts: Sequence[Numeric]) -> Numeric:
    r"""Work of all parts of a layer or a model for one token.

    Parameters
    ----------
    parts : sequence of numeric
        Work of each part for one token; at least one. [FLOP/token]

    Returns
    -------
    numeric
        Their sum. [FLOP/token]

    Notes
    -----
    .. math:: F = \sum_i F_i

    References
    ----------
    kaplan2020, table 1.

    Examples
    --------
    >>> total_flops(parts=(2.0, 3.0))
    5.0
    """
    return sum(parts[1:], start=parts[0])


@formula(returns="FLOP/token", flops="FLOP/token", count="1", version=1, cite=("kaplan2020",))
def repeated_flops(*, flops: Numeric, count: Numeric) -> Numeric:
    """Work of several equal layers for one token.

    Parameters
    ----------
    flops : numeric
        Work of one layer for one token. [FLOP/token]
    count : numeric
        Equal layers. [1]

    Returns
    -------
    numeric
        Work of all of them. [FLOP/token]

    Notes
    -----
    .. math:: F = L F_1

    References
    ----------
    kaplan2020, table 1.

    Examples
    --------
    >>> repeated_flops(flops=2.0e9, count=80.0)
    160000000000.0
    """
    return flops * count


@formula(
    returns="FLOP/token",
    forward="FLOP/token",
    version=1,
    cite=(
        "kaplan2020",
        "narayanan2021",
    ),
)
def training_flops(*, forward: Numeric) -> Numeric:
    """Model FLOPs of training for one token: forward, and twice that backward.

    This is what MFU counts. Recomputed work is not in it.

    Parameters
    ----------
    forward : numeric
        Forward work for one token. [FLOP/token]

    Returns
    -------
    numeric
        Forward and backward FLOPs a token. [FLOP/token]

    Notes
    -----
    .. math:: F_{train} = 3 F

    Each product of the forward pass needs two in the backward pass, one for the inputs and one for the
    weights (or for both operands of attention).

    References
    ----------
    kaplan2020, section 2.1; narayanan2021, section 3.

    Examples
    --------
    >>> training_flops(forward=2.0e9)
    6000000000.0
    """
    return 3.0 * forward


@formula(
    returns="FLOP/token",
    layers="FLOP/token",
    core="FLOP/token",
    scores="FLOP/token",
    full="1",
    selective="1",
    fused="1",
    version=1,
    cite=(
        "korthikanti2022",
        "dao2023",
    ),
)
def recomputed_flops(
    *, layers: Numeric, core: Numeric, scores: Numeric, full: Numeric, selective: Numeric, fused: Numeric
) -> Numeric:
    """Forward work done a second time in the backward pass.

    It counts for HFU only.

    Parameters
    ----------
    layers : numeric
        Forward work of all layers, without the output head. [FLOP/token]
    core : numeric
        Forward work of attention's core alone. [FLOP/token]
    scores : numeric
        Forward work of queries by keys alone. [FLOP/token]
    full : numeric
        Share of the layers that are recomputed whole: 1 for full recompute, else 0. [1]
    selective : numeric
        1 for selective recompute, else 0. [1]
    fused : numeric
        1 for a fused attention kernel, whose backward pass recomputes the scores, else 0. [1]

    Returns
    -------
    numeric
        Recomputed FLOPs a token. [FLOP/token]

    Notes
    -----
    .. math:: F_{re} = f F_{layers} + (1 - f) g F_{core} + a F_{scores}

    f: full, g: selective, a: fused attention, which makes the core's backward 2.5 forward passes rather
    than 2.

    References
    ----------
    korthikanti2022, section 5 and appendix A; dao2023, section 3.1.2.

    Examples
    --------
    >>> recomputed_flops(layers=10.0, core=4.0, scores=2.0, full=0.0, selective=1.0, fused=1.0)
    6.0
    """
    return full * layers + (1.0 - full) * selective * core + fused * scores


@formula(returns="FLOP/token", model="FLOP/token", recomputed="FLOP/token", version=1, cite=("chowdhery2022",))
def hardware_flops(*, model: Numeric, recomputed: Numeric) -> Numeric:
    """FLOPs that the hardware really does for one token, recomputed ones included.

    Parameters
    ----------
    model : numeric
        Model FLOPs of training for one token. [FLOP/token]
    recomputed : numeric
        Forward work done a second time. [FLOP/token]

    Returns
    -------
    numeric
        Hardware FLOPs a token. [FLOP/token]

    Notes
    -----
    .. math:: F_{hw} = F_{train} + F_{re}

    References
    ----------
    chowdhery2022, section 4.1 (hardware against model FLOPs utilization).

    Examples
    --------
    >>> hardware_flops(model=6.0, recomputed=2.0)
    8.0
    """
    return model + recomputed


@formula(returns="FLOP", flops_per_token="FLOP/token", tokens="token", version=1, cite=("kaplan2020",))
def run_flops(*, flops_per_token: Numeric, tokens: Numeric) -> Numeric:
    """Work of the whole run.

    Parameters
    ----------
    flops_per_token : numeric
        Work for one token. [FLOP/token]
    tokens : numeric
        Tokens trained on, repeats counted. [token]

    Returns
    -------
    numeric
        FLOPs of the run. [FLOP]

    Notes
    -----
    .. math:: C = F D

    References
    ----------
    kaplan2020, section 2.1.

    Examples
    --------
    >>> run_flops(flops_per_token=6.0e9, tokens=1.0e12)
    6e+21
    """
    return flops_per_token * tokens


@formula(
    returns="FLOP",
    coefficient="FLOP/parameter/token",
    active_parameters="parameter",
    tokens="token",
    version=1,
    cite=("kaplan2020",),
)
def six_n_d_flops(*, active_parameters: Numeric, tokens: Numeric) -> Numeric:
    r"""The rule of thumb for training work, 6 N D, which leaves attention's core out.

    Shown beside the exact count; it misses 4 to 11 % for today's models.

    Parameters
    ----------
    active_parameters : numeric
        Parameters a token uses, embeddings included. [parameter]
    tokens : numeric
        Tokens trained on, repeats counted. [token]

    Returns
    -------
    numeric
        Approximate FLOPs of the run. [FLOP]

    Notes
    -----
    .. math:: C \approx 6 N D

    References
    ----------
    kaplan2020, section 2.1.

    Examples
    --------
    >>> six_n_d_flops(active_parameters=175.0e9, tokens=300.0e9)
    3.15e+23
    """
    return 6.0 * active_parameters * tokens


@formula(
    returns="1",
    mfu="1",
    counted="FLOP",
    wanted="FLOP",
    version=1,
    cite=("chowdhery2022",),
)
def converted_mfu(*, mfu: Numeric, counted: Numeric, wanted: Numeric) -> Numeric:
    """MFU restated in another convention of counting, for the same tokens a second.

    Parameters
    ----------
    mfu : numeric
        Utilization in the convention that its author counted FLOPs in. [1]
    counted : numeric
        FLOPs of the run in that convention. [FLOP]
    wanted : numeric
        FLOPs of the run in the wanted convention. [FLOP]

    Returns
    -------
    numeric
        MFU in the wanted convention. [1]

    Notes
    -----
    .. math:: u' = u F' / F

    References
    ----------
    chowdhery2022, appendix B.

    Examples
    --------
    >>> converted_mfu(mfu=0.5, counted=10.0, wanted=9.0)
    0.45
    """
    return mfu * wanted / counted


@formula(returns="1", mfu="1", hardware="FLOP", model="FLOP", version=1, cite=("chowdhery2022",))
def hardware_utilization(*, mfu: Numeric, hardware: Numeric, model: Numeric) -> Numeric:
    """Hardware FLOPs utilization that goes with a model FLOPs utilization.

    Parameters
    ----------
    mfu : numeric
        Model FLOPs utilization. [1]
    hardware : numeric
        Hardware FLOPs of the run. [FLOP]
    model : numeric
        Model FLOPs of the run, counted as the MFU counts them. [FLOP]

    Returns
    -------
    numeric
        HFU. [1]

    Notes
    -----
    .. math:: h = u F_{hw} / F_{train}

    Above 1 the stated MFU and recompute cannot both be true.

    References
    ----------
    chowdhery2022, section 4.1.

    Examples
    --------
    >>> hardware_utilization(mfu=0.4, hardware=8.0, model=6.4)
    0.5
    """
    return mfu * hardware / model
