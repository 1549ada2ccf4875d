"""The thresholds of training compute that a run is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from computecalc.catalog.attributes import KINDS
from computecalc.catalog.index import IndexEntry
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, ScenarioError, did_you_mean
from computecalc.estimators.thresholds import MEASURED, Threshold
from computecalc.scenario.collector import Collector
from computecalc.scenario.origins import stated_origin
from computecalc.scenario.schema import TrainScenario

__all__ = ["resolve_regulation"]

_STATUS_ORDER = ("in-force", "enacted", "passed", "rescinded", "superseded")


def resolve_regulation(collector: Collector, scenario: TrainScenario) -> tuple[Threshold, ...]:
    """Take the compute before the run where it is stated, and the thresholds of the jurisdictions that are wanted.

    Raises
    ------
    ScenarioError
        CC650, for a jurisdiction of which the catalog has no threshold.
    """
    base, wanted = scenario.regulation.base_compute, scenario.regulation.jurisdictions
    if base is not None:
        collector.stated("regulation.base_compute", base)
    known = _thresholds(collector.catalog)
    if wanted is None:
        return known
    origin = stated_origin(collector.place("regulation.jurisdictions"))
    collector.choose("regulation.jurisdictions", ", ".join(wanted) or "none", origin)
    _check(collector, wanted, sorted({threshold.jurisdiction for threshold in known}))
    return tuple(threshold for threshold in known if any(_within(threshold.jurisdiction, name) for name in wanted))


def _check(collector: Collector, wanted: Sequence[str], known: Sequence[str]) -> None:
    wrong = [name for name in wanted if not any(_within(jurisdiction, name) for jurisdiction in known)]
    if not wrong:
        return
    near = did_you_mean(wrong[0], known)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}; [] for none"
    message = f"the catalog has no threshold of training compute of {wrong[0]!r}"
    raise ScenarioError(Diagnostic("CC650", message, span=collector.place("regulation.jurisdictions"), hint=hint))


def _within(jurisdiction: str, name: str) -> bool:
    """Whether a jurisdiction is `name` or a state of it."""
    return jurisdiction.casefold() == name.casefold() or jurisdiction.casefold().startswith(f"{name.casefold()}-")


@lru_cache(maxsize=4)
def _thresholds(catalog: Catalog) -> tuple[Threshold, ...]:
    """Read the thresholds off the index: those that hold first, lower ones first."""
    found = [
        _threshold(row, measured)
        for row in catalog.rows("regulation")
        for measured in MEASURED
        if f"threshold.{measured}" in row.labels and "only" not in row.labels
    ]
    return tuple(sorted(found, key=_rank))


def _rank(threshold: Threshold) -> tuple[int, bool, float, str]:
    """Those that hold, of compute, the lowest first."""
    share = threshold.measured == "base_share"
    return (_STATUS_ORDER.index(threshold.status), share, threshold.value, threshold.id)


def _threshold(row: IndexEntry, measured: str) -> Threshold:
    labels, path = row.labels, f"threshold.{measured}"
    return Threshold(
        id=row.id,
        name=row.name,
        jurisdiction=labels["jurisdiction"],
        status=labels["status"],
        in_force=labels.get("in_force", ""),
        ended=labels.get("ended", ""),
        measured=measured,
        value=_value(path, labels[path]),
        as_of=labels["as_of"],
    )


@lru_cache(maxsize=64)
def _value(path: str, text: str) -> float:
    """Read a threshold; many rules share one."""
    return KINDS["regulation"].figures[path].spec().parse(text).mid
