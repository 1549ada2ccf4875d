"""The largest concurrency that meets targets on latency."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.latency import ReplicaTimes, replica_times
from computecalc.estimators.inference.memory import ReplicaMemory, replica_memory
from computecalc.estimators.inference.prefill import prefill_times
from computecalc.formulas.serving_requests import fresh_prompt
from computecalc.formulas.serving_tokens import prompt_chunks
from computecalc.formulas.table import Numeric, recording

__all__ = ["filling_concurrency", "largest_concurrency"]

Array = NDArray[np.float64]
Times = Callable[[ServingInputs, ReplicaMemory], ReplicaTimes]

_SECTIONS = 128
"""Numbers of requests that are tried at once between the bounds of a search: two or three rounds for any capacity."""

_LEAST_SECTIONS = 9
"""The same, for many cases at once."""

_AT_ONCE = 20 * _SECTIONS
"""Numbers of requests over all cases up to which every one is tried in one round."""

_EACH = 40 * _SECTIONS
"""Numbers of requests that are tried at once where all are looked at."""


def largest_concurrency(
    inputs: ServingInputs,
    *,
    interval: Numeric | None,
    first_token: Numeric | None,
    memory: ReplicaMemory | None = None,
) -> Numeric:
    """Find the most requests at once with which a replica keeps within its targets and its memory.

    Both latencies grow with the requests at once, so the span between none and all that fit is cut into sections until
    whole requests are told apart; all sections of all cases are one array. Nothing is recorded on the way: the answer
    is an input of the estimate.

    Parameters
    ----------
    inputs : ServingInputs
        The workload; its concurrency does not matter.
    interval : numeric, optional
        Most time between two output tokens. [s]
    first_token : numeric, optional
        Most time to the first token. [s]
    memory : ReplicaMemory, optional
        Its memory, where it is counted already.

    Returns
    -------
    numeric
        Whole requests; 0 where not even one meets the targets or fits. [request]
    """
    with recording(None):
        held = replica_memory(inputs) if memory is None else memory
        high: Array = np.maximum(np.floor(held.capacity), 0.0)
        low: Array = np.zeros_like(high)
        if interval is None and first_token is None:
            return high if np.ndim(high) else float(high)
        while np.any(low < high):
            widest = float(np.max(high - low))
            # Few cases are cut finely, so that there are few rounds; for many, the elements are what takes the time.
            sections = np.clip(_AT_ONCE // np.size(high), _LEAST_SECTIONS, _SECTIONS)
            sections = widest if widest * np.size(high) <= _AT_ONCE else float(sections)
            steps = np.arange(1.0, sections + 1.0).reshape((-1, *(1,) * np.ndim(high))) / sections
            tried = np.ceil(low + (high - low) * steps)
            kept = _meeting(inputs, held, tried, replica_times, interval=interval, first_token=first_token)
            kept &= tried <= high
            # Every number is tried in rising order: the largest that keeps the targets, and one below the next.
            best = np.max(np.where(kept, tried, low), axis=0)
            above = np.min(np.where(~kept & (tried > best), tried, np.inf), axis=0)
            low, high = best, np.maximum(np.minimum(high, above - 1.0), best)
    return low if np.ndim(low) else float(low)


def _meeting(
    inputs: ServingInputs,
    memory: ReplicaMemory,
    requests: Array,
    times: Times,
    *,
    interval: Numeric | None,
    first_token: Numeric | None,
) -> NDArray[np.bool_]:
    """Tell which numbers of requests, along a leading axis, keep the targets."""
    found = times(replace(inputs, concurrency=np.maximum(requests, 1.0)), memory)
    kept: NDArray[np.bool_] = np.ones(requests.shape, dtype=bool)
    if interval is not None:
        kept &= np.asarray(found.interval) <= interval
    if first_token is not None:
        kept &= np.asarray(found.first_token) <= first_token
    return kept


def filling_concurrency(inputs: ServingInputs, memory: ReplicaMemory, *, first_token: Numeric | None) -> Array:
    """Find the prompts that fill a step of a replica which writes nothing: more of them are computed no sooner.

    With a target, fewer: of all numbers up to that, the largest that keeps it. Their waits do not simply grow with
    their number, because prompts share a step.

    Parameters
    ----------
    inputs : ServingInputs
        The workload, an array over cases; its concurrency does not matter.
    memory : ReplicaMemory
        Its memory.
    first_token : numeric, optional
        Most time to the answer. [s]

    Returns
    -------
    array
        Whole requests of each case; 0 where not even one meets the target or fits. [request]
    """
    with recording(None):
        prompt = fresh_prompt(prompt=inputs.prompt, cache_hit=inputs.cache_hit)
        filling = np.ceil(prompt_chunks(prompt=inputs.engine.chunk, chunk=prompt)) * inputs.attention_data
        found: Array = np.minimum(filling, np.floor(memory.capacity))
        if first_token is None:
            return found
        best = np.zeros_like(found)
        most = float(found.max(initial=0.0))
        for start in np.arange(1.0, most + 1.0, _EACH):
            numbers = np.arange(start, min(start + _EACH, most + 1.0)).reshape((-1, *(1,) * found.ndim))
            numbers = np.broadcast_to(numbers, (numbers.shape[0], *found.shape))
            kept = _meeting(inputs, memory, numbers, prefill_times, interval=None, first_token=first_token)
            best = np.maximum(best, np.max(np.where(kept & (numbers <= found), numbers, 0.0), axis=0))
    return best
