"""Which metrics are written."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from computecalc.errors import Diagnostic, UsageError
from computecalc.estimators.metrics import METRICS, metric
from computecalc.sweeps.limits import Limit

__all__ = ["chosen_metrics"]


def chosen_metrics(wanted: Sequence[str], known: Sequence[str], where: Sequence[Limit] = ()) -> tuple[str, ...]:
    """Return the metrics that are written, in the order of the table of metrics.

    Parameters
    ----------
    wanted : sequence of str
        Ids and patterns; empty: all that are known.
    known : sequence of str
        Metrics that some case has.
    where : sequence of Limit
        Limits, whose metrics must be known.

    Raises
    ------
    UsageError
        CC102 for an id that there is none of, CC759 for a metric that no case has.
    """
    for name in (limit.metric for limit in where):
        _check_known(name, known)
    chosen: set[str] = set()
    for pattern in wanted:
        if not set("*?[") & set(pattern):
            _check_known(metric(pattern).id, known)
            chosen.add(pattern)
            continue
        found = [name for name in known if fnmatchcase(name, pattern)]
        if not found:
            _refuse(f"no metric that is known matches {pattern!r}", known)
        chosen.update(found)
    return tuple(name for name in METRICS if name in (chosen if wanted else known))


def _check_known(name: str, known: Sequence[str]) -> None:
    if name not in known:
        _refuse(f"no case of the sweep has {name}", known)


def _refuse(message: str, known: Sequence[str]) -> None:
    shown = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
    raise UsageError(Diagnostic("CC759", message, hint=f"known are {shown}; others lack an input"))
