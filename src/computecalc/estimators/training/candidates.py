"""Every layout that a run could have, as arrays: degrees that go together, and the options beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.shapes import AttentionShape, DenseShape, ExpertShape, LatentAttentionShape, ModelShape
from computecalc.estimators.training.grids import NOTHING_STATED, Columns, Grid, Stated, kept
from computecalc.estimators.training.layouts import SHARDED_STATES
from computecalc.formulas.stages import micro_batch_count
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = [
    "CHUNK",
    "DEGREES",
    "candidates",
    "neighbours",
    "tensor_degrees",
]

Which = Literal["all", "usual", "rest"]
"""All candidates, those that a quick search starts from, or the others."""

DEGREES = ("tensor", "pipeline", "context", "expert", "data")
"""What tells one set of degrees from another; everything else is chosen within a set."""

CHUNK = 2**15
"""Candidates that are handed out at once at most: as many as the fast memory of a processor holds."""

_LEAST_SLICE = 512.0
"""Tokens of a sequence that a context-parallel rank gets at least: below, attention is all exchange. [token]"""

_SPARE = 0.05
"""Share of a batch that may be padding where the batch is stated in tokens and is no whole number of sequences."""


def tensor_degrees(inputs: TrainInputs) -> list[int]:
    """Return the tensor-parallel degrees that cut all heads and dense widths, and tile a scale-up domain."""
    domain, model = int(float(_one(inputs.scale_up_size))), _shape(inputs)
    mixers = [group.mixer for group in model.groups]
    # Fewer key heads than ranks are copied to as many ranks each.
    keys = [int(float(_one(mixer.kv_heads))) for mixer in mixers if isinstance(mixer, AttentionShape)]
    return [
        degree
        for degree in _divisors(_common_cut(model))
        if domain % degree == 0 and all(key % degree == 0 or degree % key == 0 for key in keys)
    ]


def candidates(
    inputs: TrainInputs,
    global_batch: float,
    counts: Sequence[int],
    *,
    thorough: bool,
    stated: Stated = NOTHING_STATED,
) -> Iterator[Grid]:
    """Lay out every candidate, a chunk at a time.

    Parameters
    ----------
    inputs : TrainInputs
        The run in plain numbers; its model must be known by its layers.
    global_batch : float
        Sequences of one optimizer step, which all candidates share. [1]
    counts : sequence of int
        Numbers of accelerators; a candidate uses exactly one of them. [accelerator]
    thorough : bool
        Whether every micro-batch, number of virtual stages and option is laid out, or those that are often best.
    stated : Stated
        What all candidates have in common because it is stated.
    """
    known = 0
    space = _Space(inputs, global_batch, stated, "all" if thorough else "usual")
    for group in [[count] for count in counts] if thorough else [list(counts)]:
        degrees = _degrees(space, group)
        degrees["set"] = np.arange(known, known + degrees["data"].size, dtype=np.float64)
        known += degrees["data"].size
        yield from _with_options(space, _scheduled(space, degrees))


def neighbours(
    inputs: TrainInputs, global_batch: float, chosen: Columns, *, stated: Stated = NOTHING_STATED
) -> Iterator[Grid]:
    """Lay out what a quick search left out of the chosen sets of degrees, one row each."""
    table = {name: chosen[name] for name in (*DEGREES, "set")}
    space = _Space(inputs, global_batch, stated, "rest")
    yield from _with_options(space, _scheduled(space, table))


@record
class _Space:
    """What is laid out: of which run, and how much of it."""

    inputs: TrainInputs
    global_batch: float
    stated: Stated
    which: Which

    @property
    def layers(self) -> int:
        return int(sum(float(_one(group.count)) for group in _shape(self.inputs).groups))


def _degrees(space: _Space, counts: Sequence[int]) -> Columns:
    """Sets of degrees whose product is one of the counts, each at least possible with a micro-batch of one."""
    inputs, stated, layers = space.inputs, space.stated, space.layers
    model = _shape(inputs)
    table: Columns = {"count": np.array(counts, dtype=np.float64)}
    table = _crossed(table, "tensor", tensor_degrees(inputs) if stated.tensor is None else [stated.tensor])
    table = kept(table, table["count"] % table["tensor"] == 0)
    # Stages are at most layers: looking for all divisors of a huge count would take minutes.
    least = 2 if inputs.zero_bubble else 1  # it fills the bubble of a pipeline
    stages = range(least, layers + 1) if stated.pipeline is None else [stated.pipeline]
    table = _crossed(table, "pipeline", [degree for degree in stages if any(count % degree == 0 for count in counts)])
    table = kept(table, table["count"] % (table["tensor"] * table["pipeline"]) == 0)
    table = _crossed(table, "context", _context_degrees(inputs) if stated.context is None else [stated.context])
    ranks = table["tensor"] * table["pipeline"] * table["context"]
    table = kept(table, table["count"] % ranks == 0)
    table["data"] = table["count"] / (table["tensor"] * table["pipeline"] * table["context"])
    table = kept(table, _shares(space.global_batch, table["data"]))
    table = _crossed(table, "expert", _expert_degrees(model) if stated.expert is None else [stated.expert])
    table = kept(table, _spreads_experts(inputs, table) & _suits_shards(inputs, table))
    del table["count"]
    return table


def _spreads_experts(inputs: TrainInputs, table: Columns) -> NDArray[np.bool_]:
    """Spread experts over the ranks of a stage; where the tensor degree cuts each one too, its width must divide."""
    beside = table["data"] * table["context"]
    widths = [int(float(_one(each.expert.width))) for each in _experts(_shape(inputs))]
    if inputs.expert_tensor is not None and widths:
        each = float(_one(inputs.expert_tensor))
        stated: NDArray[np.bool_] = beside * table["tensor"] % (table["expert"] * each) == 0
        return stated
    ranks = beside * table["tensor"] % table["expert"] == 0
    whole = np.all([width % table["tensor"] == 0 for width in widths], axis=0)
    possible: NDArray[np.bool_] = ranks & ((beside % table["expert"] > 0) | whole)
    return possible


def _suits_shards(inputs: TrainInputs, table: Columns) -> NDArray[np.bool_]:
    """Groups that share states are equal; with experts, they hold all equally often or are part of those that do."""
    size = inputs.shard_size
    if size is None:
        return np.ones(table["data"].size, dtype=np.bool_)
    beside = table["data"] * table["context"]
    equal: NDArray[np.bool_] = beside % float(_one(size)) == 0
    if not _experts(_shape(inputs)):
        return equal
    one = np.where(beside % table["expert"] > 0, 1.0, table["tensor"])
    each = one if inputs.expert_tensor is None else float(_one(inputs.expert_tensor))
    group, experts = float(_one(size)) * table["tensor"], table["expert"] * each
    suits: NDArray[np.bool_] = equal & ((group % experts == 0) | (experts % group == 0))
    return suits


def _scheduled(space: _Space, table: Columns) -> Columns:
    """Cross degrees with the micro-batches that share the batch out evenly, and with virtual stages."""
    layers, batch, stated = space.layers, space.global_batch, space.stated
    usual = space.which == "usual"
    if stated.micro_batch is not None:
        table = _crossed(table, "micro_batch", [stated.micro_batch])
    elif usual:
        table = _crossed(table, "micro_batch", (*_SIZES, 0))
        whole = np.asarray(micro_batch_count(global_batch=batch, data=table["data"], micro_batch=1.0))
        last = table["micro_batch"] == 0
        table["micro_batch"] = np.where(last, whole, table["micro_batch"])
        table = kept(table, ~last | ~np.isin(whole, _SIZES))
    else:
        most = int(batch / float(np.min(table["data"]))) if table["data"].size else 1
        sizes = sorted({*_divisors(round(batch)), *_SIZES})
        table = _crossed(table, "micro_batch", [n for n in sizes if n <= most])
    table = kept(table, _shares(batch, table["data"] * table["micro_batch"]))
    if stated.virtual_pipeline is not None:
        chunks: Sequence[int] = [stated.virtual_pipeline]
    elif space.inputs.zero_bubble:  # it fills the bubble of a plain pipeline
        chunks = [1]
    else:
        chunks = range(1, max(1, layers // 2) + 1)
        chunks = sorted({*_divisors(layers), *_CHUNKS} & set(chunks)) if usual else chunks
    table = _crossed(table, "virtual", chunks)
    table = kept(table, table["pipeline"] * table["virtual"] <= layers)
    table = kept(table, _interleaves(batch, table))
    return kept(table, _is_usual(space, table)) if usual else table


def _is_usual(space: _Space, table: Columns) -> NDArray[np.bool_]:
    """Tell which schedules are among those that are often best."""
    # Few large micro-batches run the matrix products best, many small ones keep the bubble small.
    share = np.asarray(micro_batch_count(global_batch=space.global_batch, data=table["data"], micro_batch=1.0))
    sizes = np.isin(table["micro_batch"], _SIZES) | (table["micro_batch"] == share)
    # Stages of equal depth are the best ones, and with few chunks there is little to exchange.
    even = space.layers % (table["pipeline"] * table["virtual"]) == 0
    chunks = even | np.isin(table["virtual"], _CHUNKS)
    stated = space.stated
    usual: NDArray[np.bool_] = (sizes | (stated.micro_batch is not None)) & (
        chunks | (stated.virtual_pipeline is not None)
    )
    return usual


def _interleaves(global_batch: float, table: Columns) -> NDArray[np.bool_]:
    """Virtual stages need a pipeline, and micro-batches in whole rounds of it."""
    rounds = micro_batch_count(global_batch=global_batch, data=table["data"], micro_batch=table["micro_batch"])
    possible: NDArray[np.bool_] = (table["virtual"] == 1) | (
        (table["pipeline"] > 1) & (np.asarray(rounds) % table["pipeline"] == 0)
    )
    return possible


def _with_options(space: _Space, table: Columns) -> Iterator[Grid]:
    """Lay recompute, sharding and sequence parallelism beside schedules, in chunks."""
    options = _options(space, table)
    shape = np.broadcast_shapes(*(values.shape for values in options.values()))
    step = max(1, CHUNK // max(1, int(np.prod(shape))))
    for start in range(0, table["data"].size, step):
        part = {name: values[start : start + step] for name, values in table.items()}
        yield Grid(part, options, np.broadcast_to(_wanted(space, part, options), (part["data"].size, *shape)))


def _wanted(space: _Space, table: Columns, options: Columns) -> NDArray[np.bool_]:
    """Tell which options of each schedule are candidates."""
    stated = space.stated
    cut, sharded = options["sequence_parallel"] == 1, options["sharded_optimizer"] == 1
    along = {name: values[:, np.newaxis, np.newaxis] for name, values in table.items()}
    # Without tensor parallelism there are no sequences to cut, and without ranks no states; tensor ranks may hold
    # the same experts.
    wanted = cut | (along["tensor"] > 1) | (stated.sequence_parallel is not None)
    ranks = along["data"] * along["context"] * (along["tensor"] if _experts(_shape(space.inputs)) else 1.0)
    wanted = wanted & (~sharded | (ranks > 1) | (stated.sharding is not None))
    # Often best are sequences cut, and gradients sharded where there are ranks.
    usual = cut | (stated.sequence_parallel is not None)
    alone = (along["data"] * along["context"] == 1) & ~sharded
    usual = usual & ((options["sharded_gradients"] == 1) | alone | (stated.sharding is not None))
    if space.which == "usual":
        wanted = wanted & usual
    elif space.which == "rest":
        wanted = wanted & ~(usual & _is_usual(space, table)[:, np.newaxis, np.newaxis])
    found: NDArray[np.bool_] = wanted
    return found


def _options(space: _Space, table: Columns) -> Columns:
    """Return the options that are neither degrees nor kernels, on two axes."""
    stated = space.stated
    recomputes = {"none": (0.0, 0.0), "selective": (0.0, 1.0), "full": (1.0, 0.0)}
    if stated.recompute is not None:
        recomputes = {stated.recompute: recomputes[stated.recompute]}
    elif space.inputs.fused_attention:  # a fused kernel keeps no scores that could be left out
        del recomputes["selective"]
    cuts = (True, False) if stated.sequence_parallel is None else (stated.sequence_parallel,)
    if space.which == "usual":
        cuts = cuts[:1]
    levels = list(SHARDED_STATES) if stated.sharding is None else [stated.sharding]
    if space.which == "usual" and stated.sharding is None:
        # Cutting gradients as well costs no time, so that it stands for cutting optimizer states alone.
        levels = (
            ["none", "gradients", "full"] if np.any(table["data"] * table["context"] == 1) else ["gradients", "full"]
        )
    rows = [(*each, float(cut)) for each in recomputes.values() for cut in cuts]
    names = ("full_recompute", "selective_recompute", "sequence_parallel")
    return {
        **{name: np.array([[row[i]] for row in rows]) for i, name in enumerate(names)},
        **{
            f"sharded_{state}": np.array([float(state in SHARDED_STATES[level]) for level in levels])
            for state in _STATES
        },
    }


_STATES = ("weights", "gradients", "optimizer")

_SIZES = (1, 2, 4)
"""Micro-batches that are looked at first."""

_CHUNKS = (1, 2, 4, 2**3)
"""Virtual stages that are looked at first, beside those of equal depth."""


def _context_degrees(inputs: TrainInputs) -> list[int]:
    """Ways to cut a sequence into two slices a rank, so that causal attention is even over them."""
    length = int(float(_one(inputs.sequence_length)))
    ways = [n for n in range(2, int(length / _LEAST_SLICE) + 1) if length % (2 * n) == 0]
    return [1, *ways]


def _experts(model: ModelShape) -> list[ExpertShape]:
    return [group.feed_forward for group in model.groups if isinstance(group.feed_forward, ExpertShape)]


def _expert_degrees(model: ModelShape) -> list[int]:
    experts = [int(float(_one(shape.experts))) for shape in _experts(model)]
    return _divisors(int(np.gcd.reduce(experts))) if experts else [1]


def _common_cut(model: ModelShape) -> int:
    """Greatest number that divides the heads of every mixer, and the width of whatever every token passes."""
    mixers = [group.mixer for group in model.groups]
    cut = [mixer.heads for mixer in mixers if isinstance(mixer, AttentionShape | LatentAttentionShape)]
    cut += [group.feed_forward.width for group in model.groups if isinstance(group.feed_forward, DenseShape)]
    for shape in _experts(model):
        cut += [shape.shared.width] if shape.options.shared_experts else []
        cut += [] if shape.parallel_dense is None else [shape.parallel_dense.width]
    return int(np.gcd.reduce([int(float(_one(each))) for each in cut])) if cut else 1


def _shares(global_batch: float, ways: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a batch is shared out evenly; one stated in tokens may leave a little padding."""
    rounds = np.asarray(micro_batch_count(global_batch=global_batch, data=ways, micro_batch=1.0))
    spare = 0.0 if global_batch == round(global_batch) else _SPARE
    shares: NDArray[np.bool_] = rounds * ways <= global_batch * (1.0 + spare)
    return shares


def _divisors(number: int) -> list[int]:
    small = [n for n in range(1, int(number**0.5) + 1) if number % n == 0]
    return sorted({*small, *(number // n for n in small)})


def _crossed(table: Columns, name: str, values: Sequence[int]) -> Columns:
    """Repeat a table once for each value of a new column."""
    size = next(iter(table.values())).size
    crossed = {key: np.repeat(column, len(values)) for key, column in table.items()}
    crossed[name] = np.tile(np.array(values, dtype=np.float64), size)
    return crossed


def _one(value: Numeric | None) -> Numeric:
    """Take what a search needs in plain numbers."""
    if value is None or np.ndim(value):
        raise TypeError("a search takes one run, every number of it known")
    return value


def _shape(inputs: TrainInputs) -> ModelShape:
    if not isinstance(inputs.model, ModelShape):
        raise TypeError("a model known by its counts alone has no layouts to search")
    return inputs.model
