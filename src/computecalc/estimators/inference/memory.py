"""Memory of a replica: the weights of an accelerator, and how many requests its caches have room for."""

from __future__ import annotations

from computecalc.estimators.inference.drafting import draft_inputs
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.inference.parts import ExpertParts, LayerParts, ReplicaParts, replica_parts
from computecalc.estimators.trace import labelled
from computecalc.formulas.serving_experts import rank_expert_parameters
from computecalc.formulas.serving_memory import (
    cache_room,
    repeated_layer_bytes,
    request_capacity,
    stacked_bytes,
    stacked_cache,
    summed_bytes,
)
from computecalc.formulas.serving_products import weights_read
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["ReplicaMemory", "replica_memory"]


@record
class ReplicaMemory:
    """What an accelerator holds, and what a replica has room for."""

    parts: ReplicaParts
    weights: Numeric
    """[byte/accelerator]"""
    each: Numeric
    """Of one request on one accelerator, half through its output. [byte/request/accelerator]"""
    capacity: Numeric
    """Requests of the replica that there is room for, not rounded. [request]"""


def replica_memory(inputs: ServingInputs) -> ReplicaMemory:
    """Count weights and caches.

    Norms, biases and learned positions are left out: they are below a thousandth of the weights.
    """
    parts = replica_parts(inputs)
    layers = [
        repeated_layer_bytes(layer=_layer_weights(inputs, layer, parts.ranks), count=layer.group.count)
        for layer in parts.layers
    ]
    outside = weights_read(parameters=parts.tables, storage=inputs.formats.head.storage)
    weights = stacked_bytes(
        layers=labelled(summed_bytes(parts=layers), "weights of the layers"),
        head=labelled(outside, "embedding and head"),
        stages=inputs.pipeline,
    )
    each = labelled(_cache(inputs, parts), "cache of one request")
    small = draft_inputs(inputs)
    if small is not None:
        drafting = replica_memory(small)
        weights = summed_bytes(parts=(labelled(weights, "large model"), labelled(drafting.weights, "draft model")))
        each = stacked_cache(parts=(each, labelled(drafting.each, "of the draft model")), counts=(1.0, 1.0), stages=1.0)
    room = cache_room(memory=inputs.memory, usable=inputs.engine.usable_memory, weights=weights)
    capacity = request_capacity(room=room, each=each, replicas=inputs.attention_data)
    return ReplicaMemory(parts, labelled(weights, "weights"), each, capacity)


def _cache(inputs: ServingInputs, parts: ReplicaParts) -> Numeric:
    held: list[Numeric] = []
    counts: list[Numeric] = []
    for layer in parts.layers:
        if layer.mixer is not None:
            held += layer.mixer.cache.held
            counts += [layer.group.count] * len(layer.mixer.cache.held)
    return stacked_cache(parts=held, counts=counts, stages=inputs.pipeline)


def _layer_weights(inputs: ServingInputs, layer: LayerParts, ranks: Numeric) -> Numeric:
    formats = inputs.formats
    parts: list[Numeric] = [0.0]
    if layer.mixer is not None:
        held = weights_read(parameters=layer.mixer.parameters, storage=formats.attention.storage)
        parts.append(labelled(held, "mixer"))
    if layer.dense is not None:
        held = weights_read(parameters=layer.dense, storage=formats.feed_forward.storage)
        parts.append(labelled(held, "feed-forward"))
    if layer.experts is not None:
        parts += _expert_weights(inputs, layer.experts, ranks)
    return summed_bytes(parts=parts)


def _expert_weights(inputs: ServingInputs, experts: ExpertParts, ranks: Numeric) -> list[Numeric]:
    formats = inputs.formats
    held = rank_expert_parameters(experts=experts.shape.experts, expert=experts.expert, ranks=ranks)
    parts = [
        labelled(weights_read(parameters=held, storage=formats.experts.storage), "routed experts"),
        labelled(weights_read(parameters=experts.router, storage=formats.head.storage), "router"),
    ]
    if experts.shared is not None:
        shared = weights_read(parameters=experts.shared, storage=formats.experts.storage)
        parts.append(labelled(shared, "shared experts"))
    return parts
