from __future__ import annotations

import math
import time

import pytest

from computecalc.yamlio.core_schema import MAXIMUM_NUMBER_LENGTH, Scalar, resolve


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nulls(text: str) -> None:
    assert resolve(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False)],
)
def test_booleans(text: str, value: bool) -> None:
    assert resolve(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("-12", -12), ("+3", 3), ("007", 7), ("0o17", 15), ("0xfF", 255), ("9" * 400, 10**400 - 1)],
)
def test_integers(text: str, value: int) -> None:
    resolved = resolve(text)
    assert type(resolved) is int
    assert resolved == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5e12", 1.5e12),
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-0.25E-1", -0.025),
        (".inf", math.inf),
        ("-.INF", -math.inf),
    ],
)
def test_floats(text: str, value: float) -> None:
    resolved = resolve(text)
    assert type(resolved) is float
    assert resolved == value


def test_not_a_number() -> None:
    resolved = resolve(".nan")
    assert isinstance(resolved, float)
    assert math.isnan(resolved)


NOT_NUMBERS = "12:30 2026-01-31 1_000 0b1 -0x1 +0o7 0o8 1e e5 . - + 1.2.3 inf nan"
NOT_WORDS = "NO no yes on Off y tRUE nULL << ="


@pytest.mark.parametrize("text", [*NOT_NUMBERS.split(), *NOT_WORDS.split(), "15.6T tokens", "40 %", "1 "])
def test_texts(text: str) -> None:
    expected: Scalar = text
    assert resolve(text) == expected


@pytest.mark.parametrize("text", ["9" * (MAXIMUM_NUMBER_LENGTH + 1), "0x" + "f" * 400, "1." + "0" * 400])
def test_long_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="too long: the limit is 400"):
        resolve(text)


def test_numbers_beyond_a_float_are_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        resolve("1e999")


@pytest.mark.parametrize("ending", ["", "x"])
def test_a_huge_number_takes_linear_time(ending: str) -> None:
    text = "1" * 5_000_000 + ending
    begun = time.perf_counter()
    if ending:
        assert resolve(text) is text
    else:
        with pytest.raises(ValueError, match="5000000 characters"):
            resolve(text)
    # int() of five million digits takes a minute, backtracking days.
    assert time.perf_counter() - begun < 2
