"""Candidates of a search as whole runs: their metrics from the ordinary recipe, and their front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.training.grids import Columns
from computecalc.estimators.training.layouts import SHARDED_STATES
from computecalc.estimators.training.recipe import estimate_training
from computecalc.estimators.training.search import Found, accelerators_of
from computecalc.records import record

__all__ = ["OPTION_COLUMNS", "TIES", "Candidate", "Layout", "front", "layout_of", "ranked_runs"]

OPTION_COLUMNS = (
    "full_recompute",
    "selective_recompute",
    "sharded_weights",
    "sharded_gradients",
    "sharded_optimizer",
    "sequence_parallel",
)
"""Options of a layout that the recipe takes by name, and can therefore not take as arrays."""

TIES = ("time.wall", "time.step")
"""Metrics that decide between runs which are equal in what they are ranked by: as in a count, or in a fixed time."""

_BETTER = 0.99
"""Share of a metric below which a candidate adds to the front."""


@record
class Layout:
    """A layout as scenarios state it."""

    tensor: int
    pipeline: int
    virtual_pipeline: int
    context: int
    expert: int
    data: int
    micro_batch: int
    recompute: str
    sharding: str
    sequence_parallel: bool

    @property
    def degrees(self) -> str:
        """The degrees that are not 1, in words."""
        named = {name: getattr(self, name) for name in ("tensor", "pipeline", "context", "expert", "data")}
        return " x ".join(f"{name} {value}" for name, value in named.items() if value > 1) or "no parallelism"


@record
class Candidate:
    """One run of a search."""

    accelerator: str
    layout: Layout
    metrics: Mapping[str, float]
    """Metrics of the ordinary recipe, at the middle of all ranges."""

    @property
    def count(self) -> int:
        """Accelerators."""
        return round(self.metrics["accelerators"])

    @property
    def degrees(self) -> tuple[object, ...]:
        """What tells one kind of layout from another."""
        layout = self.layout
        sets = (layout.tensor, layout.pipeline, layout.context, layout.expert, layout.data)
        return (self.accelerator, self.count, *sets)


def ranked_runs(inputs: TrainInputs, found: Found, accelerator: str) -> list[Candidate]:
    """Estimate the runs of a search, each with the recipe of a single run, fastest step first.

    Parameters
    ----------
    inputs : TrainInputs
        The run in plain numbers.
    found : Found
        What the search kept of it.
    accelerator : str
        Catalog id, for readers.
    """
    candidates: list[tuple[int, Candidate]] = []
    for options in np.unique(np.stack([found.columns[name] for name in OPTION_COLUMNS], axis=1), axis=0):
        alike = np.all([found.columns[name] == options[i] for i, name in enumerate(OPTION_COLUMNS)], axis=0)
        rows = np.flatnonzero(alike)
        columns = {name: values[rows] for name, values in found.columns.items()}
        with np.errstate(all="ignore"):
            metrics = estimate_training(_as_cases(inputs, columns))
        values = {
            name: np.broadcast_to(np.asarray(value, dtype=np.float64), rows.shape) for name, value in metrics.items()
        }
        for i, row in enumerate(rows):
            each = {name: float(value[i]) for name, value in values.items()}
            candidates.append((int(row), Candidate(accelerator, layout_of(columns, i), each)))
    # A search looks at few stages for memory; the recipe looks at all, and has the last word.
    return [
        candidate for _, candidate in sorted(candidates, key=lambda each: each[0]) if candidate.metrics["memory.fits"]
    ]


def _as_cases(inputs: TrainInputs, columns: Columns) -> TrainInputs:
    """Return inputs with the degrees of candidates that have the same options."""
    options = layout_of(columns, 0)
    return replace(
        inputs,
        count=accelerators_of(columns),
        # Beside a count the time is the size of the run, from which its tokens follow; alone it is a deadline.
        wall_time=None if inputs.count is None else inputs.wall_time,
        mfu=None,
        tensor=columns["tensor"],
        pipeline=columns["pipeline"],
        virtual_pipeline=columns["virtual"],
        context=columns["context"],
        expert=columns["expert"],
        data=columns["data"],
        micro_batch=columns["micro_batch"],
        recompute=options.recompute,
        sharding=options.sharding,
        sequence_parallel=options.sequence_parallel,
    )


def layout_of(columns: Columns, row: int) -> Layout:
    """Return one candidate as a layout."""
    one = {name: float(values[row]) for name, values in columns.items()}
    states = frozenset(state for state in ("weights", "gradients", "optimizer") if one[f"sharded_{state}"])
    return Layout(
        tensor=round(one["tensor"]),
        pipeline=round(one["pipeline"]),
        virtual_pipeline=round(one["virtual"]),
        context=round(one["context"]),
        expert=round(one["expert"]),
        data=round(one["data"]),
        micro_batch=round(one["micro_batch"]),
        recompute="full" if one["full_recompute"] else "selective" if one["selective_recompute"] else "none",
        sharding=next(level for level, cut in SHARDED_STATES.items() if cut == states),
        sequence_parallel=bool(one["sequence_parallel"]),
    )


def front(candidates: Sequence[Candidate], first: str, second: str) -> list[Candidate]:
    """Return the candidates that none beats in both of two metrics, by the first metric.

    What is better by less than a hundredth is left out: it would be a trade nobody makes.

    Parameters
    ----------
    candidates : sequence of Candidate
        Runs; those without one of the metrics are left out.
    first, second : str
        Metric ids; less is better.
    """
    known = [each for each in candidates if first in each.metrics and second in each.metrics]
    ordered = sorted(known, key=lambda each: (each.metrics[first], each.metrics[second]))
    kept: list[Candidate] = []
    for each in ordered:
        if not kept or each.metrics[second] < _BETTER * kept[-1].metrics[second]:
            kept.append(each)
    return kept
