"""How entries are held against rules: exceptions, severities, places."""

from __future__ import annotations

from datetime import date

import pytest

from computecalc.catalog.entries import Entry
from computecalc.catalog.plausibility import (
    Context,
    Finding,
    Intervals,
    Rule,
    check_entries,
    is_within,
    shown_intervals,
)
from tests.catalog.entries_of import entries_of, stated_counts, whole

INFINITY = float("inf")


def capacity(entry: Entry, _: Context) -> float:
    return entry.fact("memory.capacity").value.mid / 1e9


def rule(identifier: str = "small", **changes: object) -> Rule:
    fields: dict[str, object] = {
        "id": identifier,
        "kinds": ("accelerator",),
        "severity": "warning",
        "measures": "the memory",
        "unit": "GB",
        "measure": capacity,
        "allowed": lambda _entry, _context: ((10.0, 100.0),),
        "reason": "because",
        "path": "memory.capacity",
    }
    return Rule(**(fields | changes))


def findings(rules: list[Rule], **figures: str) -> list[Finding]:
    entries = entries_of("accelerator", {"chip": {path.replace("__", "."): text for path, text in figures.items()}})
    context = Context(whole(accelerator=entries), date(2026, 3, 1), stated_counts)
    return check_entries(list(entries.values()), rules, context)


def test_a_broken_rule_names_value_limits_place_and_reason() -> None:
    (finding,) = findings([rule()], memory__capacity="800 GB")
    diagnostic = finding.diagnostic
    assert (finding.rule, finding.entry.id, diagnostic.code, diagnostic.severity) == (
        "small",
        "chip",
        "CC507",
        "warning",
    )
    assert diagnostic.message == "chip: the memory is 800 GB, not 10 to 100 GB"
    assert diagnostic.hint == "because"
    assert diagnostic.span is not None
    assert "800 GB" in diagnostic.span.document.line(diagnostic.span.line)


def test_what_is_within_or_not_stated_or_of_another_kind_breaks_nothing() -> None:
    assert findings([rule()]) == []  # the base has 80 GB
    assert findings([rule(measure=lambda _entry, _context: None)], memory__capacity="800 GB") == []
    assert findings([rule(allowed=lambda _entry, _context: None)], memory__capacity="800 GB") == []
    assert findings([rule(kinds=("model",))], memory__capacity="800 GB") == []


def test_an_exception_with_notes_silences_its_rule_only() -> None:
    rules = [rule("small"), rule("other")]
    found = findings(rules, memory__capacity="800 GB", exceptions="small", notes="A shelf of memory.")
    assert [finding.rule for finding in found] == ["other"]


@pytest.mark.parametrize(
    ("figures", "severity", "message"),
    [
        ({"exceptions": "smal", "notes": "n"}, "error", "chip: there is no rule `smal`"),
        ({"exceptions": "small", "notes": "n"}, "note", "chip needs no exception from `small`"),
        (
            {"exceptions": "small", "memory__capacity": "800 GB"},
            "error",
            "chip has exceptions, and no notes that say why",
        ),
    ],
)
def test_exceptions_are_checked_themselves(figures: dict[str, str], severity: str, message: str) -> None:
    (finding,) = findings([rule()], **figures)
    assert (finding.rule, finding.diagnostic.severity, finding.diagnostic.message) == ("exceptions", severity, message)


@pytest.mark.parametrize(
    ("value", "allowed", "within"),
    [
        (1.0, ((1.0, 2.0),), True),
        (2.0, ((1.0, 2.0),), True),
        (2.01, ((1.0, 2.0),), False),
        (3.5, ((1.0, 2.0), (3.0, INFINITY)), True),
        (2.5, ((1.0, 2.0), (3.0, INFINITY)), False),
    ],
)
def test_intervals_hold_their_ends(value: float, allowed: Intervals, within: bool) -> None:
    assert is_within(value, allowed) is within


def test_intervals_in_words() -> None:
    assert shown_intervals(((0.0, 5.0), (7.0, 8.0), (10.0, INFINITY))) == "at most 5, or 7 to 8, or at least 10"
