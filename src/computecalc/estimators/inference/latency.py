"""Latency and throughput of a replica in a steady state, from its decode and mixed steps.

In a steady state every request that leaves makes room for one that joins, so between two tokens of a request the
prompts of some others are computed. That is where most of the difference to a decode step alone comes from.
"""

from __future__ import annotations

from dataclasses import replace

from computecalc.estimators.inference.drafting import drafting
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.memory import ReplicaMemory
from computecalc.estimators.inference.meter import StepTime
from computecalc.estimators.inference.parts import ReplicaParts, replica_parts
from computecalc.estimators.inference.pools import PoolTimes, pool_times
from computecalc.estimators.inference.step import request_time, step_time
from computecalc.estimators.trace import labelled
from computecalc.formulas.parameters import total_width
from computecalc.formulas.serving_fleet import busy_share
from computecalc.formulas.serving_latency import (
    first_token_time,
    generation_time,
    longer_time,
    other_requests,
    prompt_charge,
    prompts_per_token,
    running_requests,
    scaled_time,
    token_interval,
)
from computecalc.formulas.serving_pools import paired_rate
from computecalc.formulas.serving_requests import fresh_prompt, request_count
from computecalc.formulas.serving_throughput import offline_cycle_time, place_wait, request_rate
from computecalc.formulas.serving_times import stacked_time, summed_time
from computecalc.formulas.serving_tokens import chunk_tokens, prompt_chunks, rank_chunk_tokens, requests_joining
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["ReplicaTimes", "replica_times"]


@record
class ReplicaTimes:
    """What a replica takes in a steady state. Times [s]."""

    running: Numeric
    """Requests that run at once. [request]"""
    decode: Numeric
    """One step of pure decoding, with what the engine does for its requests."""
    charge: Numeric
    """Time that one prompt adds."""
    interval: Numeric
    """Between two output tokens of a request (TPOT)."""
    unloaded_first_token: Numeric
    """To the first token of a request that is alone."""
    first_token: Numeric
    """To the first token, waits counted (TTFT)."""
    long_first_token: Numeric | None
    """The same for a long prompt; None where all are equal."""
    latency: Numeric
    """From the start of a request to its last token."""
    long_latency: Numeric | None
    """The same for a long output; None where all are equal."""
    requests: Numeric
    """Requests completed. [request/s/replica]"""
    own_requests: Numeric
    """The same if nothing outside of the replica held it up."""
    memory_use: Numeric
    """Share of the memory bandwidth in use."""
    compute_use: Numeric
    """Share of the peak in use."""
    pool: PoolTimes | None
    """What computes its prompts; None: itself."""


def replica_times(inputs: ServingInputs, memory: ReplicaMemory) -> ReplicaTimes:
    """Find latency and throughput at the concurrency of the inputs."""
    running = running_requests(asked=inputs.concurrency, capacity=memory.capacity, least=1.0)
    plain = step_time(inputs, memory.parts, running)
    waiting = labelled(request_time(inputs, running), "scheduling and streaming")
    drafted = drafting(inputs, running, plain)
    if drafted is None:
        decode, busy = labelled(summed_time(parts=(plain.time, waiting)), "decode step"), plain
    else:
        decode = labelled(summed_time(parts=(plain.time, drafted.time, waiting)), "decode step")
        busy = _both(plain, drafted)
    if inputs.prompts is not None:
        return _apart(inputs, running, decode, busy, pool_times(inputs))
    prompt = _prompt(inputs, memory.parts, running, plain)
    return _together(inputs, running, decode, busy, prompt)


def _both(one: StepTime, other: StepTime) -> StepTime:
    return StepTime(
        summed_time(parts=(one.time, other.time)),
        summed_time(parts=(one.memory, other.memory)),
        summed_time(parts=(one.compute, other.compute)),
    )


@record
class _Prompt:
    """What a prompt adds to a replica that decodes."""

    chunks: Numeric
    charge: Numeric
    """[s]"""
    memory: Numeric
    """Time for its traffic at the full bandwidth. [s]"""
    compute: Numeric


def _prompt(inputs: ServingInputs, parts: ReplicaParts, running: Numeric, plain: StepTime) -> _Prompt:
    prompt = fresh_prompt(prompt=inputs.prompt, cache_hit=inputs.cache_hit)
    joining = requests_joining(running=running, accepted=inputs.accepted, output=inputs.output)
    limits = {"limit": inputs.engine.chunk, "replicas": inputs.attention_data}
    chunk = chunk_tokens(prompt=prompt, joining=joining, **limits)
    chunks = prompt_chunks(prompt=prompt, chunk=chunk)
    worst = rank_chunk_tokens(prompt=prompt, chunk=chunk, **limits)
    mixed = step_time(inputs, parts, running, (chunk, worst))
    return _Prompt(
        chunks,
        _charge(inputs, chunks, mixed.time, plain.time),
        prompt_charge(chunks=chunks, mixed=mixed.memory, decode=plain.memory, launch=0.0),
        prompt_charge(chunks=chunks, mixed=mixed.compute, decode=plain.compute, launch=0.0),
    )


def _long_prompt(inputs: ServingInputs, prompt: Numeric, running: Numeric) -> _Prompt:
    longest = replace(inputs, prompt=prompt, input_spread=1.0)
    parts = replica_parts(longest)
    return _prompt(longest, parts, running, step_time(longest, parts, running))


def _together(inputs: ServingInputs, running: Numeric, decode: Numeric, busy: StepTime, found: _Prompt) -> ReplicaTimes:
    """Find the steady state of a replica that computes the prompts of its requests itself."""
    others = other_requests(running=request_count(requests=running))
    prompts = prompts_per_token(others=others, output=inputs.output)
    steady = {"accepted": inputs.accepted, "prompts": prompts, "stages": inputs.pipeline}
    interval = token_interval(decode=decode, charge=found.charge, share=inputs.engine.prompt_share, **steady)
    interval = scaled_time(time=interval, residual=inputs.residual)
    alone = _first_token(inputs, found, decode)
    started = first_token_time(
        base=inputs.engine.first_token,
        chunks=found.chunks,
        decode=decode,
        charge=found.charge,
        others=others,
        queue_share=inputs.engine.queue_share,
        stages=inputs.pipeline,
    )
    long = None
    if inputs.input_long is not None:
        first = _first_token(inputs, _long_prompt(inputs, inputs.input_long, running), decode)
        long = longer_time(time=started, longer=first, shorter=alone)
        long = labelled(scaled_time(time=long, residual=inputs.first_token_residual), "first token of a long prompt")
    started = scaled_time(time=started, residual=inputs.first_token_residual)
    stay = labelled(
        summed_time(parts=(started, generation_time(interval=interval, output=inputs.output))), "stay in the cache"
    )
    wait = place_wait(asked=inputs.concurrency, running=running, stay=stay)
    latency = labelled(summed_time(parts=(wait, stay)), "latency of a request")
    lasting = _offline_cycle(inputs, running, decode, found.charge) if inputs.offline else stay
    rate = request_rate(asked=running, latency=lasting)
    first = labelled(summed_time(parts=(wait, started)), "time to first token")
    return ReplicaTimes(
        running=running,
        decode=decode,
        charge=found.charge,
        interval=interval,
        unloaded_first_token=alone,
        first_token=first,
        long_first_token=None if long is None else summed_time(parts=(wait, long)),
        latency=latency,
        long_latency=_long_latency(inputs, first, interval),
        requests=rate,
        own_requests=rate,
        memory_use=_use(inputs, busy.memory, found.memory, prompts, lasting),
        compute_use=_use(inputs, busy.compute, found.compute, prompts, lasting),
        pool=None,
    )


def _apart(inputs: ServingInputs, running: Numeric, decode: Numeric, busy: StepTime, pool: PoolTimes) -> ReplicaTimes:
    """Find the steady state of a replica that decodes what others have computed the prompts of."""
    steady = {"accepted": inputs.accepted, "prompts": 0.0, "charge": 0.0, "share": 0.0, "stages": inputs.pipeline}
    interval = scaled_time(time=token_interval(decode=decode, **steady), residual=inputs.residual)
    stay = labelled(generation_time(interval=interval, output=inputs.output), "stay in the cache")
    wait = place_wait(asked=inputs.concurrency, running=running, stay=stay)
    first = labelled(summed_time(parts=(wait, pool.first_token)), "time to first token")
    own = request_rate(asked=running, latency=stay)
    stated = None if inputs.prompts is None else inputs.prompts.ratio
    requests = own if stated is None else paired_rate(decode=own, prompts=pool.requests, ratio=stated)
    return ReplicaTimes(
        running=running,
        decode=decode,
        charge=pool.charge,
        interval=interval,
        unloaded_first_token=pool.unloaded_first_token,
        first_token=first,
        long_first_token=None if pool.long_first_token is None else summed_time(parts=(wait, pool.long_first_token)),
        latency=labelled(summed_time(parts=(first, stay)), "latency of a request"),
        long_latency=_long_latency(inputs, first, interval),
        requests=requests,
        own_requests=own,
        memory_use=_use(inputs, busy.memory, 0.0, 0.0, stay),
        compute_use=_use(inputs, busy.compute, 0.0, 0.0, stay),
        pool=pool,
    )


def _first_token(inputs: ServingInputs, prompt: _Prompt, decode: Numeric) -> Numeric:
    """Time to the first token of a request that is alone."""
    return first_token_time(
        base=inputs.engine.first_token,
        chunks=prompt.chunks,
        decode=decode,
        charge=prompt.charge,
        others=0.0,
        queue_share=0.0,
        stages=inputs.pipeline,
    )


def _long_latency(inputs: ServingInputs, first: Numeric, interval: Numeric) -> Numeric | None:
    if inputs.output_long is None:
        return None
    return summed_time(parts=(first, generation_time(interval=interval, output=inputs.output_long)))


def _charge(inputs: ServingInputs, chunks: Numeric, mixed: Numeric, plain: Numeric) -> Numeric:
    layers = total_width(parts=[group.count for group in inputs.model.groups])
    launch = stacked_time(layer=inputs.constants.prompt_overhead, count=layers)
    return labelled(prompt_charge(chunks=chunks, mixed=mixed, decode=plain, launch=launch), "charge of one prompt")


def _offline_cycle(inputs: ServingInputs, running: Numeric, decode: Numeric, charge: Numeric) -> Numeric:
    """Time in which as many requests as run at once are completed: prompts and decoding, in whatever order."""
    alone = token_interval(
        decode=decode, accepted=inputs.accepted, prompts=0.0, charge=charge, share=1.0, stages=inputs.pipeline
    )
    cycle = offline_cycle_time(
        factor=inputs.constants.offline_factor,
        running=request_count(requests=running),
        charge=charge,
        decoding=generation_time(interval=alone, output=inputs.output),
        stages=inputs.pipeline,
    )
    return scaled_time(time=cycle, residual=inputs.residual)


def _use(inputs: ServingInputs, plain: Numeric, charge: Numeric, prompts: Numeric, lasting: Numeric) -> Numeric:
    """Share of the time of a request in which memory or engines would be busy at their full rate."""
    each = token_interval(
        decode=plain, accepted=inputs.accepted, prompts=prompts, charge=charge, share=1.0, stages=inputs.pipeline
    )
    return busy_share(busy=generation_time(interval=each, output=inputs.output), time=lasting)
