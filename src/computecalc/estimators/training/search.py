"""Search of parallel layouts: every candidate that fits into memory, by the time of its step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.layers import ModelCount, count_model
from computecalc.estimators.shapes import ModelShape
from computecalc.estimators.training.candidates import candidates, neighbours
from computecalc.estimators.training.grids import NOTHING_STATED, Columns, Grid, Stated
from computecalc.estimators.training.memory import leading_group, needed_bytes
from computecalc.estimators.training.states import even_states
from computecalc.estimators.training.step import step_times
from computecalc.formulas.buffers import usable_memory
from computecalc.formulas.memory import fits_memory, held_bytes
from computecalc.formulas.table import Numeric, recording
from computecalc.records import record

__all__ = ["Found", "accelerators_of", "leading", "search"]

_SETS = 10
"""Best sets of degrees whose every option a quick search looks at in the end."""


@record
class Found:
    """What a search kept: of each set of degrees the fastest candidate, and all that no other one beats.

    One candidate beats another of the same count when it is as fast and needs less memory. They come fastest first.
    """

    columns: Columns
    """Fields of the layouts."""
    memory: NDArray[np.float64]
    """Peak of the worst stage. [byte/accelerator]"""
    time: NDArray[np.float64]
    """Time of a step. [s]"""
    considered: int
    """Candidates that were laid out."""
    fitting: int
    """Those that fit into memory."""

    @property
    def size(self) -> int:
        """How many were kept."""
        return int(self.time.size)

    def rows(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> Found:
        """Return some of them."""
        columns = {name: values[chosen] for name, values in self.columns.items()}
        return Found(columns, self.memory[chosen], self.time[chosen], self.considered, self.fitting)


def search(
    inputs: TrainInputs,
    global_batch: float,
    counts: Sequence[int],
    *,
    thorough: bool = True,
    stated: Stated = NOTHING_STATED,
) -> Found:
    """Search the layouts of a run.

    Parameters
    ----------
    inputs : TrainInputs
        The run in plain numbers: a model whose layers and activations are known, and what the time of a step needs.
    global_batch : float
        Sequences of one optimizer step. [1]
    counts : sequence of int
        Numbers of accelerators that may be used. [accelerator]
    thorough : bool
        Whether every candidate is looked at. A quick search leaves out what is rarely best, and then looks at all
        that is near the best it found.
    stated : Stated
        What is left as it is stated.
    """
    model = inputs.model
    if not isinstance(model, ModelShape):
        raise TypeError("a model known by its counts alone has no layouts to search")
    with recording(None), np.errstate(all="ignore"):
        count = count_model(model, inputs.sequence_length)
        grids = candidates(inputs, global_batch, counts, thorough=thorough, stated=stated)
        found = _gathered(_nothing(), inputs, global_batch, count, grids)
        if not thorough and found.size:
            nearest = leading(found, _SETS, with_front=False).columns
            others = neighbours(inputs, global_batch, nearest, stated=stated)
            found = _gathered(found, inputs, global_batch, count, others)
    return found


def accelerators_of(columns: Columns) -> NDArray[np.float64]:
    """Return how many accelerators each candidate uses."""
    accelerators: NDArray[np.float64] = np.prod(
        [columns[name] for name in ("tensor", "pipeline", "context", "data")], axis=0
    )
    return accelerators


def leading(found: Found, most: int, *, with_front: bool) -> Found:
    """Return of each count the fastest candidates of different degrees, and its front of time and memory.

    Parameters
    ----------
    found : Found
        What a search kept.
    most : int
        Sets of degrees of each count.
    with_front : bool
        Whether the front is kept as well.
    """
    accelerators = accelerators_of(found.columns) if found.size else np.zeros(0)
    _, first = np.unique(found.columns["set"], return_index=True) if found.size else ((), np.zeros(0, dtype=np.intp))
    rows: set[int] = set()
    for number in np.unique(accelerators):
        rows |= {int(row) for row in [row for row in np.sort(first) if accelerators[row] == number][:most]}
        if with_front:
            rows |= {int(row) for row in _front_rows(found.memory, np.flatnonzero(accelerators == number))}
    return found.rows(np.array(sorted(rows), dtype=np.intp))


def _nothing() -> Found:
    return Found({}, np.zeros(0), np.zeros(0), 0, 0)


def _gathered(
    found: Found, inputs: TrainInputs, global_batch: float, count: ModelCount, grids: Iterable[Grid]
) -> Found:
    """Add chunks of candidates to what was found, keeping the best only."""
    usable = float(usable_memory(capacity=inputs.memory, reserve=inputs.reserve))
    for whole in grids:
        considered, fitting = found.considered + whole.size, found.fitting
        # The stages hold at least the average: what cannot fit by that needs no closer look.
        states = even_states(inputs, whole.layouts(inputs), count)
        if inputs.adapters is not None:  # gradients and optimizer states are those of the adapters alone
            states = {"weights": states["weights"]}
        possible = _fitting(whole, held_bytes(parts=tuple(states.values())), usable)
        near, possible = _with_any(whole, possible)
        if near.size:
            needed = needed_bytes(inputs, near.layouts(inputs), global_batch, first=_front(inputs))
            memory = np.broadcast_to(np.asarray(needed), near.wanted.shape)
            fits = possible & _fitting(near, memory, usable)
            memory = memory[fits]
            grid, fits = _with_any(near, fits)
            fitting += memory.size
            if memory.size:
                step = step_times(inputs, grid.layouts(inputs), global_batch)["time.step"]
                time = np.broadcast_to(np.asarray(step), grid.wanted.shape)[fits]
                found = _best(_joined(found, _chosen(grid, fits, memory, time)))
        found = Found(found.columns, found.memory, found.time, considered, fitting)
    return found


def _front(inputs: TrainInputs) -> int:
    """Stages from the front among which the worst is; a dense start of the model may leave it to a later one."""
    model = inputs.model
    return 2 + int(float(model.groups[0].count)) if isinstance(model, ModelShape) and leading_group(model) else 1


def _fitting(grid: Grid, needed: Numeric, usable: float) -> NDArray[np.bool_]:
    """Tell which candidates fit into memory."""
    fits: NDArray[np.bool_] = grid.wanted & (np.asarray(fits_memory(needed=needed, capacity=usable)) > 0.0)
    return fits


def _with_any(grid: Grid, fits: NDArray[np.bool_]) -> tuple[Grid, NDArray[np.bool_]]:
    """Leave out the schedules of which no candidate fits."""
    rows: NDArray[np.bool_] = np.asarray(fits.any(axis=(1, 2)))
    return grid.kept(rows), fits[rows]


def _joined(found: Found, others: Found) -> Found:
    if not found.size:
        return others
    return Found(
        {name: np.concatenate((found.columns[name], values)) for name, values in others.columns.items()},
        np.concatenate((found.memory, others.memory)),
        np.concatenate((found.time, others.time)),
        found.considered,
        found.fitting,
    )


def _chosen(grid: Grid, fits: NDArray[np.bool_], memory: NDArray[np.float64], time: NDArray[np.float64]) -> Found:
    """Return the best of what fits in a grid, before the columns of all others are written out."""
    keys = [np.broadcast_to(key, fits.shape)[fits] for key in _keys(grid.along_axes())]
    best = np.sort(_best_rows(memory, time, *keys))
    cells = np.zeros(fits.size, dtype=np.bool_)
    cells[np.flatnonzero(fits)[best]] = True
    return Found(grid.columns(cells.reshape(fits.shape)), memory[best], time[best], 0, 0)


def _best(found: Found) -> Found:
    """Keep the fastest of each set of degrees and the front of each count; of equals the one that needs least."""
    return found.rows(_best_rows(found.memory, found.time, *_keys(found.columns)))


def _keys(columns: Columns) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return what tells candidates apart beside memory and time: their set of degrees, their count, and a tie-break.

    Equal in time and memory, the least sharding comes first, the fewest chunks, and sequences cut.
    """
    sharded = columns["sharded_weights"] + columns["sharded_gradients"] + columns["sharded_optimizer"]
    elaborate = sharded + columns["virtual"] + columns["micro_batch"] - columns["sequence_parallel"]
    return columns["set"], accelerators_of(columns), elaborate


def _best_rows(
    memory: NDArray[np.float64],
    time: NDArray[np.float64],
    sets: NDArray[np.float64],
    accelerators: NDArray[np.float64],
    elaborate: NDArray[np.float64],
) -> NDArray[np.intp]:
    """Return the rows to keep, fastest first."""
    order = np.lexsort((elaborate, memory, time))
    _, first = np.unique(sets[order], return_index=True)
    wanted = np.zeros(order.size, dtype=np.bool_)
    wanted[first] = True
    counts, needed = accelerators[order], memory[order]
    for number in np.unique(counts):
        wanted[_front_rows(needed, np.flatnonzero(counts == number))] = True
    rows: NDArray[np.intp] = order[wanted]
    return rows


def _front_rows(memory: NDArray[np.float64], own: NDArray[np.intp]) -> NDArray[np.intp]:
    """Of rows that come fastest first, those that need less memory than every faster one."""
    least = np.minimum.accumulate(memory[own])
    rows: NDArray[np.intp] = own[np.concatenate(([True], memory[own][1:] < least[:-1]))]
    return rows
