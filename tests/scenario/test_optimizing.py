from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import EstimateError, ScenarioError
from computecalc.estimators.results import estimate
from computecalc.scenario.files import RawScenario, raw_scenarios
from computecalc.scenario.optimizing import Scope, pool
from computecalc.scenario.resolve import resolve
from computecalc.units.ranges import Range
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import from_flag

TODAY = date(2026, 3, 1)


def raw(
    cluster: str = "accelerator: h100-sxm, count: 16", *, batch: str = ", global_batch: 128", layout: str = ""
) -> RawScenario:
    text = (
        "version: 1\nscenarios:\n  case: {kind: train, model: llama-3.1-8b, "
        f"data: {{tokens: 1T tokens, sequence_length: 4096{batch}}}, cluster: {{{cluster}}}"
        + (f",\n  layout: {{{layout}}}" if layout else "")
        + "}\n"
    )
    (found,) = raw_scenarios(load_text(text, "<test>"))
    return found


def test_a_pool_holds_the_best_of_every_accelerator_and_count() -> None:
    names = tuple(from_flag("--accelerator", name, resolve=False) for name in ("h100-sxm", "a100-sxm-80gb"))
    scope = Scope(accelerators=names, counts=(16, 32), most=3)
    found = pool(raw(), Catalog.open(), scope, today=TODAY)
    clusters = [(candidate.accelerator, candidate.count) for candidate in found.candidates]
    assert {cluster: clusters.count(cluster) for cluster in clusters} == {
        (name, count): 3 for name in ("h100-sxm", "a100-sxm-80gb") for count in (16, 32)
    }
    assert found.counts == (16, 32)
    assert found.deadline is None


def test_a_range_of_counts_is_filled_with_sensible_ones() -> None:
    scope = Scope(count_range=Range(8.0, 20.0, 32.0), is_thorough=False, most=1)
    assert pool(raw(), Catalog.open(), scope, today=TODAY).counts == (8, 16, 24, 32)


def test_counts_take_the_place_of_a_deadline() -> None:
    scope = Scope(counts=(16,), is_thorough=False)
    found = pool(raw("accelerator: h100-sxm, wall_time: 9 d"), Catalog.open(), scope, today=TODAY)
    assert (found.counts, found.deadline) == ((16,), None)


def test_time_beside_a_count_is_the_size_of_the_run_and_no_deadline() -> None:
    scenario = raw("accelerator: h100-sxm, count: 16, wall_time: 9 d")
    text = scenario.span.document.text.replace("tokens: 1T tokens, ", "")
    (scenario,) = raw_scenarios(load_text(text, "<test>"))
    found = pool(scenario, Catalog.open(), Scope(counts=(16, 32), is_thorough=False, most=1), today=TODAY)
    assert (found.deadline, found.counts) == (None, (16, 32))
    small, large = sorted(found.candidates, key=lambda each: each.count)
    assert [each.metrics["time.wall"] for each in (small, large)] == pytest.approx([9 * 86400.0] * 2)
    # The larger run is interrupted more often, so that less of its time counts.
    useful = [each.metrics["throughput.cluster"] * each.metrics["goodput"] for each in (small, large)]
    gain = useful[1] / useful[0]
    assert large.metrics["tokens"] / small.metrics["tokens"] == pytest.approx(gain)


def test_a_deadline_opens_the_counts_from_the_least_that_meets_it() -> None:
    scope = Scope(is_thorough=False, most=1)
    found = pool(raw("accelerator: h100-sxm, wall_time: 90 d"), Catalog.open(), scope, today=TODAY)
    assert found.deadline == 90 * 86400.0
    assert len(found.counts) > 3
    least = min(found.candidates, key=lambda each: each.count)
    assert least.count == found.counts[0]
    assert least.metrics["time.wall"] <= found.deadline


def test_less_memory_is_taken_into_the_search() -> None:
    whole = pool(raw(), Catalog.open(), Scope(is_thorough=False), today=TODAY)
    limited = pool(raw(), Catalog.open(), Scope(is_thorough=False, memory=20e9), today=TODAY)
    assert max(each.metrics["memory.per_accelerator"] for each in whole.candidates) > 20e9
    assert max(each.metrics["memory.per_accelerator"] for each in limited.candidates) <= 20e9
    best = min(each.metrics["time.wall"] for each in whole.candidates)
    assert min(each.metrics["time.wall"] for each in limited.candidates) >= best


@pytest.mark.parametrize(
    ("scenario", "scope", "code", "message"),
    [
        (raw(batch=""), Scope(), "CC612", "layouts cannot be compared: no layout is stated, and none is searched"),
        (raw(), Scope(memory=1e9), "CC608", "layouts on 16 accelerators fits into memory"),
        (raw(), Scope(counts=(296,)), "CC608", "no layout spreads the global batch evenly over 296 accelerators"),
    ],
)
def test_what_cannot_be_searched_is_told(scenario: RawScenario, scope: Scope, code: str, message: str) -> None:
    with pytest.raises(EstimateError) as error:
        pool(scenario, Catalog.open(), scope, today=TODAY)
    (found,) = error.value.diagnostics
    assert found.code == code
    assert message in found.message
    assert found.hint


@pytest.mark.parametrize(
    ("layout", "counts", "message", "hint"),
    [
        # 3 x 8 = 24 divides no power of two; its multiples next to 16 and 64 are 24, 48 and 72.
        (
            "pipeline: 3, tensor: 8",
            (16, 64),
            "tensor 8 x pipeline 3 = 24 divides none of the counts 16, 64",
            "nearest counts: 24 or 48 or 72",
        ),
        ("tensor: 16", (24,), "tensor 16 does not divide the count 24", "nearest counts: 16 or 32"),
    ],
)
def test_degrees_that_divide_no_count_clash_with_it(
    layout: str, counts: tuple[int, ...], message: str, hint: str
) -> None:
    with pytest.raises(ScenarioError) as error:
        pool(raw(layout=layout), Catalog.open(), Scope(counts=counts), today=TODAY)
    (found,) = error.value.diagnostics
    assert (found.code, found.message) == ("CC311", message)
    assert found.hint == hint
    assert found.span is not None
    assert found.span.line == 4


@pytest.mark.parametrize("model", ["llama-3.1-8b", "qwen3-30b-a3b", "deepseek-v2-lite"])
def test_what_is_found_can_be_stated(model: str) -> None:
    """Every layout that a search finds passes the checks of a stated one, and comes to the same run."""
    scenario = raw("accelerator: h100-sxm, count: 32")
    text = scenario.span.document.text.replace("llama-3.1-8b", model)
    (scenario,) = raw_scenarios(load_text(text, "<test>"))
    found = pool(scenario, Catalog.open(), Scope(is_thorough=False, most=4, has_front=True), today=TODAY)
    assert len(found.candidates) > 4
    for candidate in found.candidates:
        layout = candidate.layout
        keys = [field.name for field in fields(layout) if field.name != "data"]
        stated = ", ".join(f"{key}: {str(getattr(layout, key)).lower()}" for key in keys)
        (again,) = raw_scenarios(load_text(text.replace("{kind:", f"{{layout: {{{stated}}}, kind:"), "<test>"))
        outputs = estimate(resolve(again, Catalog.open(), today=TODAY)).outputs
        for metric in ("time.wall", "memory.per_accelerator", "cost.total"):
            assert outputs[metric].mid == pytest.approx(candidate.metrics[metric], rel=1e-12)
