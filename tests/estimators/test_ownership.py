"""The bill of accelerators of one's own, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from computecalc.estimators.money_inputs import Ownership
from computecalc.estimators.ownership import NEVER, owned_bill

HOUR, YEAR, KWH = 3600.0, 31_557_600.0, 3.6e6
PARTS = ("accelerators", "network", "energy", "colocation", "operations", "staff")

WORKED = Ownership(
    accelerator_price=None,
    server_price=37_000.0,
    server_factor=None,
    network_share=0.19,
    interest=None,
    lifetime=None,
    residual=None,
    replacement=0.322 / YEAR,
    age=None,
    year=YEAR,
    colocation=0.0,
    operations=0.0,
    staff=0.0,
    utilization=1.0,
    electricity_price=77.1 / (1e3 * KWH),
)
"""H100 at 37,000 USD with its share of the server, replaced at 32.2 % a year, always in use."""

FULL = replace(
    WORKED,
    accelerator_price=25_000.0,
    server_price=None,
    server_factor=1.6,  # a server share of 40,000
    network_share=0.2,  # a network share of 10,000
    replacement=None,
    interest=0.08 / YEAR,
    lifetime=5 * YEAR,
    residual=0.1,
    colocation=180.0 / 1e3 / (YEAR / 12),
    operations=0.02 / YEAR,
    staff=200.0 / YEAR,
    utilization=0.8,
)


def bill(ownership: Ownership, hours: float, **changes: float | None) -> dict[str, float]:
    given: dict[str, float | None] = {
        "energy": 0.956 * 1.1 * hours * KWH,
        "thermal_design": 700.0,
        "rent": 2.5 / HOUR,
    } | changes
    found = owned_bill(ownership, billed=hours * HOUR, host_overhead=1.5, **given)  # type: ignore[arg-type]
    return {name: float(value) for name, value in found.items()}


def test_the_worked_example_of_the_methodology() -> None:
    found = bill(WORKED, 1.0)
    # 37,000 / 0.81 x 0.322 / 8766 h = 1.6779 USD; 0.956 kW x 1.1 x 0.0771 USD/kWh = 0.0811 USD.
    assert found["cost.accelerators"] + found["cost.network"] == pytest.approx(1.6779, abs=5e-5)
    assert found["cost.energy"] == pytest.approx(0.08108, abs=5e-6)
    assert found["cost.owned_time"] * HOUR == pytest.approx(1.76, abs=0.005)


def test_the_parts_by_hand_and_their_sum() -> None:
    found = bill(FULL, 8766.0)
    # 0.9 x 0.2504565 + 0.1 x 0.08 = 0.23341081 a year, over a use of 0.8.
    assert found["cost.accelerators"] == pytest.approx(40_000 * 0.23341081 / 0.8, rel=1e-7)
    assert found["cost.network"] == pytest.approx(10_000 * 0.23341081 / 0.8, rel=1e-7)
    # 1.05 kW at 180 USD a month, 12 months; 2 % of 50,000; 200.
    assert found["cost.colocation"] == pytest.approx(1.05 * 180 * 12 / 0.8)
    assert found["cost.operations"] == pytest.approx(1000 / 0.8)
    assert found["cost.staff"] == pytest.approx(200 / 0.8)
    assert found["cost.energy"] == pytest.approx(0.956 * 1.1 * 8766 * 0.0771)
    assert found["cost.total"] == pytest.approx(sum(found[f"cost.{part}"] for part in PARTS), rel=1e-15)
    assert found["cost.rented"] == pytest.approx(2.5 * 8766)


def test_at_the_break_even_owning_costs_the_rent() -> None:
    use = bill(FULL, 100.0)["break_even.ownership"]
    assert 0.0 < use < 1.0
    found = bill(replace(FULL, utilization=use), 100.0)
    assert found["cost.total"] == pytest.approx(found["cost.rented"], rel=1e-12)


def test_a_rent_below_the_electricity_never_loses() -> None:
    assert bill(FULL, 100.0, rent=0.01 / HOUR)["break_even.ownership"] == pytest.approx(NEVER)


def test_age_lowers_the_value_that_is_charged() -> None:
    # After 1 / 0.322 years of falling by 32.2 % a year, continuously, 1 / e of the value is left.
    young, old = bill(WORKED, 1.0), bill(replace(WORKED, age=YEAR / 0.322), 1.0)
    assert old["cost.accelerators"] / young["cost.accelerators"] == pytest.approx(0.36787944, rel=1e-7)
    assert old["cost.energy"] == young["cost.energy"]


def test_what_is_not_known_is_left_out_and_so_is_the_sum() -> None:
    no_price = bill(replace(FULL, accelerator_price=None), 1.0)
    assert {"cost.energy", "cost.colocation", "cost.staff", "cost.rented"} == set(no_price)
    no_power = bill(FULL, 1.0, energy=None, thermal_design=None)
    assert {"cost.accelerators", "cost.network", "cost.operations", "cost.staff", "cost.rented"} == set(no_power)
    no_rent = bill(FULL, 1.0, rent=None)
    assert "cost.total" in no_rent
    assert {"cost.rented", "break_even.ownership"} & set(no_rent) == set()
