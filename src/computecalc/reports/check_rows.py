"""The rows of a check that every format for people shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from computecalc.checks.levers import Lever
from computecalc.checks.verdicts import State, Verdict
from computecalc.records import record
from computecalc.reports.document import ReportStyle
from computecalc.units.display import display, display_range

__all__ = ["CheckRow", "check_rows", "counted", "summary_line"]

_COUNTED: tuple[tuple[State, str], ...] = (
    ("PASS", "passed"),
    ("RISK", "at risk"),
    ("FAIL", "failed"),
    ("ERROR", "not judged"),
    ("SKIP", "skipped"),
)


@record
class CheckRow:
    """One verdict as text."""

    state: str
    scenario: str
    check: str
    value: str
    """The metric, with its range where it has one; why there is none otherwise."""
    notes: tuple[str, ...]
    """Message, owner, waiver, then a line a lever."""


def check_rows(verdicts: Iterable[Verdict], style: ReportStyle) -> list[CheckRow]:
    """Return a row a verdict, in the order judged."""
    return [
        CheckRow(
            _state(verdict), verdict.scenario, verdict.limit.check.text, _value(verdict, style), _notes(verdict, style)
        )
        for verdict in verdicts
    ]


def summary_line(verdicts: Iterable[Verdict]) -> str:
    """Say how many limits hold, such as ``3 passed, 1 failed``."""
    verdicts = list(verdicts)
    counts, waived = counted(verdicts), sum(verdict.is_waived for verdict in verdicts)
    said = [f"{counts[state]} {words}" for state, words in _COUNTED if counts[state] or state in ("PASS", "FAIL")]
    return ", ".join(said) + (f" ({waived} waived)" if waived else "")


def counted(verdicts: Iterable[Verdict]) -> Counter[str]:
    """Count the verdicts of each state."""
    return Counter(verdict.state for verdict in verdicts)


def _state(verdict: Verdict) -> str:
    if verdict.is_waived:
        return f"{verdict.state} (waived)"
    return f"{verdict.state} (warn)" if verdict.state == "FAIL" and verdict.severity == "warn" else verdict.state


def _value(verdict: Verdict, style: ReportStyle) -> str:
    low, mid, high, unit = verdict.low, verdict.mid, verdict.high, verdict.limit.check.unit
    if low is None or mid is None or high is None:
        return verdict.reason
    if verdict.limit.check.is_change:
        low, mid, high, unit = 100.0 * low, 100.0 * mid, 100.0 * high, "%"
        texts = [f"{each:+.{max(style.digits - 2, 1)}f}" for each in (low, mid, high)]
        return f"{'..'.join(dict.fromkeys(texts))} {unit}"
    target = style.units.get(verdict.limit.check.metric)
    shown = display_range(low, mid, high, unit, digits=style.digits, target=target)
    numbers = dict.fromkeys((shown.low, shown.mid, shown.high))
    return f"{'..'.join(numbers)} {shown.unit}".rstrip()


def _notes(verdict: Verdict, style: ReportStyle) -> tuple[str, ...]:
    notes: list[str] = []
    if verdict.state in ("PASS", "SKIP"):
        return ()
    if verdict.message:
        notes.append(verdict.message)
    if verdict.owner:
        notes.append(f"owner: {verdict.owner}")
    if verdict.is_waived:
        notes.append(verdict.reason)
    notes += [_lever(lever, style) for lever in _told(verdict.levers)]
    return tuple(notes)


def _told(levers: Sequence[Lever]) -> Sequence[Lever]:
    """Levers that do it; where none does, what stands against those that come nearest."""
    able = [lever for lever in levers if not lever.why_not]
    return able or levers[:2]


def _lever(lever: Lever, style: ReportStyle) -> str:
    now = display(lever.now, lever.unit, digits=style.digits)
    if lever.needed is None:
        return f"no lever: {lever.path} (now {now}): {lever.why_not}"
    needed = display(lever.needed, lever.unit, digits=style.digits, target=None)
    change = lever.needed / lever.now - 1.0
    text = f"lever: {lever.path} {now} -> {needed} ({change:+.1%})"
    return f"{text}, but {lever.why_not}" if lever.why_not else text
