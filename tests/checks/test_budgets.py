"""Budgets as they are written: what is read, and what is told where."""

from __future__ import annotations

from datetime import date

import pytest

from computecalc.checks.budgets import Budget, read_budgets, stated_limit
from computecalc.errors import ComputecalcError
from computecalc.yamlio.loading import load_text


def read(text: str) -> list[Budget]:
    return read_budgets(load_text(f"version: 1\nscenarios: {{}}\nbudgets:\n{text}", "b.yaml"))


def told(text: str) -> list[tuple[str, str]]:
    with pytest.raises(ComputecalcError) as caught:
        read(text)
    return [(each.code, each.place) for each in caught.value.diagnostics]


def test_a_budget_is_read_with_its_places() -> None:
    (budget,) = read(
        "  - on: [a*, b]\n    severity: warn\n    owner: finance\n    message: ask first\n"
        "    checks: [cost.total <= 75 MUSD, time.wall in 60..90 d]\n    tolerance: {cost.total: 2 %}\n"
        "    waiver: {until: 2026-12-31, reason: a contract}\n"
    )
    assert [(pattern, span.label if span else "") for pattern, span in budget.patterns] == [
        ("a*", "b.yaml:4:10"),
        ("b", "b.yaml:4:14"),
    ]
    assert (budget.severity, budget.risk, budget.owner, budget.message) == ("warn", "warn", "finance", "ask first")
    # The tolerance belongs to the cost alone.
    assert [(limit.check.metric, limit.tolerance) for limit in budget.limits] == [
        ("cost.total", 0.02),
        ("time.wall", 0.0),
    ]
    assert budget.limits[1].span is not None
    assert budget.limits[1].span.label == "b.yaml:8:37"
    assert budget.waived is not None
    assert (budget.waived.until, budget.waived.reason) == (date(2026, 12, 31), "a contract")


def test_absent_keys() -> None:
    (budget,) = read("  - checks: [cost.total <= 1 USD]\n")
    assert budget.patterns == (("*", None),)
    assert (budget.severity, budget.risk, budget.waived, budget.owner) == ("error", "warn", None, "")


def test_a_file_without_budgets() -> None:
    assert read_budgets(load_text("version: 1\nscenarios: {}\n", "b.yaml")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  - {on: a}\n", [("CC302", "b.yaml:4:5")]),
        ("  - {checks: []}\n", [("CC303", "b.yaml:4:14")]),
        ("  - {checks: [cost.total <= 75]}\n", [("CC402", "b.yaml:4:15")]),
        ("  - {checks: [cost.totl <= 75 USD]}\n", [("CC102", "b.yaml:4:15")]),
        ("  - {checks: ['cost.total <= 1 USD; import os']}\n", [("CC401", "b.yaml:4:15")]),
        ("  - {checks: [mfu >= 0.3], severity: fatal}\n", [("CC306", "b.yaml:4:38")]),
        ("  - {checks: [mfu >= 0.3], sevrity: warn}\n", [("CC301", "b.yaml:4:28")]),
        ("  - {checks: [mfu >= 0.3], waiver: {until: 2026-02-30, reason: x}}\n", [("CC303", "b.yaml:4:44")]),
        ("  - {checks: [mfu >= 0.3], waiver: {until: 2026-02-20}}\n", [("CC302", "b.yaml:4:28")]),
        ("  - {checks: [mfu >= 0.3], tolerance: {cost.total: 1 %}}\n", [("CC303", "b.yaml:4:40")]),
        ("  - {checks: [mfu >= 0.3], tolerance: {mfuu: 1 %}}\n", [("CC102", "b.yaml:4:40")]),
        ("  - {checks: [mfu >= 0.3], tolerance: {mfu: 120 %}}\n", [("CC405", "b.yaml:4:45")]),
        # All problems of all budgets in one pass.
        (
            "  - {checks: [a.b <= 1, c.d <= 2]}\n  - {on: a}\n",
            [("CC102", "b.yaml:4:15"), ("CC102", "b.yaml:4:25"), ("CC302", "b.yaml:5:5")],
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


def test_a_limit_from_a_flag_is_on_everything() -> None:
    budget = stated_limit("cost.total <= 75 MUSD", "--check")
    assert (budget.patterns, budget.severity) == ((("*", None),), "error")
    assert budget.limits[0].check.bound.mid == 75e6
    with pytest.raises(ComputecalcError) as caught:
        stated_limit("cost.total <= 75 MUSDD", "--check")
    assert caught.value.diagnostics[0].place == "--check"
