"""Market-based carbon and water of a site: stated, the region's, its country's, or unknown with the reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate
from computecalc.scenario.resolve import resolve
from tests.conftest import TODAY
from tests.scenario.conftest import raws, scenario_text

Resolving = Callable[..., Resolved]
KWH = 3.6e6


def shipped(changes: str) -> Resolved:
    (raw,) = raws(scenario_text(changes))
    return resolve(raw, Catalog.open(()), today=TODAY)


def metrics(resolved: Resolved) -> dict[str, float | None]:
    return {name: value.mid for name, value in estimate(resolved).outputs.items()}


def test_a_cloud_region_has_its_operators_water_and_its_own_contracts() -> None:
    found = shipped("site: {region: gcp-us-central1}")
    assert found.inputs["site.wue"].range.mid == pytest.approx(0.94 / KWH)
    assert found.inputs["site.wue"].origin.text == "site google, for gcp-us-central1"
    assert found.inputs["site.carbon_free_share"].range.mid == 0.88
    numbers = metrics(found)
    assert numbers["carbon.market"] == pytest.approx(0.12 * (numbers["carbon.operational"] or 0.0))


def test_a_state_takes_the_water_of_its_country() -> None:
    found = shipped("site: {region: US-VA}")
    assert found.inputs["site.grid_water"].range.mid == pytest.approx(3.1321 / KWH)
    assert found.inputs["site.grid_water"].origin.text == "grid USA, for US-VA"
    numbers = metrics(found)
    assert numbers["water.offsite"] == pytest.approx(3.1321 / KWH * (numbers["energy.facility"] or 0.0))
    assert (numbers["water.onsite"], numbers["water.total"], numbers["carbon.market"]) == (None, None, None)
    assert "state site.wue" in estimate(found).outputs["water.total"].reason


def test_without_a_region_nothing_is_made_up(resolved: Resolving) -> None:
    outputs = estimate(resolved("site: {pue: 1.2}")).outputs
    for name in ("carbon.market", "water.onsite", "water.offsite", "water.total"):
        assert outputs[name].mid is None
        assert "no region is stated" in outputs[name].reason


def test_stated_figures_by_hand(resolved: Resolving) -> None:
    site = (
        "site: {pue: 1.2, grid_intensity: 360 gCO2e/kWh, carbon_free_share: 75 %, residual_intensity: 500 gCO2e/kWh, "
        "wue: 0.5 L/kWh, grid_water: 3 L/kWh}"
    )
    found = metrics(resolved(site))
    facility, it = (found["energy.facility"] or 0.0) / KWH, (found["energy.it"] or 0.0) / KWH
    assert facility == pytest.approx(1.2 * it)
    assert found["carbon.operational"] == pytest.approx(360.0 * facility)
    assert found["carbon.market"] == pytest.approx(0.25 * 500.0 * facility)
    assert found["water.onsite"] == pytest.approx(0.5 * it)
    assert found["water.offsite"] == pytest.approx(3.0 * facility)
    assert found["water.total"] == pytest.approx(0.5 * it + 3.0 * facility)


def test_without_a_residual_mix_the_grid_stands_in_and_says_so(resolved: Resolving) -> None:
    found = resolved("site: {pue: 1.2, grid_intensity: 300..360..400 gCO2e/kWh, carbon_free_share: 60 %}")
    outputs = estimate(found).outputs
    location, market = outputs["carbon.operational"], outputs["carbon.market"]
    for one, other in ((location.low, market.low), (location.mid, market.mid), (location.high, market.high)):
        assert one is not None
        assert other == pytest.approx(0.4 * one)
    assert found.choices["site.residual_intensity"].value == "site.grid_intensity"
    assert "GHG Protocol" in found.choices["site.residual_intensity"].origin.text


def test_a_residual_factor_without_contracts_is_for_all_of_it(resolved: Resolving) -> None:
    found = metrics(resolved("site: {pue: 1.2, grid_intensity: 360 gCO2e/kWh, residual_intensity: 720 gCO2e/kWh}"))
    assert found["carbon.market"] == pytest.approx(2.0 * (found["carbon.operational"] or 0.0))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("pue: 0.9", "CC405"),
        ("carbon_free_share: 101 %", "CC405"),
        ("carbon_free_share: -1 %", "CC405"),
        ("grid_intensity: -5 gCO2e/kWh", "CC405"),
        ("residual_intensity: 500..300 gCO2e/kWh", "CC407"),
        ("wue: 1 L", "CC404"),
        ("factor_kind: marginal", "CC306"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    refused: Callable[..., tuple[Diagnostic, ...]], given: str, code: str
) -> None:
    (found,) = refused(f"site: {{{given}}}")
    assert (found.code, found.severity) == (code, "error")
    assert found.span is not None
