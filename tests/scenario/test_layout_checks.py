"""Impossible layouts: what clashes, where it stands, and the nearest that would be possible."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved
from computecalc.scenario.layout_checks import divisors, nearest

Resolving = Callable[..., Resolved]
Refusing = Callable[..., tuple[Diagnostic, ...]]

DENSE = "model: {hidden: 768, layers: 8, heads: 48, kv_heads: 8, head_size: 16, ffn: 3072, gated: true, vocab: 1000}"
MIXTURE = (
    "model: {hidden: 512, layers: 8, heads: 32, kv_heads: 8, head_size: 16, gated: true, vocab: 1000, "
    "experts: 64, experts_per_token: 8, expert_ffn: 120}"
)
COUNT = "cluster: {accelerator: h100-sxm, count: %d}"


def told(problem: Diagnostic) -> tuple[str, str, str]:
    return problem.code, problem.message, problem.hint


def test_divisors_and_the_nearest_of_them() -> None:
    assert divisors(36) == [1, 2, 3, 4, 6, 9, 12, 18, 36]
    assert divisors(1) == [1]
    assert nearest(5, divisors(36)) == "4 or 6"
    assert nearest(40, divisors(36)) == "36"


@pytest.mark.parametrize(
    ("layout", "message", "hint"),
    [
        (
            "{tensor: 3}",
            "tensor 3 does not divide the count 1000",
            "nearest counts: 999 or 1002",
        ),
        (
            "{tensor: 2000}",
            "tensor 2000 needs 2000 accelerators, but the count is 1000",
            "nearest count: 2000",
        ),
        ("{expert: 8}", "expert 8 cuts experts, but inline counts is dense", "leave out layout.expert"),
        (
            "{expert_tensor: 2}",
            "expert_tensor 2 cuts experts, but inline counts is dense",
            "leave out layout.expert_tensor",
        ),
        (
            "{virtual_pipeline: 2}",
            "virtual_pipeline 2 interleaves stages, but pipeline is 1",
            "leave out layout.virtual_pipeline, or state layout.pipeline: 2 or more",
        ),
        (
            "{context: 3, tensor: 5}",
            "context 3 does not divide the sequence length 4096",
            "nearest layout.context: 2 or 4; nearest data.sequence_length: 4095 or 4098",
        ),
    ],
)
def test_impossible_layouts_are_told_with_a_way_out(refused: Refusing, layout: str, message: str, hint: str) -> None:
    assert ("CC311", message, hint) in [told(problem) for problem in refused(f"layout: {layout}")]


@pytest.mark.parametrize(
    ("layout", "message", "hint"),
    [
        (
            "{pipeline: 10}",
            "pipeline 10 = 10 stages, but inline has 8 layers",
            "at most layout.pipeline: 8",
        ),
        (
            "{pipeline: 4, virtual_pipeline: 3}",
            "pipeline 4 x virtual_pipeline 3 = 12 stages, but inline has 8 layers",
            "at most layout.virtual_pipeline: 2",
        ),
        # 48 heads, 8 key heads and 3072 wide: 8 and 16 suit all, 12 would leave key heads that no copies even out.
        (
            "{tensor: 10}",
            "tensor 10 does not divide the 48 heads of attention in inline",
            "nearest layout.tensor: 8 or 16",
        ),
        (
            "{tensor: 12}",
            "tensor 12 does not divide the 8 key-value heads of attention in inline",
            "nearest layout.tensor: 8 or 16",
        ),
    ],
)
def test_what_the_model_forbids(refused: Refusing, layout: str, message: str, hint: str) -> None:
    problem = refused(f"{DENSE}\n{COUNT % 960}\nlayout: {layout}")[0]
    assert told(problem) == ("CC311", message, hint)


def test_the_width_of_a_feed_forward_is_cut_too(refused: Refusing) -> None:
    (problem,) = refused(f"{DENSE.replace('3072', '3080')}\n{COUNT % 960}\nlayout: {{tensor: 16}}")
    # 3080 = 8 x 385; of the degrees above 16 that divide it and 48 heads there is none.
    assert told(problem)[1:] == (
        "tensor 16 does not divide the width 3080 of dense in inline",
        "nearest layout.tensor: 8",
    )


@pytest.mark.parametrize("tensor", [16, 24, 48])
def test_key_heads_fewer_than_ranks_are_copied(resolved: Resolving, tensor: int) -> None:
    found = resolved(f"{DENSE}\n{COUNT % 960}\nlayout: {{tensor: {tensor}}}")
    assert found.inputs["layout.data"].range.mid == 960 / tensor


@pytest.mark.parametrize(
    ("layout", "message", "hint"),
    [
        (
            "{expert: 12}",
            "expert 12 does not divide the 64 experts of experts in inline",
            "nearest layout.expert: 8 or 16",
        ),
        # All 96 ranks of the one stage may hold other experts, but not 64 of them evenly.
        (
            "{tensor: 2, expert: 64}",
            "expert 64 does not divide the 96 accelerators of a pipeline stage",
            "nearest layout.expert: 48 or 96",
        ),
        (
            "{tensor: 2, expert: 32, expert_tensor: 2}",
            "expert 32 x expert_tensor 2 does not divide the 96 accelerators of a pipeline stage",
            "nearest layout.expert: 24 or 48",
        ),
        (
            "{expert: 2, expert_tensor: 16}",
            "expert_tensor 16 does not divide the experts' width 120 of experts in inline",
            "nearest layout.expert_tensor: 15 or 20",
        ),
    ],
)
def test_what_experts_forbid(refused: Refusing, layout: str, message: str, hint: str) -> None:
    (problem,) = refused(f"{MIXTURE}\n{COUNT % 96}\nlayout: {layout}")
    assert told(problem) == ("CC311", message, hint)


def test_experts_need_not_be_cut_as_the_other_layers_are(refused: Refusing, resolved: Resolving) -> None:
    odd = MIXTURE.replace("expert_ffn: 120", "expert_ffn: 100")
    (problem,) = refused(f"{odd}\n{COUNT % 64}\nlayout: {{tensor: 8, expert: 8}}")
    assert told(problem)[1:] == (
        "tensor 8 does not divide the experts' width 100 of experts in inline",
        "nearest layout.tensor: 5 or 10; or layout.expert_tensor: 1",
    )
    assert resolved(f"{odd}\n{COUNT % 64}\nlayout: {{tensor: 8, expert: 8, expert_tensor: 1}}")
    # As published for many runs: 64 ways of experts on 64 accelerators whose other layers are cut in two.
    assert resolved(f"{odd}\n{COUNT % 64}\nlayout: {{tensor: 2, expert: 64}}")


@pytest.mark.parametrize(
    ("batch", "message", "hint"),
    [
        (
            "100",
            "the global batch of 100 sequences is less than data 100 x micro_batch 2 = 200",
            "at least data.global_batch: 200, or fewer data-parallel ranks (data is the count over "
            "tensor x pipeline x context)",
        ),
        (
            "500",
            "data 100 x micro_batch 2 = 200 does not divide the global batch of 500 sequences",
            "nearest data.global_batch: 400 or 600",
        ),
    ],
)
def test_a_batch_is_dealt_in_whole_micro_batches(refused: Refusing, batch: str, message: str, hint: str) -> None:
    data = f"data: {{tokens: 1T tokens, global_batch: {batch}}}"
    (problem,) = refused(f"{data}\nlayout: {{tensor: 10, micro_batch: 2}}")
    assert told(problem) == ("CC311", message, hint)
    assert problem.place == "s.yaml:6:45"


def test_a_batch_in_tokens_is_a_round_figure(resolved: Resolving, refused: Refusing) -> None:
    # 4M tokens of 4096 are 976.6 sequences.
    found = resolved("data: {tokens: 1T tokens, global_batch: 4M tokens}\nlayout: {tensor: 10, micro_batch: 2}")
    assert found.inputs["layout.data"].range.mid == 100.0
    (problem,) = refused("data: {tokens: 1T tokens, global_batch: 400K tokens}\nlayout: {tensor: 10}")
    assert problem.message == "the global batch of 98 sequences is less than data 100 x micro_batch 1 = 100"


def test_all_that_is_wrong_is_told_at_once(refused: Refusing) -> None:
    data = "data: {tokens: 1T tokens, sequence_length: 4095}"
    found = refused(f"{MIXTURE}\n{data}\n{COUNT % 100}\nlayout: {{tensor: 3, pipeline: 9, context: 2, expert: 7}}")
    assert [problem.message.partition(" in ")[0] for problem in found] == [
        "tensor 3 x pipeline 9 x context 2 = 54 does not divide the count 100",
        "tensor 3 does not divide the 32 heads of attention",
        "tensor 3 does not divide the 8 key-value heads of attention",
        "pipeline 9 = 9 stages, but inline has 8 layers",
        "context 2 does not divide the sequence length 4095",
        "expert 7 does not divide the 64 experts of experts",
    ]


def test_a_model_forbids_whatever_the_count(refused: Refusing) -> None:
    cluster = "cluster: {accelerator: h100-sxm, wall_time: 10 d}"
    (problem,) = refused(f"{DENSE}\n{cluster}\nlayout: {{tensor: 10}}")[:1]
    assert problem.message == "tensor 10 does not divide the 48 heads of attention in inline"


@pytest.mark.parametrize(
    ("layout", "message", "hint"),
    [
        (
            "{pipeline: 4, virtual_pipeline: 2, zero_bubble: true}",
            "zero_bubble fills the bubble of a plain pipeline, but the layout has virtual_pipeline 2",
            "leave out layout.virtual_pipeline",
        ),
        (
            "{zero_bubble: true}",
            "zero_bubble fills the bubble of a plain pipeline, but the layout has pipeline 1",
            "state layout.pipeline: 2 or more",
        ),
    ],
)
def test_zero_bubble_needs_a_plain_pipeline(refused: Refusing, layout: str, message: str, hint: str) -> None:
    (problem,) = refused(f"{DENSE}\n{COUNT % 8}\nlayout: {layout}")
    assert told(problem)[:2] == ("CC311", message)
    assert problem.hint == hint


@pytest.mark.parametrize(
    ("layout", "message", "hint"),
    [
        (
            "{context: 2, shard_size: 7}",
            "shard_size 7 does not divide data 48 x context 2 = 96",
            "nearest layout.shard_size: 6 or 8",
        ),
        (
            "{sharding: none, shard_size: 8}",
            "shard_size 8 cuts sharded states, but sharding is none",
            "leave out layout.shard_size, or state layout.sharding: optimizer, gradients or full",
        ),
        # Of 6 ranks some of four kinds of experts would be held twice, others once.
        (
            "{expert: 4, shard_size: 6}",
            "shard_size 6 x tensor 1 ranks and expert 4 do not divide each other",
            "nearest layout.shard_size: 4 or 8",
        ),
    ],
)
def test_sharding_groups_are_equal(refused: Refusing, layout: str, message: str, hint: str) -> None:
    (problem,) = refused(f"{MIXTURE}\n{COUNT % 96}\nlayout: {layout}")
    assert told(problem) == ("CC311", message, hint)


@pytest.mark.parametrize("size", [1, 2, 8, 96])
def test_sharding_groups_are_stated(resolved: Resolving, size: int) -> None:
    found = resolved(f"{MIXTURE}\n{COUNT % 96}\nlayout: {{expert: 4, shard_size: {size}}}")
    assert found.inputs["layout.shard_size"].range.mid == size
    assert "layout.shard_size" not in resolved(f"{MIXTURE}\n{COUNT % 96}\nlayout: {{expert: 4}}").inputs
