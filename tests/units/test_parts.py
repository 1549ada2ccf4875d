from __future__ import annotations

import pytest

from computecalc.units.parts import check_text, read_part, split_text
from computecalc.units.problems import QuantityProblem


@pytest.mark.parametrize(
    ("text", "pieces", "separators"),
    [
        ("60 d", [("60 d", 0)], []),
        ("1..2", [("1", 0), ("2", 3)], [".."]),
        ("0.5...8", [("0.5", 0), (".8", 5)], [".."]),
        ("1 ± 2", [("1 ", 0), (" 2", 3)], ["±"]),
        ("1 +- 2", [("1 ", 0), (" 2", 4)], ["±"]),
        ("1 +/- 2", [("1 ", 0), (" 2", 5)], ["±"]),
        ("..", [("", 0), ("", 2)], [".."]),
        ("1e+5..1e+6", [("1e+5", 0), ("1e+6", 6)], [".."]),
    ],
)
def test_split_text(text, pieces, separators):
    assert split_text(text) == (pieces, separators)


@pytest.mark.parametrize(
    ("text", "number", "multiplier", "unit", "unit_offset"),
    [
        ("60 d", 60.0, "", "d", 3),
        ("405B params", 405e9, "B", "params", 5),
        ("15.6T tokens", 15.6e12, "T", "tokens", 6),
        ("5k", 5e3, "k", "", 2),
        ("5K tokens", 5e3, "K", "tokens", 3),
        ("80GB", 80.0, "", "GB", 2),
        ("80MB", 80.0, "", "MB", 2),
        ("405 B", 405.0, "", "B", 4),
        ("5MW", 5.0, "", "MW", 1),
        ("1_000.5e-1", 100.05, "", "", 10),
        ("5EFLOP", 5.0, "", "EFLOP", 1),
        ("1e3M", 1e9, "M", "", 4),
        ("-5 W", -5.0, "", "W", 3),
        ("30%", 30.0, "", "%", 2),
        ("  60   d  ", 60.0, "", "d", 7),
    ],
)
def test_read_part(text, number, multiplier, unit, unit_offset):
    part = read_part(text, 10)
    assert (part.number, part.multiplier, part.unit) == (number, multiplier, unit)
    assert part.unit_offset == 10 + unit_offset
    assert (part.offset, part.length) == (10 + len(text) - len(text.lstrip()), len(text.strip()))
    assert not part.dollar


def test_a_dollar_sign_is_noted_and_the_rest_kept():
    part = read_part("$ 2.50/h", 0)
    assert (part.dollar, part.number, part.unit, part.unit_offset) == (True, 2.5, "/h", 6)


@pytest.mark.parametrize("character", ["\t", "\n", "\x00", "\x1b", "\u202e", "\u200b", "\u2028"])
def test_invisible_characters(character):
    with pytest.raises(QuantityProblem, match=f"invisible character U\\+{ord(character):04X}") as caught:
        check_text(f"5{character}W")
    assert (caught.value.code, caught.value.offset, caught.value.length) == ("CC401", 1, 1)


def test_length_of_texts():
    check_text("1" * 200)
    with pytest.raises(QuantityProblem, match="a text of 201 characters is no quantity"):
        check_text("1" * 201)
