"""The rows of a diff that every format for people shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from computecalc.checks.changes import Cause, Changes, MetricChange, ScenarioChange, State
from computecalc.checks.saved import Ends
from computecalc.records import record
from computecalc.reports.document import ReportStyle
from computecalc.units.display import display_range

__all__ = ["HEADER", "PARTS", "ChangeRow", "cause_rows", "change_rows", "reasons", "shown_scenarios", "summary_line"]

HEADER = ("metric", "before", "after", "unit", "change", "", "inputs", "catalog", "formulas")
PARTS = ("inputs", "catalog", "formulas")
"""The parts of a change, in the order shown."""

_COUNTED: tuple[State, ...] = ("changed", "new", "removed", "failed", "unchanged")


@record
class ChangeRow:
    """One metric as text; what cannot be told is a question mark."""

    metric: str
    before: str
    after: str
    unit: str
    change: str
    share: str
    parts: tuple[str, str, str]
    """Of inputs, catalog and formulas, in `unit`."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row under `HEADER`."""
        return (self.metric, self.before, self.after, self.unit, self.change, self.share, *self.parts)

    @property
    def shown_parts(self) -> str:
        """The parts that are not nothing, on one line."""
        named = zip(PARTS, self.parts, strict=True)
        return ", ".join(f"{name} {text}" for name, text in named if text != "0")


def shown_scenarios(changes: Changes) -> list[ScenarioChange]:
    """Return the scenarios of which there is something to say."""
    return [each for each in changes.scenarios if each.state != "unchanged" or each.causes]


def change_rows(scenario: ScenarioChange, style: ReportStyle) -> list[ChangeRow]:
    """Return a row for each metric that changed, all numbers of a row in one unit."""
    return [_row(change, style) for change in scenario.metrics]


def _row(change: MetricChange, style: ReportStyle) -> ChangeRow:
    known = [each for each in (change.before.mid, change.after.mid) if each is not None]
    scale = max(known, key=abs, default=0.0)
    target = style.units.get(change.id)

    def shown(value: float) -> str:
        return display_range(value, scale or value, value, change.unit, digits=style.digits, target=target).low

    def signed(value: float | None) -> str:
        if value is None:
            return "?"
        return f"+{shown(value)}" if value > 0.0 else shown(value)

    def ends(value: Ends) -> str:
        if value.low is None or value.mid is None or value.high is None:
            return "unknown"
        # Where the middle stays, it is the range that changed.
        values = (value.mid,) if change.change else (value.low, value.mid, value.high)
        return "..".join(dict.fromkeys(shown(each) for each in values))

    unit = display_range(scale, scale, scale, change.unit, digits=style.digits, target=target).unit if known else ""
    share = "" if change.share is None else f"{change.share:+.{max(style.digits - 3, 1)}%}"
    parts = (signed(change.inputs), signed(change.catalog), signed(change.formulas))
    return ChangeRow(change.id, ends(change.before), ends(change.after), unit, signed(change.change), share, parts)


def cause_rows(causes: Sequence[Cause]) -> list[tuple[str, str, str]]:
    """Return a row for each cause: its part, what it is, and what became of it."""
    return [(cause.part, cause.what, f"{cause.before or 'nothing'} -> {cause.after or 'nothing'}") for cause in causes]


def reasons(scenario: ScenarioChange) -> list[str]:
    """Return why something is not told, one line a reason."""
    found = [scenario.reason] if scenario.reason else []
    by_reason: dict[str, list[str]] = {}
    for change in scenario.metrics:
        if change.reason and change.reason not in scenario.reason:
            by_reason.setdefault(change.reason, []).append(change.id)
    return [*found, *(f"{', '.join(metrics)}: {reason}" for reason, metrics in by_reason.items())]


def summary_line(changes: Changes) -> str:
    """Say how many scenarios changed, such as ``1 changed, 2 unchanged``."""
    counts = Counter(scenario.state for scenario in changes.scenarios)
    said = [f"{counts[state]} {state}" for state in _COUNTED if counts[state]]
    return f"{', '.join(said) or 'no scenarios'}, against {changes.against}"
