"""The rows of thresholds of training compute, as every report for people shows them."""

from __future__ import annotations

from computecalc.estimators.results import Estimate
from computecalc.estimators.thresholds import Crossing, Threshold
from computecalc.reports.document import ReportStyle
from computecalc.units.display import display

__all__ = ["HEADER", "HEADING", "REMARK", "reason_lines", "regulation_rows", "standing"]

HEADING = "Training compute in regulation"
HEADER = ("regulation", "threshold", "this run", "times", "standing")
REMARK = "facts at the date of their source, not legal advice: `computecalc catalog show ID` has effect, scope and link"

_STANDINGS = {
    "in-force": "in force {in_force}",
    "enacted": "takes effect {in_force}",
    "passed": "passed, not in force",
    "rescinded": "rescinded {ended}",
    "superseded": "superseded {ended}",
}


def regulation_rows(estimate: Estimate, style: ReportStyle) -> list[tuple[str, str, str, str, str]]:
    """Return the thresholds in the order of the estimate, those that hold first; the cells are those of `HEADER`."""
    return [_row(crossing, style) for crossing in estimate.crossings]


def _row(crossing: Crossing, style: ReportStyle) -> tuple[str, str, str, str, str]:
    threshold = crossing.threshold
    times = "" if crossing.ratio is None else str(display(crossing.ratio, "1", digits=min(style.digits, 3)))
    return (threshold.id, _value(threshold), crossing.verdict, times, standing(threshold))


def _value(threshold: Threshold) -> str:
    if threshold.measured == "base_share":
        return f"{display(threshold.value, '1', digits=3)} of base"
    return f"{threshold.value:.15g}".replace("e+", "e") + " FLOP"


def standing(threshold: Threshold) -> str:
    """Return whether a threshold holds, and since when."""
    text = _STANDINGS[threshold.status].format(in_force=threshold.in_force, ended=threshold.ended)
    return text.rstrip()


def reason_lines(estimate: Estimate) -> list[str]:
    """Why comparisons cannot be made, one line a reason."""
    return [f"unknown: {reason}" for reason in dict.fromkeys(each.reason for each in estimate.crossings) if reason]
