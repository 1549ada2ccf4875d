"""Figures that cannot be: what a rule is, and how entries are held against all of them.

The rules themselves are a table, `computecalc.catalog.plausibility_rules`. A rule measures one number of an entry,
such as its FLOP per byte, and says in which intervals that number lies for hardware that exists. An entry that is
truly different names the rule in its label `exceptions` and says why in its notes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from computecalc.catalog.attributes import KindName
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.errors import Diagnostic, Severity, did_you_mean
from computecalc.records import record

__all__ = ["Context", "Counts", "Finding", "Intervals", "Rule", "check_entries", "is_within", "shown_intervals"]

Intervals: TypeAlias = tuple[tuple[float, float], ...]
"""Where a number may lie; both ends are allowed."""

Counts: TypeAlias = Callable[[ModelEntry], tuple[float, float]]
"""All and active parameters of a model, counted from its architecture where it has one."""

_UNKNOWN_EXCEPTION = "exceptions"
_CODE = "CC507"


@record
class Context:
    """What a rule may look at besides the entry."""

    entries: Mapping[KindName, Mapping[str, Entry]]
    """All entries by kind and id."""
    today: date
    counts: Counts


@record
class Rule:
    """One rule of plausibility."""

    id: str
    kinds: tuple[KindName, ...]
    severity: Severity
    measures: str
    """What is measured, as the message names it."""
    unit: str
    """Unit of what is measured, as the message shows it."""
    measure: Callable[[Entry, Context], float | None]
    """The number, in `unit`; None where the entry does not state what it needs."""
    allowed: Callable[[Entry, Context], Intervals | None]
    """Where it may lie; None where the rule says nothing about this entry."""
    reason: str
    """Why these intervals: a source, or the reasoning."""
    path: str = ""
    """The figure to point at; the entry where it is empty."""


@record
class Finding:
    """An entry that breaks a rule."""

    rule: str
    entry: Entry
    diagnostic: Diagnostic


def is_within(value: float, allowed: Intervals) -> bool:
    """Tell whether a number lies in one of some intervals."""
    return any(low <= value <= high for low, high in allowed)


def shown_intervals(allowed: Intervals) -> str:
    """Return intervals in words.

    Examples
    --------
    >>> shown_intervals(((0.94, 1.06), (2.0, float("inf"))))
    '0.94 to 1.06, or at least 2'
    """
    texts = []
    for low, high in allowed:
        if math.isinf(high):
            texts.append(f"at least {low:g}")
        elif low <= 0:
            texts.append(f"at most {high:g}")
        else:
            texts.append(f"{low:g} to {high:g}")
    return ", or ".join(texts)


def check_entries(entries: Sequence[Entry], rules: Sequence[Rule], context: Context) -> list[Finding]:
    """Hold entries against rules.

    Parameters
    ----------
    entries : sequence of Entry
        What to check.
    rules : sequence of Rule
        The rules, each of which looks at entries of its kinds only.
    context : Context
        What rules may compare with.

    Returns
    -------
    list of Finding
        In the order of the entries; empty when all is plausible.
    """
    return [finding for entry in entries for finding in _of_entry(entry, rules, context)]


def _of_entry(entry: Entry, rules: Sequence[Rule], context: Context) -> Iterator[Finding]:
    excused = {word for word in entry.labels.get("exceptions", "").split(", ") if word}
    known = {rule.id for rule in rules if entry.kind in rule.kinds}
    for word in sorted(excused - known):
        near = did_you_mean(word, known)
        hint = f"did you mean {near[0]}?" if near else f"rules for its kind: {', '.join(sorted(known))}"
        yield _finding(_UNKNOWN_EXCEPTION, entry, "error", f"{entry.id}: there is no rule `{word}`", hint)
    if excused and not entry.notes:
        message = f"{entry.id} has exceptions, and no notes that say why"
        yield _finding(_UNKNOWN_EXCEPTION, entry, "error", message, "add `notes: ...`")
    for rule in rules:
        if entry.kind not in rule.kinds:
            continue
        broken = _broken(rule, entry, context)
        if rule.id in excused and not broken:
            message = f"{entry.id} needs no exception from `{rule.id}`"
            yield _finding(_UNKNOWN_EXCEPTION, entry, "note", message, "take it out of `exceptions`")
        elif rule.id not in excused and broken:
            yield _finding(rule.id, entry, rule.severity, broken, rule.reason, rule.path)


def _broken(rule: Rule, entry: Entry, context: Context) -> str:
    """Return what is wrong, an empty text when nothing is."""
    value, allowed = rule.measure(entry, context), rule.allowed(entry, context)
    if value is None or allowed is None or is_within(value, allowed):
        return ""
    unit = f" {rule.unit}" if rule.unit else ""
    return f"{entry.id}: {rule.measures} is {value:.4g}{unit}, not {shown_intervals(allowed)}{unit}"


def _finding(rule: str, entry: Entry, severity: Severity, message: str, hint: str, path: str = "") -> Finding:
    facts = (entry.get(choice) for choice in path.split("|"))
    span = next((fact.span for fact in facts if fact is not None), entry.span)
    return Finding(rule, entry, Diagnostic(_CODE, message, severity, span=span, hint=hint))
