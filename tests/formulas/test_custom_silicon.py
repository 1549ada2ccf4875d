"""A chip of one's own against buying, by hand."""

from __future__ import annotations

import pytest

from computecalc.formulas.custom_silicon import (
    break_even_volume,
    developed_cost,
    lifetime_energy_cost,
    wafer_count,
)
from computecalc.formulas.equivalence import replaced_chips

YEAR = 31_557_600.0


def test_a_wafer_is_bought_whole() -> None:
    # 80 gross dies at a yield of 0.5 are 40 good ones, 20 packages, of which 0.9 work: 18 chips a wafer.
    counts = [
        float(wafer_count(volume=n, dies=2.0, dies_per_wafer=80.0, die_yield=0.5, assembly_yield=0.9))
        for n in (17.0, 18.0, 19.0, 1800.0)
    ]
    assert counts == [1.0, 1.0, 2.0, 100.0]


def test_electricity_of_a_life() -> None:
    # 1 kW x 0.8 x PUE 1.1 x 5 years of 8766 h x 0.8 used = 30,856 kWh; at 0.10 USD 3,085.6 USD.
    found = lifetime_energy_cost(draw=1000.0, load=0.8, pue=1.1, price=0.10 / 3.6e6, lifetime=5 * YEAR, utilization=0.8)
    assert found == pytest.approx(3085.632)


def test_both_ways_cost_the_same_at_the_break_even() -> None:
    development, own, bought, work = 500e6, 5_000.0, 30_000.0, 0.5
    volume = float(break_even_volume(development=development, own=own, bought=bought, work=work, most=1e9))
    assert volume == pytest.approx(50_000.0)
    assert developed_cost(chip=own, development=development, volume=volume) * volume == pytest.approx(
        bought * replaced_chips(volume=volume, work=work)
    )


@pytest.mark.parametrize("own", [15_000.0, 20_000.0])
def test_a_chip_that_saves_nothing_never_pays(own: float) -> None:
    found = break_even_volume(development=500e6, own=own, bought=30_000.0, work=0.5, most=1e9)
    assert float(found) == pytest.approx(1e9)
