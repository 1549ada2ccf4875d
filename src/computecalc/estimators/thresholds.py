"""Which thresholds of training compute an estimate crosses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from computecalc.estimators.inputs import Resolved
from computecalc.formulas.regulation import threshold_ratio
from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.estimators.results import MetricValue

__all__ = ["MEASURED", "Crossing", "Threshold", "Verdict", "crossings"]

Verdict = Literal["above", "within range", "below", "unknown"]
"""The whole range is above; the threshold lies in it; the whole range is at most the threshold; nobody can tell."""

MEASURED = {"compute": "FLOP", "base_share": "1"}
"""What thresholds are about, with its unit."""

_NO_BASE = "the compute of the model that the run starts from is not stated: regulation.base_compute"


@record
class Threshold:
    """A threshold of a law, rule or guideline, as the catalog has it."""

    id: str
    name: str
    jurisdiction: str
    status: str
    in_force: str
    ended: str
    measured: str
    """Key of `MEASURED`."""
    value: float
    as_of: str

    @property
    def unit(self) -> str:
        """Unit of the threshold."""
        return MEASURED[self.measured]


@record
class Crossing:
    """A threshold, and where the range of an estimate lies."""

    threshold: Threshold
    verdict: Verdict
    low: float | None
    """What is compared with the threshold, in its unit; None where it is not known."""
    mid: float | None
    high: float | None
    ratio: float | None
    """Middle over the threshold, of compute."""
    reason: str = ""
    """Why the verdict is unknown."""


def crossings(resolved: Resolved, outputs: Mapping[str, MetricValue]) -> tuple[Crossing, ...]:
    """Compare the compute of a run with the thresholds of its scenario.

    Cumulative compute is compared where the compute before the run is stated, else that of the run. A run that trains a
    model further and does not say what went before crosses a threshold for certain only by itself.

    Parameters
    ----------
    resolved : Resolved
        The scenario with its thresholds.
    outputs : mapping
        Its metrics.
    """
    continues = "task" in resolved.choices and resolved.choices["task"].value != "pretrain"
    has_base = "regulation.base_compute" in resolved.inputs
    compute = outputs["compute.cumulative" if has_base else "compute.model"]
    found = []
    for threshold in resolved.thresholds:
        if threshold.measured == "compute":
            found.append(_compared(threshold, compute, is_whole=has_base or not continues))
        elif has_base:
            found.append(_compared(threshold, outputs["compute.base_share"], is_whole=True))
        elif continues:
            found.append(Crossing(threshold, "unknown", None, None, None, None, _NO_BASE))
    return tuple(found)


def _compared(threshold: Threshold, value: MetricValue, *, is_whole: bool) -> Crossing:
    low, mid, high = value.low, value.mid, value.high
    if low is None or mid is None or high is None:
        return Crossing(threshold, "unknown", None, None, None, None, value.reason)
    ratio = None
    if threshold.measured == "compute":
        ratio = float(threshold_ratio(compute=mid, threshold=threshold.value))
    if low > threshold.value:
        return Crossing(threshold, "above", low, mid, high, ratio)
    if not is_whole:
        return Crossing(threshold, "unknown", low, mid, high, ratio, _NO_BASE)
    return Crossing(threshold, "within range" if high > threshold.value else "below", low, mid, high, ratio)
