"""The layout that a run gets when none is stated, and the count when a deadline is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.layers import count_model
from computecalc.estimators.shapes import ModelShape
from computecalc.estimators.training.grids import NOTHING_STATED, Stated, layouts_from
from computecalc.estimators.training.memory import needed_bytes
from computecalc.estimators.training.ranking import Layout, layout_of, ranked_runs
from computecalc.estimators.training.search import Found, accelerators_of, search
from computecalc.formulas.buffers import usable_memory
from computecalc.formulas.duration import billed_accelerator_time, required_accelerators, useful_accelerator_time
from computecalc.formulas.flops import run_flops, training_flops
from computecalc.formulas.memory import fits_memory
from computecalc.records import record

__all__ = ["Chosen", "counts_between", "fastest", "sensible_counts"]

_CERTAIN = 32
"""Fastest candidates whose memory is looked at stage by stage."""

_WIDEST = 64
"""Times the least conceivable count, up to which a deadline is tried."""

_STEPS = 4
"""Counts tried from one power of two to the next, before the gap in which the answer lies is filled."""

_FILLED = 32
"""Counts at most with which that gap is filled."""


@record
class Chosen:
    """The outcome of a search for one layout."""

    layout: Layout | None
    """None, when nothing fits or meets the deadline."""
    count: int
    """Its accelerators; without a layout the most that were tried."""
    considered: int
    """Layouts that were laid out."""
    counts: int
    """Counts that were tried."""
    alternatives: tuple[int, ...] = ()
    """Without a layout: the nearest counts below and above that have one."""


def fastest(inputs: TrainInputs, stated: Stated = NOTHING_STATED) -> Chosen:
    """Search the layout of a run with the shortest step, and the least count for it where a deadline is stated.

    Parameters
    ----------
    inputs : TrainInputs
        The run in plain numbers, with a global batch, and a count or a deadline.
    stated : Stated
        What of the layout is left as it is stated.
    """
    if inputs.count is None:
        return _least(inputs, stated)
    count = round(float(inputs.count))
    found = _certain(inputs, _search(inputs, [count], stated))
    if found.size:
        return Chosen(layout_of(found.columns, 0), count, found.considered, 1)
    return Chosen(None, count, found.considered, 1, tuple(_alternatives(inputs, count, stated)))


def sensible_counts(node: int, low: int, high: int, *, step: int = 1) -> list[int]:
    """Return counts that make sense from `low` to `high`: powers of two below a server, whole servers above.

    Parameters
    ----------
    node : int
        Accelerators of a server.
    low, high : int
        Bounds, both included.
    step : int
        Servers from one count to the next.
    """
    powers = [2**n for n in range(node.bit_length()) if low <= 2**n <= high and 2**n < node]
    width = node * step
    first = -(-max(low, node) // width) * width
    return [*powers, *range(first, high + 1, width)]


def counts_between(node: int, low: int, high: int) -> list[int]:
    """Return a few sensible counts from one doubling to the next, both ends included where they make sense."""
    rungs = {count for window in _ladder(node, low, high) for count in window if count <= high}
    return sorted({*rungs, *(end for end in (low, high) if end % node == 0 or end < node)})


def _search(inputs: TrainInputs, counts: Iterable[int], stated: Stated) -> Found:
    if inputs.global_batch is None:
        raise TypeError("a search needs the global batch")
    return search(inputs, float(inputs.global_batch), list(counts), thorough=False, stated=stated)


def _certain(inputs: TrainInputs, found: Found) -> Found:
    """Return the fastest candidates that fit by all their stages."""
    if not found.size or inputs.global_batch is None:
        return found
    first = found.rows(np.arange(min(found.size, _CERTAIN)))
    needed = needed_bytes(inputs, layouts_from(first.columns, inputs), inputs.global_batch)
    usable = usable_memory(capacity=inputs.memory, reserve=inputs.reserve)
    return first.rows(np.asarray(fits_memory(needed=needed, capacity=usable)) > 0.0)


def _least(inputs: TrainInputs, stated: Stated) -> Chosen:
    """Find the least count that meets the deadline: a coarse ladder first, then the gap below its first answer."""
    low = _floor(inputs)
    considered = counts = tried = 0
    below = low
    node = round(float(inputs.accelerators_per_node))
    for rungs in _ladder(node, low, low * _WIDEST):
        found = _search(inputs, rungs, stated)
        considered, counts, tried = considered + found.considered, counts + len(rungs), rungs[-1]
        meeting = _meeting(inputs, found)
        if meeting is not None:
            below = max([below, *(count for count in rungs if count < meeting[1])])
            gap = _gap(node, below, meeting[1])
            finer = _search(inputs, gap, stated)
            best = _meeting(inputs, finer) or meeting
            return Chosen(best[0], best[1], considered + finer.considered, counts + len(gap))
        below = rungs[-1]
    return Chosen(None, tried or low, considered, counts)


def _floor(inputs: TrainInputs) -> int:
    """Accelerators that would meet the deadline at their datasheet's peak: fewer cannot."""
    if not isinstance(inputs.model, ModelShape) or inputs.wall_time is None or inputs.tokens is None:
        raise TypeError("a count follows from a deadline, tokens, and a model known by its layers")
    forward = count_model(inputs.model, inputs.sequence_length).forward
    work = run_flops(flops_per_token=training_flops(forward=forward), tokens=inputs.tokens)
    # A goodput that is predicted falls with the count, so that none is charged here.
    goodput = 1.0 if inputs.goodput is None else inputs.goodput
    useful = useful_accelerator_time(compute=work, peak=inputs.peak, mfu=1.0)
    billed = billed_accelerator_time(useful=useful, goodput=goodput)
    return max(1, round(float(required_accelerators(billed=billed, deadline=inputs.wall_time))))


def _ladder(node: int, low: int, high: int) -> Iterator[list[int]]:
    """Counts in windows from one doubling to the next, a few in each."""
    start = low
    while start <= high:
        width = max(1, start // (node * _STEPS))
        rungs = sensible_counts(node, start, 2 * start - 1, step=2 ** (width.bit_length() - 1))
        if rungs:
            yield rungs
        start *= 2


def _gap(node: int, low: int, high: int) -> list[int]:
    """Counts above `low` and below `high`, as many as are worth a look."""
    step = max(1, (high - low) // (node * _FILLED))
    return [count for count in sensible_counts(node, low, high - 1, step=step) if count > low]


def _meeting(inputs: TrainInputs, found: Found) -> tuple[Layout, int] | None:
    """Return the layout of the least count whose fastest run meets the deadline."""
    if not found.size or inputs.wall_time is None:
        return None
    # Candidates come fastest first, so that the first of each count is its fastest.
    runs = ranked_runs(inputs, found.rows(_first_of_each(accelerators_of(found.columns))), "")
    meeting = [run for run in runs if run.metrics["time.wall"] <= float(inputs.wall_time)]
    best = min(meeting, key=lambda run: run.count, default=None)
    return None if best is None else (best.layout, best.count)


def _first_of_each(values: NDArray[np.float64]) -> NDArray[np.intp]:
    _, first = np.unique(values, return_index=True)
    return np.sort(first)


def _alternatives(inputs: TrainInputs, count: int, stated: Stated) -> Iterator[int]:
    """Return the nearest counts on either side that have a layout which fits."""
    node = round(float(inputs.accelerators_per_node))
    step = max(1, count // (2 * node * _FILLED))
    near = sensible_counts(node, max(1, count // 2), 2 * count, step=step)
    far = [count * 2**n for n in range(2, _WIDEST.bit_length())]
    found = _search(inputs, sorted({*near, *far} - {count}), stated)
    fitting = np.unique(accelerators_of(found.columns)) if found.size else np.zeros(0)
    below, above = fitting[fitting < count], fitting[fitting > count]
    if below.size:
        yield int(below[-1])
    if above.size:
        yield int(above[0])
