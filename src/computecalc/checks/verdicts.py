"""Budgets against estimates: each limit holds, is at risk, is broken, or cannot be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

from computecalc.checks.baselines import Baseline
from computecalc.checks.budgets import Budget, Limit, Severity
from computecalc.checks.expressions import Check
from computecalc.checks.levers import Lever
from computecalc.errors import Diagnostic, did_you_mean
from computecalc.estimators.absent import why_absent
from computecalc.estimators.results import Estimate
from computecalc.records import record
from computecalc.units.ranges import Range

__all__ = ["Judge", "State", "Verdict", "exit_code", "judged", "widened"]

State = Literal["PASS", "RISK", "FAIL", "ERROR", "SKIP"]


@record
class Verdict:
    """What became of one limit on one scenario."""

    scenario: str
    limit: Limit
    state: State
    severity: Severity
    """How serious the state is: as the budget says, and `error` where the limit cannot be judged."""
    low: float | None = None
    mid: float | None = None
    high: float | None = None
    """The metric in its canonical unit, or its change as a share of the baseline."""
    baseline: float | None = None
    """What the metric was, of a limit on a change."""
    reason: str = ""
    """Why it cannot be judged, is not looked at, or is waived."""
    message: str = ""
    owner: str = ""
    is_waived: bool = False
    levers: tuple[Lever, ...] = ()

    @property
    def is_finding(self) -> bool:
        """Whether it alone makes the exit code 1."""
        return self.state in ("FAIL", "RISK") and self.severity == "error" and not self.is_waived

    @property
    def tested(self) -> float | None:
        """The end of the range that the limit looks at."""
        return {"low": self.low, "high": self.high}.get(self.limit.check.end or "", self.mid)


def judged(
    budgets: Iterable[Budget],
    estimates: Sequence[Estimate],
    failed: Sequence[str],
    *,
    today: date,
    baseline: Baseline | None = None,
) -> tuple[list[Verdict], list[Diagnostic]]:
    """Judge every limit of every budget on the scenarios it is on.

    Parameters
    ----------
    budgets : iterable of Budget
        What must hold.
    estimates : sequence of Estimate
        Scenarios that could be estimated, in order.
    failed : sequence of str
        Names of those that could not: their limits are errors, never passed.
    today : date
        The day on which waivers are looked at.
    baseline : Baseline, optional
        What changes are measured against.

    Returns
    -------
    tuple
        A verdict a limit and scenario, in the order of budgets, scenarios and limits; and what is wrong with the
        budgets themselves: names that match nothing, waivers that have ended.
    """
    judge = Judge(budgets, today=today, baseline=baseline)
    for estimate in estimates:
        judge.add(estimate.name, estimate)
    for name in failed:
        judge.add(name, None)
    return judge.verdicts()


class Judge:
    """Judges scenarios one by one, so that none of them has to be kept; `judged` describes the parameters."""

    def __init__(self, budgets: Iterable[Budget], *, today: date, baseline: Baseline | None = None) -> None:
        self._budgets, self._today, self._baseline = list(budgets), today, baseline
        self._names: dict[bool, list[str]] = {True: [], False: []}
        self._found: dict[tuple[int, bool], list[Verdict]] = {}

    def add(self, name: str, estimate: Estimate | None) -> None:
        """Judge a scenario; None: it could not be estimated."""
        is_known = estimate is not None
        self._names[is_known].append(name)
        for place, budget in enumerate(self._budgets):
            if any(fnmatchcase(name, pattern) for pattern, _ in budget.patterns):
                verdicts = (_verdict(budget, limit, name, estimate, self._baseline) for limit in budget.limits)
                kept = self._found.setdefault((place, is_known), [])
                kept += (_with_waiver(each, budget) if self._is_waived(budget) else each for each in verdicts)

    def verdicts(self) -> tuple[list[Verdict], list[Diagnostic]]:
        """Return what became of all limits, and what is wrong with the budgets; those that failed come last."""
        known = [*self._names[True], *self._names[False]]
        verdicts: list[Verdict] = []
        diagnostics: list[Diagnostic] = []
        for place, budget in enumerate(self._budgets):
            diagnostics += _unmatched(budget, known)
            if budget.waived is not None and not self._is_waived(budget):
                message = f"the waiver ended on {budget.waived.until}: {budget.waived.reason}"
                hint = "meet the budget, or renew the waiver"
                diagnostics.append(Diagnostic("CC703", message, severity="warning", span=budget.waived.span, hint=hint))
            verdicts += self._found.get((place, True), [])
            verdicts += self._found.get((place, False), [])
        return verdicts, diagnostics

    def _is_waived(self, budget: Budget) -> bool:
        return budget.waived is not None and self._today <= budget.waived.until


def exit_code(verdicts: Iterable[Verdict], diagnostics: Iterable[Diagnostic]) -> int:
    """Return 2 where a limit could not be judged, 1 where one is broken, else 0."""
    verdicts = list(verdicts)
    if any(verdict.state == "ERROR" for verdict in verdicts) or any(d.severity == "error" for d in diagnostics):
        return 2
    return int(any(verdict.is_finding for verdict in verdicts))


def _unmatched(budget: Budget, known: Sequence[str]) -> list[Diagnostic]:
    """A budget on nothing would pass for one that holds."""
    found: list[Diagnostic] = []
    for pattern, span in budget.patterns:
        if not any(fnmatchcase(name, pattern) for name in known):
            near = did_you_mean(pattern, known)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known[:8])}"
            message = f"the budget is on {pattern!r}, which no scenario is called"
            found.append(Diagnostic("CC702", message, span=span, hint=hint))
    return found


def _with_waiver(verdict: Verdict, budget: Budget) -> Verdict:
    if verdict.state not in ("FAIL", "RISK") or budget.waived is None:
        return verdict
    return replace(verdict, is_waived=True, reason=f"waived until {budget.waived.until}: {budget.waived.reason}")


def _verdict(budget: Budget, limit: Limit, name: str, estimate: Estimate | None, baseline: Baseline | None) -> Verdict:
    blank = Verdict(name, limit, "SKIP", budget.severity, message=budget.message, owner=budget.owner)
    if budget.severity == "off":
        return replace(blank, reason="the budget is off")
    check = limit.check
    if estimate is None:
        return replace(blank, state="ERROR", severity="error", reason="the scenario could not be estimated")
    value = estimate.outputs.get(check.metric)
    if value is None or value.low is None or value.mid is None or value.high is None:
        reason = value.reason if value is not None else why_absent(estimate, check.metric)
        return replace(blank, state="ERROR", severity="error", reason=reason)
    ends = (value.low, value.mid, value.high)
    if check.is_change:
        before = None if baseline is None else baseline.value(name, check.metric)
        if baseline is None or before is None or before == 0.0:
            return replace(blank, state="ERROR", severity="error", reason=_no_baseline(name, check, baseline, before))
        low, mid, high = _changes(ends, baseline.ends(name, check.metric, before))
        found = replace(blank, low=low, mid=mid, high=high, baseline=before)
    else:
        found = replace(blank, low=ends[0], mid=ends[1], high=ends[2])
    return _judged(found, budget)


def _changes(ends: tuple[float, float, float], before: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the least, the middle's and the greatest change, a fall being negative.

    Low is compared with low and high with high: what nobody knew then is what nobody knows now, so that a plan that
    did not change has no change over its whole range.
    """
    # An end of 0 has no shares: the middle, which is not 0, takes its place.
    changes = [now / (was or before[1]) - 1.0 for now, was in zip(ends, before, strict=True)]
    return min(changes), changes[1], max(changes)


def _judged(found: Verdict, budget: Budget) -> Verdict:
    check, ends = widened(found.limit), (found.low, found.mid, found.high)
    tested = found.tested
    if tested is None or not check.holds(tested):
        return replace(found, state="FAIL", severity=budget.severity)
    if all(end is not None and check.holds(end) for end in ends):
        return replace(found, state="PASS", severity=budget.severity)
    if budget.risk == "off":
        return replace(found, state="PASS", severity=budget.severity)
    return replace(found, state="RISK", severity=budget.risk)


def widened(limit: Limit) -> Check:
    """Return the check of a limit with its tolerance added."""
    check, share = limit.check, limit.tolerance
    if not share:
        return check
    bound = check.bound
    below, above = bound.low - abs(bound.low) * share, bound.high + abs(bound.high) * share
    match check.operator:
        case "<=" | "<":
            return replace(check, bound=Range.exact(above))
        case ">=" | ">":
            return replace(check, bound=Range.exact(below))
        case _:
            return replace(check, operator="in", bound=Range(below, bound.mid, above))


def _no_baseline(name: str, check: Check, baseline: Baseline | None, before: float | None) -> str:
    if baseline is None:
        return "there is no baseline to compare with: `computecalc lock` writes one, --baseline FILE names one"
    if before == 0.0:
        return f"{check.metric} was 0 in {baseline.name}: a share of it says nothing"
    if name not in baseline.values:
        return f"{baseline.name} has no scenario {name!r}"
    return f"{check.metric} was not known in {baseline.name}"
