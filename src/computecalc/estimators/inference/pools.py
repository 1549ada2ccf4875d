"""Prompts computed by accelerators of their own: how fast, and how their caches get to those that decode."""

from __future__ import annotations

from dataclasses import replace

from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.memory import ReplicaMemory, replica_memory
from computecalc.estimators.inference.parts import ReplicaParts, replica_parts
from computecalc.estimators.inference.prompts import prompt_time
from computecalc.estimators.trace import labelled
from computecalc.formulas.serving_fleet import busy_share
from computecalc.formulas.serving_latency import first_token_time, longer_time, scaled_time
from computecalc.formulas.serving_prompts import cache_transfer_time, prompt_turn, prompts_in_step, queue_wait
from computecalc.formulas.serving_requests import fresh_prompt
from computecalc.formulas.serving_throughput import replica_accelerators, replica_ranks, request_rate
from computecalc.formulas.serving_times import summed_time
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["PoolTimes", "group_memory", "pool_inputs", "pool_times"]


@record
class PoolTimes:
    """A group of accelerators that computes prompts. Times [s]."""

    each: Numeric
    """Accelerators of the group. [accelerator/replica]"""
    charge: Numeric
    """Time in which it completes one prompt more. [s]"""
    turn: Numeric
    """After which it takes the next one."""
    requests: Numeric
    """Prompts that it completes. [request/s/replica]"""
    unloaded_first_token: Numeric
    first_token: Numeric
    """With the wait for prompts that came before, at the share of its rate that it is planned for."""
    long_first_token: Numeric | None
    transfer: Numeric
    """In which the cache of a prompt gets to the accelerators that decode."""
    memory_use: Numeric
    compute_use: Numeric


def pool_inputs(inputs: ServingInputs) -> ServingInputs:
    """Return the workload on the accelerators that compute its prompts: nothing is decoded there."""
    pool = inputs.prompts
    if pool is None:
        raise ValueError("no accelerators of their own compute these prompts")
    return replace(
        inputs,
        tensor=inputs.tensor if pool.tensor is None else pool.tensor,
        attention_data=inputs.attention_data if pool.attention_data is None else pool.attention_data,
        expert=inputs.expert if pool.expert is None else pool.expert,
        pipeline=inputs.pipeline if pool.pipeline is None else pool.pipeline,
        output=0.0,
        drafted=0.0,
        draft=None,
        draft_share=None,
        prompts=None,
        # What a first token leaves open is all in the residual of first tokens.
        residual=1.0,
    )


def group_memory(inputs: ServingInputs) -> ReplicaMemory:
    """Count what an accelerator that computes prompts holds, and how many prompts it has room for."""
    return replica_memory(pool_inputs(inputs))


def pool_times(inputs: ServingInputs) -> PoolTimes:
    """Find how fast a group computes prompts, and what comes before a first token."""
    alone, held = pool_inputs(inputs), group_memory(inputs)
    ranks = replica_ranks(tensor=alone.tensor, replicas=alone.attention_data)
    each = replica_accelerators(ranks=ranks, stages=alone.pipeline)
    fresh = fresh_prompt(prompt=alone.prompt, cache_hit=alone.cache_hit)
    many = prompts_in_step(limit=alone.engine.chunk, groups=alone.attention_data, prompt=fresh)
    full = prompt_time(alone, held.parts, joining=many, groups=alone.attention_data)
    transfer = _transfer(inputs, held.each)
    usual = _first_token(alone, held.parts)
    unloaded = labelled(summed_time(parts=(usual, transfer)), "time to first token of a request that is alone")
    # Stages work on several prompts at a time, so that the next one starts after a part of it.
    turn = labelled(prompt_turn(charge=full.time, stages=alone.pipeline), "time between two prompts")
    paced = scaled_time(time=turn, residual=inputs.residual)
    wait = labelled(queue_wait(service=turn, share=inputs.utilization), "wait for prompts that came before")
    started = labelled(summed_time(parts=(wait, usual)), "first token on its accelerators")
    long = None
    if inputs.input_long is not None:
        longest = replace(inputs, prompt=inputs.input_long, input_spread=1.0)
        sent = replace(alone, prompt=inputs.input_long, input_spread=1.0)
        more = longer_time(time=started, longer=_first_token(sent, replica_parts(sent)), shorter=usual)
        long = _arrived(inputs, more, _transfer(longest, group_memory(longest).each))
    return PoolTimes(
        each=each,
        charge=full.time,
        turn=paced,
        requests=labelled(request_rate(asked=1.0, latency=paced), "prompts of a group"),
        unloaded_first_token=unloaded,
        first_token=_arrived(inputs, started, transfer),
        long_first_token=long,
        transfer=transfer,
        memory_use=busy_share(busy=full.memory, time=turn),
        compute_use=busy_share(busy=full.compute, time=turn),
    )


def _first_token(alone: ServingInputs, parts: ReplicaParts) -> Numeric:
    """Time in which a prompt is computed that nothing is in the way of."""
    prompt = prompt_time(alone, parts, joining=1.0, groups=1.0)
    return first_token_time(
        base=alone.engine.first_token,
        chunks=prompt.chunks,
        decode=0.0,
        charge=prompt.time,
        others=0.0,
        queue_share=0.0,
        stages=1.0,
    )


def _arrived(inputs: ServingInputs, started: Numeric, transfer: Numeric) -> Numeric:
    computed = scaled_time(time=started, residual=inputs.first_token_residual)
    return labelled(summed_time(parts=(computed, transfer)), "first token, where it is decoded on")


def _transfer(inputs: ServingInputs, sent: Numeric) -> Numeric:
    """Time in which the cache of a whole prompt, what was cached of it before included, changes accelerators."""
    held = replica_memory(replace(inputs, output=0.0, draft=None, prompts=None))
    time = cache_transfer_time(
        sent=sent,
        received=labelled(held.each, "cache of a prompt where it is decoded on"),
        network=inputs.nic,
        efficiency=inputs.constants.link_efficiency,
    )
    return labelled(summed_time(parts=(inputs.constants.exchange_latency, time)), "transfer of the cache")
