"""Owning: the capital recovery factor, charges and break-even, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from computecalc.formulas.capital import aged_price, capital_charge, capital_recovery, network_price
from computecalc.formulas.ownership import break_even_use, owned_cost, upkeep_charge

YEAR = 31_557_600.0


@pytest.mark.parametrize(
    ("interest", "years", "factor"),
    [
        # r (1 + r)^n / ((1 + r)^n - 1); tables of engineering economics print these to five digits.
        (0.08, 5, 0.25046),
        (0.10, 3, 0.40211),
        (0.05, 20, 0.08024),
        (0.0, 4, 0.25),  # without interest the price is spread evenly
    ],
)
def test_the_recovery_factor_of_the_tables(interest: float, years: float, factor: float) -> None:
    found = capital_recovery(interest=interest / YEAR, lifetime=years * YEAR, year=YEAR)
    assert float(found) * YEAR == pytest.approx(factor, abs=5e-6)


def test_interest_of_nothing_is_the_limit_of_little() -> None:
    little, none = (float(capital_recovery(interest=r, lifetime=5.0, year=1.0)) for r in (1e-9, 0.0))
    assert little == pytest.approx(none, rel=1e-8)
    both = capital_recovery(interest=np.array([0.0, 0.08]), lifetime=5.0, year=1.0)
    assert both == pytest.approx([0.2, 0.250456], rel=1e-5)


def test_the_charges_pay_for_the_hardware() -> None:
    # Discounted at 8 %, five yearly payments and the residual of 10 % are worth the price of 1000 today.
    recovery = capital_recovery(interest=0.08, lifetime=5.0, year=1.0)
    yearly = float(capital_charge(price=1000.0, residual=0.1, recovery=recovery, interest=0.08))
    today = sum(yearly / 1.08**year for year in range(1, 6)) + 100.0 / 1.08**5
    assert today == pytest.approx(1000.0, rel=1e-12)


def test_a_network_share_is_of_the_whole() -> None:
    # Servers of 81 and a network of 19: the network is 19 % of 100.
    assert network_price(server_price=81.0, network_share=0.19) == pytest.approx(19.0)


def test_value_falls_by_an_order_of_magnitude_in_its_time() -> None:
    # 0.14 orders of magnitude a year are ln(10) x 0.14 = 0.32236: after 1 / 0.14 years a tenth is left.
    found = aged_price(price=1000.0, replacement=0.322361913, age=1 / 0.14)
    assert float(found) == pytest.approx(100.0, rel=1e-6)


def test_idle_time_is_borne_by_the_rest() -> None:
    assert owned_cost(accelerator_time=100.0, charge=2.0, utilization=0.5) == 400.0
    assert upkeep_charge(price=50_000.0, operations=0.01) == 500.0


def test_owning_and_renting_cost_the_same_at_the_break_even() -> None:
    fixed, variable, rent = 1.2, 0.1, 2.5
    use = float(break_even_use(fixed=fixed, variable=variable, rent=rent, most=1000.0))
    assert use == pytest.approx(0.5)
    assert fixed / use + variable == pytest.approx(rent)


@pytest.mark.parametrize("rent", [0.0, 0.1, 0.1 + 1.2 / 1000.0])
def test_a_rent_below_the_electricity_never_loses(rent: float) -> None:
    assert float(break_even_use(fixed=1.2, variable=0.1, rent=rent, most=1000.0)) == pytest.approx(1000.0)
