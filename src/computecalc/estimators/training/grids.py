"""Candidates of a search on axes: schedules along the first, and the same options beside each of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.training.layouts import Layouts
from computecalc.records import record

__all__ = ["NOTHING_STATED", "Columns", "Grid", "Stated", "kept", "layouts_from"]

Columns = dict[str, NDArray[np.float64]]
"""Fields of `Layouts` by name, and the number of the `set` of degrees; one value a candidate."""


@record
class Stated:
    """What a search leaves as it is stated; None is searched."""

    tensor: int | None = None
    pipeline: int | None = None
    virtual_pipeline: int | None = None
    context: int | None = None
    expert: int | None = None
    micro_batch: int | None = None
    recompute: str | None = None
    sharding: str | None = None
    sequence_parallel: bool | None = None


NOTHING_STATED = Stated()


@record
class Grid:
    """Candidates as schedules on a first axis, each with the same options on two more.

    What depends on less than all axes is computed on those alone: the states of a schedule do not depend on what is
    recomputed, nor its activations on what is sharded.
    """

    schedules: Columns
    """Degrees, micro-batches and virtual stages: one value a schedule."""
    options: Columns
    """Recompute and sequence parallelism on the second axis, sharding on the third."""
    wanted: NDArray[np.bool_]
    """Which of all combinations are candidates; three axes."""

    @property
    def size(self) -> int:
        """How many candidates there are."""
        return int(np.count_nonzero(self.wanted))

    def kept(self, rows: NDArray[np.bool_]) -> Grid:
        """Return some of the schedules."""
        return Grid(kept(self.schedules, rows), self.options, self.wanted[rows])

    def layouts(self, inputs: TrainInputs) -> Layouts:
        """Return all combinations as layouts."""
        return layouts_from(self.along_axes(), inputs)

    def along_axes(self) -> Columns:
        """Return each column along its own axes."""
        return {name: values[:, np.newaxis, np.newaxis] for name, values in self.schedules.items()} | self.options

    def columns(self, chosen: NDArray[np.bool_]) -> Columns:
        """Return some of the combinations, one after another."""
        rows = np.nonzero(chosen)[0]
        found = {name: values[rows] for name, values in self.schedules.items()}
        shape = self.wanted.shape
        return found | {name: np.broadcast_to(values, shape)[chosen] for name, values in self.options.items()}


def layouts_from(columns: Columns, inputs: TrainInputs) -> Layouts:
    """Return columns as layouts, with what the run has of kernels and hybrid sharding."""
    degrees = {name: values for name, values in columns.items() if name != "set"}
    return Layouts(
        **degrees,
        fused_attention=inputs.fused_attention,
        fused_loss=inputs.fused_loss,
        stated_expert_tensor=inputs.expert_tensor,
        shard_size=inputs.shard_size,
    ).settled()


def kept(table: Columns, rows: NDArray[np.bool_]) -> Columns:
    """Return some rows of a table."""
    return {name: column[rows] for name, column in table.items()}
