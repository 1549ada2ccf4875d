"""Scenarios that are estimated together come out as they do alone."""

from __future__ import annotations

from datetime import date

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ComputecalcError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import Estimate, estimate
from computecalc.estimators.together import estimate_together
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text

CATALOG = Catalog.open()
TODAY = date(2026, 3, 1)

PLAN = """\
version: 1
scenarios:
  dense:
    kind: train
    model: llama-3.1-70b
    data: {tokens: 15T tokens, sequence_length: 4096, global_batch: 1024}
    cluster: {accelerator: h100-sxm, count: 1024}
    layout: {tensor: 8, pipeline: 4, micro_batch: 1}
    site: {region: US-VA}
    matrix:
      data.tokens: {from: 1T tokens, to: 15T tokens, points: 4}
      money.price: [2 USD/accelerator/h, 2..3 USD/accelerator/h, 4 USD/accelerator/h]
      cluster.count: [512, 1024]
  experts:
    kind: train
    model: qwen3-30b-a3b
    data: {tokens: 1T tokens, sequence_length: 4096, global_batch: 1024}
    cluster: {accelerator: h100-sxm, count: 64}
    layout: {tensor: 1, pipeline: 1, expert: 8}
    matrix: {efficiency.expert_imbalance: [1, 1.1, 1.2, 1.3, 1.5], site.pue: [1.1, 1.2]}
  chat:
    kind: infer
    model: llama-3.1-8b
    traffic: {input: 1000, output: 300, rate: 20 request/s}
    serving: {accelerator: h100-sxm, tensor: 1, precision: fp8, batch: 32}
    matrix: {traffic.input: [100, 500, 1000, 2000, 8000], traffic.rate: [5 request/s, 5..10..20 request/s]}
  sampled:
    kind: train
    model: llama-3.1-8b
    data: {tokens: 1T tokens}
    cluster: {accelerator: h100-sxm, count: 64}
    efficiency: {mfu: 0.4}
    uncertainty: off
    matrix: {data.tokens: [1T tokens, 2T tokens, 3T tokens, 4T tokens, 5T tokens]}
"""


@pytest.fixture(scope="module")
def scenarios() -> list[Resolved]:
    raws = raw_scenarios(load_text(PLAN, "plan.yaml"))
    # Mixed up, so that members of one group do not lie side by side.
    return [resolve(raw, CATALOG, today=TODAY) for raw in raws[::2] + raws[1::2]]


def test_each_comes_out_as_it_does_alone(scenarios: list[Resolved]) -> None:
    assert len(scenarios) == 24 + 10 + 10 + 5
    for resolved, found in zip(scenarios, estimate_together(scenarios), strict=True):
        alone = estimate(resolved)
        assert isinstance(found, Estimate)
        assert found.name == resolved.name
        assert list(found.outputs) == list(alone.outputs)
        for name, value in alone.outputs.items():
            other = found.outputs[name]
            assert (other.formula, other.driver, other.reason, other.swings) == (
                value.formula,
                value.driver,
                value.reason,
                value.swings,
            )
            numbers = [(getattr(other, end), getattr(value, end)) for end in ("low", "mid", "high")]
            assert all(a == b or a == pytest.approx(b, rel=1e-12) for a, b in numbers), (resolved.name, name)
        assert found.diagnostics == alone.diagnostics


def test_the_derivation_is_there_when_it_is_read(scenarios: list[Resolved]) -> None:
    found = estimate_together(scenarios)[0]
    assert isinstance(found, Estimate)
    assert found.nodes["cost.total"].value == found.outputs["cost.total"].mid
    assert set(found.nodes) <= set(found.outputs)


def test_one_without_an_answer_does_not_take_the_others_along() -> None:
    text = """\
version: 1
scenarios:
  run:
    kind: train
    model: llama-3.1-8b
    data: {tokens: 1T tokens}
    cluster: {accelerator: h100-sxm, count: 64}
    efficiency: {mfu: 0.4}
    matrix: {data.tokens: [1T tokens, 2T tokens, 3T tokens, 1e306 token, 5T tokens]}
"""
    resolved = [resolve(raw, CATALOG, today=TODAY) for raw in raw_scenarios(load_text(text, "plan.yaml"))]
    found = estimate_together(resolved)
    assert [isinstance(each, Estimate) for each in found] == [True, True, True, False, True]
    assert isinstance(found[3], ComputecalcError)
    assert found[3].diagnostics[0].code == "CC406"
