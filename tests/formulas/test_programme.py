"""Programmes by hand."""

from __future__ import annotations

import pytest

from computecalc.formulas.programme import development_cost, staff_cost

YEAR = 31_557_600.0


def test_the_final_run_alone_develops_nothing() -> None:
    assert development_cost(run=40e6, multiple=1.0) == 0.0
    assert development_cost(run=40e6, multiple=3.0) == 80e6


def test_ten_people_with_nine_figures_to_sign() -> None:
    # 10 x (2 MUSD a year x 1.5 years + 100 MUSD) = 1.03 BUSD.
    found = staff_cost(count=10.0, compensation=2e6 / YEAR, duration=1.5 * YEAR, bonus=100e6)
    assert found == pytest.approx(1.03e9)
