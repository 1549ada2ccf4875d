"""What accelerators and servers draw: by load, at their limits where that is asked for, or as it is stated."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate
from computecalc.scenario.resolve import resolve
from tests.conftest import TODAY
from tests.scenario.conftest import raws, scenario_text

Resolving = Callable[..., Resolved]


def shipped(changes: str) -> Resolved:
    (raw,) = raws(scenario_text(changes))
    return resolve(raw, Catalog.open(()), today=TODAY)


PREDICTED = (
    "model: llama-3.1-8b\n"
    "data: {{tokens: 1T tokens, global_batch: {batch}}}\n"
    "cluster: {{accelerator: h100-sxm, count: 64}}\n"
    "layout: {{tensor: 1, pipeline: {pipeline}}}\n"
    "efficiency: {{goodput: 0.9}}\n"
    "power: {{}}"
)


def draw(pipeline: int, batch: int) -> float:
    found = estimate(shipped(PREDICTED.format(pipeline=pipeline, batch=batch))).outputs["power.accelerator"]
    assert found.mid is not None
    return found.mid


def test_the_draw_follows_the_load_of_a_predicted_step() -> None:
    full, bubble = draw(1, 512), draw(8, 16)
    # Two micro-batches on eight stages leave most of a step to the bubble, 7 of 9 parts; a wide batch hardly any.
    assert 0.75 * 700.0 < full <= 700.0
    assert bubble < 0.55 * full
    assert bubble > 0.15 * 700.0  # never below what a waiting accelerator draws


def test_a_stated_mfu_has_no_step_to_follow() -> None:
    found = shipped("power: {}")
    assert "power.draw" in found.inputs
    assert "power.training.idle" not in found.inputs


def test_the_draw_keeps_its_order_over_the_range() -> None:
    found = estimate(shipped(PREDICTED.format(pipeline=1, batch=512))).outputs["power.accelerator"]
    assert found.low is not None
    assert found.mid is not None
    assert found.high is not None
    assert found.low < found.mid < found.high <= 700.0


def test_hours_at_the_thermal_design_power_where_they_are_asked_for() -> None:
    found = estimate(shipped("power: {basis: thermal-design, host_overhead: 1}")).outputs
    power, energy, hours = (found[name].mid for name in ("power.accelerator", "energy.it", "accelerator_time.billed"))
    assert (power, hours is not None) == (700.0, True)
    assert energy == pytest.approx(700.0 * (hours or 0.0))


@pytest.mark.parametrize(("accelerator", "ratio"), [("h100-sxm", 1.82), ("a100-sxm-80gb", 2.03)])
def test_nameplates_where_they_are_asked_for(accelerator: str, ratio: float) -> None:
    found = shipped(f"cluster: {{accelerator: {accelerator}, count: 16}}\npower: {{basis: nameplate}}")
    assert found.inputs["power.host_overhead"].range.mid == pytest.approx(ratio, abs=0.005)
    outputs = estimate(found).outputs
    peak, average = outputs["power.facility_peak"].mid, outputs["power.facility"].mid
    assert average == pytest.approx(peak)


def test_a_site_is_laid_out_for_the_nameplate_unless_hosts_are_stated() -> None:
    # 1000 accelerators in servers of 10.2 kW, PUE 1.2: 1.53 MW. With hosts of one's own: 700 W x 1.5 x 1.2 = 1.26 MW.
    assert estimate(shipped("power: {}")).outputs["power.facility_peak"].mid == pytest.approx(1.53e6)
    own = estimate(shipped("power: {host_overhead: 1.5}")).outputs["power.facility_peak"]
    assert own.mid == pytest.approx(1.26e6)


def test_a_basis_without_its_figure_is_refused() -> None:
    with pytest.raises(ScenarioError) as caught:
        shipped("cluster: {accelerator: tpu-v4, count: 64}\npower: {basis: nameplate}")
    (found,) = caught.value.diagnostics
    assert found.code == "CC634"
    assert "no server's nameplate of tpu-v4" in found.message
    assert found.span is not None


def test_an_unknown_basis_is_refused(refused: Callable[..., tuple[Diagnostic, ...]]) -> None:
    (found,) = refused("power: {basis: guess}")
    assert found.code == "CC306"
