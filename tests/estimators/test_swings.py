from __future__ import annotations

import numpy as np

from computecalc.estimators.folding import folded_values
from computecalc.estimators.swings import LateSwings, Moves, Swing, driver_of, sorted_swings

# The middle, then b low and high, a low and high, c low and high; c does not move the metric.
ALONE = [10.0, 8.0, 11.0, 12.0, 9.0, 10.0, 10.0]
AXES = ["b", "a", "c"]


def test_the_widest_comes_first_and_of_equal_ones_the_first_by_name() -> None:
    # Both move it by 3.
    assert sorted_swings(AXES, ALONE) == (Swing("a", 12.0, 9.0), Swing("b", 8.0, 11.0))
    assert sorted_swings(AXES, [10.0, 8.0, 11.5, 12.0, 9.0, 10.0, 10.0])[0] == Swing("b", 8.0, 11.5)


def test_swings_of_many_know_the_driver_before_they_are_sorted() -> None:
    moves = Moves(AXES, np.array([ALONE, [1.0] * 7]))
    assert moves.widest() == ["a", None]
    late = LateSwings(moves, 0, "a")
    assert (driver_of(late), len(late), late[0], tuple(late)) == ("a", 2, Swing("a", 12.0, 9.0), late[:])
    assert late == sorted_swings(AXES, ALONE)
    assert (late == (), hash(late) == hash(sorted_swings(AXES, ALONE))) == (False, True)
    assert driver_of(()) is None


def test_a_metric_is_folded_for_each_scenario() -> None:
    # Three scenarios, one ranged input: middle, low, high, then both corners; the last is no number.
    metric = np.array([[2.0, 1.0, 4.0, 1.0, 4.0], [3.0] * 5, [np.inf, 1.0, np.inf, 1.0, np.inf]]).ravel()
    with np.errstate(all="ignore"):
        first, second, third = folded_values("cost.total", metric, "f@1", 3, ["money.price"], 5)
    assert first is not None
    assert (first.low, first.mid, first.high, first.driver) == (1.0, 2.0, 4.0, "money.price")
    assert second is not None
    assert (second.low, second.mid, second.high, second.driver, second.swings) == (3.0, 3.0, 3.0, None, ())
    assert third is None
    same = folded_values("cost.total", 7.0, None, 3, ["money.price"], 5)
    assert [value and value.mid for value in same] == [7.0, 7.0, 7.0]
