from __future__ import annotations

from dataclasses import replace

import pytest

from computecalc.estimators.footprint import FootprintInputs, footprint

INPUTS = FootprintInputs(
    power=None,
    thermal_design=700.0,
    draw=0.8,
    host_overhead=1.3,
    pue=1.2,
    grid_intensity=400.0 / 3.6e6,
    price=2.0 / 3600.0,
)
BILLED = 3.6e6
"""1000 accelerator hours."""


def test_the_tail_by_hand() -> None:
    found = footprint(INPUTS, billed=BILLED, accelerators=100.0)
    # 560 W for 1000 h are 560 kWh; hosts x 1.3 = 728 kWh; facility x 1.2 = 873.6 kWh; 400 g each = 349.44 kg.
    assert found == {
        "power.accelerator": pytest.approx(560.0),
        "power.it": pytest.approx(72_800.0),
        "power.facility": pytest.approx(87_360.0),
        "energy.accelerator": pytest.approx(560 * 3.6e6),
        "energy.it": pytest.approx(728 * 3.6e6),
        "energy.facility": pytest.approx(873.6 * 3.6e6),
        "carbon.operational": pytest.approx(349_440.0),
        # 100 x 700 W x 1.3 x 1.2.
        "power.facility_peak": pytest.approx(109_200.0),
        "cost.accelerators": pytest.approx(2000.0),
        "cost.total": pytest.approx(2000.0),
    }


@pytest.mark.parametrize("pue", [1.0, 1.1, 1.58])
def test_pue_enters_energy_and_carbon_exactly_once(pue: float) -> None:
    found = footprint(replace(INPUTS, pue=pue), billed=BILLED, accelerators=100.0)
    plain = footprint(replace(INPUTS, pue=1.0), billed=BILLED, accelerators=100.0)
    assert found["energy.facility"] / found["energy.it"] == pytest.approx(pue)
    assert found["carbon.operational"] / plain["carbon.operational"] == pytest.approx(pue)
    assert found["power.facility_peak"] / plain["power.facility_peak"] == pytest.approx(pue)
    for inside in ("power.accelerator", "power.it", "energy.accelerator", "energy.it", "cost.total"):
        assert found[inside] == plain[inside]


def test_host_overhead_enters_exactly_once() -> None:
    found = footprint(replace(INPUTS, host_overhead=2.6), billed=BILLED, accelerators=100.0)
    assert found["energy.it"] == pytest.approx(2 * 728 * 3.6e6)
    assert found["energy.accelerator"] == pytest.approx(560 * 3.6e6)


def test_stated_power_wins_and_peak_still_takes_the_thermal_design() -> None:
    found = footprint(replace(INPUTS, power=350.0), billed=BILLED, accelerators=100.0)
    assert found["power.accelerator"] == 350.0
    assert found["energy.accelerator"] == pytest.approx(350 * 3.6e6)
    assert found["power.facility_peak"] == pytest.approx(109_200.0)


def test_rent_includes_energy() -> None:
    # The price of a rented accelerator has its energy in it: grid and draw do not move the cost.
    found = footprint(replace(INPUTS, draw=0.1, pue=3.0), billed=BILLED, accelerators=100.0)
    assert found["cost.total"] == pytest.approx(2000.0)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"price": None}, {"cost.accelerators", "cost.total"}),
        ({"grid_intensity": None}, {"carbon.operational"}),
        (
            {"thermal_design": None},
            {
                "power.accelerator",
                "power.it",
                "power.facility",
                "power.facility_peak",
                "energy.accelerator",
                "energy.it",
                "energy.facility",
                "carbon.operational",
            },
        ),
        ({"thermal_design": None, "power": 350.0}, {"power.facility_peak"}),
    ],
)
def test_what_is_not_known_is_left_out(changes: dict[str, float | None], missing: set[str]) -> None:
    whole = footprint(INPUTS, billed=BILLED, accelerators=100.0)
    found = footprint(replace(INPUTS, **changes), billed=BILLED, accelerators=100.0)  # type: ignore[arg-type]
    assert set(whole) - set(found) == missing
    assert set(found) <= set(whole)
