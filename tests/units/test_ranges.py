from __future__ import annotations

import math

import pytest

from computecalc.units.ranges import Range


def test_exact():
    assert Range.exact(3.0) == Range(3.0, 3.0, 3.0)
    assert Range.exact(3.0).is_exact
    assert not Range(1.0, 1.0, 2.0).is_exact


def test_map_applies_a_rising_function_to_all_three():
    assert Range(1.0, 2.0, 4.0).map(lambda value: 10 * value) == Range(10.0, 20.0, 40.0)


def test_map_refuses_a_falling_function():
    with pytest.raises(ValueError, match="rises"):
        Range(1.0, 2.0, 4.0).map(lambda value: -value)


@pytest.mark.parametrize("values", [(2, 1, 3), (1, 3, 2), (3, 3, 1)])
def test_order_is_kept(values):
    with pytest.raises(ValueError, match="rises"):
        Range(*values)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_only_finite_numbers(wrong, place):
    values = [1.0, 1.0, 1.0]
    values[place] = wrong
    with pytest.raises(ValueError, match="finite"):
        Range(*values)
