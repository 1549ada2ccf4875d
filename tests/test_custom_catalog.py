"""A chip of one's own: examples/custom-catalog/ shown, and run by examples/custom-chip.yaml."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
OVERLAY = EXAMPLES / "custom-catalog"
HOUR = 3600.0


@pytest.fixture
def shown(program: Callable[..., Ran]) -> Callable[..., dict[str, dict[str, str]]]:
    def show(*arguments: str) -> dict[str, dict[str, str]]:
        ran = program("catalog", "show", *arguments, "--format", "csv", "--digits", "6")
        assert (ran.code, ran.err) == (0, "")
        return {row["figure"]: row for row in csv.DictReader(io.StringIO(ran.out))}

    return show


def test_show_derives_unit_cost_and_embodied_carbon(shown: Callable[..., dict[str, dict[str, str]]]) -> None:
    rows = shown("own-chip", "--catalog", str(OVERLAY))
    # Two dies of 400 mm2. Gross dies: pi x 300^2 / 1600 - pi x 300 / sqrt(800) = 176.715 - 33.322 = 143.393.
    assert rows["derived.dies_per_wafer"]["value"] == "143.393"
    # Yield (1 + 4 cm2 x 0.10 / 3)^-3 = 0.686953; 2 x 17,000 / (143.393 x 0.686953) = 345.163 USD.
    assert rows["derived.yield"]["value"].split("..")[1] == "0.686953"
    assert rows["derived.cost.dies"]["value"].split("..")[1] == "345.163"
    # 144 GB x 12 USD/GB = 1728 USD; with 400 USD of packaging 2473.163, / 0.95 = 2603.33 USD.
    assert rows["derived.cost.memory"]["value"].split("..")[1] == "1728"
    assert rows["derived.cost"]["value"].split("..")[1] == "2603.33"
    # 2.75 kWh/cm2 x 600 g/kWh + 430 + 500 = 2580 g/cm2; x 8 cm2 / 0.686953 = 30.0457 kg.
    assert rows["derived.embodied.dies"]["value"].split("..")[1] == "30.0457"
    # 144 GB x 65 g/GB = 9.36 kg, packaging 1 kg: 40.4057 kg / 0.95 = 42.5323 kg.
    assert rows["derived.embodied"]["value"].endswith(" kgCO2e")
    assert rows["derived.embodied"]["value"].split("..")[1] == "42.5323"
    assert (rows["derived.cost"]["kind"], rows["derived.cost"]["source"]) == ("derived", "assembled_cost@1")
    assert rows["derived.cost.memory"]["note"] == "capacity * price"


def test_a_chip_that_is_bought_has_no_derived_rows(shown: Callable[..., dict[str, dict[str, str]]]) -> None:
    rows = shown("h100-sxm")
    assert rows["die.area"]["value"] == "814 mm2"
    assert not [name for name in rows if name.startswith(("derived.cost", "derived.embodied", "derived.yield"))]


def test_the_scenario_compares_the_chip_with_a_bought_one(program: Callable[..., Ran]) -> None:
    ran = program("run", str(EXAMPLES / "custom-chip.yaml"), "--catalog", str(OVERLAY), "--format", "json", "--quiet")
    assert ran.code == 0, ran.err
    found: dict[str, dict[str, Any]] = {s["name"]: s["outputs"] for s in json.loads(ran.out)["scenarios"]}
    own, bought = found["own-chip"], found["bought"]
    # 51.4704e9 FLOP a token x 2e12 = 1.029408e23; / (800e12 x 0.40 x 0.95) = 3.38621e8 s = 94,061 h at 1 USD.
    assert own["compute.model"]["value"] == pytest.approx(1.029408e23, rel=1e-5)
    assert own["accelerator_time.billed"]["value"] / HOUR == pytest.approx(94061.4, rel=1e-5)
    assert own["cost.total"]["value"] == pytest.approx(94061.4, rel=1e-5)
    # The same work and MFU: time is as the peaks, 989.4 to 800.
    assert own["time.wall"]["value"] / bought["time.wall"]["value"] == pytest.approx(989.4 / 800, rel=1e-4)
    # Thermal design power is 500 W and 700 W; the prior of the draw holds for any accelerator.
    power = [outputs["power.accelerator"]["value"] for outputs in (own, bought)]
    assert power[0] / power[1] == pytest.approx(500 / 700, rel=1e-9)


def test_without_the_overlay_the_chip_is_unknown(program: Callable[..., Ran]) -> None:
    ran = program("run", str(EXAMPLES / "custom-chip.yaml"), "--quiet")
    assert ran.code == 2
    assert "there is no accelerator called `own-chip`" in ran.err


def test_the_chip_pays_for_its_development_by_volume(program: Callable[..., Ran]) -> None:
    path = str(EXAMPLES / "chip-break-even.yaml")
    ran = program("run", path, "--catalog", str(OVERLAY), "--format", "json", "--quiet")
    assert ran.code == 0, ran.err
    found = {s["name"]: {k: v["value"] for k, v in s["outputs"].items()} for s in json.loads(ran.out)["scenarios"]}
    serving, training = found["serving"], found["training"]
    # What `catalog show` derives of the same chip, see above.
    assert serving["silicon.cost"] == pytest.approx(2603.33, rel=1e-5)
    # 100,000 x 2 / (143.393 x 0.686953 x 0.95) = 2137.2 wafers.
    assert serving["silicon.wafers"] == 2138
    assert (serving["silicon.work"], training["silicon.work"]) == (
        pytest.approx(4.0 / 3.35),
        pytest.approx(800 / 989.4, rel=1e-3),
    )
    # The more of the bought chip it stands for, the sooner it pays.
    assert serving["break_even.volume"] < training["break_even.volume"] < 100_000
    assert training["cost.total"] < training["cost.bought"]
    young = found["training-with-young-software"]
    assert young["break_even.volume"] is None
    assert young["cost.total"] > young["cost.bought"]
