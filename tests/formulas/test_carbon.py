from __future__ import annotations

import pytest

from computecalc.formulas.carbon import operational_carbon


def test_emissions_of_a_published_run() -> None:
    # GPT-3, Patterson et al., table 4: 1287 MWh at 429 g/kWh are 552.1 t.
    found = operational_carbon(facility_energy=1287e6 * 3600.0, grid_intensity=429.0 / 3.6e6)
    assert found == pytest.approx(552.1e6, rel=2e-4)


def test_energy_includes_the_facility_already() -> None:
    # 1 kWh at 400 g/kWh is 400 g: PUE must not enter a second time.
    assert operational_carbon(facility_energy=3.6e6, grid_intensity=400.0 / 3.6e6) == pytest.approx(400.0)


def test_a_grid_without_emissions() -> None:
    assert operational_carbon(facility_energy=3.6e9, grid_intensity=0.0) == 0.0
