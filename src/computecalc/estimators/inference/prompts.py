"""What one prompt takes of accelerators that compute nothing but prompts."""

from __future__ import annotations

from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.parts import ReplicaParts
from computecalc.estimators.inference.step import step_time
from computecalc.estimators.trace import labelled
from computecalc.formulas.parameters import total_width
from computecalc.formulas.serving_latency import prompt_charge, scaled_time
from computecalc.formulas.serving_requests import fresh_prompt
from computecalc.formulas.serving_times import stacked_time
from computecalc.formulas.serving_tokens import chunk_tokens, prompt_chunks, rank_chunk_tokens
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["PromptTime", "prompt_time"]


@record
class PromptTime:
    """A prompt in steps without decoding, in s."""

    time: Numeric
    memory: Numeric
    """Time for its memory traffic at the full bandwidth."""
    compute: Numeric
    """Time for its work at the full peak."""
    chunks: Numeric
    """Steps that it takes; less than 1 where prompts share a step."""


def prompt_time(inputs: ServingInputs, parts: ReplicaParts, *, joining: Numeric, groups: Numeric) -> PromptTime:
    """Time one prompt, where as many as `joining` share a step as far as it has room.

    Parameters
    ----------
    inputs : ServingInputs
        The workload.
    parts : ReplicaParts
        Its layers, as one accelerator holds them.
    joining : numeric
        Prompts that are there at the same time. [1]
    groups : numeric
        Groups of attention ranks that take prompts in the same step; a lone prompt stays in one. [1]
    """
    prompt = fresh_prompt(prompt=inputs.prompt, cache_hit=inputs.cache_hit)
    limits = {"limit": inputs.engine.chunk, "replicas": groups}
    chunk = chunk_tokens(prompt=prompt, joining=joining, **limits)
    chunks = prompt_chunks(prompt=prompt, chunk=chunk)
    worst = rank_chunk_tokens(prompt=prompt, chunk=chunk, **limits)
    step = step_time(inputs, parts, 0.0, (chunk, worst))
    layers = total_width(parts=[group.count for group in inputs.model.groups])
    launch = stacked_time(layer=inputs.constants.prompt_overhead, count=layers)
    time = scaled_time(
        time=prompt_charge(chunks=chunks, mixed=step.time, decode=0.0, launch=launch), residual=inputs.residual
    )
    return PromptTime(
        labelled(time, "time of one prompt"),
        prompt_charge(chunks=chunks, mixed=step.memory, decode=0.0, launch=0.0),
        prompt_charge(chunks=chunks, mixed=step.compute, decode=0.0, launch=0.0),
        chunks,
    )
