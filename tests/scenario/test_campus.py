"""Campuses: power to accelerators and back, capital, and what a year costs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ScenarioError
from computecalc.estimators.results import Estimate, estimate
from computecalc.scenario.resolve import resolve
from tests.conftest import TODAY
from tests.scenario.conftest import raws

Estimating = Callable[[str], Estimate]

TEXT = """\
version: 1
scenarios:
  one:
    kind: campus
    cluster: {accelerator: h100-sxm%s}
    site: {pue: 1.25, grid_intensity: 360 gCO2e/kWh, electricity_price: 50 USD/MWh}
    power: {accelerator: 560 W, host_overhead: 1.5}
    %s
"""
MONEY = (
    "money: {price: 3 USD/accelerator/h, ownership: {server_price: 40K USD/accelerator, network_share: 20 %, "
    "interest: 8 %/yr, lifetime: 5 yr, residual: 0.1, operations: 2 %/yr, "
    "staff: 200 USD/accelerator/yr, utilization: 0.8}}"
)
SITE = "campus: {power: 1 GW, capital: 12 MUSD/MW, lifetime: 14 yr}"


@pytest.fixture
def campus(opened: Catalog) -> Callable[..., Estimate]:
    def build(sections: str, count: str = "", extra: str = "") -> Estimate:
        text = TEXT % (count, sections.replace("\n", "\n    "))
        (raw,) = raws(text.replace("50 USD/MWh}", f"50 USD/MWh{extra}}}"))
        return estimate(resolve(raw, opened, today=TODAY))

    return build


def value(found: Estimate, metric: str) -> float:
    mid = found.outputs[metric].mid
    assert mid is not None, metric
    return mid


def test_a_gigawatt_by_hand(campus: Callable[..., Estimate]) -> None:
    found = campus(f"{SITE}\n{MONEY}")
    # 1 GW / 1.25 / (700 W x 1.5) = 761,904.76: 761,904 accelerators, in servers of 8.
    assert value(found, "accelerators") == 761_904.0
    assert value(found, "nodes") == 95_238.0
    assert value(found, "power.it_peak") == pytest.approx(761_904 * 1050.0)
    assert value(found, "power.facility_peak") == pytest.approx(1e9, rel=1e-5)
    # 12 USD for each of 799,999,200 W; 40,000 and 10,000 USD for each accelerator.
    assert value(found, "capital.facility") == pytest.approx(9.5999904e9)
    assert value(found, "capital.servers") == pytest.approx(30.47616e9)
    assert value(found, "capital.network") == pytest.approx(7.61904e9)
    assert value(found, "capital.total") == pytest.approx(47.6951904e9)
    assert value(found, "capital.per_power") == pytest.approx(47.69524, rel=1e-5)
    # 0.9 x 0.2504565 + 0.1 x 0.08 = 0.23341081 of servers and network; 0.08 / (1 - 1.08^-14) = 0.1212969.
    assert value(found, "cost.accelerators") == pytest.approx(30.47616e9 * 0.23341081, rel=1e-7)
    assert value(found, "cost.facility") == pytest.approx(9.5999904e9 * 0.1212969, rel=1e-6)
    # 560 W x 1.5 x 1.25 x 8766 h x 0.8 for each, at 50 USD/MWh.
    assert value(found, "cost.energy") == pytest.approx(761_904 * 1.05 * 8766 * 0.8 * 0.05, rel=1e-9)
    assert value(found, "carbon.operational") == pytest.approx(761_904 * 1.05 * 8766 * 0.8 * 360, rel=1e-9)
    parts = ("accelerators", "network", "facility", "energy", "operations", "staff")
    assert value(found, "cost.total") == pytest.approx(sum(value(found, f"cost.{part}") for part in parts))
    hours = 761_904 * 8766 * 0.8
    assert value(found, "cost.owned_time") * 3600 == pytest.approx(value(found, "cost.total") / hours)
    assert value(found, "cost.rented") == pytest.approx(3.0 * hours)


def test_both_ways_round_agree(campus: Callable[..., Estimate]) -> None:
    forwards = campus(f"{SITE}\n{MONEY}")
    count = f"{value(forwards, 'accelerators'):.0f}"
    back = campus(f"{SITE.replace('power: 1 GW, ', '')}\n{MONEY}", f", count: {count}")
    for name in ("power.facility_peak", "capital.total", "cost.total"):
        assert value(back, name) == pytest.approx(value(forwards, name), rel=1e-12)


def test_at_the_break_even_the_campus_costs_the_rent(campus: Callable[..., Estimate]) -> None:
    use = value(campus(f"{SITE}\n{MONEY}"), "break_even.ownership")
    assert 0.0 < use < 1.0
    found = campus(f"{SITE}\n{MONEY.replace('utilization: 0.8', f'utilization: {use!r}')}")
    assert value(found, "cost.total") == pytest.approx(value(found, "cost.rented"), rel=1e-9)


def test_priors_stand_in(campus: Callable[..., Estimate]) -> None:
    found = campus("campus: {power: 1 GW}")
    assert found.inputs["campus.capital"].range.mid == 12.0
    assert found.inputs["campus.interest"].axis == "money.ownership.interest"
    assert "money.ownership.colocation" not in found.inputs
    assert value(found, "capital.servers") == pytest.approx(761_904 * 35_000.0)


def test_without_a_purchase_price_only_the_facility_is_known(opened: Catalog) -> None:
    (raw,) = raws((TEXT % ("", SITE)).replace("h100-sxm", "v100-sxm2-32gb"))
    found = estimate(resolve(raw, opened, today=TODAY)).outputs
    assert found["capital.facility"].mid is not None
    for name in ("capital.servers", "capital.total", "cost.accelerators", "cost.total"):
        assert found[name].mid is None
        assert "no purchase price of v100-sxm2-32gb" in found[name].reason


def test_a_site_cannot_be_sized_without_a_thermal_design_power(opened: Catalog) -> None:
    (raw,) = raws((TEXT % ("", SITE)).replace("h100-sxm", "mtia-400"))
    with pytest.raises(ScenarioError) as caught:
        resolve(raw, opened, today=TODAY)
    assert [d.code for d in caught.value.diagnostics] == ["CC502"]


def test_all_problems_are_told_in_one_pass(opened: Catalog) -> None:
    text = (TEXT % ("", "campus: {capital: 12 MUSD/MW}")).replace("pue: 1.25", "region: nowhere")
    (raw,) = raws(text)
    with pytest.raises(ScenarioError) as caught:
        resolve(raw, opened, today=TODAY)
    assert [d.code for d in caught.value.diagnostics] == ["CC305", "CC501"]


def test_what_is_stated_of_the_site_is_counted(campus: Callable[..., Estimate]) -> None:
    stated = "wue: 0.5 L/kWh, grid_water: 2 L/kWh, carbon_free_share: 75 %"
    plain = campus(f"{SITE}\n{MONEY}")
    found = campus(f"{SITE}\n{MONEY}", extra=f", {stated}")
    # 761,904 x 560 W x 1.5 for 0.8 of a year of 8766 h are 4.4882 TWh of IT, and with PUE 1.25 5.6103 TWh of the site.
    it = 761_904 * 0.56 * 1.5 * 0.8 * 8766.0
    assert value(found, "water.onsite") == pytest.approx(0.5 * it)
    assert value(found, "water.offsite") == pytest.approx(2.0 * 1.25 * it)
    assert value(found, "water.total") == pytest.approx(3.0 * it)
    assert value(found, "carbon.market") == pytest.approx(0.25 * 360.0 * 1.25 * it)
    for metric in ("water.total", "carbon.market"):
        assert plain.outputs[metric].mid is None
        assert plain.outputs[metric].reason
