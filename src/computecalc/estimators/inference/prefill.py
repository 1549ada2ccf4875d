"""Work that reads prompts and writes nothing, such as embedding or scoring: a replica busy with prompts alone."""

from __future__ import annotations

from dataclasses import replace

from computecalc.estimators.inference.fleet import fleet_metrics
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.latency import ReplicaTimes
from computecalc.estimators.inference.memory import ReplicaMemory, replica_memory
from computecalc.estimators.inference.parts import replica_parts
from computecalc.estimators.inference.prompts import prompt_time
from computecalc.estimators.inference.recipe import replica_metrics, work_metrics
from computecalc.estimators.trace import labelled
from computecalc.formulas.serving_fleet import busy_share
from computecalc.formulas.serving_latency import (
    first_token_time,
    longer_time,
    other_requests,
    running_requests,
)
from computecalc.formulas.serving_requests import request_count
from computecalc.formulas.serving_throughput import request_rate
from computecalc.formulas.table import Numeric

__all__ = ["estimate_prefill", "prefill_times"]

_OF_OUTPUT = (
    "accelerator_time.per_output_token",
    "accelerators.output",
    "carbon.per_output_token",
    "carbon.sci.per_output_token",
    "compute.decode_per_token",
    "cost.per_output_token",
    "energy.accelerator_per_output_token",
    "energy.per_output_token",
    "latency.tpot",
    "throughput.cluster",
    "throughput.per_accelerator",
    "throughput.replica",
    "time.decode_step",
)
"""Metrics that a workload without output does not have."""


def estimate_prefill(inputs: ServingInputs) -> dict[str, Numeric]:
    """Estimate a workload without output.

    Parameters
    ----------
    inputs : ServingInputs
        Floats, arrays over cases, or traced floats; the output is 0.

    Returns
    -------
    dict
        Metric id to value, as `computecalc.estimators.inference.recipe.estimate_serving` returns it, without what
        describes output.
    """
    memory = replica_memory(inputs)
    times = prefill_times(inputs, memory)
    # What is for an output token is left out below; one token keeps the formulas of it finite.
    one = replace(inputs, output=1.0)
    metrics = work_metrics(inputs) | replica_metrics(inputs, memory, times) | fleet_metrics(one, times)
    return {name: value for name, value in metrics.items() if name not in _OF_OUTPUT}


def prefill_times(inputs: ServingInputs, memory: ReplicaMemory) -> ReplicaTimes:
    """Find latency and throughput of a replica that computes one prompt after the other."""
    running = running_requests(asked=inputs.concurrency, capacity=memory.capacity, least=1.0)
    asked = request_count(requests=running)
    groups = inputs.attention_data
    shared = prompt_time(inputs, memory.parts, joining=asked, groups=groups)
    alone = prompt_time(inputs, memory.parts, joining=1.0, groups=groups)
    others = other_requests(running=asked)
    # Nothing else is computed, so that each request waits for all that came before it.
    turn = labelled(_first(inputs, 0.0, shared.time, others), "time of all that run")
    latency = labelled(_first(inputs, inputs.engine.first_token, shared.time, others), "latency of a request")
    unloaded = _first(inputs, inputs.engine.first_token, alone.time, 0.0)
    long = None
    if inputs.input_long is not None:
        longest = replace(inputs, prompt=inputs.input_long, input_spread=1.0)
        own = prompt_time(longest, replica_parts(longest), joining=1.0, groups=groups)
        first = _first(inputs, inputs.engine.first_token, own.time, 0.0)
        long = longer_time(time=latency, longer=first, shorter=unloaded)
    rate = request_rate(asked=running, latency=turn)
    return ReplicaTimes(
        running=running,
        decode=0.0,
        charge=shared.time,
        interval=shared.time,
        unloaded_first_token=unloaded,
        first_token=latency,
        long_first_token=long,
        latency=latency,
        long_latency=None,
        # What the engine takes besides goes on while others are computed.
        requests=rate,
        own_requests=rate,
        memory_use=busy_share(busy=shared.memory, time=shared.time),
        compute_use=busy_share(busy=shared.compute, time=shared.time),
        pool=None,
    )


def _first(inputs: ServingInputs, base: Numeric, charge: Numeric, others: Numeric) -> Numeric:
    """Time until a prompt is computed, after all others."""
    return first_token_time(
        base=base, chunks=1.0, decode=0.0, charge=charge, others=others, queue_share=1.0, stages=inputs.pipeline
    )
