from __future__ import annotations

import pytest

from computecalc.formulas.power import facility_energy
from computecalc.formulas.water import offsite_water, onsite_water, total_water

KWH = 3.6e6


def test_the_worked_example_of_gpt3_on_microsofts_average() -> None:
    # Li et al. 2023, table 1, United States: 1287 MWh of server energy, PUE 1.17, 0.55 L/kWh on site and 3.142 L/kWh
    # off site: 0.708 and 4.731 million litres, 5.439 together.
    servers = 1287e3 * KWH
    onsite = onsite_water(it_energy=servers, wue=0.55 / KWH)
    offsite = offsite_water(facility_energy=facility_energy(it=servers, pue=1.17), grid_water=3.142 / KWH)
    assert onsite == pytest.approx(0.708e6, rel=1e-3)
    assert offsite == pytest.approx(4.731e6, rel=1e-3)
    assert total_water(onsite=onsite, offsite=offsite) == pytest.approx(5.439e6, rel=1e-3)


@pytest.mark.parametrize("pue", [1.0, 1.2, 2.0])
def test_pue_enters_off_site_alone_and_once(pue: float) -> None:
    it = 100.0 * KWH
    assert onsite_water(it_energy=it, wue=0.5 / KWH) == pytest.approx(50.0)
    facility = facility_energy(it=it, pue=pue)
    assert offsite_water(facility_energy=facility, grid_water=3.0 / KWH) == pytest.approx(300.0 * pue)
