"""The language of searches: what it finds, what it refuses, and where it points."""

from __future__ import annotations

import pytest

from computecalc.catalog.entries import Entry
from computecalc.catalog.searching import matching, parse_query, searched_kinds
from computecalc.errors import ComputecalcError
from computecalc.units.ranges import Range
from tests.catalog.entries_of import entries_of

CHIPS = {
    "big": {"vendor": "AMD", "memory.capacity": "192 GB", "memory.type": "HBM3", "released": "2023-12-06"},
    "small": {"vendor": "AMD", "memory.capacity": "64 GB", "memory.type": "HBM2e", "released": "2021"},
    "other": {"vendor": "Big Green", "memory.capacity": "141 GB", "peak.fp8": "2 PFLOP/s", "released": "2024-11"},
}


def stated(entry: Entry, path: str) -> Range | str | None:
    fact = entry.get(path)
    return fact.value if fact is not None else {"id": entry.id, "name": entry.name, **entry.labels}.get(path)


def found(expression: str) -> list[str]:
    entries = entries_of("accelerator", CHIPS)
    return [entry.id for entry in matching(parse_query(expression), "accelerator", entries.values(), stated)[0]]


@pytest.mark.parametrize(
    ("expression", "ids"),
    [
        ("memory >= 141 GB", ["big", "other"]),
        ("memory > 141 GB", ["big"]),
        ("memory = 141 GB", ["other"]),
        ("memory != 141 GB", ["big", "small"]),
        ("memory <= 0.064 TB", ["small"]),
        ("memory < 64 GB/accelerator", []),
        ("memory.capacity>=141GB", ["big", "other"]),
        ("memory >= 141 GB and vendor = AMD", ["big"]),
        ("memory >= 141 GB AND vendor = amd", ["big"]),
        ("vendor = Big Green", ["other"]),
        ("vendor = 'Big Green' or memory < 100 GB", ["small", "other"]),
        ("vendor ~ green", ["other"]),
        ("vendor != AMD", ["other"]),
        ("not vendor = AMD", ["other"]),
        ("type ~ hbm", ["big", "small"]),
        # `and` binds closer than `or`
        ("vendor = AMD or memory > 100 GB and memory < 150 GB", ["big", "small", "other"]),
        ("(vendor = AMD or memory > 100 GB) and memory < 150 GB", ["small", "other"]),
        # what is not stated never holds, not even for !=; `not` turns that around
        ("peak.fp8 != 1 PFLOP/s", ["other"]),
        ("not peak.fp8 = 1 PFLOP/s", ["big", "small", "other"]),
        # dates are compared as far as both are written
        ("released > 2023", ["other"]),
        ("released >= 2023", ["big", "other"]),
        ("released <= 2023", ["big", "small"]),
        ("released < 2023", ["small"]),
        ("id ~ o", ["other"]),
    ],
)
def test_what_a_search_finds(expression: str, ids: list[str]) -> None:
    assert found(expression) == ids


@pytest.mark.parametrize(
    ("expression", "column", "message"),
    [
        ("", 1, "the name of a figure or label is missing here"),
        ("memory", 7, "one of = != < <= > >= ~ is missing here"),
        ("memory >=", 10, "a value is missing here"),
        ("memory >= and", 11, "a value is missing here"),
        ("(memory >= 1 GB", 16, "`)` is missing"),
        ("memory >= 1 GB)", 15, "`and` or `or` is missing here"),
        ("memory >= 1 GB vendor = AMD", 23, "`and` or `or` is missing here"),
        ("and = 3", 1, "the name of a figure or label is missing here"),
        ("memory >= 1 GB and", 19, "the name of a figure or label is missing here"),
        ("memory ! 1 GB", 8, "`!` is not understood"),
        ("vendor = 'AMD", 10, "`'` is not understood"),
        ("(" * 30 + "id = a" + ")" * 30, 22, "parentheses are nested more than 20 deep"),
    ],
)
def test_what_is_not_understood_is_pointed_at(expression: str, column: int, message: str) -> None:
    with pytest.raises(ComputecalcError) as error:
        parse_query(expression)
    (diagnostic,) = error.value.diagnostics
    assert (diagnostic.code, diagnostic.message) == ("CC101", message)
    assert diagnostic.span is not None
    assert diagnostic.span.column == column


def test_an_endless_search_is_refused() -> None:
    with pytest.raises(ComputecalcError, match="longer than 1000 characters"):
        parse_query("id = a or " * 200)


@pytest.mark.parametrize(
    ("expression", "kinds"),
    [
        ("memory >= 141 GB and vendor = AMD", ("accelerator",)),
        ("pue < 1.2", ("site",)),
        ("active_parameters > 30B params", ("model",)),
        ("released > 2025", ("accelerator", "model")),
    ],
)
def test_kinds_follow_from_names(expression: str, kinds: tuple[str, ...]) -> None:
    assert searched_kinds(parse_query(expression)) == kinds


@pytest.mark.parametrize(
    ("expression", "code", "message", "hint"),
    [
        ("vender = AMD", "CC102", "there is no figure or label `vender`", "vendor"),
        ("memory >= 3 W", "CC404", "memory.capacity: `W` is power", "80 GB"),
        ("memory >= 3", "CC402", "memory.capacity: `3` has no unit", ""),
        ("peak > 3 PFLOP/s", "CC101", "`peak` may be peak.fp64, peak.fp32,", "write one of them"),
        ("vendor > AMD", "CC401", "vendor: a word has no order", "use = != ~"),
        ("memory.capacity ~ 80", "CC401", "memory.capacity: `~` is for texts", "use ="),
        ("pue < 1.2 and memory > 1 GB", "CC102", "no kind of entry has all of pue, memory", "one kind at a time"),
        ("memory >= __import__('os')", "CC101", "`and` or `or` is missing here", ""),
        ("memory.capacity >= 9**9 GB", "CC402", "memory.capacity: a unit is missing before `**9 GB`", ""),
    ],
)
def test_what_cannot_be_answered(expression: str, code: str, message: str, hint: str) -> None:
    with pytest.raises(ComputecalcError) as error:
        searched_kinds(parse_query(expression))
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.code == code
    assert diagnostic.message.startswith(message)
    assert hint in diagnostic.hint


def test_the_paths_asked_for_are_given_once_each() -> None:
    query = parse_query("memory > 1 GB and memory < 2 TB and vendor = AMD")
    assert matching(query, "accelerator", [], stated) == ([], ["memory.capacity", "vendor"])
