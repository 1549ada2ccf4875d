"""Sliders and the figures that follow: what they carry is the engine's, what lies between is measured against it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.checks.exploring import Exploration, ExploredFigure, explored, travel
from computecalc.checks.exploring_grid import TOLERANCE, spaced
from computecalc.estimators.inputs import Origin, Resolved, ResolvedInput
from computecalc.estimators.results import Estimate, estimate
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.units.fields import Quantity
from computecalc.units.ranges import Range
from computecalc.yamlio.loading import load_text
from tests.conftest import TODAY

TRAIN = """\
version: 1
scenarios:
  run:
    kind: train
    model: {parameters: 100B params}
    data: {tokens: TOKENS}
    cluster: {accelerator: h100-sxm, count: 1024}
    efficiency: {mfu: MFU, goodput: 0.8}
    power: {accelerator: 700 W, host_overhead: 1.3}
    site: {region: US-VA, pue: 1.2, grid_intensity: 400 gCO2e/kWh}
    money: {price: PRICE USD/accelerator/h}
"""
SERVICE = """\
version: 1
scenarios:
  service:
    kind: infer
    model: llama-3.1-405b
    traffic: {input: 1500, output: 400, rate: RATE request/s}
    serving: {accelerator: h100-sxm, tensor: 8, precision: fp8, batch: 16}
    site: {pue: 1.2, grid_intensity: 300 gCO2e/kWh}
    money: {price: 2.5 USD/accelerator/h}
"""


def resolved(folder: Path, text: str, **values: str) -> Resolved:
    """The one scenario of a text, with words in capitals replaced."""
    for name, value in values.items():
        text = text.replace(name.upper(), value)
    (raw,) = raw_scenarios(load_text(text, "s.yaml"))
    return resolve(raw, Catalog.open(folder=folder), today=TODAY)


def trained(folder: Path, *, tokens: str = "1T tokens", mfu: str = "0.4", price: str = "2.5") -> Resolved:
    return resolved(folder, TRAIN, tokens=tokens, mfu=mfu, price=price)


def served(folder: Path, rate: str = "50") -> Resolved:
    return resolved(folder, SERVICE, rate=rate)


def exploration(found: Estimate, most: int = 30_000) -> Exploration:
    assert found.resolved is not None
    made = explored(found.resolved, found.outputs, most=most)
    assert made is not None
    return made


def figure(found: Exploration, name: str) -> ExploredFigure:
    (one,) = [each for each in found.figures if each.id == name]
    return one


def test_training_is_powers_of_its_assumptions(golden_catalog: Path) -> None:
    found = exploration(estimate(trained(golden_catalog)))
    paths = [slider.path for slider in found.sliders]
    assert paths[:4] == ["efficiency.mfu", "efficiency.goodput", "data.tokens", "money.price"]
    # 6 N D / (n peak MFU goodput): time falls with MFU and goodput and rises with tokens, each to the first power.
    wall = figure(found, "time.wall")
    assert {paths[place]: power for place, power in wall.powers.items()} == {
        "efficiency.mfu": pytest.approx(-1.0),
        "efficiency.goodput": pytest.approx(-1.0),
        "data.tokens": pytest.approx(1.0),
    }
    # Rent alone, so the same powers times that of the price, and nothing to add up.
    cost = figure(found, "cost.total")
    assert {paths[place]: round(power, 9) for place, power in cost.powers.items()} == {
        "efficiency.mfu": -1.0,
        "efficiency.goodput": -1.0,
        "data.tokens": 1.0,
        "money.price": 1.0,
    }
    assert cost.parts == ()
    assert found.error < 1e-9
    assert found.numbers < 50


def test_what_is_carried_is_the_engines(golden_catalog: Path) -> None:
    plan = estimate(trained(golden_catalog))
    found = exploration(plan)
    for name in ("time.wall", "cost.total", "energy.facility"):
        (value,) = figure(found, name).values
        assert value == pytest.approx(plan.outputs[name].mid, rel=1e-6)
    # Twice the price and half the MFU: the engine asked afresh, and the carried value by its powers.
    other = estimate(trained(golden_catalog, mfu="0.2", price="5"))
    cost = figure(found, "cost.total")
    paths = [slider.path for slider in found.sliders]
    factor = 2.0 ** cost.powers[paths.index("money.price")] * 0.5 ** cost.powers[paths.index("efficiency.mfu")]
    assert cost.values[0] is not None
    assert cost.values[0] * factor == pytest.approx(other.outputs["cost.total"].mid, rel=1e-6)


def test_marks_hold_the_reported_value_and_the_whole_range(golden_catalog: Path) -> None:
    found = exploration(estimate(trained(golden_catalog, mfu="0.1..0.4..0.9")))
    slider = found.sliders[0]
    assert slider.marks[slider.now] == 0.4
    # Half of 0.4 is within the range, and its double too.
    assert (slider.marks[0], slider.marks[-1]) == (pytest.approx(0.1), pytest.approx(0.9))
    assert list(slider.marks) == sorted(set(slider.marks))


def test_whole_replicas_make_sliders_stop_at_marks(golden_catalog: Path) -> None:
    found = exploration(estimate(served(golden_catalog)))
    rate = next(slider for slider in found.sliders if slider.path == "traffic.rate")
    assert rate.is_stepped
    assert rate.marks[rate.now] == 50.0
    accelerators = figure(found, "accelerators")
    assert all(value is not None and value % 8 == 0 for value in accelerators.values)
    # The engine asked afresh at each mark of the rate, all else as reported.
    place = [slider.path for slider in found.sliders].index("traffic.rate")
    shape = tuple(len(found.sliders[each].marks) for each in accelerators.sliders)
    values = np.array(accelerators.values, dtype=np.float64).reshape(shape)
    at = tuple(slice(None) if each == place else found.sliders[each].now for each in accelerators.sliders)
    for mark, value in zip(rate.marks, values[at], strict=True):
        fresh = estimate(served(golden_catalog, repr(mark)))
        assert value == fresh.outputs["accelerators"].mid


def test_a_sum_is_carried_by_its_parts(golden_catalog: Path) -> None:
    text = f"{TRAIN}    embodied: {{accelerator: 200 kgCO2e, host: 300 kgCO2e, lifetime: 5 yr, utilization: 0.8}}\n"
    plan = estimate(resolved(golden_catalog, text, tokens="1T tokens", mfu="0.4", price="2.5"))
    found = exploration(plan)
    total = figure(found, "carbon.total")
    assert total.parts == ("carbon.operational", "carbon.embodied")
    assert all(figure(found, part).is_part for part in total.parts)
    values = [figure(found, part).values[0] or 0.0 for part in total.parts]
    assert math.fsum(values) == pytest.approx(plan.outputs["carbon.total"].mid, rel=1e-6)


def test_what_is_carried_stays_below_what_is_allowed(golden_catalog: Path) -> None:
    plan = estimate(served(golden_catalog))
    sizes = []
    for most in (30_000, 3_000, 300):
        found = exploration(plan, most)
        assert found.numbers <= most
        assert found.error <= TOLERANCE
        sizes.append(found.numbers)
    assert sizes == sorted(sizes, reverse=True)


def test_overrides_and_unknowns_take_part(golden_catalog: Path) -> None:
    text = TRAIN.replace("    money: {price: PRICE USD/accelerator/h}\n", "    overrides: {energy.it: 30 GWh}\n")
    plan = estimate(resolved(golden_catalog, text, tokens="1T tokens", mfu="0.4"))
    found = exploration(plan)
    assert "cost.total" not in {each.id for each in found.figures} or plan.outputs["cost.total"].mid is not None
    # Energy is stated, so that it follows the PUE alone.
    energy = figure(found, "energy.facility")
    paths = [slider.path for slider in found.sliders]
    assert {paths[place] for place in energy.powers} == {"site.pue"}


@pytest.mark.parametrize(
    ("value", "accepted", "ends"),
    [
        (Range.exact(0.4), Quantity("1", minimum=0.0, maximum=1.0, exclusive_minimum=True), (0.2, 0.8)),
        (Range.exact(0.9), Quantity("1", minimum=0.0, maximum=1.0, exclusive_minimum=True), (0.45, 1.0)),
        (Range.exact(1.2), Quantity("1", minimum=1.0), (1.0, 2.4)),
        (Range(0.1, 0.4, 0.9), Quantity("1", minimum=0.0, maximum=1.0), (0.1, 0.9)),
        (Range.exact(0.6), Quantity("1", minimum=0.0, maximum=1.0, exclusive_maximum=True), (0.3, 0.8)),
        (Range(0.65, 0.8, 0.95), None, (0.4, 1.0)),  # a share, as all of it lies below 1
        (Range(0.9, 1.0, 1.2), None, (0.5, 2.0)),
    ],
)
def test_sliders_go_from_half_to_double_within_what_is_possible(
    value: Range, accepted: Quantity | None, ends: tuple[float, float]
) -> None:
    given = ResolvedInput("x", value, "1", Origin("default", ""))
    assert travel(given, accepted) == pytest.approx(ends)


def test_marks_are_even_on_both_sides() -> None:
    assert spaced(1.0, 4.0, 16.0, 5) == pytest.approx((1.0, 2.0, 4.0, 8.0, 16.0))
    assert spaced(1.0, 2.0, 16.0, 5) == pytest.approx((1.0, 2.0, 4.0, 8.0, 16.0))
    assert spaced(4.0, 4.0, 16.0, 3) == pytest.approx((4.0, 8.0, 16.0))
    assert spaced(1.0, 4.0, 4.0, 3) == pytest.approx((1.0, 2.0, 4.0))
