"""What own rows say of a prediction, against derivations by hand."""

from __future__ import annotations

import math

import pytest

from computecalc.estimators.inference.calibrating import left_range, mean_error, own_factor, widened
from computecalc.units.ranges import Range


def test_the_factor_is_the_median_drawn_towards_one() -> None:
    # ln 1.21 / ln 1.1 = 2: with as much shrinkage as rows the root is left.
    assert own_factor([1.21, 1.21], shrinkage=2.0) == pytest.approx(1.1)
    # One row counts 1 / 1.3: 2 ** (1 / 1.3) = 1.7043.
    assert own_factor([2.0]) == pytest.approx(1.7043, abs=1e-4)
    # Four rows count 4 / 4.3, and the outlier does not move the median of 1.2 and 1.2.
    assert own_factor([1.2, 1.2, 1.2, 50.0]) == pytest.approx(1.2 ** (4 / 4.3))


def test_errors_are_of_the_prediction() -> None:
    # Measured half and twice: predicted twice and half, off by 100 % and 50 %.
    assert mean_error([0.5, 2.0]) == pytest.approx(0.75)
    # Multiplied by 2: four times and just right.
    assert mean_error([0.5, 2.0], 2.0) == pytest.approx(1.5)


def test_the_range_shrinks_with_rows_to_their_own_scatter() -> None:
    whole, within = Range(1 / 2.0, 1.0, 2.0), Range(1 / 1.1, 1.0, 1.1)
    wide, narrow = math.log(2.0), math.log(1.1)
    # By hand for 4 rows: narrow^2 (1 + 1/4) + (wide^2 - narrow^2) 0.3 / 4.3.
    expected = math.sqrt(narrow**2 * 1.25 + (wide**2 - narrow**2) * 0.3 / 4.3)
    left = left_range(whole, within, 4)
    assert math.log(left.high) == pytest.approx(expected)
    assert math.log(left.low) == pytest.approx(-expected)
    ends = [left_range(whole, within, rows).high for rows in (1, 2, 4, 100)]
    assert ends == sorted(ends, reverse=True)
    assert left_range(whole, within, 1_000_000).high == pytest.approx(1.1, rel=1e-4)


def test_own_rows_never_widen_what_is_known_without_them() -> None:
    # Within a kind as wide as without: one row would say sqrt(2) times as much.
    same = Range(0.8, 1.0, 1.25)
    assert left_range(same, same, 1).high == pytest.approx(1.25)


def test_the_ends_are_relative_to_the_middle_of_the_range() -> None:
    within = Range(0.9, 1.0, 1.1)
    around = left_range(Range(0.8, 1.0, 1.25), within, 3)
    assert left_range(Range(1.6, 2.0, 2.5), within, 3).high == pytest.approx(around.high)


def test_scattered_own_rows_widen_the_range() -> None:
    # Of twenty rows two on each side are set aside.
    rests = [0.1, 0.2, 0.7, *[1.0] * 14, 1.6, 5.0, 9.0]
    assert widened(Range(0.9, 1.0, 1.1), rests) == Range(0.7, 1.0, 1.6)
    assert widened(Range(0.9, 1.0, 1.1), [0.1, 9.0]) == Range(0.9, 1.0, 1.1)
