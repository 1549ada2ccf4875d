"""Predictions of all rows from one vector of fitted constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inference.inputs import EngineConstants, ServingConstants
from computecalc.estimators.inference.latency import ReplicaTimes, replica_times
from computecalc.estimators.inference.memory import ReplicaMemory, replica_memory
from serving_fit.rows import Batch, Row, batches

Array = NDArray[np.float64]

ENGINES = ("vllm", "tensorrt-llm", "sglang", "untuned")
"""Engines of the rows; `untuned` is vLLM as the power rows have it, at defaults of 2025."""

PRIORS: dict[str, tuple[float, float]] = {
    # Kernels: measured shares of the peak are 0.6 to 0.85 at 16, 0.5 to 0.6 at 8 and below 0.45 at 4 bits.
    "half_efficiency": (0.79, 0.05),
    "byte_efficiency": (0.50, 0.10),
    "nibble_efficiency": (0.42, 0.20),
    "grouped_share": (0.55, 0.30),
    "attention_efficiency": (0.50, 0.30),
    "weight_efficiency": (0.86, 0.03),
    "cache_efficiency": (0.90, 0.12),
    "link_efficiency": (0.50, 0.30),
    "expert_tile": (32.0, 0.50),
    "activation_element": (4.0, 0.70),
    "routed_element": (10.0, 0.50),
    # Overheads, from the few-microsecond delays of kernels and collectives.
    "block_overhead": (15e-6, 0.50),
    "latent_overhead": (15e-6, 0.60),
    "state_overhead": (30e-6, 0.60),
    "indexer_overhead": (60e-6, 0.50),
    "expert_overhead": (20e-6, 0.50),
    "cast_overhead": (10e-6, 0.80),
    "prompt_overhead": (50e-6, 0.60),
    "step_overhead": (500e-6, 1.00),
    "request_overhead": (8e-6, 0.60),
    "offline_request_overhead": (3e-6, 0.70),
    "offline_factor": (0.90, 0.15),
    "exchange_latency": (5e-6, 0.40),
    "exchange_growth": (2e-6, 0.50),
    # Engines, over the calibrated model; the prompts of engines that mix them into decoding fall on it whole.
    **{f"{engine}.overhead": (1.0, 0.25) for engine in ENGINES},
    **{f"{engine}.request_overhead": (1.0, 0.40) for engine in ENGINES},
    "mixed.prompt_share": (1.0, 0.10),
    "sglang.prompt_share": (0.7, 0.20),
}
"""Middle and logarithmic spread that a constant is held to."""

NAMES = tuple(PRIORS)
CENTRE = np.log([middle for middle, _ in PRIORS.values()])
SPREAD = np.array([spread for _, spread in PRIORS.values()])
EXCHANGE_ELEMENT = 3.0
"""Bytes of a hidden number to an expert in 8 bits and back in 16; not fitted."""


def values_of(theta: Array) -> dict[str, float]:
    return dict(zip(NAMES, (float(value) for value in np.exp(theta)), strict=True))


def constants_of(values: Mapping[str, float]) -> ServingConstants:
    fitted = {name: value for name, value in values.items() if "." not in name}
    return ServingConstants(exchange_element=EXCHANGE_ELEMENT, **fitted)


def prompt_share(values: Mapping[str, float], engine: str) -> float:
    return values["sglang.prompt_share" if engine == "sglang" else "mixed.prompt_share"]


FIXED: dict[str, float] = {"chunk": 8192.0, "usable_memory": 0.9, "block": 16.0}
"""Settings of every engine that rows do not tell: usual defaults."""


def engine_of(
    values: Mapping[str, float], engines: NDArray[Any], first: Mapping[str, tuple[float, float]]
) -> EngineConstants:
    """Constants of the engine of each row, as arrays; `first` holds time and share of the first token."""

    def each(number: Callable[[str], float]) -> Array:
        middle = float(np.exp(np.mean(np.log([max(number(engine), TINY) for engine in ENGINES]))))
        return np.array([middle if engine == "generic" else number(engine) for engine in engines])

    return EngineConstants(
        overhead=each(lambda engine: values[f"{engine}.overhead"]),
        request_overhead=each(lambda engine: values[f"{engine}.request_overhead"]),
        prompt_share=each(lambda engine: prompt_share(values, engine)),
        first_token=each(lambda engine: first[engine][0]),
        queue_share=each(lambda engine: first[engine][1]),
        **FIXED,
    )


TINY = 1e-12
"""Keeps the mean of waits that are left out, which are 0, a number."""

NO_WAIT = dict.fromkeys(ENGINES, (0.0, 0.0))


@dataclass(frozen=True)
class Predicted:
    """Predictions of all rows, by place. Times in seconds."""

    interval: Array
    decode: Array
    charge: Array
    first_token: Array
    running: Array
    rate: Array
    memory_use: Array
    compute_use: Array


class Model:
    """The estimate, laid over all rows."""

    def __init__(self, rows: Sequence[Row], catalog: Catalog) -> None:
        start = values_of(CENTRE)
        dummy = engine_of(start, np.array(["untuned"], dtype=object), NO_WAIT)
        self.rows = rows
        self.batches = batches(rows, catalog, constants_of(start), dummy)
        # Weights and caches do not depend on what is fitted.
        self.memories: list[ReplicaMemory] = [replica_memory(batch.inputs) for batch in self.batches]

    def _times(
        self,
        batch: Batch,
        memory: ReplicaMemory,
        values: Mapping[str, float],
        first: Mapping[str, tuple[float, float]],
        platforms: Mapping[str, float] | None = None,
    ) -> ReplicaTimes:
        inputs = replace(batch.inputs, constants=constants_of(values), engine=engine_of(values, batch.engines, first))
        if platforms:
            factors = [platforms.get(self.rows[place].generation, 1.0) for place in batch.index]
            inputs = replace(inputs, residual=np.array(factors))
        return replica_times(inputs, memory)

    def intervals(self, theta: Array, places: Array | None = None) -> Array:
        """What is fitted: time a token in closed loops, time a token and running request offline."""
        values = values_of(theta)
        found = np.full(len(self.rows), np.nan)
        for batch, memory in zip(self.batches, self.memories, strict=True):
            if places is not None and not places[batch.index].any():
                continue
            times = self._times(batch, memory, values, NO_WAIT)
            offline = batch.inputs.offline
            found[batch.index] = times.running / (times.requests * batch.inputs.output) if offline else times.interval
        return found

    def predicted(
        self,
        theta: Array,
        first: Mapping[str, tuple[float, float]],
        platforms: Mapping[str, float] | None = None,
    ) -> Predicted:
        """Everything that is judged; `platforms` holds measured over modelled time of generations."""
        values = values_of(theta)
        columns = {name: np.full(len(self.rows), np.nan) for name in Predicted.__dataclass_fields__}
        for batch, memory in zip(self.batches, self.memories, strict=True):
            times = self._times(batch, memory, values, first, platforms)
            for name, value in {
                "interval": times.interval,
                "decode": times.decode,
                "charge": times.charge,
                "first_token": times.first_token,
                "running": times.running,
                "rate": times.requests * batch.inputs.output,
                "memory_use": times.memory_use,
                "compute_use": times.compute_use,
            }.items():
                columns[name][batch.index] = value
        return Predicted(**columns)

    def measured(self, theta: Array) -> Array:
        """What `intervals` is compared with."""
        found = np.array([row.interval for row in self.rows])
        for batch, memory in zip(self.batches, self.memories, strict=True):
            if batch.inputs.offline:
                running = self._times(batch, memory, values_of(theta), NO_WAIT).running
                rates = np.array([self.rows[place].rate for place in batch.index])
                found[batch.index] = running / rates
        return found
