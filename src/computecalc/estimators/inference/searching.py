"""Many configurations of a service as arrays: layouts by requests at once, through the recipe of a single one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from computecalc.estimators.inference.batch import filling_concurrency, largest_concurrency
from computecalc.estimators.inference.memory import replica_memory
from computecalc.estimators.inference.planning import Question, ReplicaLayout
from computecalc.estimators.inference.service import ServiceInputs, estimate_service
from computecalc.formulas.table import recording
from computecalc.records import record

__all__ = ["DEGREES", "Grid", "evaluated", "finer", "laid_out"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

DEGREES = ("tensor", "data", "expert", "pipeline")
"""Degrees of a replica, as columns of a grid."""

_STEPS_PER_DOUBLING = 2
"""Numbers of requests that are looked at from one doubling to the next; what is near the best is looked at closely."""

_BETWEEN = 64
"""Numbers of requests that are looked at between two neighbours of the best."""

_CHUNK = 20 * 750
"""Configurations that are estimated at once: their arrays stay in the cache of a core."""


@record
class Grid:
    """Configurations, one a row."""

    columns: dict[str, Array]
    """Degrees, and the requests at once under ``batch``."""
    layout: NDArray[np.intp]
    """Number of the layout that a row has."""
    considered: int
    """Configurations that were looked at, those without room counted."""

    @property
    def size(self) -> int:
        """Rows."""
        return int(self.layout.size)


def laid_out(service: ServiceInputs, layouts: Sequence[ReplicaLayout], question: Question) -> Grid:
    """Cross layouts with numbers of requests at once: one to what fits, and the most that the targets allow.

    Parameters
    ----------
    service : ServiceInputs
        The workload in plain numbers; its layout and concurrency do not matter.
    layouts : sequence of ReplicaLayout
        What a replica may be.
    question : Question
        What is stated of the batch, and the targets.
    """
    degrees = {name: np.array([float(getattr(each, name)) for each in layouts]) for name in DEGREES}
    with recording(None), np.errstate(all="ignore"):
        spread = replace(service.serving, **_fields(degrees), concurrency=1.0)
        memory = replica_memory(spread)
        room = np.broadcast_to(np.maximum(np.floor(memory.capacity), 0.0), (len(layouts),)).astype(np.float64)
        if question.batch is not None:
            # A batch beyond the room is estimated too: what has no room waits.
            most, ladder = np.where(room >= 1.0, question.batch, 0.0), np.array([question.batch])
            bounds: list[Array] = []
        else:
            most = room if question.most is None else np.minimum(room, question.most)
            if not question.writes:
                most = np.minimum(most, filling_concurrency(spread, memory, first_token=None))
            ladder = _ladder(float(most.max(initial=1.0)))
            bounds = [most]
            if question.writes and (question.interval is not None or question.first_token is not None):
                within = largest_concurrency(
                    spread, interval=question.interval, first_token=question.first_token, memory=memory
                )
                bounds.append(np.minimum(np.broadcast_to(within, room.shape), most))
    rows, steps = np.nonzero(ladder[None, :] <= most[:, None])
    number = np.concatenate([rows, *(np.flatnonzero(bound >= 1.0) for bound in bounds)])
    batch = np.concatenate([ladder[steps], *(bound[bound >= 1.0] for bound in bounds)])
    return _grid(degrees, number, batch, int(np.count_nonzero(most < 1.0)))


def finer(grid: Grid, best: NDArray[np.intp]) -> Grid:
    """Return the numbers of requests between the neighbours of some rows, each the only one of its layout.

    Parameters
    ----------
    grid : Grid
        What was looked at.
    best : array
        Rows of it.
    """
    numbers, batches = [grid.layout[:0]], [grid.columns["batch"][:0]]
    degrees = {name: np.zeros(int(grid.layout.max(initial=0)) + 1) for name in DEGREES}
    for name in DEGREES:
        degrees[name][grid.layout] = grid.columns[name]
    order = np.argsort(grid.layout, kind="stable")
    starts = np.searchsorted(grid.layout[order], np.arange(degrees["tensor"].size + 1))
    for row in best:
        number, batch = grid.layout[row], grid.columns["batch"][row]
        known = grid.columns["batch"][order[starts[number] : starts[number + 1]]]
        low = known[known < batch].max(initial=0.0)
        above = known[known > batch]
        high = above.min() if above.size else batch
        between = np.unique(np.round(np.linspace(low, high, _BETWEEN + 1)))
        new = between[(between > low) & (between < high) & (between != batch)]
        numbers.append(np.full(new.shape, number))
        batches.append(new)
    return _grid(degrees, np.concatenate(numbers), np.concatenate(batches), 0)


def _grid(degrees: dict[str, Array], number: NDArray[np.intp], batch: Array, roomless: int) -> Grid:
    pairs = np.unique(np.stack([number.astype(np.float64), batch]), axis=1)
    layout = pairs[0].astype(np.intp)
    columns = {name: values[layout] for name, values in degrees.items()} | {"batch": pairs[1]}
    return Grid(columns, layout, layout.size + roomless)


def _ladder(most: float) -> Array:
    doublings = np.ceil(np.log2(max(most, 1.0))) + 1.0
    return np.unique(np.round(2.0 ** np.arange(0.0, doublings, 1.0 / _STEPS_PER_DOUBLING)))


def _fields(columns: dict[str, Array]) -> dict[str, Any]:
    return {"attention_data" if name == "data" else name: values for name, values in columns.items() if name != "batch"}


def evaluated(service: ServiceInputs, grid: Grid, in_flight: float | None) -> dict[str, Array]:
    """Estimate all rows of a grid.

    Parameters
    ----------
    service : ServiceInputs
        The workload in plain numbers.
    grid : Grid
        Its configurations.
    in_flight : float, optional
        Requests that a closed loop has in flight, spread evenly over as many replicas as it needs. [request]

    Returns
    -------
    dict
        Metric id to an array over the rows.
    """
    parts = list(_chunks(service, grid, in_flight))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


def _chunks(service: ServiceInputs, grid: Grid, in_flight: float | None) -> Iterator[dict[str, Array]]:
    for start in range(0, grid.size, _CHUNK):
        columns = {name: values[start : start + _CHUNK] for name, values in grid.columns.items()}
        batch, replicas = columns["batch"], service.serving.replicas
        if in_flight is not None:
            replicas = np.ceil(in_flight / batch)
            batch = np.minimum(in_flight / replicas, batch)
        serving = replace(service.serving, **_fields(columns), concurrency=batch, replicas=replicas)
        with recording(None), np.errstate(all="ignore"):
            found = estimate_service(replace(service, serving=serving))
        yield {name: np.broadcast_to(np.asarray(value, dtype=np.float64), batch.shape) for name, value in found.items()}
