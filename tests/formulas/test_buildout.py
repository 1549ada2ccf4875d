"""Campuses by hand."""

from __future__ import annotations

import pytest

from computecalc.formulas.buildout import (
    capital_per_power,
    critical_power,
    facility_capital,
    facility_charge,
    hosted_accelerators,
    reserved_time,
)


def test_power_and_accelerators_are_inverse() -> None:
    # 1 GW at a PUE of 1.25 is 800 MW of IT; at 1.6 kW each 500,000.
    hosted = float(hosted_accelerators(power=1e9, pue=1.25, draw=1600.0))
    assert hosted == 500_000.0
    assert critical_power(accelerators=hosted, draw=1600.0) * 1.25 == pytest.approx(1e9)


@pytest.mark.parametrize(("power", "count"), [(1999.0, 0.0), (2000.0, 1.0), (3999.9, 1.0), (4000.0, 2.0)])
def test_accelerators_are_whole(power: float, count: float) -> None:
    assert float(hosted_accelerators(power=power, pue=1.25, draw=1600.0)) == count


def test_capital_is_for_critical_power() -> None:
    assert facility_capital(power=800e6, capital=11.7) == pytest.approx(9.36e9)
    assert capital_per_power(capital=36e9, power=1e9) == 36.0
    assert facility_charge(capital=9.36e9, recovery=0.12, period=1.0) == pytest.approx(1.1232e9)
    assert reserved_time(accelerators=10.0, period=100.0, utilization=0.8) == 800.0
