"""The parts of a change."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from computecalc.checks.changes import split

NUMBERS = st.floats(min_value=1e-6, max_value=1e30)


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ((100.0, 100.0, 100.0, 110.0), (10.0, 0.0, 0.0, 10.0)),
        ((100.0, 100.0, 90.0, 90.0), (-10.0, 0.0, -10.0, 0.0)),
        ((100.0, 120.0, 120.0, 120.0), (20.0, 20.0, 0.0, 0.0)),
        ((100.0, 120.0, 90.0, 95.0), (-5.0, 20.0, -30.0, 5.0)),
        # What was saved to twelve figures, or on another platform, has not changed.
        ((100.0, 100.00000000001, 100.0, 99.99999999999), (0.0, 0.0, 0.0, 0.0)),
        ((100.0, 100.00000000001, 100.00000000001, 110.0), (10.0, 0.0, 0.0, 10.0)),
        ((0.0, 0.0, 0.0, 1.0), (1.0, 0.0, 0.0, 1.0)),
        # What cannot be told is no part, and never 0.
        ((100.0, None, 90.0, 95.0), (-5.0, None, None, 5.0)),
        ((100.0, 120.0, None, 95.0), (-5.0, 20.0, None, None)),
        ((100.0, None, None, 95.0), (-5.0, None, None, None)),
    ],
)
def test_whole_and_parts(
    values: tuple[float, float | None, float | None, float], parts: tuple[float | None, ...]
) -> None:
    """Whole, formulas, catalog, inputs."""
    assert split(*values) == parts


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_parts_sum_to_the_whole(first: float, second: float, third: float, last: float) -> None:
    whole, *parts = split(first, second, third, last)
    known = [part for part in parts if part is not None]
    assert len(known) == 3
    # To the rounding of the largest of them: no float is nearer.
    assert abs(math.fsum([*known, -whole])) <= 2 * math.ulp(max(abs(each) for each in known))
