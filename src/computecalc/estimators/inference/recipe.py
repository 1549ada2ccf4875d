"""A served workload, top to bottom: count, fit, time a step, find latency and throughput, size the fleet, bill it."""

from __future__ import annotations

from computecalc.estimators.inference.fleet import fleet_metrics
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.latency import ReplicaTimes, replica_times
from computecalc.estimators.inference.memory import ReplicaMemory, replica_memory
from computecalc.estimators.layers import count_work
from computecalc.estimators.mixer_shapes import AttentionShape
from computecalc.estimators.shapes import ModelShape
from computecalc.formulas.serving_attention import cache_traffic
from computecalc.formulas.serving_memory import occupied_bytes, room_for_one
from computecalc.formulas.serving_requests import (
    decode_context,
    decode_span,
    fresh_prompt,
    prompt_context,
    request_compute,
    request_count,
)
from computecalc.formulas.serving_throughput import user_token_rate
from computecalc.formulas.serving_tokens import rank_requests
from computecalc.formulas.table import Numeric

__all__ = ["estimate_serving", "replica_metrics", "unserved", "work_metrics"]

Metrics = dict[str, Numeric]


def unserved(model: ModelShape) -> str | None:
    """Return why a model cannot be served token by token; None where it can."""
    for group in model.groups:
        if group.cross_mixer is not None:
            return "it has an encoder beside its decoder"
        if isinstance(group.mixer, AttentionShape) and group.mixer.options.bidirectional:
            return "its attention sees later tokens"
    if all(group.mixer is None for group in model.groups):
        return "none of its layers mixes tokens"
    return None


def estimate_serving(inputs: ServingInputs) -> Metrics:
    """Estimate a served workload.

    Parameters
    ----------
    inputs : ServingInputs
        Floats, arrays over cases, or traced floats; a model for which `unserved` returns None.

    Returns
    -------
    dict
        Metric id to value, in the formula units of `computecalc.estimators.metrics`. Metrics whose inputs
        are not known are left out.
    """
    memory = replica_memory(inputs)
    times = replica_times(inputs, memory)
    metrics = replica_metrics(inputs, memory, times)
    metrics |= {
        "latency.tpot": times.interval,
        "throughput.per_user": user_token_rate(interval=times.interval),
        "time.decode_step": times.decode,
    }
    return work_metrics(inputs) | metrics | fleet_metrics(inputs, times)


def replica_metrics(inputs: ServingInputs, memory: ReplicaMemory, times: ReplicaTimes) -> Metrics:
    """Memory, batch and latencies of a replica, but for those of its output."""
    requests = rank_requests(running=times.running, replicas=inputs.attention_data, stages=1.0)
    long = {"latency.ttft_long": times.long_first_token, "latency.request_long": times.long_latency}
    metrics = {name: value for name, value in long.items() if value is not None}
    if times.pool is not None:
        metrics["time.cache_transfer"] = times.pool.transfer
    return metrics | {
        "batch": times.running,
        "batch.capacity": memory.capacity,
        "memory.per_accelerator": occupied_bytes(
            weights=memory.weights, running=times.running, each=memory.each, replicas=inputs.attention_data
        ),
        "memory.per_accelerator.weights": memory.weights,
        "memory.per_accelerator.kv_cache": cache_traffic(requests=requests, each=memory.each, passes=1.0),
        "memory.fits": room_for_one(capacity=request_count(requests=memory.capacity)),
        "latency.ttft": times.first_token,
        "latency.ttft_unloaded": times.unloaded_first_token,
        "latency.request": times.latency,
        "time.prompt": times.charge,
    }


def work_metrics(inputs: ServingInputs) -> Metrics:
    """Parameters, and FLOPs of a prompt and of an output token."""
    seen = prompt_context(prompt=inputs.prompt, cache_hit=inputs.cache_hit, spread=inputs.input_spread)
    behind = decode_context(prompt=inputs.prompt, output=inputs.output, spread=inputs.output_spread)
    span = decode_span(context=behind)
    fresh = fresh_prompt(prompt=inputs.prompt, cache_hit=inputs.cache_hit)
    counted = count_work(inputs.model, (seen, span))
    reading, writing = counted.forward
    return {
        "parameters.total": counted.parameters,
        "parameters.active": counted.active,
        "compute.prefill_per_request": request_compute(work=reading, prompt=fresh),
        "compute.decode_per_token": writing,
    }
