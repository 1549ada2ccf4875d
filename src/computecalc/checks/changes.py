"""What changed of estimates, split into formulas, catalog and inputs, which together are the whole change.

Between what a metric was and what it is stand two values that are computed now:

1. what it was, as it was saved;
2. the formulas of today on the inputs it was estimated from: the difference is the part of the **formulas**;
3. what was stated then, resolved again with the catalog of today: the difference is the part of the **catalog**;
4. what it is: the difference is the part of the **inputs**, what users state.

What the program chose or searched itself (a layout, a batch) is chosen anew in step 3. Where no figure of the catalog
moved, that is a change of the program, and steps 2 and 3 count as one, of the formulas.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Any, Literal

from computecalc.catalog.describing import described
from computecalc.catalog.lookup import Catalog
from computecalc.checks.locks import is_same_number
from computecalc.checks.recomputing import recomputed
from computecalc.checks.saved import Ends
from computecalc.checks.statements import described_text, resolved_again, statement, statement_changes
from computecalc.errors import ComputecalcError
from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate
from computecalc.records import record
from computecalc.units.display import format_range
from computecalc.yamlio.nodes import Plain

__all__ = ["Cause", "Changes", "MetricChange", "Part", "Past", "ScenarioChange", "State", "changes", "split"]

Part = Literal["inputs", "catalog", "formulas"]
State = Literal["changed", "unchanged", "new", "removed", "failed"]
_FROM_CATALOG = ("catalog", "prior")


@record
class Past:
    """A scenario as it was."""

    name: str
    outputs: Mapping[str, Ends]
    resolved: Resolved | None = None
    """What it was estimated from."""
    stated: dict[str, Any] | None = None
    """What was stated of it."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Text of the tables that are named there."""
    formulas: Mapping[str, int] | None = None
    """The formulas it was estimated by; None: not known."""
    is_recomputed: bool = False
    """Whether it was estimated just now, from older files: then the formulas are the same."""
    why_not: str = ""
    """Why one of these is not known."""


@record
class MetricChange:
    """What became of a metric; parts that cannot be told are None, and `reason` says why."""

    id: str
    unit: str
    before: Ends
    after: Ends
    change: float | None
    inputs: float | None = None
    catalog: float | None = None
    formulas: float | None = None
    reason: str = ""

    @property
    def share(self) -> float | None:
        """The change as a share of what was."""
        return None if self.change is None or not self.before.mid else self.change / self.before.mid


@record
class Cause:
    """Something that is no longer as it was; empty: it was not there."""

    part: Part
    what: str
    before: str
    after: str


@record
class ScenarioChange:
    """What became of a scenario."""

    name: str
    state: State
    metrics: tuple[MetricChange, ...] = ()
    """Those that changed."""
    causes: tuple[Cause, ...] = ()
    reason: str = ""
    """What cannot be told, and why."""


@record
class Changes:
    """What became of all scenarios."""

    against: str
    """What they are compared with, as the user calls it."""
    scenarios: tuple[ScenarioChange, ...]


@record
class _Values:
    """A metric id to its middle, or why there are none."""

    mids: Mapping[str, float | None] | None
    why_not: str = ""

    def get(self, name: str) -> float | None:
        return None if self.mids is None else self.mids.get(name)


def changes(
    against: str,
    past: Sequence[Past],
    now: Iterable[Estimate],
    failed: Mapping[str, str],
    catalog: Catalog,
    *,
    today: date,
) -> Changes:
    """Compare scenarios with what they were.

    Parameters
    ----------
    against : str
        What they are compared with, for readers.
    past : sequence of Past
        What they were; those that are not among the others now count as removed.
    now : iterable of Estimate
        What they are, in order.
    failed : mapping
        Scenarios that cannot be estimated now, with the reason.
    catalog : Catalog
        The catalog of today.
    today : date
        The day against which prices are judged.
    """
    before = {each.name: each for each in past}
    found: list[ScenarioChange] = []
    for estimate in now:
        was = before.pop(estimate.name, None)
        found.append(ScenarioChange(estimate.name, "new") if was is None else _change(was, estimate, catalog, today))
    for name, reason in failed.items():
        before.pop(name, None)
        found.append(ScenarioChange(name, "failed", reason=reason))
    found += [ScenarioChange(name, "removed") for name in before]
    return Changes(against, tuple(found))


def _change(was: Past, now: Estimate, catalog: Catalog, today: date) -> ScenarioChange:
    if now.resolved is None:
        raise ValueError(f"{now.name} does not say what it was estimated from")
    stated = statement(now.resolved)
    is_restated = was.stated != stated or was.files != now.resolved.files
    again, why_not = (now.resolved, "") if not is_restated else _resolved_again(was, catalog, today)
    figures = tuple(_figure_causes(was.resolved, again))
    known = _Values({name: value.mid for name, value in now.outputs.items()})
    third = known if not is_restated else _values(again, why_not)
    if was.is_recomputed:
        second = _Values({name: ends.mid for name, ends in was.outputs.items()})
        third = third if figures else second
    elif was.resolved is None:
        second = _Values(None, was.why_not)
    else:
        # Without a figure that moved, whatever was chosen anew was chosen by the program of today.
        second = _values(was.resolved, "") if figures else third
    metrics = tuple(_metric_changes(was, now, second, third))
    causes = (*_stated_causes(was, stated, now.resolved.files), *figures, *_formula_causes(was, now))
    reasons = dict.fromkeys(each for each in (was.why_not, second.why_not, third.why_not) if each)
    state: State = "changed" if metrics else "unchanged"
    return ScenarioChange(now.name, state, metrics, causes, "; ".join(reasons) if metrics else "")


def _resolved_again(was: Past, catalog: Catalog, today: date) -> tuple[Resolved | None, str]:
    if was.stated is None:
        return None, was.why_not
    try:
        return resolved_again(was.name, was.stated, was.files, catalog, today), ""
    except ComputecalcError as error:
        return None, f"what was stated cannot be resolved with the catalog of today: {error.diagnostics[0].message}"


def _values(resolved: Resolved | None, why_not: str) -> _Values:
    if resolved is None:
        return _Values(None, why_not)
    try:
        return _Values({name: value.mid for name, value in recomputed(resolved).outputs.items()})
    except ComputecalcError as error:
        return _Values(None, error.diagnostics[0].message)


def _metric_changes(was: Past, now: Estimate, second: _Values, third: _Values) -> Iterator[MetricChange]:
    nothing = Ends(None, None, None)
    for name in METRICS:
        value = now.outputs.get(name)
        before = was.outputs.get(name, nothing)
        after = nothing if value is None else Ends(value.low, value.mid, value.high)
        same = (
            is_same_number(*ends)
            for ends in ((before.low, after.low), (before.mid, after.mid), (before.high, after.high))
        )
        if all(same):
            continue
        unit = METRICS[name].unit
        if before.mid is None or after.mid is None:
            why = "it was unknown" if before.mid is None else "it is unknown now"
            yield MetricChange(name, unit, before, after, None, reason=why)
            continue
        whole, formulas, catalog, inputs = split(before.mid, second.get(name), third.get(name), after.mid)
        gap = formulas is None or catalog is None or inputs is None
        reason = (second.why_not or third.why_not or "it was unknown on the way") if gap else ""
        yield MetricChange(name, unit, before, after, whole, inputs, catalog, formulas, reason)


def split(
    first: float, second: float | None, third: float | None, last: float
) -> tuple[float, float | None, float | None, float | None]:
    """Return the whole change, and its parts of formulas, catalog and inputs; what differs by rounding is 0.

    Where all three are known, they add up to the whole.
    """
    second = first if second is not None and is_same_number(first, second) else second
    near = first if second is None else second
    third = near if third is not None and is_same_number(near, third) else third
    near = near if third is None else third
    last = near if is_same_number(near, last) else last
    whole = last - first
    formulas = None if second is None else second - first
    catalog = None if second is None or third is None else third - second
    inputs = None if third is None else last - third
    if formulas is None or catalog is None or inputs is None:
        return whole, formulas, catalog, inputs
    parts = [formulas, catalog, inputs]
    largest = max(range(3), key=lambda i: abs(parts[i]))
    rest = whole - sum(parts)
    if rest:  # the rounding of three subtractions goes to the part that it matters least to
        parts[largest] += rest
    return whole, parts[0], parts[1], parts[2]


def _stated_causes(was: Past, stated: dict[str, Any], files: Mapping[str, str]) -> Iterator[Cause]:
    if was.stated is None:
        return
    for name in sorted({*was.files, *files}):
        if was.files.get(name) != files.get(name):
            yield Cause("inputs", name, described_text(was.files.get(name)), described_text(files.get(name)))
    for path, old, new in statement_changes(was.stated, stated):
        yield Cause("inputs", path, _text(old), _text(new))


def _text(value: Plain) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _figure_causes(was: Resolved | None, again: Resolved | None) -> Iterator[Cause]:
    """Yield the figures of the catalog that the same statement takes now, and did not take then."""
    if was is None or again is None:
        return
    if was.architecture is not None and again.architecture is not None:
        old, new = described(was.architecture), described(again.architecture)
        for path, before, after in statement_changes(old, new):
            yield Cause("catalog", f"model.{path}", _text(before), _text(after))
    for path in dict.fromkeys((*was.inputs, *again.inputs)):
        if path.startswith("model.") and was.architecture is not None:
            continue
        one, other = was.inputs.get(path), again.inputs.get(path)
        if _is_figure_moved(one, other, was.unknown, again.unknown, path):
            entry = next((each.origin.entry for each in (other, one) if each is not None and each.origin.entry), "")
            what = f"{path} ({entry})" if entry and "," not in entry else path
            yield Cause("catalog", what, _shown(one), _shown(other))


def _is_figure_moved(
    one: ResolvedInput | None,
    other: ResolvedInput | None,
    unknown_then: Mapping[str, str],
    unknown_now: Mapping[str, str],
    path: str,
) -> bool:
    if one is None or other is None:
        present, gaps = (other, unknown_then) if one is None else (one, unknown_now)
        # A figure that came or went with an entry; inputs that only one version of the program has are not the catalog.
        return present is not None and present.origin.kind in _FROM_CATALOG and path in gaps
    if one.origin.kind not in _FROM_CATALOG and other.origin.kind not in _FROM_CATALOG:
        return False
    pairs = ((getattr(one.range, end), getattr(other.range, end)) for end in ("low", "mid", "high"))
    return not all(is_same_number(*pair) for pair in pairs)


def _shown(given: ResolvedInput | None) -> str:
    return "" if given is None else format_range(given.range, given.unit, digits=6)


def _formula_causes(was: Past, now: Estimate) -> Iterator[Cause]:
    if was.is_recomputed or was.formulas is None:
        return
    for name, version in sorted(now.formulas.items()):
        old = was.formulas.get(name, version)  # one that was not used then may be used for what is stated now
        if old != version:
            yield Cause("formulas", name, f"@{old}", f"@{version}")
