from __future__ import annotations

import pytest

from computecalc.units.problems import QuantityProblem


@pytest.mark.parametrize(("by", "offset"), [(4, 6), (0, 2), (-1, 1), (-5, 0)])
def test_moved_shifts_the_place_and_keeps_the_rest(by, offset):
    problem = QuantityProblem("CC403", "unknown", hint="try this", offset=2, length=3)
    moved = problem.moved(by)
    assert (moved.code, moved.message, moved.hint, moved.length) == ("CC403", "unknown", "try this", 3)
    assert moved.offset == offset


def test_text_of_the_exception_is_the_message():
    assert str(QuantityProblem("CC401", "what is wrong")) == "what is wrong"
