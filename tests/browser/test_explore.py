"""Sliders: whatever they are moved to, the page shows what the engine says of it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.results import Estimate, estimate
from computecalc.scenario.files import RawScenario, raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.units.display import display
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import MappingNode, from_flag, mapping_from_paths, merge
from tests.browser.driving import Tab
from tests.conftest import TODAY, Ran

TRAIN = """\
version: 1
scenarios:
  run:
    kind: train
    model: {parameters: 100B params}
    data: {tokens: 1T tokens}
    cluster: {accelerator: h100-sxm, count: 1024}
    efficiency: {mfu: 0.35..0.4..0.45, goodput: 0.8}
    power: {accelerator: 700 W, host_overhead: 1.3}
    embodied: {accelerator: 200 kgCO2e, host: 300 kgCO2e, lifetime: 5 yr, utilization: 0.8}
    site: {region: US-VA, pue: 1.2, grid_intensity: 400 gCO2e/kWh}
    money: {price: 2.5 USD/accelerator/h}
"""
OWNED = """\
version: 1
scenarios:
  run:
    kind: train
    model: {parameters: 100B params}
    data: {tokens: 1T tokens}
    cluster: {accelerator: h100-sxm, wall_time: 60 d}
    efficiency: {mfu: 0.4, goodput: 0.8}
    power: {accelerator: 700 W, host_overhead: 1.3}
    site: {pue: 1.2, grid_intensity: 400 gCO2e/kWh, electricity_price: 80 USD/MWh}
    money: {price: 2.5 USD/accelerator/h}
"""
SERVICE = """\
version: 1
scenarios:
  service:
    kind: infer
    model: llama-3.1-405b
    traffic: {input: 1500, output: 400, rate: 50 request/s}
    serving: {accelerator: h100-sxm, tensor: 8, precision: fp8, batch: 16}
    site: {pue: 1.2, grid_intensity: 300 gCO2e/kWh}
    money: {price: 2.5 USD/accelerator/h}
"""
PLANS = {"train": TRAIN, "deadline": OWNED, "service": SERVICE}

Explored = Callable[[str], Tab]


@pytest.fixture
def explored(golden_catalog: Path, opened: Callable[..., Tab], program: Callable[..., Ran], tmp_path: Path) -> Explored:
    """Open the page of one of the plans."""

    def show(name: str) -> Tab:
        path = tmp_path / "plan.yaml"
        path.write_text(PLANS[name], encoding="utf-8")
        return opened(program("run", str(path), "-f", "html").out)

    return show


def asked(folder: Path, name: str, values: dict[str, tuple[float, str]]) -> Estimate:
    """Estimate a plan afresh, some of its keys being other values: the Python way, nothing of the page."""
    (raw,) = raw_scenarios(load_text(PLANS[name], "plan.yaml"))
    changed = {
        path: from_flag(path, repr(value) if unit == "1" else f"{value!r} {unit}")
        for path, (value, unit) in values.items()
    }
    node = merge(raw.node, mapping_from_paths(changed))
    assert isinstance(node, MappingNode)
    catalog = Catalog.open(folder=folder)
    return estimate(resolve(RawScenario(raw.name, node, raw.span), catalog, today=TODAY))


def data(tab: Tab) -> dict[str, Any]:
    (found,) = json.loads(tab.run("return document.getElementById('explore-data').textContent"))
    return found  # type: ignore[no-any-return]


def value_at(slider: dict[str, Any], position: int) -> float:
    """What a slider says of itself: its marks, evenly in logarithms between them."""
    segment, rest = divmod(position, slider["steps"])
    low: float = slider["marks"][segment]
    return low if rest == 0 else low * (slider["marks"][segment + 1] / low) ** (rest / slider["steps"])


def figures(tab: Tab) -> dict[str, str]:
    rows = tab.run(
        "return [...document.querySelectorAll('tr[data-metric]')]"
        ".map(e => [e.dataset.metric, e.querySelector('.now').textContent])"
    )
    return dict(rows)


UNITS = {
    "efficiency.mfu": "1",
    "efficiency.goodput": "1",
    "data.tokens": "token",
    "money.price": "USD/accelerator/s",
    "site.grid_intensity": "gCO2e/J",
    "site.pue": "1",
    "site.electricity_price": "USD/J",
    "power.accelerator": "W",
    "traffic.rate": "request/s",
    "traffic.input": "token/request",
    "traffic.output": "token/request",
}
"""Keys of a scenario, with their coherent unit; other sliders stay where they are."""


def positions(tab: Tab, drawn: random.Random, *, on_marks: bool) -> dict[str, tuple[float, str]]:
    """Move every slider that is a key of a scenario; return where each stands."""
    found = {}
    for slider, given in zip(tab.all("input[type=range]"), data(tab)["sliders"], strict=True):
        if given["path"] not in UNITS:
            continue
        step = given["steps"] if on_marks else 1
        position = drawn.randrange(0, (len(given["marks"]) - 1) * given["steps"] + 1, step)
        tab.move(slider, position)
        found[given["path"]] = (value_at(given, position), UNITS[given["path"]])
    return found


def number(text: str) -> tuple[float, str]:
    """Split ``23.31 GWh`` and ``15.60T token``; the multiplier goes with the unit."""
    match = re.fullmatch(r"(-?[\d,.]+(?:e-?\d+)?)([KMBT]?) ?(.*)", text)
    assert match is not None, text
    return float(match.group(1).replace(",", "")), match.group(2) + match.group(3)


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("seed", range(5))
def test_at_marks_the_page_says_what_the_engine_says(
    name: str, seed: int, explored: Explored, golden_catalog: Path
) -> None:
    tab = explored(name)
    values = positions(tab, random.Random(seed), on_marks=True)
    assert len(values) >= 4
    fresh = asked(golden_catalog, name, values)
    shown = figures(tab)
    assert len(shown) >= 4
    for metric, text in shown.items():
        output = fresh.outputs[metric]
        assert output.mid is not None
        assert text == str(display(output.mid, output.unit)), metric
    assert tab.one(".status").text == "At marks: figures of the engine itself."
    assert tab.logged() == []


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("seed", range(5))
def test_between_marks_it_is_off_by_no_more_than_it_says(
    name: str, seed: int, explored: Explored, golden_catalog: Path
) -> None:
    tab = explored(name)
    said = re.search(
        r"differ from the engine by (?:less than|at most) ([\d.]+) %", tab.one("#explore > .note:last-child").text
    )
    assert said is not None
    values = positions(tab, random.Random(100 + seed), on_marks=False)
    fresh = asked(golden_catalog, name, values)
    for metric, text in figures(tab).items():
        output = fresh.outputs[metric]
        assert output.mid is not None
        page, unit = number(text)
        engine, same = number(str(display(output.mid, output.unit)))
        assert unit == same
        # Four digits are shown: half a unit of the last is at most 0.05 %.
        assert page == pytest.approx(engine, rel=float(said.group(1)) / 100.0 + 1e-3), metric


def test_reset_brings_the_report_back(explored: Explored) -> None:
    tab = explored("train")
    before = figures(tab)
    positions(tab, random.Random(3), on_marks=False)
    assert figures(tab) != before
    assert len(tab.all(".slider.moved")) > 0
    tab.one(".controls button").click()
    assert figures(tab) == before
    assert tab.all(".slider.moved") == []
    assert tab.one(".status").text == "As reported."


def test_keys_move_a_slider_and_its_value_is_heard(explored: Explored, golden_catalog: Path) -> None:
    tab = explored("train")
    slider = tab.one("input[data-path='efficiency.mfu']")
    before, cost = slider.get_attribute("aria-valuetext"), figures(tab)["cost.total"]
    slider.send_keys(Keys.ARROW_RIGHT)
    assert slider.get_attribute("aria-valuetext") != before
    assert tab.run("return arguments[0].closest('.slider').querySelector('output').textContent", slider) == (
        slider.get_attribute("aria-valuetext")
    )
    assert number(figures(tab)["cost.total"])[0] < number(cost)[0]
    slider.send_keys(Keys.END)
    assert slider.get_attribute("aria-valuetext") == "0.8000"
    rent = asked(golden_catalog, "train", {"efficiency.mfu": (0.8, "1")}).outputs["cost.total"]
    assert rent.mid is not None
    assert figures(tab)["cost.total"] == str(display(rent.mid, "USD"))


def test_charts_follow(explored: Explored) -> None:
    tab = explored("train")
    bar = "return document.querySelector('tr[data-metric=\"cost.total\"] rect.bar').getBoundingClientRect().width"
    here = "return document.querySelector('.response .here').getAttribute('cx')"
    assert tab.run(bar) == 0
    place = float(tab.run(here))
    slider = tab.one("input[data-path='efficiency.mfu']")
    tab.move(slider, 0)
    assert tab.run(bar) > 5
    assert float(tab.run(here)) < place
    # One circle a mark, and the curve through them.
    (mfu, *_) = data(tab)["sliders"]
    assert len(tab.all(".response .mark")) == len(mfu["marks"])
    assert len(tab.all(".response .curve")) == 1
    tab.run(
        "const s = document.querySelector('.response select'); s.value = s.options[1].value;"
        "s.dispatchEvent(new Event('change'))"
    )
    assert tab.one(".response svg").get_attribute("aria-label").startswith("Cost against Model FLOPs utilization")


def test_without_a_script_the_report_stands(explored: Explored) -> None:
    tab = explored("service")
    tab.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        tab.driver.refresh()
        assert "The sliders need JavaScript" in tab.one("#explore noscript").get_property("textContent")
        assert all(not slider.is_enabled() for slider in tab.all("input[type=range]"))
    finally:
        tab.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
