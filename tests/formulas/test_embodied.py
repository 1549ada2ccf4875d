from __future__ import annotations

import pytest

from computecalc.formulas.embodied import embodied_carbon, hardware_carbon
from computecalc.formulas.silicon import assembled_carbon, die_carbon, fab_carbon, memory_carbon

YEAR = 365.25 * 86400.0
HOUR = 3600.0


def test_a_whole_life_of_full_use_is_the_whole_carbon() -> None:
    found = embodied_carbon(hardware=594e3, accelerator_time=8 * 5 * YEAR, lifetime=5 * YEAR, utilization=1.0)
    assert found == pytest.approx(8 * 594e3)


def test_idle_years_are_charged_to_those_who_reserve() -> None:
    found = embodied_carbon(hardware=100e3, accelerator_time=YEAR, lifetime=5 * YEAR, utilization=0.8)
    # A quarter more than a fifth of 100 kg.
    assert found == pytest.approx(25e3)


def area_method() -> float:
    """An H100 by its area, gCO2e: 814 mm2 in 4N, 80 GB of HBM.

    ACT, 5 nm: 2.75 kWh/cm2 at 560 g/kWh are 1540 g/cm2, gases 200 g/cm2, materials 500 g/cm2: 2240 g/cm2 before yield.
    8.14 cm2 at a yield of 0.6: 30,389 g. HBM as DDR4 of 10 nm, 65 g/GB: 5,200 g. Packages 150 g: 35,739 g in all.
    """
    area = fab_carbon(energy=2.75 * 3.6e6 * 1e4, grid_intensity=560.0 / 3.6e6, gases=200.0 * 1e4, materials=500.0 * 1e4)
    dies = die_carbon(dies=1.0, die_area=814e-6, fab_carbon=area, die_yield=0.6)
    memory = memory_carbon(capacity=80e9, carbon=65.0 / 1e9)
    return float(assembled_carbon(parts=(dies, memory, 150.0), assembly_yield=1.0))


@pytest.mark.parametrize(
    ("accelerator", "expected"),
    [
        # The vendor's board of eight, 1312 kg: 164 kg each. 30.84 million hours of Llama 3.1 405B are 3518.3 years of
        # an accelerator; 5 years of life used to 80 % are 4. 164 kg x 3518.3 / 4 = 144.3 t.
        (1312e3 / 8.0, 144.25e6),
        (273e3, 240.12e6),  # a life-cycle assessment (ADEME): 273 kg
        (35_739.0, 31.435e6),  # the area of its die, without board and cooler
    ],
)
def test_one_run_by_three_methods(accelerator: float, expected: float) -> None:
    found = embodied_carbon(
        hardware=hardware_carbon(accelerator=accelerator, host=0.0),
        accelerator_time=30.84e6 * HOUR,
        lifetime=5 * YEAR,
        utilization=0.8,
    )
    assert found == pytest.approx(expected, rel=1e-3)


def test_the_area_method_by_hand() -> None:
    assert area_method() == pytest.approx(35_739.0, rel=1e-4)


def test_a_host_is_added_once() -> None:
    assert hardware_carbon(accelerator=164e3, host=712.5e3) == 876.5e3
