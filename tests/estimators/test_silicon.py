"""Unit cost and embodied carbon of an accelerator from its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.silicon import DerivedFigure, manufacturing_figures

CHIP = """\
version: 1
kind: accelerator
sources: {{plan: {{title: a plan, publication: a plan, as_of: 2026}}}}
entries:
  chip:
    name: Chip
    vendor: Us
    provenance: {{source: plan, kind: assumed}}
    peak: {{bf16: 1 TFLOP/s}}
    memory: {{capacity: 10 GB, bandwidth: 1 TB/s{memory}}}
    server: {{size: 8}}
{rest}
"""

MEMORY = ", price: 10 USD/GB, carbon: 50 gCO2e/GB"
MADE = """\
    die: {area: 400 mm2}
    silicon: {dies: 4, yield: 0.5..0.8..1.0, wafer_price: 10000 USD, energy: 1 kWh/cm2, grid_intensity: 500 gCO2e/kWh,
      gases: 200 gCO2e/cm2, materials: 300 gCO2e/cm2}
    packaging: {price: 50..100..200 USD, carbon: 100 gCO2e}
"""


def figures(folder: Path, rest: str, memory: str = MEMORY) -> dict[str, DerivedFigure]:
    (folder / "chips.yaml").write_text(CHIP.format(rest=rest, memory=memory), encoding="utf-8")
    entry = Catalog.open([folder]).find("accelerator", "chip")
    return {figure.path: figure for figure in manufacturing_figures(entry)}


def ends(figure: DerivedFigure) -> tuple[float, float, float]:
    assert figure.value is not None
    return figure.value.low, figure.value.mid, figure.value.high


def test_ranges_pair_the_best_yield_with_the_lowest_price(tmp_path: Path) -> None:
    found = figures(tmp_path, MADE)
    # 100 mm2 a die: 640.2151 of a wafer; 4 x 10,000 / 640.2151 = 62.4790 USD over yields of 1.0, 0.8 and 0.5.
    assert ends(found["derived.cost.dies"]) == pytest.approx((62.4790, 78.0988, 124.9580), rel=1e-5)
    # + 100 USD of memory + packaging, no assembly yield stated.
    assert ends(found["derived.cost"]) == pytest.approx((212.4790, 278.0988, 424.9580), rel=1e-5)
    # 500 + 200 + 300 = 1000 g/cm2; 4 cm2: 4000 g over the yields; + 500 g of memory + 100 g.
    assert ends(found["derived.embodied"]) == pytest.approx((4600.0, 5600.0, 8600.0), rel=1e-9)
    assert found["derived.embodied"].unit == "gCO2e"


def test_a_stated_yield_is_not_derived(tmp_path: Path) -> None:
    assert "derived.yield" not in figures(tmp_path, MADE)
    clustered = MADE.replace("yield: 0.5..0.8..1.0", "defect_density: 1 1/cm2, clustering: 1")
    # One defect a cm2, dies of 1 cm2, clustering 1: half of them work.
    assert ends(figures(tmp_path, clustered)["derived.yield"]) == pytest.approx((0.5, 0.5, 0.5), rel=1e-12)


def test_stated_cost_and_carbon_stand(tmp_path: Path) -> None:
    found = figures(tmp_path, f"{MADE}    manufacturing: {{cost: 900 USD}}\n    embodied: 20 kgCO2e\n")
    assert found == {}


def test_what_is_missing_is_named_and_nothing_is_guessed(tmp_path: Path) -> None:
    found = figures(tmp_path, "    silicon: {yield: 0.8, wafer_price: 10000 USD}\n", memory="")
    cost, carbon = found["derived.cost"], found["derived.embodied"]
    assert (cost.value, carbon.value) == (None, None)
    assert cost.body == "not known: needs die.area, silicon.dies, memory.price, packaging.price"
    assert carbon.body == (
        "not known: needs die.area, silicon.dies, silicon.energy, silicon.grid_intensity, silicon.gases,"
        " silicon.materials, memory.carbon, packaging.carbon"
    )


def test_an_accelerator_that_says_nothing_of_its_making_derives_nothing(tmp_path: Path) -> None:
    assert figures(tmp_path, "    die: {area: 400 mm2}\n") == {}
