"""What accelerators draw in training: between waiting and working, by the time that kernels keep them busy."""

from __future__ import annotations

import numpy as np

from computecalc.formulas.table import Numeric, formula

__all__ = ["loaded_draw", "step_load"]


@formula(returns="1", compute="s", optimizer="s", step="s", stack="1", version=1, cite=("fan2007", "morrison2025"))
def step_load(*, compute: Numeric, optimizer: Numeric, step: Numeric, stack: Numeric) -> Numeric:
    r"""Share of a step in which kernels keep compute or memory of an accelerator busy.

    Parameters
    ----------
    compute : numeric
        Of a step: computing, the software's factor in it. [s]
    optimizer : numeric
        Of a step: the optimizer. [s]
    step : numeric
        The whole step: exposed communication, bubble and waiting for the host are in it. [s]
    stack : numeric
        Step time of the software over that of kernels without its gaps; below 1 it counts as 1. [1]

    Returns
    -------
    numeric
        Load of an accelerator. [1]

    Notes
    -----
    .. math:: l = \frac{t_c + t_o}{t\, \max(\sigma, 1)}

    Kernels at the roofline are busy on one of its two sides; what software adds to them is taken for gaps.

    References
    ----------
    fan2007 (power follows activity); morrison2025, figure 1 (draw in steps and in checkpoints).

    Examples
    --------
    >>> float(step_load(compute=6.0, optimizer=1.5, step=10.0, stack=1.0))
    0.75
    """
    return (compute + optimizer) / (step * np.maximum(stack, 1.0))


@formula(returns="1", idle="1", maximum="1", load="1", version=1, cite=("fan2007", "morrison2025"))
def loaded_draw(*, idle: Numeric, maximum: Numeric, load: Numeric) -> Numeric:
    r"""Average draw of an accelerator under a load, as a share of its thermal design power.

    Parameters
    ----------
    idle : numeric
        Share that it draws while no kernel runs. [1]
    maximum : numeric
        Share that it draws while kernels run. [1]
    load : numeric
        Share of the time in which kernels run. [1]

    Returns
    -------
    numeric
        Share. [1]

    Notes
    -----
    .. math:: \alpha = \alpha_0 + (\alpha_1 - \alpha_0)\, l

    References
    ----------
    fan2007 (linear between idle and busy power); morrison2025, section 4 (15 % and 85 % of the limit, measured).

    Examples
    --------
    >>> loaded_draw(idle=0.25, maximum=0.75, load=0.5)
    0.5
    """
    return idle + (maximum - idle) * load
