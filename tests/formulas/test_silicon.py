from __future__ import annotations

import math

import numpy as np
import pytest

from computecalc.formulas.silicon import (
    assembled_carbon,
    assembled_cost,
    die_carbon,
    die_cost,
    die_yield,
    dies_per_wafer,
    fab_carbon,
    memory_carbon,
    memory_cost,
)


def test_dies_of_a_textbook_wafer() -> None:
    # Hennessy and Patterson, sixth edition, section 1.6: 300 mm, dies of 1.5 cm and 1.0 cm a side: 270 and 640.
    assert dies_per_wafer(wafer_diameter=0.3, die_area=225e-6) == pytest.approx(270, abs=0.5)
    assert dies_per_wafer(wafer_diameter=0.3, die_area=100e-6) == pytest.approx(640, abs=0.5)


def test_dies_of_the_largest_chip() -> None:
    # 814 mm2: 70685.83/814 = 86.838 less 942.478/sqrt(1628) = 23.358.
    assert dies_per_wafer(wafer_diameter=0.3, die_area=814e-6) == pytest.approx(63.479, abs=1e-3)


def test_a_chip_of_a_whole_wafer_counts_as_one() -> None:
    # 46,225 mm2: 1.529 less 3.100 would be negative.
    assert dies_per_wafer(wafer_diameter=0.3, die_area=46225e-6) == 1.0


def test_yield_without_defects_is_one() -> None:
    assert die_yield(die_area=800e-6, defect_density=0.0, clustering=3.0) == 1.0


def test_yield_of_one_expected_defect() -> None:
    # A D = 1: clustering 1 gives Seeds' 1/2, 2 gives (2/3)^2, without clustering Poisson's 1/e.
    one = {"die_area": 1e-3, "defect_density": 1e3}
    assert die_yield(**one, clustering=1.0) == pytest.approx(0.5, rel=1e-12)
    assert die_yield(**one, clustering=2.0) == pytest.approx(4 / 9, rel=1e-12)
    assert die_yield(**one, clustering=1e9) == pytest.approx(1 / math.e, rel=1e-8)


def test_yield_of_an_array_of_areas() -> None:
    found = die_yield(die_area=np.array([0.0, 1e-3, 3e-3]), defect_density=1e3, clustering=1.0)
    np.testing.assert_allclose(found, [1.0, 1 / 2, 1 / 4], rtol=1e-12)


def test_bad_dies_are_paid_for() -> None:
    # 17,000 USD over 60 dies of which half work: 566.67 a good one, two of them a package.
    cost = die_cost(dies=2.0, wafer_price=17000.0, dies_per_wafer=60.0, die_yield=0.5)
    assert cost == pytest.approx(1133.333333, rel=1e-9)


def test_memory_by_capacity() -> None:
    assert memory_cost(capacity=80e9, price=10e-9) == pytest.approx(800.0, rel=1e-12)
    assert memory_carbon(capacity=80e9, carbon=65e-9) == pytest.approx(5200.0, rel=1e-12)


def test_a_failed_package_loses_all_its_parts() -> None:
    assert assembled_cost(parts=(1000.0, 800.0, 200.0), assembly_yield=0.8) == pytest.approx(2500.0, rel=1e-12)
    assert assembled_carbon(parts=(20e3, 5e3, 0.0), assembly_yield=0.5) == pytest.approx(50e3, rel=1e-12)


def test_fab_carbon_of_the_published_table() -> None:
    # ACT, table 1, 5 nm: 2.75 kWh/cm2, 225 g/cm2 of gases at 99 % abatement, 500 g/cm2 of materials; at 600 g/kWh
    # 1650 + 225 + 500 = 2375 g/cm2 = 23.75 kg/m2 x 1000.
    found = fab_carbon(energy=2.75 * 3.6e6 / 1e-4, grid_intensity=600 / 3.6e6, gases=225 / 1e-4, materials=500 / 1e-4)
    assert found == pytest.approx(2375 / 1e-4, rel=1e-12)


def test_die_carbon_is_spread_over_the_good_dies() -> None:
    # 8 cm2 at 2375 g/cm2 with a yield of 80 %: 23.75 kg.
    found = die_carbon(dies=1.0, die_area=8e-4, fab_carbon=2375 / 1e-4, die_yield=0.8)
    assert found == pytest.approx(23750.0, rel=1e-12)
