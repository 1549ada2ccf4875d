"""`layout: auto` in scenarios, with the shipped catalog."""

from __future__ import annotations

from datetime import date

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ComputecalcError, EstimateError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.scenario.searching import held_keys
from computecalc.yamlio.loading import load_text

TODAY = date(2026, 3, 1)
DATA = "data: {tokens: 1T tokens, global_batch: 128, sequence_length: 4096}"
CLUSTER = "cluster: {accelerator: h100-sxm, count: 16}"


def resolved(*parts: str, model: str = "llama-3.1-8b", has_open_layout: bool = False) -> Resolved:
    body = ", ".join(("kind: train", f"model: {model}", *parts))
    (raw,) = raw_scenarios(load_text(f"version: 1\nscenarios:\n  case: {{{body}}}\n", "<test>"))
    return resolve(raw, Catalog.open(), today=TODAY, has_open_layout=has_open_layout)


@pytest.mark.parametrize("layout", [(), ("layout: auto",)])
def test_a_scenario_without_a_layout_gets_one(layout: tuple[str, ...]) -> None:
    found = resolved(DATA, CLUSTER, *layout)
    degrees = {name: found.inputs[f"layout.{name}"].range.mid for name in ("tensor", "pipeline", "context", "data")}
    assert degrees["tensor"] * degrees["pipeline"] * degrees["context"] * degrees["data"] == 16.0
    for path in ("layout.tensor", "layout.virtual_pipeline", "layout.micro_batch", "layout.data"):
        assert found.inputs[path].origin.kind == "search"
        assert found.inputs[path].origin.text.startswith("searched: fastest of ")
    for path in ("layout.recompute", "layout.sharding", "layout.sequence_parallel"):
        assert found.choices[path].origin.kind == "search"
    assert found.choices["layout.fused_attention"].origin.kind == "default"
    assert "layout" not in found.unknown
    outputs = estimate(found).outputs
    assert outputs["memory.fits"].mid == 1.0
    assert outputs["mfu"].formula == "achieved_mfu@1"


def test_a_stated_layout_is_never_faster() -> None:
    searched = estimate(resolved(DATA, CLUSTER)).outputs["time.wall"].mid
    stated = estimate(resolved(DATA, CLUSTER, "layout: {tensor: 4, pipeline: 2}")).outputs["time.wall"].mid
    assert searched is not None
    assert stated is not None
    assert searched <= stated


def test_a_deadline_gets_a_count() -> None:
    found = resolved(DATA, "cluster: {accelerator: h100-sxm, wall_time: 90 d}")
    count = found.inputs["cluster.count"]
    assert count.origin.text.startswith("searched: least of ")
    assert found.inputs["cluster.wall_time"].range.mid == 90 * 86400.0
    wall = estimate(found).outputs["time.wall"].mid
    assert wall is not None
    assert wall <= 90 * 86400.0


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((DATA, CLUSTER, "efficiency: {mfu: 0.4}"), "no layout is stated"),
        (
            ("data: {tokens: 1T tokens}", CLUSTER),
            "no layout is stated, and none is searched without a global batch",
        ),
        (
            (DATA, "cluster: {accelerator: h100-sxm, count: 8..16}"),
            "no layout is stated, and none is searched for a range of counts",
        ),
    ],
)
def test_where_nothing_is_searched_the_reason_stands(parts: tuple[str, ...], reason: str) -> None:
    found = resolved(*parts)
    assert found.unknown["layout"] == reason
    assert "layout.tensor" not in found.inputs
    assert "efficiency.mfu" in found.inputs


def test_a_cluster_and_its_time_get_a_layout_and_the_tokens_follow() -> None:
    found = resolved(
        "data: {global_batch: 128, sequence_length: 4096}",
        "cluster: {accelerator: h100-sxm, count: 16, wall_time: 9 d}",
    )
    assert found.inputs["layout.tensor"].origin.kind == "search"
    outputs = estimate(found).outputs
    assert outputs["time.wall"].mid == pytest.approx(9 * 86400.0)
    # The same layout trains as many tokens in the same time.
    again = estimate(resolved(DATA, CLUSTER)).outputs
    rate = again["throughput.cluster"].mid
    goodput = again["goodput"].mid
    assert rate is not None
    assert goodput is not None
    assert outputs["tokens"].mid == pytest.approx(rate * 9 * 86400.0 * goodput)


def test_a_budget_with_a_deadline_leaves_no_layout() -> None:
    found = resolved(
        "data: {global_batch: 128, sequence_length: 4096}",
        "cluster: {accelerator: h100-sxm, wall_time: 9 d}",
        "money: {budget: 1 MUSD}",
    )
    assert found.unknown["layout"].startswith("no layout is stated, and none is searched where both tokens and count")


def test_models_known_by_their_counts_have_no_layouts() -> None:
    found = resolved(DATA, CLUSTER, model="{parameters: 8B params}")
    assert found.unknown["layout"] == "no layout is stated"


def test_layers_whose_activations_are_not_counted_are_named() -> None:
    found = resolved(DATA, CLUSTER, model="qwen3-next-80b-a3b")
    assert found.unknown["layout"].startswith("no layout is stated, and none is searched: what gated_delta")


def test_without_a_global_batch_a_note_says_what_would_come_of_one() -> None:
    (note,) = (each for each in resolved("data: {tokens: 1T tokens}", CLUSTER).diagnostics if each.code == "CC612")
    assert note.severity == "note"
    assert note.message == "the MFU is a range measured on comparable runs: a prediction needs the global batch"
    assert not [each for each in resolved(DATA, CLUSTER, "efficiency: {mfu: 0.4}").diagnostics if each.code == "CC612"]


@pytest.mark.parametrize(
    ("model", "batch", "cluster", "message", "hint"),
    [
        (
            "llama-3.1-70b",
            64,
            "count: 8",
            "layouts fits into 80.0 GB on 8 accelerators",
            "it fits with --count ",
        ),
        (
            "llama-3.1-8b",
            64,
            "count: 296",
            "no layout spreads 64 sequences a step evenly over 296 accelerators",
            "it works with --count 288 or 304",
        ),
        (
            "llama-3.1-8b",
            8,
            "wall_time: 2 d",
            "accelerators meets the deadline of 2.00 d",
            "a later deadline",
        ),
    ],
)
def test_where_no_layout_works_the_way_out_is_told(
    model: str, batch: int, cluster: str, message: str, hint: str
) -> None:
    data = f"data: {{tokens: 1T tokens, global_batch: {batch}, sequence_length: 4096}}"
    with pytest.raises(EstimateError) as error:
        resolved(data, f"cluster: {{accelerator: h100-sxm, {cluster}}}", model=model)
    (found,) = error.value.diagnostics
    assert found.code == "CC608"
    assert message in found.message
    assert found.hint.startswith(hint)
    assert found.span is not None


def test_an_open_layout_leaves_out_the_mfu_and_holds_what_is_stated() -> None:
    stated = ("layout: {tensor: 4, recompute: full, fused_loss: true}", "efficiency: {mfu: 0.4}")
    found = resolved(DATA, CLUSTER, *stated, has_open_layout=True)
    assert found.inputs["layout.tensor"].range.mid == 4.0
    assert "layout.pipeline" not in found.inputs
    assert "efficiency.mfu" not in found.inputs
    assert held_keys(found) == {"tensor": 4, "recompute": "full", "fused_loss": True}
    (note,) = (each for each in found.diagnostics if each.code == "CC606")
    assert note.message == "stated, but a search finds its own: efficiency.mfu"


def kinds(found: Resolved) -> dict[str, str]:
    """Where each part of the layout came from."""
    values = {**found.inputs, **found.choices}
    return {path: value.origin.kind for path, value in values.items() if path.startswith("layout.")}


def test_what_is_stated_of_a_layout_holds_and_the_rest_is_searched() -> None:
    found = resolved(DATA, CLUSTER, "layout: {tensor: 4, recompute: full}")
    assert found.inputs["layout.tensor"].range.mid == 4.0
    assert found.choices["layout.recompute"].value == "full"
    origins = kinds(found)
    assert (origins["layout.tensor"], origins["layout.recompute"]) == ("scenario", "scenario")
    assert {origins[f"layout.{key}"] for key in ("pipeline", "data", "micro_batch", "sharding")} == {"search"}
    held = estimate(found).outputs["time.step"].mid
    free = estimate(resolved(DATA, CLUSTER)).outputs["time.step"].mid
    assert held is not None
    assert free is not None
    assert free <= held


def test_options_alone_leave_all_degrees_to_the_search() -> None:
    # With one accelerator a stage and no cutting, 8B parameters at 18 bytes are 144 GB: degrees of 1 would not fit.
    found = resolved(DATA, CLUSTER, "layout: {recompute: full, sharding: none}")
    assert estimate(found).outputs["memory.fits"].mid == 1.0
    assert found.choices["layout.sharding"].value == "none"
    assert found.inputs["layout.tensor"].range.mid * found.inputs["layout.pipeline"].range.mid > 1.0


def test_tensor_and_pipeline_make_a_layout_whole() -> None:
    found = resolved(DATA, CLUSTER, "layout: {tensor: 2, pipeline: 2}")
    assert {kind for path, kind in kinds(found).items() if path != "layout.data"} == {"scenario", "default"}
    others = ("virtual_pipeline", "context", "micro_batch")
    assert {found.inputs[f"layout.{key}"].range.mid for key in others} == {1.0}
    assert found.inputs["layout.data"].range.mid == 4.0


def test_with_a_stated_mfu_options_state_no_layout_and_degrees_do() -> None:
    options = resolved(DATA, CLUSTER, "layout: {recompute: full}", "efficiency: {mfu: 0.4}")
    assert "layout.tensor" not in options.inputs
    assert options.unknown["layout"] == "no layout is stated"
    assert options.choices["layout.recompute"].value == "full"
    degrees = resolved(DATA, CLUSTER, "layout: {tensor: 8}", "efficiency: {mfu: 0.4}")
    assert degrees.inputs["layout.pipeline"].range.mid == 1.0
    assert degrees.inputs["layout.data"].range.mid == 2.0


def test_a_zero_bubble_schedule_is_searched_over_plain_pipelines() -> None:
    found = resolved(DATA, CLUSTER, "layout: {zero_bubble: true}")
    assert found.inputs["layout.pipeline"].range.mid > 1.0
    assert found.inputs["layout.virtual_pipeline"].range.mid == 1.0


def test_hybrid_sharding_and_cut_experts_hold_in_a_search() -> None:
    layout = "layout: {shard_size: 4, expert_tensor: 1, expert: 4}"
    found = resolved(DATA, "cluster: {accelerator: h100-sxm, count: 32}", layout, model="qwen3-30b-a3b")
    ranks = found.inputs["layout.data"].range.mid * found.inputs["layout.context"].range.mid
    assert ranks % 4 == 0
    assert found.inputs["layout.shard_size"].range.mid == 4.0
    assert found.inputs["layout.expert"].range.mid == 4.0
    assert estimate(found).outputs["memory.fits"].mid == 1.0


@pytest.mark.parametrize(
    ("layout", "code", "message"),
    [
        ("tensor: 5", "CC311", "tensor 5 does not divide the 32 heads"),
        ("context: 32", "CC311", "context 32 needs 32 accelerators, but the count is 16"),
        ("virtual_pipeline: 64", "CC311", "virtual_pipeline 64 = 64 stages, but llama-3.1-8b has 32 layers"),
        ("expert: 2", "CC311", "expert 2 cuts experts"),
        ("micro_batch: 256", "CC608", "no layout with micro_batch 256 spreads 128 sequences a step evenly"),
        ("micro_batch: 64, recompute: none", "CC608", "layouts with micro_batch 64, recompute none fits into"),
    ],
)
def test_a_stated_part_that_leaves_nothing_is_told(layout: str, code: str, message: str) -> None:
    with pytest.raises(ComputecalcError) as error:
        resolved(DATA, CLUSTER, f"layout: {{{layout}}}")
    found = next(each for each in error.value.diagnostics if message in each.message)
    assert found.code == code
    assert found.hint
