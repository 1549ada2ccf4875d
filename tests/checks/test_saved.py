"""What is saved of a scenario is all that is needed to compute it again, for every kind and key."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.checks.locks import Named, lock_text, locked
from computecalc.checks.recomputing import recomputed
from computecalc.checks.saved import Ends, Saved, saved_from_bytes
from computecalc.checks.verifying import verified
from computecalc.errors import UsageError
from computecalc.estimators.results import Estimate, estimate
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.json_text import render_json
from computecalc.scenario.loading import load_scenarios
from computecalc.scenario.resolve import resolve

EXAMPLES = Path(__file__).parents[2] / "examples"
SWEPT = ("design-space", "sweep")  # by `sweep`, see tests/sweeps
CATALOG = Catalog.open([EXAMPLES / "custom-catalog"])
TODAY = date(2026, 11, 1)

SAMPLED = """\
version: 1
scenarios:
  sampled:
    kind: train
    model: llama-3.1-405b
    cluster: {accelerator: h100-sxm, count: 16384}
    efficiency: {mfu: 0.35..0.40..0.45}
    uncertainty: {method: mc, samples: 500, seed: 7}
    overrides: {goodput: 0.8..0.9..0.95}
  plain:
    kind: train
    model: llama-3.1-405b
    cluster: {accelerator: h100-sxm, count: 16384}
    efficiency: {mfu: 0.35..0.40..0.45}
    uncertainty: {method: "off"}
"""


def estimates_of(path: Path) -> list[Estimate]:
    return [estimate(resolve(raw, CATALOG, today=TODAY)) for raw in load_scenarios(str(path), {})]


def as_lock(estimates: list[Estimate]) -> Saved:
    return saved_from_bytes(lock_text(locked([Named("a.yaml", each) for each in estimates], CATALOG)).encode(), "lock")


def as_result(estimates: list[Estimate]) -> Saved:
    document = ReportDocument(tuple(estimates), CATALOG.version, CATALOG.digest, 0)
    return saved_from_bytes(render_json(document, ReportStyle()).encode(), "result")


def check(estimates: list[Estimate]) -> None:
    for saved in (as_lock(estimates), as_result(estimates)):
        found = verified(saved)
        assert [each for each in found.outputs if each.state != "same"] == []
        assert len(found.outputs) == sum(len(each.outputs) for each in estimates)
    # A result has every digit: the very same numbers come out.
    for scenario, known in zip(as_result(estimates).scenarios, estimates, strict=True):
        again = recomputed(scenario.resolved())
        for name, value in known.outputs.items():
            ends = (again.outputs[name].low, again.outputs[name].mid, again.outputs[name].high)
            assert Ends(*ends) == Ends(value.low, value.mid, value.high), (scenario.name, name)


@pytest.mark.parametrize(
    "path", [path for path in sorted(EXAMPLES.glob("*.yaml")) if path.stem not in SWEPT], ids=lambda path: path.stem
)
def test_every_example_is_computed_again(path: Path) -> None:
    check(estimates_of(path))


def test_samples_and_overrides_are_kept(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(SAMPLED, encoding="utf-8")
    estimates = estimates_of(tmp_path / "plan.yaml")
    check(estimates)
    held = as_lock(estimates).lock
    assert held is not None
    assert held["scenarios"]["sampled"]["uncertainty"] == {
        "method": "mc",
        "samples": 500,
        "seed": 7,
        "distribution": "triangular",
    }
    assert held["scenarios"]["sampled"]["inputs"]["overrides.goodput"]["low"] == 0.8
    assert held["scenarios"]["plain"]["uncertainty"] == {"method": "off"}


def test_no_more_samples_are_drawn_than_a_scenario_may_ask_for(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(SAMPLED, encoding="utf-8")
    text = lock_text(locked([Named("a.yaml", each) for each in estimates_of(tmp_path / "plan.yaml")], CATALOG))
    document = json.loads(text)
    document["scenarios"]["sampled"]["uncertainty"]["samples"] = 10**12
    saved = saved_from_bytes(json.dumps(document).encode(), "lock")
    (sampled,) = (each for each in saved.scenarios if each.name == "sampled")
    with pytest.raises(UsageError) as caught:
        sampled.resolved()
    assert "at most 1,000,000" in caught.value.diagnostics[0].message
