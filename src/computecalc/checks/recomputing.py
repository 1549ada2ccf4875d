"""Estimating again from inputs that were saved."""

from __future__ import annotations

from computecalc.errors import ComputecalcError, Diagnostic, UsageError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import Estimate, estimate

__all__ = ["recomputed"]


def recomputed(resolved: Resolved) -> Estimate:
    """Estimate from saved inputs, by the formulas of today.

    Raises
    ------
    UsageError
        CC717 when this version cannot: an input that it needs was not saved, or is none that an estimate takes.
    ComputecalcError
        When the question has no answer.
    """
    try:
        return estimate(resolved)
    except ComputecalcError:
        raise
    except KeyError as error:
        why = f"this version needs {error.args[0]!r}, which is not among its inputs"
    except (TypeError, ValueError) as error:
        why = f"its inputs are not those of an estimate: {error}"
    message = f"{resolved.name} cannot be computed again: {why}"
    raise UsageError(Diagnostic("CC717", message, hint="save it again with this version"))
