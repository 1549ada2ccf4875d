"""A whole programme: the runs before the final one, and the people."""

from __future__ import annotations

from computecalc.formulas.table import Numeric, formula

__all__ = ["development_cost", "staff_cost"]


@formula(returns="USD", run="USD", multiple="1", version=1, cite=("cottier2024",))
def development_cost(*, run: Numeric, multiple: Numeric) -> Numeric:
    r"""Cost of experiments, failed runs and runs of smaller models, by their compute.

    Parameters
    ----------
    run : numeric
        Cost of the final run. [USD]
    multiple : numeric
        Compute of the whole programme over that of the final run, at least 1. [1]

    Returns
    -------
    numeric
        Cost of all runs but the final one. [USD]

    Notes
    -----
    .. math:: K_d = (m - 1) K_r

    References
    ----------
    cottier2024, section 2 (compute of development as a multiple of that of the final run).

    Examples
    --------
    >>> development_cost(run=40.0, multiple=2.5)
    60.0
    """
    return run * (multiple - 1.0)


@formula(returns="USD", count="1", compensation="USD/s", duration="s", bonus="USD", version=1, cite=("cottier2024",))
def staff_cost(*, count: Numeric, compensation: Numeric, duration: Numeric, bonus: Numeric) -> Numeric:
    r"""Cost of a group of people.

    Parameters
    ----------
    count : numeric
        Heads, full time. [1]
    compensation : numeric
        Pay of one of them: salary, equity and what the employer pays besides. [USD/s]
    duration : numeric
        Time that they work for the programme. [s]
    bonus : numeric
        Paid once to each, such as for signing. [USD]

    Returns
    -------
    numeric
        Cost of the group. [USD]

    Notes
    -----
    .. math:: K = n (w\, t + b)

    References
    ----------
    cottier2024, section 2 (cost of research and development staff).

    Examples
    --------
    >>> staff_cost(count=20.0, compensation=2.0, duration=5.0, bonus=100.0)
    2200.0
    """
    return count * (compensation * duration + bonus)
