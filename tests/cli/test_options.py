"""Pairs, and when there is colour."""

from __future__ import annotations

import sys

import pytest

from computecalc.cli.options import ReportOptions, pairs, report_style
from computecalc.errors import UsageError


def test_pairs_split_at_the_first_sign_and_later_ones_win() -> None:
    assert pairs(["a=1", " b = x=y ", "a=2"], "--set", "a=1") == {"a": "2", "b": "x=y"}


@pytest.mark.parametrize("value", ["a", "=1", "a=", " = ", ""])
def test_half_a_pair_is_refused(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        pairs([value], "--set", "site.pue=1.1")
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.hint) == ("CC101", "such as --set site.pue=1.1")


@pytest.mark.parametrize(
    ("mode", "is_terminal", "no_color", "colored"),
    [
        ("auto", True, "", True),
        ("auto", True, "1", False),
        ("auto", False, "", False),
        ("always", False, "1", True),
        ("never", True, "", False),
    ],
)
def test_colour_is_for_terminals_unless_told(
    mode: str, is_terminal: bool, no_color: str, colored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    monkeypatch.setenv("NO_COLOR", no_color)
    assert report_style(ReportOptions(color=mode)).color is colored


@pytest.mark.parametrize("columns", [20, 80, 300])
def test_the_width_is_the_terminals(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert report_style(ReportOptions()).width == columns
