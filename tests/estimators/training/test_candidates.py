"""Candidates against plain loops over everything that could be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
import pytest

from computecalc.catalog.architecture import Architecture, Attention, DenseFeedForward, ExpertFeedForward
from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.shapes import ModelShape
from computecalc.estimators.training.candidates import (
    CHUNK,
    DEGREES,
    candidates,
    neighbours,
    tensor_degrees,
)
from computecalc.estimators.training.grids import Columns, Grid, layouts_from

Build = Callable[..., Architecture]
Shaped = Callable[[Architecture], ModelShape]
Run = Callable[..., TrainInputs]
Plan = Callable[..., TrainInputs]

SCHEDULE = (*DEGREES, "micro_batch", "virtual")


@pytest.fixture
def plan(run: Run, toy: Build, shape: Shaped) -> Plan:
    """A toy model with 4 heads and 6 layers in a domain of 8, sequences of 4096 tokens."""

    def build(layers: int = 6, *, feed_forward: object = None, heads: int = 4, **changes: object) -> TrainInputs:
        mixer = Attention(heads=heads, kv_heads=heads, head_size=3)
        architecture = toy(mixer=mixer, feed_forward=feed_forward)
        group = architecture.layers[0].model_copy(update={"count": layers})
        given = {"scale_up_size": 8.0, "sequence_length": 4096.0, "fused_attention": True}
        return run(model=shape(architecture.model_copy(update={"layers": (group,)})), **given | changes)

    return build


def laid_out(inputs: TrainInputs, batch: float, counts: list[int], *, thorough: bool = True) -> Columns:
    return joined(candidates(inputs, batch, counts, thorough=thorough))


def joined(grids: Iterable[Grid]) -> Columns:
    chunks = [grid.columns(grid.wanted) for grid in grids]
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


def schedules(columns: Columns) -> set[tuple[int, ...]]:
    return {tuple(int(columns[name][row]) for name in SCHEDULE) for row in range(columns["data"].size)}


def every(count: int, batch: int, *, layers: int, experts: int = 1) -> set[tuple[int, ...]]:
    """All sets of degrees with their micro-batches and virtual stages, one at a time."""
    found = set()
    contexts = [c for c in range(1, 9) if c == 1 or 4096 % (2 * c) == 0]
    for tensor, pipeline, context in product((1, 2, 4), range(1, layers + 1), contexts):
        if count % (tensor * pipeline * context):
            continue
        data = count // (tensor * pipeline * context)
        for expert, micro_batch, virtual in product(range(1, experts + 1), range(1, batch + 1), range(1, layers + 1)):
            if (
                tensor * context * data % expert
                or experts % expert
                or batch % (data * micro_batch)
                or pipeline * virtual > layers
            ):
                continue
            if virtual > 1 and (pipeline == 1 or batch // (data * micro_batch) % pipeline):
                continue
            found.add((tensor, pipeline, context, expert, data, micro_batch, virtual))
    return found


def test_a_thorough_search_lays_out_everything_that_can_be(plan: Plan) -> None:
    assert schedules(laid_out(plan(), 48.0, [24])) == every(24, 48, layers=6)


def test_experts_are_spread_over_the_ranks_of_a_stage(plan: Plan) -> None:
    experts = ExpertFeedForward(experts=6, experts_per_token=2, width=16, gated=True)
    found = laid_out(plan(feed_forward=experts), 16.0, [8])
    assert schedules(found) == every(8, 16, layers=6, experts=6)
    assert set(found["expert"]) == {1.0, 2.0}  # 3 and 6 divide no power of two


def test_options_are_crossed_once(plan: Plan) -> None:
    found = laid_out(plan(), 48.0, [24])
    keys = ("full_recompute", "selective_recompute", "sharded_weights", "sharded_gradients", "sharded_optimizer")
    rows = np.stack([found[name] for name in (*SCHEDULE, *keys, "sequence_parallel")], axis=1)
    assert np.unique(rows, axis=0).shape == rows.shape
    # With 2-way tensor and 12-way data parallelism: 2 recomputes x 4 levels of sharding x cut or whole sequences.
    one = (found["tensor"] == 2) & (found["data"] == 12) & (found["micro_batch"] == 4)
    assert int(np.sum(one)) == 16
    # Without tensor parallelism sequences are not cut, without ranks nothing is sharded.
    assert set(found["sequence_parallel"][found["tensor"] == 1]) == {1.0}
    alone = found["data"] * found["context"] == 1
    assert alone.any()
    assert set(found["sharded_optimizer"][alone]) == {0.0}


def test_selective_recompute_only_where_scores_are_kept(plan: Plan) -> None:
    assert set(laid_out(plan(), 8.0, [8])["selective_recompute"]) == {0.0}
    assert set(laid_out(plan(fused_attention=False), 8.0, [8])["selective_recompute"]) == {0.0, 1.0}


def test_tensor_degrees_divide_heads_and_tile_the_domain(plan: Plan) -> None:
    assert tensor_degrees(plan()) == [1, 2, 4]
    assert tensor_degrees(plan(heads=12)) == [1, 2, 4]  # 3 and 6 would lie across two domains of 8
    wide = DenseFeedForward(width=48, gated=True)
    assert tensor_degrees(plan(heads=12, feed_forward=wide, scale_up_size=72.0)) == [1, 2, 3, 4, 6, 12]
    assert tensor_degrees(plan(heads=12, scale_up_size=72.0)) == [1, 2, 4]  # a width of 16 has no thirds
    assert tensor_degrees(plan(scale_up_size=1.0)) == [1]


def test_experts_whose_width_does_not_divide_are_not_cut(plan: Plan) -> None:
    experts = ExpertFeedForward(experts=4, experts_per_token=2, width=15, gated=True)
    found = laid_out(plan(feed_forward=experts), 16.0, [8])
    # 2-way tensor parallelism would halve an expert of 15, unless the other ranks cannot hold all experts.
    halved = {key for key in schedules(found) if key[0] == 2}
    assert halved
    assert all(context * data % expert for _, _, context, expert, data, *_ in halved)


def test_tensor_ranks_that_hold_the_same_experts_shard_their_states(plan: Plan) -> None:
    experts = ExpertFeedForward(experts=4, experts_per_token=2, width=16, gated=True)
    found = laid_out(plan(feed_forward=experts), 1.0, [4])
    one = (found["tensor"] == 4) & (found["expert"] == 2)
    assert set(found["sharded_optimizer"][one]) == {0.0, 1.0}


def test_a_context_rank_gets_at_least_512_tokens(plan: Plan) -> None:
    assert set(laid_out(plan(), 64.0, [64])["context"]) == {1.0, 2.0, 4.0, 8.0}
    assert set(laid_out(plan(sequence_length=1024.0), 64.0, [64])["context"]) == {1.0, 2.0}
    assert set(laid_out(plan(sequence_length=1023.0), 64.0, [64])["context"]) == {1.0}


def test_a_quick_search_lays_out_a_part_of_a_thorough_one(plan: Plan) -> None:
    quick = laid_out(plan(24), 96.0, [48], thorough=False)
    thorough = laid_out(plan(24), 96.0, [48])
    assert schedules(quick) < schedules(thorough)
    assert {key[:5] for key in schedules(quick)} == {key[:5] for key in schedules(thorough)}
    assert quick["data"].size < thorough["data"].size / 2


def test_counts_are_kept_apart(plan: Plan) -> None:
    both = laid_out(plan(), 48.0, [8, 24])
    assert schedules(both) == every(8, 48, layers=6) | every(24, 48, layers=6)
    sets = {tuple(both[name][row] for name in DEGREES): both["set"][row] for row in range(both["data"].size)}
    assert len(set(sets.values())) == len(sets)


def test_a_batch_in_tokens_may_leave_a_little_padding(plan: Plan) -> None:
    # 97.7 sequences over 14 ranks are 7 rounds of 14 = 98, 0.3 % more; over 12 they are 9 rounds, 108, 10.5 % more.
    assert 14.0 in laid_out(plan(7), 97.7, [14])["data"]
    assert 12.0 not in laid_out(plan(7), 97.7, [12])["data"]
    # A whole number of sequences is shared out evenly or not at all.
    assert set(laid_out(plan(7), 97.0, [14])["data"]) == {1.0}


def test_nothing_can_be_where_nothing_divides(plan: Plan) -> None:
    assert sum(grid.size for grid in candidates(plan(4), 64.0, [7], thorough=True)) == 0


def rows(columns: Columns, degrees: tuple[float, ...]) -> list[tuple[float, ...]]:
    """Every field of the candidates of one set of degrees."""
    names = sorted(set(columns) - {"set"})
    own = [row for row in range(columns["data"].size) if tuple(columns[name][row] for name in DEGREES) == degrees]
    return sorted(tuple(columns[name][row] for name in names) for row in own)


@pytest.mark.parametrize("row", [0, 50, -1])
def test_neighbours_are_what_a_quick_search_left_out_of_a_set(plan: Plan, row: int) -> None:
    quick = laid_out(plan(24), 96.0, [48], thorough=False)
    chosen = {name: values[[row]] for name, values in quick.items()}
    rest = joined(neighbours(plan(24), 96.0, chosen))
    degrees = tuple(chosen[name][0] for name in DEGREES)
    together = sorted(rows(quick, degrees) + rows(rest, degrees))
    assert together == rows(laid_out(plan(24), 96.0, [48]), degrees)
    assert set(rest["set"]) == {chosen["set"][0]}


def test_chunks_are_bounded(plan: Plan) -> None:
    sizes = [grid.wanted.size for grid in candidates(plan(96), 1536.0, [1024], thorough=True)]
    assert len(sizes) > 1
    assert max(sizes) <= CHUNK


def test_layouts_carry_the_kernels_of_the_run(plan: Plan) -> None:
    inputs = plan(fused_loss=True)
    layouts = layouts_from(laid_out(inputs, 8.0, [8]), inputs)
    assert (layouts.fused_attention, layouts.fused_loss) == (True, True)


def test_a_coarse_model_has_no_layouts(run: Run) -> None:
    with pytest.raises(TypeError, match="counts alone"):
        list(candidates(run(scale_up_size=8.0), 8.0, [8], thorough=True))


def test_a_huge_count_is_laid_out_without_looking_through_its_divisors(plan: Plan) -> None:
    # A loop up to the square root of 6e29, 8e14, would not end; and 8 sequences spread over no such count.
    count = 6 * 10**29
    assert list(candidates(plan(), 8.0, [count], thorough=False)) == []
