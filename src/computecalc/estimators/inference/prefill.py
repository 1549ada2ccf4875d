"""Work that reads prompts and writes nothing, such as embedding or scoring: a replica busy with prompts alone."""

from __future__ import annotations

from dataclasses import replace

from computecalc.estimators.inference.fleet import fleet_metrics
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.latency import ReplicaTimes
from computecalc.estimators.inference.memory import ReplicaMemory, replica_memory
from computecalc.estimators.inference.meter import StepTime
from computecalc.estimators.inference.recipe import replica_metrics, work_metrics
from computecalc.estimators.inference.step import step_time
from computecalc.estimators.trace import labelled
from computecalc.formulas.parameters import total_width
from computecalc.formulas.serving_fleet import busy_share
from computecalc.formulas.serving_latency import (
    first_token_time,
    other_requests,
    prompt_charge,
    running_requests,
    scaled_time,
)
from computecalc.formulas.serving_requests import fresh_prompt, request_count
from computecalc.formulas.serving_throughput import request_rate
from computecalc.formulas.serving_times import stacked_time
from computecalc.formulas.serving_tokens import chunk_tokens, prompt_chunks, rank_chunk_tokens
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
    shared, alone = _prompt(inputs, memory, joining=asked), _prompt(inputs, memory, joining=1.0)
    others = other_requests(running=asked)
    # Nothing else is computed, so that each request waits for all that came before it.
    turn = labelled(_first(inputs, 0.0, shared.time, others), "time of all that run")
    latency = labelled(_first(inputs, inputs.engine.first_token, shared.time, others), "latency of a request")
    return ReplicaTimes(
        running=running,
        decode=0.0,
        charge=shared.time,
        interval=shared.time,
        unloaded_first_token=_first(inputs, inputs.engine.first_token, alone.time, 0.0),
        first_token=latency,
        latency=latency,
        # What the engine takes besides goes on while others are computed.
        requests=request_rate(asked=running, latency=turn),
        memory_use=busy_share(busy=shared.memory, time=shared.time),
        compute_use=busy_share(busy=shared.compute, time=shared.time),
    )


def _prompt(inputs: ServingInputs, memory: ReplicaMemory, *, joining: Numeric) -> StepTime:
    """What one prompt takes, where as many as `joining` share a step as far as it has room."""
    prompt = fresh_prompt(prompt=inputs.prompt, cache_hit=inputs.cache_hit)
    limits = {"limit": inputs.engine.chunk, "replicas": inputs.attention_data}
    chunk = chunk_tokens(prompt=prompt, joining=joining, **limits)
    chunks = prompt_chunks(prompt=prompt, chunk=chunk)
    worst = rank_chunk_tokens(prompt=prompt, chunk=chunk, **limits)
    step = step_time(inputs, memory.parts, 0.0, (chunk, worst))
    layers = total_width(parts=[group.count for group in inputs.model.groups])
    launch = stacked_time(layer=inputs.constants.prompt_overhead, count=layers)
    time = scaled_time(
        time=prompt_charge(chunks=chunks, mixed=step.time, decode=0.0, launch=launch), residual=inputs.residual
    )
    return StepTime(
        labelled(time, "time of one prompt"),
        prompt_charge(chunks=chunks, mixed=step.memory, decode=0.0, launch=0.0),
        prompt_charge(chunks=chunks, mixed=step.compute, decode=0.0, launch=0.0),
    )


def _first(inputs: ServingInputs, base: Numeric, charge: Numeric, others: Numeric) -> Numeric:
    """Time until a prompt is computed, after all others."""
    return first_token_time(
        base=base, chunks=1.0, decode=0.0, charge=charge, others=others, queue_share=1.0, stages=inputs.pipeline
    )
