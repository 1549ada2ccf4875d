from __future__ import annotations

import pytest

from computecalc.formulas.carbon import operational_carbon
from computecalc.formulas.carbon_totals import (
    market_carbon,
    profile_intensity,
    request_sci,
    token_sci,
    total_carbon,
)

KWH = 3.6e6


def test_market_based_of_a_run_on_googles_contracts() -> None:
    # GShard, Patterson et al. 2021, table 4: 24.1 MWh, 177 g/kWh net of contracts, 4.3 t. Iowa's grid at 453 g/kWh with
    # 61 % carbon-free (their 177 / 453 = 0.39) gives the same.
    found = market_carbon(
        facility_energy=24.1e3 * KWH, carbon_free_share=1.0 - 177.0 / 453.0, residual_intensity=453.0 / KWH
    )
    assert found == pytest.approx(4.3e6, rel=0.01)


def test_without_contracts_both_methods_agree() -> None:
    energy, factor = 5e12, 1e-4
    location = operational_carbon(facility_energy=energy, grid_intensity=factor)
    assert market_carbon(facility_energy=energy, carbon_free_share=0.0, residual_intensity=factor) == location
    assert market_carbon(facility_energy=energy, carbon_free_share=1.0, residual_intensity=factor) == 0.0


def test_a_profile_is_weighted_by_the_draw() -> None:
    # Three days at 100 and one at 500: 200. Drawn in the last alone: 500.
    assert profile_intensity(intensities=(100.0, 500.0), loads=(3.0, 1.0)) == 200.0
    assert profile_intensity(intensities=(100.0, 500.0), loads=(0.0, 1.0)) == 500.0


def test_sci_is_operational_and_embodied_over_the_unit() -> None:
    # 1000 kWh at 0.4 kg and 100 kg of hardware are 500 kg: 0.5 g for each of a million tokens.
    operational = operational_carbon(facility_energy=1000.0 * KWH, grid_intensity=400.0 / KWH)
    carbon = total_carbon(operational=operational, embodied=100e3)
    assert carbon == pytest.approx(500e3)
    assert token_sci(carbon=carbon, tokens=1e6) == pytest.approx(0.5)
    # A day of 10 requests a second: 864,000 of them.
    assert request_sci(carbon=carbon, rate=10.0, period=86400.0) == pytest.approx(500e3 / 864e3)
