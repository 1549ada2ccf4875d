from __future__ import annotations

import pytest

from computecalc.formulas.power import (
    accelerator_energy,
    accelerator_power,
    facility_energy,
    facility_peak_power,
    it_energy,
    it_power,
)


def test_accelerator_power_is_a_share_of_the_thermal_design_power() -> None:
    assert accelerator_power(thermal_design=700.0, draw=0.8) == pytest.approx(560.0)
    assert accelerator_power(thermal_design=700.0, draw=1.0) == 700.0


def test_accelerator_energy() -> None:
    # 500 W for two hours are 1 kWh = 3.6 MJ.
    assert accelerator_energy(power=500.0, accelerator_time=7200.0) == 3.6e6


def test_boundaries_of_a_published_run() -> None:
    # GPT-3, Patterson et al., table 4: 3.552 million hours at 330 W with host, PUE 1.10, printed 1287 MWh.
    # 3.552e6 x 330 = 1172.16 MWh at the IT boundary, x 1.1 = 1289.376 MWh.
    own = accelerator_energy(power=330.0, accelerator_time=3.552e6 * 3600.0)
    it = it_energy(accelerators=own, host_overhead=1.0)
    assert it == pytest.approx(1172.16e6 * 3600.0)
    assert facility_energy(it=it, pue=1.1) == pytest.approx(1289.376e6 * 3600.0)
    assert facility_energy(it=it, pue=1.1) == pytest.approx(1287e6 * 3600.0, rel=0.002)


def test_host_and_facility_each_enter_once() -> None:
    assert it_energy(accelerators=100.0, host_overhead=1.3) == pytest.approx(130.0)
    assert facility_energy(it=130.0, pue=1.2) == pytest.approx(156.0)
    assert facility_energy(it=130.0, pue=1.0) == 130.0


def test_it_power() -> None:
    # 16,384 x 560 W x 1.3 = 11.927552 MW.
    assert it_power(power=560.0, host_overhead=1.3, accelerators=16384.0) == pytest.approx(11.927552e6)


def test_peak_power_takes_every_accelerator_at_its_limit() -> None:
    # 8 x 1000 W x 1.5 x 1.25 = 15 kW.
    found = facility_peak_power(thermal_design=1000.0, host_overhead=1.5, accelerators=8.0, pue=1.25)
    assert found == 15_000.0


def test_peak_is_average_power_at_full_draw_and_pue() -> None:
    average = it_power(power=accelerator_power(thermal_design=700.0, draw=0.8), host_overhead=1.3, accelerators=10.0)
    peak = facility_peak_power(thermal_design=700.0, host_overhead=1.3, accelerators=10.0, pue=1.2)
    # 700 x 10 x 1.3 = 9100 W: x 0.8 = 7280 W on average, x 1.2 = 10,920 W at peak.
    assert (average, peak) == (pytest.approx(7280.0), pytest.approx(10_920.0))
