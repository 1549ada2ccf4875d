"""Speculative decoding: tokens gained in a step, and what drafting them takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from operator import mul

from computecalc.formulas.table import Numeric, formula

__all__ = ["accepted_tokens", "decayed_acceptance", "drafting_share_time", "drafting_time"]


@formula(returns="1", acceptances="1", version=1, cite=("leviathan2022",))
def accepted_tokens(*, acceptances: Sequence[Numeric]) -> Numeric:
    r"""Tokens that a request gains in one step of speculative decoding.

    Parameters
    ----------
    acceptances : sequence of numeric
        Share of the first, second, ... drafted tokens that are kept where all before them were. [1]

    Returns
    -------
    numeric
        Tokens, the one that the large model adds itself counted. [1]

    Notes
    -----
    .. math:: A = 1 + \sum_{i=1}^{m} \prod_{j=1}^{i} a_j

    References
    ----------
    leviathan2022, equation 1, for acceptances that differ by place.

    Examples
    --------
    >>> accepted_tokens(acceptances=(0.5, 0.5))
    1.75
    """
    return sum(accumulate(acceptances, mul), start=1.0)


@formula(returns="1", before="1", decay="1", version=1, cite=("leviathan2022",))
def decayed_acceptance(*, before: Numeric, decay: Numeric) -> Numeric:
    r"""Acceptance of a drafted token from that of the token before it.

    Parameters
    ----------
    before : numeric
        Share of the drafted tokens one place earlier that are kept where all before them were. [1]
    decay : numeric
        What is left of it one place further; 1 where each token is as likely as the first. [1]

    Returns
    -------
    numeric
        Share. [1]

    Notes
    -----
    .. math:: a_i = d a_{i-1}

    References
    ----------
    leviathan2022, section 3.1, whose acceptances do not depend on the place; measured ones fall with it.

    Examples
    --------
    >>> decayed_acceptance(before=0.5, decay=0.5)
    0.25
    """
    return before * decay


@formula(returns="s", step="s", drafted="1", version=1, cite=("leviathan2022",))
def drafting_time(*, step: Numeric, drafted: Numeric) -> Numeric:
    r"""Time in which a draft model writes the tokens of one verification, one after the other.

    Parameters
    ----------
    step : numeric
        One decode step of the draft model. [s]
    drafted : numeric
        Tokens drafted for each request. [1]

    Returns
    -------
    numeric
        Time. [s]

    Notes
    -----
    .. math:: t = m t_1

    References
    ----------
    leviathan2022, section 2.3 (the draft model runs serially).

    Examples
    --------
    >>> drafting_time(step=0.002, drafted=3.0)
    0.006
    """
    return step * drafted


@formula(returns="s", step="s", share="1", version=1, cite=("leviathan2022",))
def drafting_share_time(*, step: Numeric, share: Numeric) -> Numeric:
    """Time of drafting, where it is known as a share of the step that verifies.

    Parameters
    ----------
    step : numeric
        The step that verifies. [s]
    share : numeric
        Time of drafting all its tokens over that of the step. [1]

    Returns
    -------
    numeric
        Time. [s]

    Notes
    -----
    .. math:: t = c t_v

    References
    ----------
    leviathan2022, section 3.1 (cost coefficient, there for one drafted token).

    Examples
    --------
    >>> drafting_share_time(step=0.02, share=0.25)
    0.005
    """
    return step * share
