"""A chip of one's own against buying: what is taken from where, and what is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ScenarioError
from computecalc.estimators.results import Estimate, estimate
from computecalc.scenario.resolve import resolve
from tests.conftest import TODAY
from tests.scenario.conftest import raws

YEAR = 31_557_600.0
CHIP = """\
version: 1
kind: accelerator
sources: {plan: {title: Plan, publication: ours, as_of: 2026-01}}
entries:
  ours:
    name: Ours
    vendor: We
    generation: ours-1
    provenance: {source: plan, kind: assumed}
    peak: {bf16: 400 TFLOP/s}
    memory: {capacity: 100 GB, bandwidth: 5 TB/s, price: 10 USD/GB}
    power: {thermal_design: 500 W}
    server: {size: 8}
    die: {area: 800 mm2}
    silicon: {dies: 2, wafer_price: 16K USD, %s}
    packaging: {price: 280 USD, yield: 0.9}
"""
REST = (
    "development: 300 MUSD, lifetime: 5 yr, utilization: 0.8, price: 30K USD/accelerator, measure: bandwidth, "
    "volume: 50000"
)
SITE = (
    "site: {pue: 1.25, electricity_price: 100 USD/MWh, grid_intensity: 360 gCO2e/kWh}\n    power: {host_overhead: 1.5}"
)


@pytest.fixture
def chip(tmp_path: Path, indexed_catalog: Path) -> Callable[..., Estimate]:
    def build(stated: str = REST, *, spoilt: str = "yield: 0.5", against: str = "h100-sxm") -> Estimate:
        (tmp_path / "chips.yaml").write_text(CHIP % spoilt, encoding="utf-8")
        catalog = Catalog.open([tmp_path], folder=indexed_catalog)
        text = f"silicon: {{chip: ours, against: {against}, {stated}}}\n    {SITE}"
        (raw,) = raws(f"version: 1\nscenarios:\n  one:\n    kind: silicon\n    {text}\n")
        return estimate(resolve(raw, catalog, today=TODAY))

    return build


def value(found: Estimate, metric: str) -> float:
    mid = found.outputs[metric].mid
    assert mid is not None, metric
    return mid


def test_a_chip_by_hand(chip: Callable[..., Estimate]) -> None:
    found = chip()
    # Two dies of 400 mm2: pi x 300^2 / 1600 - pi x 300 / sqrt(800) = 143.393 on a wafer, half of them good.
    assert value(found, "silicon.dies_per_wafer") == pytest.approx(143.393, rel=1e-5)
    assert value(found, "silicon.cost.dies") == pytest.approx(2 * 16_000 / (143.393 * 0.5), rel=1e-5)
    assert value(found, "silicon.cost.memory") == pytest.approx(1000.0)
    # (446.33 + 1000 + 280) / 0.9 = 1918.14 USD.
    cost = value(found, "silicon.cost")
    assert cost == pytest.approx(1918.14, abs=0.05)
    assert value(found, "silicon.cost.developed") == pytest.approx(cost + 6000.0)
    # 50,000 x 2 / (143.393 x 0.5 x 0.9) = 1549.72.
    assert value(found, "silicon.wafers") == 1550.0
    # The golden catalog's H100 has 3.35 TB/s.
    assert value(found, "silicon.work") == pytest.approx(5.0 / 3.35)
    # 750 W and 1050 W at the draw of the prior (0.8), PUE 1.25, 5 x 8766 h x 0.8 at 0.10 USD/kWh.
    own, bought = (watts * 0.8 * 1.25 * 5 * 8766 * 0.8 * 1e-4 for watts in (750.0, 1050.0))
    assert value(found, "cost.energy") == pytest.approx(50_000 * own)
    assert value(found, "cost.total") == pytest.approx(300e6 + 50_000 * (cost + own))
    assert value(found, "cost.bought") == pytest.approx(50_000 * 5.0 / 3.35 * (30_000 + bought))
    volume = 300e6 / (5.0 / 3.35 * (30_000 + bought) - cost - own)
    assert value(found, "break_even.volume") == pytest.approx(volume)


def test_at_the_break_even_both_cost_the_same(chip: Callable[..., Estimate]) -> None:
    volume = round(value(chip(), "break_even.volume"))
    found = chip(REST.replace("50000", str(volume)))
    assert value(found, "cost.total") == pytest.approx(value(found, "cost.bought"), rel=1e-4)


def test_defects_stand_in_for_a_yield(chip: Callable[..., Estimate]) -> None:
    found = chip(spoilt="defect_density: 0.1 1/cm2, clustering: 3")
    # (1 + 4 cm2 x 0.1 / 3)^-3.
    assert value(found, "silicon.yield") == pytest.approx(0.686953, rel=1e-5)


def test_the_work_is_the_peak_where_nothing_is_stated(chip: Callable[..., Estimate]) -> None:
    found = chip(REST.replace("measure: bandwidth, ", ""))
    assert value(found, "silicon.work") == pytest.approx(0.4)  # of 1 PFLOP/s
    assert found.choices["silicon.measure"].origin.kind == "default"
    assert value(chip(REST.replace("measure: bandwidth", "work: 0.25")), "silicon.work") == 0.25


def test_a_stated_cost_makes_dies_unknown(chip: Callable[..., Estimate]) -> None:
    found = chip(f"{REST}, cost: 2K USD/accelerator")
    assert value(found, "silicon.cost") == 2000.0
    assert found.outputs["silicon.wafers"].mid is None
    assert "dies are not looked at" in found.outputs["silicon.wafers"].reason


def test_servers_count_on_both_sides(chip: Callable[..., Estimate]) -> None:
    plain, served = chip(), chip(f"{REST}, server: 6K USD/accelerator, bought_server: 10K USD/accelerator")
    assert value(served, "cost.accelerators") - value(plain, "cost.accelerators") == pytest.approx(50_000 * 6000)
    assert value(served, "cost.bought") - value(plain, "cost.bought") == pytest.approx(50_000 * 5.0 / 3.35 * 10_000)


def test_the_price_of_the_accelerator_alone_comes_first(chip: Callable[..., Estimate]) -> None:
    found = chip(REST.replace("price: 30K USD/accelerator, ", ""))
    assert found.inputs["silicon.price"].range.mid == 25_000.0


def test_without_a_price_buying_is_unknown(chip: Callable[..., Estimate]) -> None:
    found = chip(REST.replace("price: 30K USD/accelerator, ", ""), against="v100-sxm2-32gb").outputs
    assert found["break_even.volume"].mid is None
    assert "no purchase price of v100-sxm2-32gb" in found["cost.bought"].reason
    assert found["cost.total"].mid is not None


def test_a_chip_that_never_pays_is_warned_of(chip: Callable[..., Estimate]) -> None:
    found = chip(REST.replace("measure: bandwidth", "work: 0.01"))
    volume = found.outputs["break_even.volume"]
    assert (volume.low, volume.mid, volume.high) == (None, None, None)
    assert volume.reason.startswith("the chip never pays")
    assert [(d.code, d.severity) for d in found.diagnostics] == [("CC645", "warning")]


def test_a_missing_peak_is_told(chip: Callable[..., Estimate]) -> None:
    with pytest.raises(ScenarioError) as caught:
        chip(REST.replace("bandwidth", "fp4"))
    (found,) = caught.value.diagnostics
    assert (found.code, "peak.fp4 of ours" in found.message) == ("CC644", True)


def test_unknown_names_are_told_together(indexed_catalog: Path) -> None:
    text = "silicon: {chip: nothing, against: noone, volume: 1}"
    (raw,) = raws(f"version: 1\nscenarios:\n  one:\n    kind: silicon\n    {text}\n")
    with pytest.raises(ScenarioError) as caught:
        resolve(raw, Catalog.open(folder=indexed_catalog), today=TODAY)
    assert {d.code for d in caught.value.diagnostics} == {"CC501"}
