"""What laws and export rules measure: cumulative training compute, and the performance of a chip."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "base_share",
    "bidirectional_rate",
    "cumulative_compute",
    "performance_density",
    "threshold_ratio",
    "total_processing_performance",
]


@formula(returns="FLOP", base="FLOP", run="FLOP", version=1, cite=("california2025", "union2024"))
def cumulative_compute(*, base: Numeric, run: Numeric) -> Numeric:
    r"""Training compute of a model: of the model that the run started from, and of the run.

    Parameters
    ----------
    base : numeric
        All training compute before the run. [FLOP]
    run : numeric
        Model FLOPs of the run. [FLOP]

    Returns
    -------
    numeric
        Cumulative compute. [FLOP]

    Notes
    -----
    .. math:: C = C_0 + C_r

    References
    ----------
    union2024, Article 51(2) (cumulative amount); california2025, section 22757.11(i) (fine-tuning counts).

    Examples
    --------
    >>> cumulative_compute(base=9e24, run=2e24)
    1.1e+25
    """
    return base + run


@formula(returns="1", base="FLOP", run="FLOP", version=1, cite=("commission2025",))
def base_share(*, base: Numeric, run: Numeric) -> Numeric:
    r"""Work of a modification over the training compute of the original model.

    Parameters
    ----------
    base : numeric
        Training compute of the original model. [FLOP]
    run : numeric
        Model FLOPs of the run that modifies it. [FLOP]

    Returns
    -------
    numeric
        Share; it may exceed 1. [1]

    Notes
    -----
    .. math:: s = C_r / C_0

    References
    ----------
    commission2025, one-third rule for downstream modifiers.

    Examples
    --------
    >>> base_share(base=3e24, run=1.5e24)
    0.5
    """
    return run / base


@formula(returns="1", compute="FLOP", threshold="FLOP", version=1, cite=("union2024",))
def threshold_ratio(*, compute: Numeric, threshold: Numeric) -> Numeric:
    r"""Training compute over a threshold; above 1 it is crossed.

    Parameters
    ----------
    compute : numeric
        Training compute. [FLOP]
    threshold : numeric
        Compute of the rule. [FLOP]

    Returns
    -------
    numeric
        Ratio. [1]

    Notes
    -----
    .. math:: r = C / C_t

    References
    ----------
    union2024, Article 51(2) (greater than 10^25).

    Examples
    --------
    >>> threshold_ratio(compute=4e25, threshold=1e25)
    4.0
    """
    return compute / threshold


@formula(
    returns="FLOP*byte/s/accelerator",
    rate="FLOP/s/accelerator",
    width="byte",
    version=1,
    cite=("bis2023",),
)
def total_processing_performance(*, rate: Numeric, width: Numeric) -> Numeric:
    r"""Total processing performance (TPP) at one width of operands; that of a chip is the largest over all widths.

    The rule writes 2 x MacTOPS x bit length. A dense peak counts a multiplication and its addition as two operations
    already, so it stands for 2 x MacTOPS.

    Parameters
    ----------
    rate : numeric
        Dense peak of multiply-accumulate operations. [FLOP/s/accelerator]
    width : numeric
        Longest operand of the multiplication. [byte]

    Returns
    -------
    numeric
        TPP; the rule's figure is in tera-operations a second times bits. [FLOP*byte/s/accelerator]

    Notes
    -----
    .. math:: \mathrm{TPP} = P\, w

    References
    ----------
    bis2023, ECCN 3A090, technical notes.

    Examples
    --------
    >>> total_processing_performance(rate=600e12, width=1.0)
    600000000000000.0
    """
    return rate * width


@formula(
    returns="FLOP*byte/s/m^2/accelerator",
    performance="FLOP*byte/s/accelerator",
    die_area="m^2",
    version=1,
    cite=("bis2023",),
)
def performance_density(*, performance: Numeric, die_area: Numeric) -> Numeric:
    r"""Performance density of a chip.

    Parameters
    ----------
    performance : numeric
        Total processing performance. [FLOP*byte/s/accelerator]
    die_area : numeric
        Applicable die area: logic dies made in processes with non-planar transistors. [m^2]

    Returns
    -------
    numeric
        Density. [FLOP*byte/s/m^2/accelerator]

    Notes
    -----
    .. math:: d = \mathrm{TPP} / A

    References
    ----------
    bis2023, ECCN 3A090, technical notes.

    Examples
    --------
    >>> performance_density(performance=8e14, die_area=8e-4)
    1e+18
    """
    return performance / die_area


@formula(returns="byte/s/accelerator", one_way="byte/s/accelerator", version=1, cite=("bis2022",))
def bidirectional_rate(*, one_way: Numeric) -> Numeric:
    r"""Rate of links in both directions together.

    Parameters
    ----------
    one_way : numeric
        Rate of all links in one direction. [byte/s/accelerator]

    Returns
    -------
    numeric
        Aggregate bidirectional transfer rate. [byte/s/accelerator]

    Notes
    -----
    .. math:: b = 2\, b_1

    References
    ----------
    bis2022, ECCN 3A090.

    Examples
    --------
    >>> bidirectional_rate(one_way=300e9)
    600000000000.0
    """
    return 2 * one_way
