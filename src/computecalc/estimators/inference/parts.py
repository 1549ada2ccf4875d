"""The layers of a model as one accelerator holds them: counted once, used by memory and by every step."""

from __future__ import annotations

from computecalc.estimators.inference.blocks import (
    dense_parameters,
    expert_parameters,
    head_parameters,
    mixer_parameters,
    router_parameters,
    shared_parameters,
)
from computecalc.estimators.inference.caches import MixerCache, mixer_cache
from computecalc.estimators.inference.inputs import ServingInputs
from computecalc.estimators.layers import mixer_core
from computecalc.estimators.mixer_shapes import MixerShape
from computecalc.estimators.shapes import DenseShape, ExpertShape, GroupShape
from computecalc.formulas.serving_requests import decode_context, prompt_context
from computecalc.formulas.serving_throughput import replica_ranks
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["ExpertParts", "LayerParts", "MixerParts", "ReplicaParts", "replica_parts"]


@record
class MixerParts:
    """A mixer on one accelerator."""

    shape: MixerShape
    parameters: Numeric
    """[parameter/accelerator]"""
    cache: MixerCache
    prompt_core: Numeric
    """Work of all heads for one prompt token. [FLOP/token]"""


@record
class ExpertParts:
    """A mixture of experts on one accelerator."""

    shape: ExpertShape
    router: Numeric
    """[parameter/accelerator]"""
    shared: Numeric | None
    expert: Numeric
    """Parameters of one routed expert, wherever it is. [parameter]"""


@record
class LayerParts:
    """One layer of a group on one accelerator."""

    group: GroupShape
    mixer: MixerParts | None
    dense: Numeric | None
    """Parameters of a dense feed-forward. [parameter/accelerator]"""
    experts: ExpertParts | None


@record
class ReplicaParts:
    """All layers, and what is outside of them."""

    layers: tuple[LayerParts, ...]
    head: Numeric
    """Output head. [parameter/accelerator]"""
    tables: Numeric
    """Output head and embedding. [parameter/accelerator]"""
    ranks: Numeric
    """Accelerators of one pipeline stage."""


def replica_parts(inputs: ServingInputs) -> ReplicaParts:
    """Count what an accelerator of a replica holds and does for a token."""
    context = decode_context(prompt=inputs.prompt, output=inputs.output, spread=inputs.output_spread)
    seen = prompt_context(prompt=inputs.prompt, cache_hit=inputs.cache_hit, spread=inputs.input_spread)
    head, tables = head_parameters(inputs.model, inputs)
    # Groups of layers share their mixers; each is counted once.
    mixers = {id(group.mixer): _mixer(inputs, group.mixer, context, seen) for group in inputs.model.groups}
    return ReplicaParts(
        layers=tuple(_layer(inputs, group, mixers[id(group.mixer)]) for group in inputs.model.groups),
        head=head,
        tables=tables,
        ranks=replica_ranks(tensor=inputs.tensor, replicas=inputs.attention_data),
    )


def _mixer(inputs: ServingInputs, mixer: MixerShape | None, context: Numeric, seen: Numeric) -> MixerParts | None:
    if mixer is None:
        return None
    return MixerParts(
        shape=mixer,
        parameters=mixer_parameters(mixer, inputs),
        cache=mixer_cache(mixer, inputs, context),
        prompt_core=mixer_core(mixer, inputs.model.hidden, seen).work,
    )


def _layer(inputs: ServingInputs, group: GroupShape, mixer: MixerParts | None) -> LayerParts:
    dense = experts = None
    match group.feed_forward:
        case DenseShape():
            dense = dense_parameters(group.feed_forward, inputs)
        case ExpertShape():
            experts = ExpertParts(
                shape=group.feed_forward,
                router=router_parameters(group.feed_forward, inputs),
                shared=shared_parameters(group.feed_forward, inputs),
                expert=expert_parameters(group.feed_forward, inputs.model.hidden),
            )
    return LayerParts(group, mixer, dense, experts)
