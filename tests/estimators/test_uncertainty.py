from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from computecalc.estimators.inputs import Origin, ResolvedInput
from computecalc.estimators.swings import Swing
from computecalc.estimators.uncertainty import COMPLETE, Cases, Spread, corner_cases, directed_cases
from computecalc.units.ranges import Range

HERE = Origin("scenario", "plan.yaml:1")


def given(path: str, low: float, mid: float, high: float) -> ResolvedInput:
    return ResolvedInput(path, Range(low, mid, high), "1", HERE, "1")


TIME = given("time", 80.0, 100.0, 110.0)
PRICE = given("price", 1.0, 2.0, 4.0)
SHARE = given("share", 0.5, 0.5, 0.5)


def test_cases_are_the_middle_each_input_alone_and_all_corners() -> None:
    cases = corner_cases([TIME, SHARE, PRICE])
    assert cases.paths == ("time", "price")
    # Middle; time low, high; price low, high; then the four corners, the first input fastest.
    assert np.asarray(cases.number(TIME)).tolist() == [100, 80, 110, 100, 100, 80, 110, 80, 110]
    assert np.asarray(cases.number(PRICE)).tolist() == [2, 2, 2, 1, 4, 1, 1, 4, 4]
    assert cases.number(SHARE) == 0.5


def test_a_metric_is_folded_over_the_cases() -> None:
    cases = corner_cases([TIME, PRICE, SHARE])
    found = cases.spread(cases.number(TIME) * cases.number(PRICE) * cases.number(SHARE))
    # 80 x 1 / 2, 100 x 2 / 2, 110 x 4 / 2.
    assert (found.low, found.mid, found.high) == (40.0, 100.0, 220.0)
    # Price alone moves it from 50 to 200, time alone from 80 to 110.
    assert found.swings == (Swing("price", 50.0, 200.0), Swing("time", 80.0, 110.0))
    assert [swing.width for swing in found.swings] == [150.0, 30.0]
    assert found.driver == "price"


def test_a_quotient_is_lowest_where_the_divisor_is_highest() -> None:
    cases = corner_cases([TIME, PRICE])
    found = cases.spread(cases.number(TIME) / cases.number(PRICE))
    # 80 / 4, 100 / 2, 110 / 1; price alone from 100 down to 25.
    assert (found.low, found.mid, found.high) == (20.0, 50.0, 110.0)
    assert found.swings[0] == Swing("price", 100.0, 25.0)
    assert found.swings[0].width == 75.0


def test_rounding_is_no_range() -> None:
    # Price times what the price buys is the same to the last digit or two: nothing drives it.
    cases = corner_cases([TIME, PRICE])
    price = cases.number(PRICE)
    found = cases.spread((0.1 / price) * price * (1.0 + 2.0**-52 * cases.number(TIME) / 110.0))
    assert found.low == found.mid == found.high
    assert found.driver is None
    # A millionth is a range.
    assert cases.spread(1.0 + 1e-6 * cases.number(TIME) / 110.0).driver == "time"


def test_corners_matter_where_inputs_interact() -> None:
    # x y over [-1, 1] twice: alone nothing moves, together -1 to 1.
    x, y = given("x", -1.0, 0.0, 1.0), given("y", -1.0, 0.0, 1.0)
    cases = corner_cases([x, y])
    found = cases.spread(cases.number(x) * cases.number(y))
    assert (found.low, found.mid, found.high) == (-1.0, 0.0, 1.0)
    assert found.swings == ()
    assert found.driver is None


def test_the_smallest_swing_counts() -> None:
    cases = corner_cases([given("x", 0.0, 1e-9, 2e-9)])
    assert cases.spread(cases.number(given("x", 0.0, 1e-9, 2e-9))).driver == "x"


def test_a_metric_that_does_not_move_keeps_its_one_value() -> None:
    found = corner_cases([TIME]).spread(7.0)
    assert (found.low, found.mid, found.high, found.driver) == (7.0, 7.0, 7.0, None)


def test_without_ranges_there_is_one_case() -> None:
    cases = corner_cases([SHARE])
    assert cases.paths == ()
    found = cases.spread(3.0)
    assert (found.low, found.mid, found.high) == (3.0, 3.0, 3.0)


def test_equal_swings_come_by_name() -> None:
    b, a = given("b", 1.0, 2.0, 3.0), given("a", 1.0, 2.0, 3.0)
    cases = corner_cases([b, a])
    assert [swing.path for swing in cases.spread(cases.number(a) + cases.number(b)).swings] == ["a", "b"]


def test_a_range_around_zero_width_is_none() -> None:
    assert corner_cases([given("x", 2.0, 2.0, 2.0)]).paths == ()


def test_all_corners_of_as_many_ranges_as_are_complete() -> None:
    inputs = [given(f"x{i}", 0.0, 1.0, 2.0) for i in range(COMPLETE)]
    cases = corner_cases(inputs)
    found = cases.spread(sum(cases.number(one) for one in inputs))
    # 14 inputs between 0 and 2.
    assert (found.low, found.mid, found.high) == (0.0, 14.0, 28.0)
    assert np.size(cases.number(inputs[0])) == 1 + 2 * 14 + 2**14
    assert cases.is_complete


MANY = [given(f"x{i:02}", 1.0, 2.0, 4.0) for i in range(20)]
Metric = Callable[[list[Any]], Any]


def over_directed(inputs: list[ResolvedInput], *metrics: Metric) -> tuple[Cases, list[Spread]]:
    cases = corner_cases(inputs)
    assert not cases.is_complete
    alone = [metric([cases.number(one) for one in inputs]) for metric in metrics]
    assert all(np.size(each) in (1, 1 + 2 * len(cases.axes)) for each in alone)
    cases = directed_cases(cases, alone)
    return cases, [cases.spread(metric([cases.number(one) for one in inputs])) for metric in metrics]


def test_beyond_that_a_monotone_metric_still_reaches_both_ends() -> None:
    def quotient(x: list[Any]) -> Any:
        return np.prod(x[:10], axis=0) / np.prod(x[10:], axis=0)

    cases, (whole, sum_of_two) = over_directed(MANY, quotient, lambda x: x[3] - x[17])
    # Ten factors from 1 to 4 over ten divisors from 1 to 4; x03 - x17 from 1 - 4 to 4 - 1.
    assert (whole.low, whole.mid, whole.high) == (4.0**-10, 1.0, 4.0**10)
    assert (sum_of_two.low, sum_of_two.mid, sum_of_two.high) == (-3.0, 0.0, 3.0)
    # The middle, 40 ends alone, at most 2^10 corners of the widest and four of each metric: not 2^20.
    assert np.size(cases.number(MANY[0])) <= 1 + 40 + 1024 + 2 * 4


def test_swings_are_the_same_however_many_ranges_there_are() -> None:
    _, (found,) = over_directed(MANY, lambda x: 3.0 * x[5] + x[1])
    # In the middle 3 x 2 + 2 = 8; x05 alone 3 + 2 to 12 + 2, x01 alone 6 + 1 to 6 + 4.
    assert found.swings == (Swing("x05", 5.0, 14.0), Swing("x01", 7.0, 10.0))


def test_inputs_that_move_nothing_alone_are_tried_at_both_ends() -> None:
    # A count is rounded up, which hides what one input alone does.
    def rounded(x: list[Any]) -> Any:
        return np.ceil(x[0] * 0.1 + x[1] * 0.1 + x[2] * 0.1 + 0.05)

    _, (found,) = over_directed(MANY, rounded)
    # Alone: 0.55..0.85, always 1. All three high: 1.25, which is 2; all low: 0.35, which is 1.
    assert (found.low, found.mid, found.high, found.swings) == (1.0, 1.0, 2.0, ())


def test_a_metric_that_both_ends_raise_is_lowest_in_the_middle() -> None:
    def distance(x: list[Any]) -> Any:
        return np.abs(x[0] - 2.0) + 10.0 * x[1]

    _, (found,) = over_directed(MANY, distance)
    # Lowest: x00 = 2 in its middle and x01 = 1. Highest: x00 = 4 and x01 = 4.
    assert (found.low, found.mid, found.high) == (10.0, 20.0, 42.0)


def test_the_widest_inputs_are_combined_whole() -> None:
    # (x00 - 2) (x01 - 2) is 0 with either alone; its corners are -2 (1 and 4), 1 (both 1) and 4 (both 4). What makes
    # the two wide is another metric.
    def product(x: list[Any]) -> Any:
        return (x[0] - 2.0) * (x[1] - 2.0)

    _, (found, _) = over_directed(MANY, product, lambda x: x[0] * x[1])
    assert (found.low, found.mid, found.high) == (-2.0, 0.0, 4.0)


def test_axes_move_together_beyond_all_corners_too() -> None:
    both = [replace(given("a", 1.0, 2.0, 4.0), axis="both"), replace(given("b", 10.0, 20.0, 40.0), axis="both")]
    _, (found,) = over_directed([*MANY, *both], lambda x: x[-1] - x[-2])
    # 10 - 1 or 40 - 4, never 10 - 4.
    assert (found.low, found.mid, found.high) == (9.0, 18.0, 36.0)
    assert found.swings == (Swing("both", 9.0, 36.0),)
