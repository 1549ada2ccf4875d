from __future__ import annotations

import pytest

from computecalc.units.expressions import read_expression
from computecalc.units.problems import QuantityProblem


@pytest.mark.parametrize(
    ("expression", "factors"),
    [
        ("W", {"W": 1}),
        ("1", {}),
        ("1/s", {"s": -1}),
        (" FLOP / s ", {"FLOP": 1, "s": -1}),
        ("USD/GPU/h", {"USD": 1, "accelerator": -1, "h": -1}),
        ("USD/(GPU*h)", {"USD": 1, "accelerator": -1, "h": -1}),
        ("GPU hours", {"accelerator": 1, "h": 1}),
        ("kW·h", {"kW": 1, "h": 1}),
        ("mm^2", {"mm": 2}),
        ("mm**2", {"mm": 2}),
        ("mm²", {"mm": 2}),
        ("mm³", {"mm": 3}),
        ("s^-1", {"s": -1}),
        ("(m/s)^2", {"m": 2, "s": -2}),
        ("W/W", {}),
        ("%", {"percent": 1}),
        # From left to right, as in arithmetic.
        ("W/s*h", {"W": 1, "s": -1, "h": 1}),
    ],
)
def test_what_is_read(expression, factors):
    assert {factor.unit.symbol: factor.exponent for factor in read_expression(expression)} == factors


def test_twelve_factors_are_enough_and_allowed():
    names = ["W", "s", "h", "d", "J", "bit", "L", "m", "USD", "FLOP", "node", "token"]
    assert [factor.unit.symbol for factor in read_expression("*".join(names))] == names


@pytest.mark.parametrize(
    ("expression", "code", "offset", "length", "message"),
    [
        ("", "CC401", 0, 0, "the unit ends too early"),
        ("W/", "CC401", 2, 0, "the unit ends too early"),
        ("/s", "CC401", 0, 1, "`/` is not expected in a unit"),
        ("**9**9**9 W", "CC401", 0, 2, "`**` is not expected in a unit"),
        ("W**9**9", "CC401", 3, 1, "the exponent 9 is beyond what units need"),
        ("W^5", "CC401", 2, 1, "the exponent 5 is beyond what units need"),
        ("W^-5", "CC401", 2, 2, "the exponent -5 is beyond what units need"),
        ("W^0", "CC401", 2, 1, "the exponent 0 is beyond what units need"),
        ("W^2^2", "CC401", 3, 1, "`^` is not expected in a unit"),
        ("W^h", "CC401", 1, 1, "a whole number must follow the power sign"),
        ("W^" + "9" * 70, "CC401", 2, 70, f"the exponent {'9' * 70} is beyond what units need"),
        ("(W^4)^2", "CC401", 0, 7, "`W` to the power of 8 is beyond what units need"),
        ("W*W*W*W*W", "CC401", 0, 9, "`W` to the power of 5 is beyond what units need"),
        ("1/0", "CC401", 2, 1, "`0` is not a unit"),
        ("2 W", "CC401", 0, 1, "`2` is not a unit"),
        ("(W", "CC401", 0, 1, "the parenthesis is not closed"),
        ("W)", "CC401", 1, 1, "`)` is not expected in a unit"),
        ("()", "CC401", 1, 1, "`)` is not expected in a unit"),
        ("((W))", "CC401", 1, 1, "a unit may hold one pair of parentheses"),
        ("(W)*(s)", "CC401", 4, 1, "a unit may hold one pair of parentheses"),
        ("W%", "CC401", 1, 1, "`%` is not expected in a unit"),
        ("GPU-hours", "CC401", 3, 1, "`-` does not join units"),
        ("__import__", "CC401", 0, 1, "`_` is not expected in a unit"),
        ("gb", "CC403", 0, 2, "unknown unit `gb`"),
        ("USD/€", "CC403", 4, 1, "unknown unit `€`"),
        ("W" + " " * 80, "CC401", 0, 81, "a unit of 81 characters is too long"),
        ("s*" * 12 + "s", "CC401", 24, 1, "a unit of more than 12 factors is not one we read"),
    ],
)
def test_what_is_refused(expression, code, offset, length, message):
    with pytest.raises(QuantityProblem) as caught:
        read_expression(expression)
    problem = caught.value
    assert (problem.code, problem.offset, problem.length, problem.message) == (code, offset, length, message)
