"""Every wire of the bills beyond rent carries the unit that its formula declares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate, estimate
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.units.registry import unit
from computecalc.yamlio.loading import load_text
from tests.estimators.test_trace import unit_of, wrong_wires

OVERLAY = Path(__file__).parents[2] / "examples" / "custom-catalog"
RUN = (
    "kind: train, model: llama-3.1-8b, data: {tokens: 1T tokens}, cluster: {accelerator: h100-sxm, count: 64}, "
    "efficiency: {mfu: 0.4, goodput: 0.9}, "
)
STAFF = "staff: {all: {count: 10, duration: 1 yr, bonus: 1 MUSD}}, data: 1 MUSD"
SCENARIOS = {
    "own": f"{{{RUN} money: {{ownership: {{}}, discount: 10 %}}}}",
    "own, by replacement": (
        f"{{{RUN} money: {{ownership: {{accelerator_price: 25K USD/accelerator, replacement: 32 %/yr, age: 1 yr}}}}}}"
    ),
    "programme": f"{{{RUN} money: {{price: 2 USD/accelerator/h}}, programme: {{{STAFF}}}}}",
    "programme of one's own": f"{{{RUN} money: {{ownership: {{}}}}, programme: {{{STAFF}}}}}",
    "service": (
        "{kind: infer, model: llama-3.1-8b, traffic: {input: 1000, output: 200, rate: 5 request/s}, "
        "serving: {accelerator: h100-sxm, tensor: 1, batch: 32}, money: {ownership: {}}}"
    ),
    "campus": (
        "{kind: campus, cluster: {accelerator: h100-sxm}, campus: {power: 100 MW}, money: {price: 2 USD/accelerator/h}}"
    ),
    "campus by count": "{kind: campus, cluster: {accelerator: h100-sxm, count: 1000}}",
    "chip": "{kind: silicon, silicon: {chip: own-chip, against: h100-sxm, volume: 1000}}",
    "chip of bandwidth": (
        "{kind: silicon, silicon: {chip: own-chip, against: h100-sxm, volume: 1000, measure: bandwidth}}"
    ),
}
NEVER = ".most takes the literal 10.0"
"""Stands for a break-even that no use reaches, and is named where it is defined."""


@pytest.fixture(scope="module")
def estimated() -> Callable[[str], Estimate]:
    catalog = Catalog.open([OVERLAY])

    def build(name: str) -> Estimate:
        (raw,) = raw_scenarios(load_text(f"version: 1\nscenarios:\n  case: {SCENARIOS[name]}\n", "<test>"))
        return estimate(resolve(raw, catalog, today=date(2026, 11, 1)))

    return cache(build)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_wire_carries_the_declared_unit(estimated: Callable[[str], Estimate], name: str) -> None:
    found = estimated(name)
    wrong = {
        metric: [text for text in wrong_wires(node) if not text.endswith(NEVER)] for metric, node in found.nodes.items()
    }
    assert wrong == {metric: [] for metric in found.nodes}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_metric_is_derived_in_its_own_unit_and_value(estimated: Callable[[str], Estimate], name: str) -> None:
    found = estimated(name)
    assert found.nodes
    for metric, node in found.nodes.items():
        carried = unit_of(node)
        assert carried is None or unit(carried).dimension == unit(METRICS[metric].formula_unit).dimension, metric
        value = found.outputs[metric]
        assert value.low is None or value.low <= (value.mid or 0.0) <= (value.high or 0.0)
