"""Time of one forward step of a replica: decoding requests, with or without a chunk of prompt."""

from __future__ import annotations

from computecalc.estimators.inference.exchanges import expert_combination, reduction, stage_hops
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.meter import Meter, StepTime
from computecalc.estimators.inference.parts import ExpertParts, LayerParts, MixerParts, ReplicaParts
from computecalc.estimators.mixer_shapes import CompressedShape, LatentAttentionShape
from computecalc.estimators.trace import labelled
from computecalc.formulas.serving_attention import cache_traffic, rank_core_work
from computecalc.formulas.serving_experts import (
    expert_work,
    experts_bytes_read,
    experts_read,
    grouped_efficiency,
    routed_traffic,
)
from computecalc.formulas.serving_memory import summed_bytes
from computecalc.formulas.serving_products import busy_compute_time
from computecalc.formulas.serving_times import (
    kernel_time,
    overhead_time,
    request_overhead_time,
    stacked_time,
)
from computecalc.formulas.serving_tokens import decoded_tokens, rank_requests, summed_tokens, token_count
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["request_time", "step_time"]


@record
class _Load:
    """What a step has to do, on one accelerator and over all ranks."""

    requests: Numeric
    """That decode on the accelerator."""
    decoded: Numeric
    """Tokens of theirs."""
    prompt: Numeric | None
    """Prompt tokens on the accelerator; None in a step of pure decoding."""
    tokens: Numeric
    """All tokens on the accelerator."""
    all_tokens: Numeric
    """All tokens of the step, over the groups of attention ranks."""
    reduced: Numeric
    """Time in which the outputs of tensor ranks come together. [s]"""


def _load(inputs: ServingInputs, running: Numeric, chunk: tuple[Numeric, Numeric] | None) -> _Load:
    requests = rank_requests(running=running, replicas=inputs.attention_data, stages=inputs.pipeline)
    decoded = decoded_tokens(requests=requests, drafted=inputs.drafted)
    everyone = rank_requests(running=running, replicas=1.0, stages=inputs.pipeline)
    tokens, all_tokens = decoded, decoded_tokens(requests=everyone, drafted=inputs.drafted)
    if chunk is not None:
        tokens = labelled(summed_tokens(parts=(decoded, chunk[1])), "tokens on the accelerator")
        all_tokens = labelled(summed_tokens(parts=(all_tokens, chunk[0])), "tokens of the step")
    return _Load(
        requests=requests,
        decoded=decoded,
        prompt=None if chunk is None else chunk[1],
        tokens=tokens,
        all_tokens=all_tokens,
        reduced=reduction(inputs, inputs.tensor, tokens),
    )


def step_time(
    inputs: ServingInputs, parts: ReplicaParts, running: Numeric, chunk: tuple[Numeric, Numeric] | None = None
) -> StepTime:
    """Time of one forward step through all layers.

    Parameters
    ----------
    inputs : ServingInputs
        The workload.
    parts : ReplicaParts
        Its layers, as one accelerator holds them.
    running : numeric
        Requests that decode in the replica. [request]
    chunk : tuple of numeric, optional
        Prompt tokens of the step over all groups of attention ranks, and in the group that has most. [token]

    Returns
    -------
    StepTime
        Without what the engine takes for each running request; see `request_time`.
    """
    load = _load(inputs, running, chunk)
    whole = Meter(inputs)
    # Groups of layers share their mixers; each is timed once.
    mixers = {id(part.mixer): part.mixer for part in parts.layers if part.mixer is not None}
    timed = {key: _mixer(inputs, mixer, load) for key, mixer in mixers.items()}
    for part in parts.layers:
        layer, count = _layer(inputs, part, timed.get(id(part.mixer)), parts.ranks, load), part.group.count
        whole.times.append(labelled(stacked_time(layer=layer.time, count=count), part.group.label))
        whole.memory.append(stacked_time(layer=layer.memory, count=count))
        whole.compute.append(stacked_time(layer=layer.compute, count=count))
    whole.product("output head", load.decoded, parts.head, inputs.formats.head)
    whole.wait(labelled(stage_hops(inputs, load.tokens), "pipeline hops"))
    overhead = overhead_time(parts=(inputs.constants.step_overhead,), engine=inputs.engine.overhead)
    whole.wait(labelled(overhead, "overhead of the step"))
    return whole.total()


def request_time(inputs: ServingInputs, running: Numeric) -> Numeric:
    """Time of a step in which the engine schedules and streams; each group of attention ranks has its own scheduler."""
    requests = rank_requests(running=running, replicas=inputs.attention_data, stages=inputs.pipeline)
    constants, engine = inputs.constants, inputs.engine
    if inputs.offline:
        return request_overhead_time(requests=requests, each=constants.offline_request_overhead, engine=1.0)
    return request_overhead_time(requests=requests, each=constants.request_overhead, engine=engine.request_overhead)


_Timed = tuple[Meter, list[Numeric]]
"""Operators of a part of a layer, and its overheads."""


def _layer(inputs: ServingInputs, part: LayerParts, mixer: _Timed | None, ranks: Numeric, load: _Load) -> StepTime:
    """Time of one layer of a group."""
    meter = Meter(inputs)
    overheads: list[Numeric] = []
    if mixer is not None:
        meter.take(mixer[0])
        overheads += mixer[1]
    if part.dense is not None:
        _dense(meter, part.dense, load, overheads)
    if part.experts is not None:
        _experts(meter, part.experts, ranks, load, overheads)
    if overheads:
        meter.wait(labelled(overhead_time(parts=overheads, engine=inputs.engine.overhead), "overhead"))
    return meter.total()


def _mixer(inputs: ServingInputs, mixer: MixerParts, load: _Load) -> _Timed:
    meter, constants, cache = Meter(inputs), inputs.constants, mixer.cache
    overheads = [constants.block_overhead]
    meter.product("mixer projections", load.tokens, mixer.parameters, inputs.formats.attention)
    meter.activations("mixer activations", load.tokens, inputs.model.hidden)
    traffic = [cache_traffic(requests=load.requests, each=each, passes=1.0) for each in cache.read]
    if cache.state is not None:
        traffic.append(cache_traffic(requests=load.requests, each=cache.state, passes=2.0))
        overheads.append(constants.state_overhead)
    if cache.indexer:
        overheads.append(constants.indexer_overhead)
    if isinstance(mixer.shape, LatentAttentionShape | CompressedShape):
        overheads.append(constants.latent_overhead)
    meter.kernel(
        "decoding over the cache",
        rank_core_work(tokens=load.decoded, work=cache.core, ranks=inputs.tensor),
        labelled(summed_bytes(parts=traffic), "cache read"),
        inputs.formats.head.peak,
        reaching=(constants.attention_efficiency, constants.cache_efficiency),
    )
    if load.prompt is not None:
        _prompt_core(meter, mixer.prompt_core, load.prompt)
    meter.wait(load.reduced)
    return meter, overheads


def _prompt_core(meter: Meter, core: Numeric, tokens: Numeric) -> None:
    """Add the work between the queries and keys of prompts; what it reads is cached on chip and not counted."""
    inputs = meter.inputs
    work = rank_core_work(tokens=tokens, work=core, ranks=inputs.tensor)
    busy = busy_compute_time(work=work, peak=inputs.formats.head.peak)
    meter.compute.append(busy)
    efficiency = inputs.constants.attention_efficiency
    time = kernel_time(compute=busy, compute_efficiency=efficiency, memory=0.0, memory_efficiency=1.0)
    meter.wait(labelled(time, "attention of prompts"))


def _dense(meter: Meter, parameters: Numeric, load: _Load, overheads: list[Numeric]) -> None:
    inputs = meter.inputs
    overheads.append(inputs.constants.block_overhead)
    meter.product("feed-forward", load.tokens, parameters, inputs.formats.feed_forward)
    meter.activations("feed-forward activations", load.tokens, inputs.model.hidden)
    meter.wait(load.reduced)


def _experts(meter: Meter, experts: ExpertParts, ranks: Numeric, load: _Load, overheads: list[Numeric]) -> None:
    inputs, constants, form = meter.inputs, meter.inputs.constants, meter.inputs.formats.experts
    overheads += [constants.block_overhead, constants.expert_overhead]
    if form.width == "byte":
        overheads.append(constants.cast_overhead)
    meter.product("router", load.tokens, experts.router, inputs.formats.head)
    if experts.shared is not None:
        meter.product("shared experts", load.tokens, experts.shared, form)
        meter.activations("shared expert activations", load.tokens, inputs.model.hidden)
    shape, tokens = experts.shape, load.all_tokens
    visits = {"tokens": tokens, "experts_per_token": shape.experts_per_token}
    count = token_count(tokens=tokens)
    read = experts_read(experts=shape.experts, experts_per_token=shape.experts_per_token, tokens=count)
    held = {"read": read, "expert": experts.expert, "ranks": ranks}
    efficiency = grouped_efficiency(product=constants.efficiency(form.width), grouped=constants.grouped_share)
    meter.kernel(
        "routed experts",
        expert_work(**visits, **held, tile=constants.expert_tile),
        experts_bytes_read(**held, storage=form.storage),
        form.peak,
        reaching=(efficiency, constants.weight_efficiency),
    )
    width = inputs.model.hidden if shape.latent_width is None else shape.latent_width
    moved = routed_traffic(**visits, width=width, element=constants.routed_element, expert=inputs.expert)
    meter.traffic("routing of tokens", moved)
    meter.wait(expert_combination(inputs, ranks, tokens, load.tokens, shape.experts_per_token))
