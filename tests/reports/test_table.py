"""The table at the widths people have: nothing too long, and never a number cut short."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.plain import columns, render_plain
from computecalc.reports.table import render_table


def numbers(text: str) -> list[str]:
    """Return the low, value and high of all metrics, without what surrounds them."""
    table = text.partition("assumption")[0]
    return re.findall(r"(?<![\w.])\d[\d,.]*(?:e[+-]?\d+)?[kMBT]?(?![\w.])", table)


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_no_line_is_longer_than_the_terminal(document: ReportDocument, width: int) -> None:
    lines = render_table(document, ReportStyle(width=width)).splitlines()
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [80, 100, 120])
def test_services_fit_too_and_long_units_break_before_an_operator(served: ReportDocument, width: int) -> None:
    table = render_table(served, ReportStyle(width=width))
    assert max(map(len, table.splitlines())) <= width
    lines = [line.split() for line in table.splitlines()]
    name = next(number for number, line in enumerate(lines) if line[:1] == ["accelerator_time.per_output_token"])
    # accelerator*s/token has 19 characters: with an id of 34 and three numbers of 9 they are more than 80.
    assert ("accelerator*s" if width == 80 else "accelerator*s/token") in lines[name]
    if width == 80:
        assert lines[name + 1] == ["/token"]


@pytest.mark.parametrize("width", [20, 40, 80, 120])
def test_numbers_are_those_of_plain_text(document: ReportDocument, width: int) -> None:
    table = render_table(document, ReportStyle(width=width))
    assert "…" not in table
    assert "MUSD" in table
    plain = re.sub(r"\S+@\d+", "", render_plain(document, ReportStyle()))
    first = table.partition("\nassum")[0]
    wanted = plain.partition("\nassumption")[0]
    assert sorted(numbers(re.sub(r"\S+@\d+", "", first))) == sorted(numbers(wanted))


@pytest.mark.parametrize("width", [20, 80])
def test_huge_numbers_get_the_room_they_need(documented: Callable[..., ReportDocument], width: int) -> None:
    text = render_table(documented("huge", count="123456789012"), ReportStyle(width=width))
    assert " accelerators " in text
    assert re.search(r"123,456,789,012 +accelerator", text)


@pytest.mark.parametrize("width", [20, 80, 120])
def test_metric_ids_stay_whole(document: ReportDocument, width: int) -> None:
    lines = render_table(document, ReportStyle(width=width)).splitlines()
    assert sum(line.startswith(" memory.per_accelerator.optimizer ") for line in lines) == 3


def test_a_wide_table_names_driver_and_formula(document: ReportDocument) -> None:
    wide = render_table(document, ReportStyle(width=120)).splitlines()
    narrow = render_table(document, ReportStyle(width=80)).splitlines()
    assert any(line.startswith(" cost.total ") and line.endswith(" total_cost") for line in wide)
    assert not any("total_cost" in line for line in narrow)
    assert " money.price: cost.accelerators, cost.total" in narrow


def test_a_long_driver_breaks_after_its_section_and_leaves_the_formula_whole(document: ReportDocument) -> None:
    lines = render_table(document, ReportStyle(width=120)).splitlines()
    (first,) = [number for number, line in enumerate(lines) if line.startswith(" goodput ") and "reliability." in line]
    assert lines[first].split()[-2:] == ["reliability.", "expected_goodput"]
    assert lines[first + 1].split() == ["interruptions"]
    assert max(map(len, lines)) <= 120


def test_plain_text_is_never_cut(document: ReportDocument) -> None:
    assert render_plain(document, ReportStyle(width=20)) == render_plain(document, ReportStyle(width=200))


def test_columns_are_aligned() -> None:
    rows = [("a", "1", "x"), ("bbb", "22", "")]
    assert columns(rows, right=frozenset({1})) == ["a     1  x", "bbb  22"]


def row(text: str, metric: str) -> list[str]:
    return next(line.split() for line in text.splitlines() if line.startswith(f"{metric} "))


def test_units_and_digits_are_for_people(documented: Callable[..., ReportDocument]) -> None:
    # 6 x 1e11 x 1e12 FLOP / (1e15 x 0.5) / 0.8 / 1000 = 1.5e6 s = 416.67 h = 17.36 d
    document = documented("one")
    assert row(render_plain(document, ReportStyle()), "time.wall")[1:3] == ["17.36", "d"]
    hours = ReportStyle(units={"time.wall": "h"}, digits=5)
    assert row(render_plain(document, hours), "time.wall")[1:3] == ["416.67", "h"]
    assert row(render_plain(document, ReportStyle(digits=2)), "compute.model")[1:3] == ["6.0e23", "FLOP"]
