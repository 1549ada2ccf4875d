from __future__ import annotations

from datetime import date

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ScenarioError
from computecalc.estimators.inference.planning import ReplicaLayout
from computecalc.scenario.serving.resolve import collect_service
from computecalc.scenario.serving.search_space import searched_layouts, searched_precisions
from tests.scenario.conftest import raws

CATALOG = Catalog.open()
TODAY = date(2026, 3, 1)


def layouts(serving: str, model: str = "llama-3.1-70b") -> list[ReplicaLayout]:
    text = f"kind: infer, model: {model}, traffic: {{input: 10, output: 10}}, serving: {{{serving}}}"
    (raw,) = raws(f"version: 1\nscenarios:\n  one: {{{text}}}\n")
    found = collect_service(raw, CATALOG, today=TODAY)
    return searched_layouts(found.collector, found.scenario.serving, found.model)


def test_a_dense_model_is_cut_into_ranks_and_stages() -> None:
    found = layouts("accelerator: h100-sxm")
    # Tensor 1 to 8 within a domain, 1 to 8 stages; groups of attention ranks would be replicas of their own.
    assert {(each.tensor, each.pipeline) for each in found} == {(t, p) for t in (1, 2, 4, 8) for p in (1, 2, 4, 8)}
    assert {(each.data, each.expert) for each in found} == {(1, 1)}
    assert [each.accelerators for each in found] == sorted(each.accelerators for each in found)


def test_experts_are_spread_over_what_divides_them() -> None:
    found = layouts("accelerator: h100-sxm, tensor: 1, pipeline: 1", "mixtral-8x7b")
    # Of 8 experts no more than 8 ranks can have whole ones.
    assert max(each.expert for each in found) == 8
    assert all(each.data % each.expert == 0 for each in found)
    assert max(each.accelerators for each in found) == 128


def test_what_is_stated_holds() -> None:
    assert layouts("accelerator: h100-sxm, tensor: 2, pipeline: 3") == [ReplicaLayout(2, 1, 1, 3)]
    found = layouts("accelerator: h100-sxm, per_replica: 16", "mixtral-8x7b")
    assert {each.accelerators for each in found} == {16}
    assert {each.tensor for each in found} == {1, 2, 4, 8}
    assert {each.expert for each in layouts("accelerator: h100-sxm, expert: 8", "mixtral-8x7b")} == {8}


@pytest.mark.parametrize(
    ("serving", "told"),
    [
        ("accelerator: h100-sxm, tensor: 3", "tensor 3 does not divide"),
        ("accelerator: h100-sxm, expert: 2", "is dense"),
        ("accelerator: h100-sxm, per_replica: 7", "no layout suits per_replica 7"),
        ("accelerator: h100-sxm, per_replica: 8, tensor: 2, data: 2, pipeline: 1", "per_replica 8 is not the product"),
    ],
)
def test_what_does_not_go_together_is_told(serving: str, told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        layouts(serving)
    assert error.value.diagnostics[0].code == "CC311"
    assert told in error.value.diagnostics[0].message


@pytest.mark.parametrize(
    ("accelerator", "found"),
    [
        ("h100-sxm", ("bf16", "fp8")),
        ("a100-sxm-80gb", ("bf16", "int8")),
        ("b200-hgx", ("bf16", "fp8", "nvfp4")),
        ("v100-sxm2-16gb", ("fp16",)),
    ],
)
def test_formats_that_are_multiplied_as_they_are(accelerator: str, found: tuple[str, ...]) -> None:
    assert searched_precisions(CATALOG.find("accelerator", accelerator)) == found
