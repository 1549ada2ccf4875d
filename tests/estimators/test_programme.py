"""The bill of a programme, by hand."""

from __future__ import annotations

import pytest

from computecalc.estimators.money_inputs import Programme, StaffGroup
from computecalc.estimators.programme import programme_bill

YEAR = 31_557_600.0
PEOPLE = (
    StaffGroup("researchers", 100.0, 1e6 / YEAR, 1.5 * YEAR, 0.0),
    StaffGroup("stars", 3.0, 5e6 / YEAR, 1.5 * YEAR, 100e6),
)


def test_the_parts_add_up_to_the_whole() -> None:
    found = programme_bill(Programme(3.0, PEOPLE, 20e6), {"cost.total": 40e6, "cost.staff": 1e6})
    # Two more runs of 40; 100 x 1.5 + 3 x (7.5 + 100) = 472.5, and 1 of the owned fleet that is in the run.
    assert found["cost.run"] == 40e6
    assert found["cost.development"] == pytest.approx(80e6)
    assert found["cost.staff"] == pytest.approx(473.5e6)
    assert found["cost.data"] == 20e6
    assert found["cost.total"] == pytest.approx(40e6 + 80e6 + 472.5e6 + 20e6)


def test_without_people_and_data_only_runs_count() -> None:
    assert programme_bill(Programme(2.0, (), None), {"cost.total": 40e6}) == {
        "cost.run": 40e6,
        "cost.development": 40e6,
        "cost.total": 80e6,
    }


def test_a_run_of_unknown_cost_leaves_people_and_data() -> None:
    assert set(programme_bill(Programme(2.0, PEOPLE, 1e6), {})) == {"cost.staff", "cost.data"}
