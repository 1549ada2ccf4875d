"""A column of cases comes to what each case comes to alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.columns import column_metrics
from computecalc.estimators.results import estimate
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.units.ranges import Range
from computecalc.yamlio.loading import load_text

PLAN = """\
version: 1
scenarios:
  train:
    kind: train
    model: llama-3.1-70b
    data: {tokens: 15T tokens, sequence_length: 4096, global_batch: 1024}
    cluster: {accelerator: h100-sxm, count: 1024}
    layout: {tensor: 8, pipeline: 4, micro_batch: 1}
    site: {region: US-VA}
    money: {price: 2 USD/accelerator/h}
  infer:
    kind: infer
    model: llama-3.1-8b
    traffic: {input: 1000, output: 300, rate: 20 request/s}
    serving: {accelerator: h100-sxm, tensor: 1, precision: fp8, batch: 32}
    site: {region: US-VA}
    money: {price: 2 USD/accelerator/h}
"""
SCENARIOS = {
    raw.name: resolve(raw, Catalog.open(), today=date(2026, 3, 1))
    for raw in raw_scenarios(load_text(PLAN, "plan.yaml"))
}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("train", {"data.tokens": [1e12, 2e12, 15e12], "site.pue": [1.0, 1.1, 1.5]}),
        ("infer", {"traffic.input": [10.0, 500.0, 4000.0], "money.price": [1e-4, 2e-4, 9e-4]}),
    ],
)
def test_each_case_is_its_own_estimate(name: str, columns: dict[str, list[float]]) -> None:
    scenario = SCENARIOS[name]
    found = column_metrics(scenario, {path: np.array(values) for path, values in columns.items()})
    for case in range(3):
        exact = {
            path: replace(scenario.inputs[path], range=Range.exact(values[case])) for path, values in columns.items()
        }
        alone = estimate(replace(scenario, inputs={**scenario.inputs, **exact})).outputs
        for metric, values in found.items():
            value = np.broadcast_to(values, 3)[case]
            if alone[metric].mid is not None:
                assert value == pytest.approx(alone[metric].mid, rel=1e-12), metric


def test_what_no_column_reaches_is_one_number() -> None:
    found = column_metrics(SCENARIOS["train"], {"money.price": np.array([1e-4, 2e-4])})
    assert np.ndim(found["time.wall"]) == 0
    assert np.shape(found["cost.total"]) == (2,)


def test_a_column_that_is_no_input_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"money\.prize"):
        column_metrics(SCENARIOS["train"], {"money.prize": np.array([1.0])})
