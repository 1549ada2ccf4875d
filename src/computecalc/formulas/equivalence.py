"""How many bought accelerators do the work of chips of one's own."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = [
    "bandwidth_ratio",
    "compute_ratio",
    "replaced_chips",
]


@formula(returns="1", own="FLOP/s/accelerator", bought="FLOP/s/accelerator", version=1, cite=("hennessy2017",))
def compute_ratio(*, own: Numeric, bought: Numeric) -> Numeric:
    r"""Bought accelerators that one of one's own stands for, where computing limits the work.

    Parameters
    ----------
    own : numeric
        Peak of one's own. [FLOP/s/accelerator]
    bought : numeric
        Peak of the bought one. [FLOP/s/accelerator]

    Returns
    -------
    numeric
        Bought accelerators for one of one's own. [1]

    Notes
    -----
    .. math:: w = R_o / R_b

    References
    ----------
    hennessy2017, section 1.8 (performance relative to another machine).

    Examples
    --------
    >>> compute_ratio(own=8e14, bought=1e15)
    0.8
    """
    return own / bought


@formula(returns="1", own="byte/s/accelerator", bought="byte/s/accelerator", version=1, cite=("hennessy2017",))
def bandwidth_ratio(*, own: Numeric, bought: Numeric) -> Numeric:
    r"""Bought accelerators that one of one's own stands for, where the memory limits the work.

    Parameters
    ----------
    own : numeric
        Memory bandwidth of one's own. [byte/s/accelerator]
    bought : numeric
        Memory bandwidth of the bought one. [byte/s/accelerator]

    Returns
    -------
    numeric
        Bought accelerators for one of one's own. [1]

    Notes
    -----
    .. math:: w = B_o / B_b

    References
    ----------
    hennessy2017, section 1.8 (performance relative to another machine).

    Examples
    --------
    >>> bandwidth_ratio(own=4e12, bought=3.2e12)
    1.25
    """
    return own / bought


@formula(returns="accelerator", volume="accelerator", work="1", version=1, cite=("magaki2016",))
def replaced_chips(*, volume: Numeric, work: Numeric) -> Numeric:
    r"""Bought accelerators that do the work of a number of one's own.

    Parameters
    ----------
    volume : numeric
        Chips of one's own. [accelerator]
    work : numeric
        Bought accelerators that one of them stands for. [1]

    Returns
    -------
    numeric
        Bought accelerators. [accelerator]

    Notes
    -----
    .. math:: V_b = V w

    References
    ----------
    magaki2016 (comparison at equal work).

    Examples
    --------
    >>> replaced_chips(volume=1000.0, work=0.8)
    800.0
    """
    return volume * work
