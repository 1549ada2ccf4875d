"""Accelerator, precision, count or deadline, and layout."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate

Resolving = Callable[..., Resolved]
Refusing = Callable[..., tuple[Diagnostic, ...]]


def test_bf16_is_taken_where_the_accelerator_has_it(resolved: Resolving) -> None:
    found = resolved()
    precision = found.choices["cluster.precision"]
    assert (precision.value, precision.origin.kind, found.inputs["cluster.peak"].range.mid) == ("bf16", "default", 1e15)


def test_an_accelerator_without_bf16_falls_back_to_fp16(resolved: Resolving) -> None:
    found = resolved("cluster: {accelerator: v100, count: 8}")
    precision = found.choices["cluster.precision"]
    assert (precision.value, precision.origin.text) == ("fp16", "no precision is stated: fp16")
    assert found.inputs["cluster.peak"].range.mid == 125e12


def test_a_stated_precision_without_a_peak_is_refused(refused: Refusing) -> None:
    (problem,) = refused("cluster: {accelerator: v100, count: 8, precision: bf16}")
    assert (problem.code, problem.place) == ("CC502", "s.yaml:7:55")
    assert problem.hint == "it has fp16, fp32; choose another precision or accelerator"


def test_fp8_uses_its_own_peak(resolved: Resolving) -> None:
    found = resolved("cluster: {accelerator: h100, count: 8, precision: fp8}")
    assert found.inputs["cluster.peak"].range.mid == 2e15


def test_a_deadline_solves_the_count(resolved: Resolving) -> None:
    # 1.5e9 accelerator seconds in 10 days = 1736.1, rounded up
    outputs = estimate(resolved("cluster: {accelerator: h100, wall_time: 10 d}")).outputs
    assert outputs["accelerators"].mid == 1737


def test_a_range_of_counts_is_a_range_of_times(resolved: Resolving) -> None:
    outputs = estimate(resolved("cluster: {accelerator: h100, count: 1000..1500..2000}")).outputs
    time = outputs["time.wall"]
    assert (time.low, time.mid, time.high) == (pytest.approx(7.5e5), pytest.approx(1e6), pytest.approx(1.5e6))
    assert time.driver == "cluster.count"


def test_the_data_parallel_degree_follows_from_the_count(resolved: Resolving) -> None:
    found = resolved("layout: {tensor: 5, pipeline: 4, context: 2}")
    data = found.inputs["layout.data"]
    assert (data.range.mid, data.origin.text) == (25.0, "follows from the count")  # 1000 / (5 x 4 x 2)


def test_a_layout_with_a_range_of_counts_stays_open(resolved: Resolving) -> None:
    found = resolved("cluster: {accelerator: h100, count: 1000..2000}\nlayout: {tensor: 5}")
    assert found.unknown["layout"] == "the data-parallel degree needs one count of accelerators"
    assert "layout.data" not in found.inputs


@pytest.mark.parametrize(
    ("layout", "message", "hint"),
    [
        ("{tensor: 3}", "tensor 3 x pipeline 1 x context 1 = 3 does not divide the count 1000", "999 or 1002"),
        ("{tensor: 2000}", "tensor 2000 x pipeline 1 x context 1 = 2000 does not divide the count 1000", "2000"),
        ("{expert: 8}", "expert 8 cuts experts, but inline counts is dense", "leave out layout.expert"),
    ],
)
def test_impossible_layouts_are_told_with_a_way_out(refused: Refusing, layout: str, message: str, hint: str) -> None:
    (problem,) = refused(f"layout: {layout}")
    assert (problem.code, problem.message) == ("CC311", message)
    assert problem.hint.removeprefix("nearest counts: ") == hint


def test_experts_must_divide_the_data_parallel_degree(refused: Refusing) -> None:
    (problem,) = refused("model: {parameters: 1T, active_parameters: 100B}\nlayout: {tensor: 100, expert: 4}")
    assert problem.hint == "divisors of 10: 1, 2, 5, 10"  # 1000 / 100 data ranks


def test_both_and_neither(refused: Refusing) -> None:
    (both,) = refused("cluster: {accelerator: h100, count: 8, wall_time: 1 d}")
    (neither,) = refused("cluster: {accelerator: h100}")
    assert (both.code, both.place, both.notes[0].span.label) == ("CC304", "s.yaml:7:55", "s.yaml:7:41")  # type: ignore[union-attr]
    assert (neither.code, neither.place) == ("CC305", "s.yaml:7:28")


def test_an_unknown_accelerator_does_not_hide_a_missing_count(refused: Refusing) -> None:
    assert [problem.code for problem in refused("cluster: {accelerator: h1000}")] == ["CC305", "CC501"]


INLINE = "model: {hidden: 64, layers: 8, heads: 4, ffn: 256, gated: true, vocab: 1000}"


@pytest.mark.parametrize(
    ("layout", "message", "hint"),
    [
        (
            "{pipeline: 10}",
            "pipeline 10 x virtual_pipeline 1 = 10 stages, but inline has 8 layers",
            "at most layout.pipeline: 8",
        ),
        (
            "{pipeline: 4, virtual_pipeline: 3}",
            "pipeline 4 x virtual_pipeline 3 = 12 stages, but inline has 8 layers",
            "at most layout.virtual_pipeline: 2",
        ),
    ],
)
def test_stages_without_a_layer_are_refused(refused: Refusing, layout: str, message: str, hint: str) -> None:
    (problem,) = refused(f"{INLINE}\nlayout: {layout}")
    assert (problem.code, problem.message, problem.hint) == ("CC311", message, hint)


def test_details_of_the_layout_and_their_defaults(resolved: Resolving) -> None:
    found = resolved("layout: {tensor: 5, virtual_pipeline: 1, context: 2}")
    details = {key: found.inputs[f"layout.{key}"] for key in ("virtual_pipeline", "context", "micro_batch")}
    assert {key: value.range.mid for key, value in details.items()} == {
        "virtual_pipeline": 1.0,
        "context": 2.0,
        "micro_batch": 1.0,
    }
    assert (details["micro_batch"].origin.kind, details["micro_batch"].origin.text) == ("default", "not stated: 1")
    assert details["context"].origin.kind == "scenario"
    assert found.inputs["memory.reserve"].origin.kind == "prior"
    assert "memory.reserve" not in resolved().inputs


def test_a_recipe_that_does_not_say_how_it_keeps_activations(resolved: Resolving) -> None:
    origin = resolved("cluster: {accelerator: v100, count: 8}").inputs["cluster.recipe.activations"].origin
    assert (origin.kind, origin.text) == (
        "default",
        "the catalog does not say how fp16 keeps activations: 2 bytes a value",
    )
