"""Region, power and price: the user's, the catalog's, or a prior."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate

Resolving = Callable[..., Resolved]

KWH = 3.6e6
HOUR = 3600.0


@pytest.mark.parametrize(
    ("region", "intensity", "pue", "name"),
    [
        ("US-VA", 270.0, 1.2, "US-VA"),  # a grid: direct before lifecycle; PUE from the prior
        ("virginia", 270.0, 1.2, "US-VA"),  # its alias
        ("FRA", 44.0, 1.2, "fra"),  # only a lifecycle factor
        ("us-east-1", 270.0, 1.15, "aws-us-east-1"),  # a site: its grid, and the PUE of its operator's fleet
        ("meta-clonee", 44.0, 1.08, "meta-clonee"),  # a site with a PUE of its own
    ],
)
def test_a_region_is_a_grid_a_site_or_an_alias(
    resolved: Resolving, region: str, intensity: float, pue: float, name: str
) -> None:
    found = resolved(f"site: {{region: {region}}}")
    assert found.inputs["site.grid_intensity"].range.mid == pytest.approx(intensity / KWH, rel=1e-12)
    assert found.inputs["site.pue"].range.mid == pue
    assert found.choices["site.region"].value == name


def test_what_the_user_states_wins_over_the_region(resolved: Resolving) -> None:
    found = resolved("site: {region: us-east-1, pue: 1.3, grid_intensity: 100 gCO2e/kWh}")
    assert found.inputs["site.pue"].range.mid == 1.3
    assert found.inputs["site.grid_intensity"].range.mid == pytest.approx(100 / KWH, rel=1e-12)


def test_without_a_region_priors_stand_in(resolved: Resolving) -> None:
    found = resolved("site: {}")
    pue, grid = found.inputs["site.pue"], found.inputs["site.grid_intensity"]
    assert (pue.range.low, pue.range.mid, pue.range.high, pue.origin.kind) == (1.1, 1.2, 1.5, "prior")
    assert (grid.range.mid, grid.origin.kind) == (pytest.approx(450 / KWH), "prior")


def test_the_price_range_is_of_recent_on_demand_prices(resolved: Resolving) -> None:
    # 2, 3 and 4 USD/h; not the 9 of 2023, more than two years older than the newest, nor the 1.50 of a commitment
    price = resolved("money: {}").inputs["money.price"]
    values = (price.range.low, price.range.mid, price.range.high)
    assert values == pytest.approx((2 / HOUR, 3 / HOUR, 4 / HOUR), rel=1e-12)
    assert (price.origin.source, price.origin.as_of) == ("AWS, Cheap, Lambda", "2026-02-01")


@pytest.mark.parametrize(("today", "age"), [(date(2026, 7, 31), None), (date(2026, 8, 1), 181)])
def test_prices_over_180_days_old_are_warned_of(resolved: Resolving, today: date, age: int | None) -> None:
    # from 2026-02-01: 27 + 31 + 30 + 31 + 30 + 31 = 180 days to 2026-07-31
    found = resolved("money: {}", today=today).diagnostics
    assert [(d.code, d.severity) for d in found] == ([("CC605", "warning")] if age else [])
    assert all(f"is {age} days old (2026-02-01)" in d.message for d in found)


def test_a_stated_price_is_never_old(resolved: Resolving) -> None:
    assert resolved(today=date(2030, 1, 1)).diagnostics == ()


def test_draw_is_a_share_of_the_thermal_design_power(resolved: Resolving) -> None:
    power = estimate(resolved("power: {host_overhead: 1.5}")).outputs["power.accelerator"]
    assert (power.low, power.mid, power.high) == pytest.approx(
        (490.0, 560.0, 630.0), rel=1e-12
    )  # 700 W x 0.7..0.8..0.9


def test_without_thermal_design_power_energy_is_unknown_not_zero(resolved: Resolving) -> None:
    outputs = estimate(resolved("cluster: {accelerator: mtia-400, count: 72}\npower: {}\nmoney: {}")).outputs
    unknown = {name: value.reason for name, value in outputs.items() if value.mid is None}
    reason = "the catalog has no thermal design power of mtia-400; state power.accelerator"
    for name in ("power.accelerator", "power.it", "energy.accelerator", "energy.it", "energy.facility"):
        assert unknown[name] == reason
    assert unknown["carbon.operational"] == reason
    assert unknown["power.facility_peak"] == "the catalog has no thermal design power of mtia-400"
    assert unknown["cost.total"] == "the catalog has no on-demand price of mtia-400; state money.price"
    assert outputs["time.wall"].mid == pytest.approx(6e23 / (6e15 * 0.5) / 0.8 / 72, rel=1e-12)


def test_stated_power_needs_no_thermal_design_power(resolved: Resolving) -> None:
    outputs = estimate(resolved("cluster: {accelerator: mtia-400, count: 72}")).outputs
    # 6e23 / (6e15 x 0.5) / 0.8 = 2.5e8 accelerator seconds at 1 kW
    assert outputs["energy.accelerator"].mid == pytest.approx(2.5e11, rel=1e-12)
