"""The layout of a replica and the requests that run at once in it, where a scenario leaves them open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from computecalc.estimators.inference.batch import filling_concurrency, largest_concurrency
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.latency import ReplicaTimes, replica_times
from computecalc.estimators.inference.memory import ReplicaMemory, replica_memory
from computecalc.estimators.inference.prefill import prefill_times
from computecalc.formulas.serving_pools import balancing_ratio, joint_accelerators
from computecalc.formulas.serving_throughput import accelerator_share_rate
from computecalc.formulas.table import recording
from computecalc.records import changed, record

__all__ = ["Plan", "Question", "ReplicaLayout", "Shortfall", "planned"]

Array = NDArray[np.float64]


@record
class ReplicaLayout:
    """How a replica is spread over accelerators."""

    tensor: int
    data: int
    expert: int
    pipeline: int

    @property
    def accelerators(self) -> int:
        """Accelerators of the replica."""
        return self.tensor * self.data * self.pipeline


@record
class Question:
    """What a replica has to do."""

    writes: bool
    batch: float | None
    """Requests at once, where stated."""
    most: float | None
    """Requests at once at most, where the traffic has no more."""
    first_token: float | None
    """Target. [s]"""
    interval: float | None
    """Target. [s]"""


@record
class Plan:
    """What was found."""

    layout: ReplicaLayout
    batch: float


@record
class Shortfall:
    """Why nothing was found, and the best that can be had."""

    fits: bool
    """Whether one request has room on any of the layouts."""
    layout: ReplicaLayout
    """The one with most room, or with the best latencies."""
    weights: float
    """On each accelerator. [byte]"""
    first_token: float
    """With one request at a time. [s]"""
    interval: float
    """With one request at a time. [s]"""


def planned(inputs: ServingInputs, layouts: Sequence[ReplicaLayout], question: Question) -> Plan | Shortfall:
    """Choose the layout with most output for each accelerator among those that keep the targets.

    Nothing is recorded on the way: what is found is an input of the estimate.

    Parameters
    ----------
    inputs : ServingInputs
        The workload in plain numbers; its layout and concurrency do not matter.
    layouts : sequence of ReplicaLayout
        The layouts to choose from.
    question : Question
        What is stated of the batch, and the targets.
    """
    stated = question.batch if len(layouts) == 1 else None
    if stated is not None and stated >= 1.0 and _has_room(inputs, layouts[0]):
        return Plan(layouts[0], stated)
    with recording(None):
        spread = _spread(inputs, layouts)
        memory = replica_memory(spread)
        room = _column(np.floor(memory.capacity), layouts)
        roomy = [layout for layout, requests in zip(layouts, room, strict=True) if requests >= 1.0]
        if roomy and 2 * len(roomy) <= len(layouts):
            return planned(inputs, roomy, question)
        batch = _batches(spread, memory, question, room)
        if not (batch >= 1.0).any():
            return _shortfall(spread, layouts, memory, room, question)
        able = np.flatnonzero(batch >= 1.0)
        if able.size == 1:
            return Plan(layouts[able[0]], float(batch[able[0]]))
        times = _times(replace(spread, concurrency=np.maximum(batch, 1.0)), memory, question)
        sizes = _sizes(inputs, times, layouts)
        # Every request has the same tokens, so that requests are compared in their place.
        rate = accelerator_share_rate(rate=times.requests, accelerators=sizes)
    # Smaller groups come first, and win where others are no better.
    worth = np.where(batch >= 1.0, rate, -1.0)
    best = int(np.argmax(worth))
    return Plan(layouts[best], float(batch[best]))


def _has_room(inputs: ServingInputs, layout: ReplicaLayout) -> bool:
    """Tell whether one request has room: all that is asked of one layout with a batch, as many scenarios have them."""
    degrees = {"tensor": layout.tensor, "attention_data": layout.data, "expert": layout.expert}
    spread = changed(inputs, **degrees, pipeline=layout.pipeline, concurrency=1.0)
    with recording(None):
        return float(replica_memory(spread).capacity) >= 1.0


def _sizes(inputs: ServingInputs, times: ReplicaTimes, layouts: Sequence[ReplicaLayout]) -> Array:
    """Accelerators of a replica on each layout, with its share of those that compute its prompts."""
    own = _column([layout.accelerators for layout in layouts], layouts)
    if times.pool is None or inputs.prompts is None:
        return own
    ratio = inputs.prompts.ratio
    if ratio is None:
        ratio = balancing_ratio(decode=times.own_requests, prompts=times.pool.requests)
    return _column(joint_accelerators(decode=own, prompts=times.pool.each, ratio=ratio), layouts)


def _column(values: Any, layouts: Sequence[ReplicaLayout]) -> Array:
    column: Array = np.broadcast_to(np.asarray(values, dtype=np.float64), (len(layouts),))
    return column


def _spread(inputs: ServingInputs, layouts: Sequence[ReplicaLayout]) -> ServingInputs:
    def each(name: str) -> Array:
        return _column([float(getattr(layout, name)) for layout in layouts], layouts)

    return replace(
        inputs,
        tensor=each("tensor"),
        attention_data=each("data"),
        expert=each("expert"),
        pipeline=each("pipeline"),
        concurrency=1.0,
    )


def _times(inputs: ServingInputs, memory: ReplicaMemory, question: Question) -> ReplicaTimes:
    return replica_times(inputs, memory) if question.writes else prefill_times(inputs, memory)


def _batches(inputs: ServingInputs, memory: ReplicaMemory, question: Question, room: Array) -> Array:
    """Requests at once on each layout; 0 where none has room or keeps the targets."""
    if question.batch is not None:
        # A batch beyond the room is estimated too: what has no room waits.
        return np.where(room >= 1.0, question.batch, 0.0)
    targets = {"first_token": question.first_token}
    if question.writes:
        found = largest_concurrency(inputs, interval=question.interval, memory=memory, **targets)
    else:
        found = filling_concurrency(inputs, memory, **targets)
    batches: Array = np.broadcast_to(found, room.shape)
    return batches if question.most is None else np.minimum(batches, question.most)


def _shortfall(
    inputs: ServingInputs,
    layouts: Sequence[ReplicaLayout],
    memory: ReplicaMemory,
    room: Array,
    question: Question,
) -> Shortfall:
    weights = _column(memory.weights, layouts)
    times = _times(inputs, memory, question)
    first, interval = _column(times.first_token, layouts), _column(times.interval, layouts)
    fits = bool((room >= 1.0).any())
    if not fits:
        best = int(np.argmin(weights))
    else:
        wanted = interval if question.interval is not None and question.writes else first
        best = int(np.argmin(np.where(room >= 1.0, wanted, np.inf)))
    return Shortfall(fits, layouts[best], float(weights[best]), float(first[best]), float(interval[best]))
