"""What is predicted of each case, by the ordinary way from a scenario to an estimate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from computecalc.catalog.lookup import Catalog
from computecalc.checks.validation.cases import Case
from computecalc.errors import ComputecalcError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import MetricValue, estimate_metrics
from computecalc.records import record
from computecalc.scenario.resolve import resolve
from computecalc.units.registry import conversion_factor

__all__ = ["Outcome", "outcomes"]

_HALF = 1.5
"""Bytes of a value from which on a format counts as one of 16 bits. [byte]"""

_EIGHTH = 0.75
"""The same for 8 bits; below are those of 4. [byte]"""


@record
class Outcome:
    """A case and its prediction, in the unit of the case; None with the reason where there is none."""

    case: Case
    group: str
    """Class in which its error counts."""
    low: float | None = None
    predicted: float | None = None
    high: float | None = None
    basis: str = ""
    """What the prediction rests on: `layout`, `prior` or `stated` MFU; empty where no MFU is in it."""
    reason: str = ""

    @property
    def error(self) -> float | None:
        """Predicted over measured, less one."""
        return None if self.predicted is None else self.predicted / self.case.measured - 1.0

    @property
    def within(self) -> bool:
        """Whether the measured figure lies in the predicted range."""
        return self.low is not None and self.high is not None and self.low <= self.case.measured <= self.high

    @property
    def missed(self) -> bool:
        """Whether it is off by more than the case allows."""
        error = self.error
        return error is not None and self.case.tolerance is not None and abs(error) > self.case.tolerance


def outcomes(cases: Iterable[Case], catalog: Catalog) -> Iterator[Outcome]:
    """Predict each case; cases of one scenario that follow each other share its estimate."""
    for _, same in groupby(cases, key=lambda case: id(case.raw)):
        together = list(same)
        try:
            resolved = resolve(together[0].raw, catalog, today=date.today())
            found = estimate_metrics(resolved, {case.metric for case in together})
        except ComputecalcError as error:
            reason = error.diagnostics[0].message
            yield from (Outcome(case, _unpredicted_group(case), reason=reason) for case in together)
            continue
        yield from (_compared(case, resolved, found[case.metric], catalog) for case in together)


def _compared(case: Case, resolved: Resolved, value: MetricValue, catalog: Catalog) -> Outcome:
    group = _group(case, resolved, catalog)
    if value.mid is None or value.low is None or value.high is None:
        return Outcome(case, group, reason=value.reason)
    factor = conversion_factor(value.unit, case.unit)
    low, mid, high = (end * factor for end in (value.low, value.mid, value.high))
    return Outcome(case, group, low, mid, high, _basis(case, resolved))


def _basis(case: Case, resolved: Resolved) -> str:
    if case.kind in ("memory", "serving", "footprint"):
        return ""
    mfu = resolved.inputs.get("efficiency.mfu")
    if mfu is None:
        return "layout"
    return "prior" if mfu.origin.kind == "prior" else "stated"


def _unpredicted_group(case: Case) -> str:
    if case.group:
        return case.group
    if case.kind == "serving":
        return case.subject
    return {"published": "published figures", "memory": "memory"}.get(case.kind, "")


def _group(case: Case, resolved: Resolved, catalog: Catalog) -> str:
    """Return the class of a case.

    Training by task, by experts or by the format of its matrix products; serving by what is compared and by experts.
    """
    if case.kind not in ("training", "serving"):
        return _unpredicted_group(case)
    if "task" in case.raw.node.entries:
        return "fine-tuning"
    architecture = resolved.architecture
    mixture = architecture is not None and any(shape.type == "moe" for shape in architecture.feed_forwards.values())
    if case.kind == "serving":
        return f"{case.subject}, {'MoE' if mixture else 'dense'}"
    if mixture:
        return "MoE"
    storage = catalog.find("precision", resolved.choices["cluster.precision"].value).get("storage")
    size = storage.value.mid if storage is not None else _HALF
    return f"dense {16 if size >= _HALF else 8 if size >= _EIGHTH else 4}-bit"
