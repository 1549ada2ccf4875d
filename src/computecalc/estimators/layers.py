"""A model counted layer by layer: parameters, active parameters, and FLOPs a token.

Each block of a layer is listed once as projections (matrices that tokens are multiplied with) and vectors
(norms and biases); parameters and FLOPs both follow from that list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from computecalc.estimators.blocks import Block, Core, Projection, dense_block, latent_block, router_block
from computecalc.estimators.mixer_shapes import AttentionShape, CompressedShape, LatentAttentionShape, MixerShape
from computecalc.estimators.shapes import ExpertShape, GroupShape, ModelShape
from computecalc.estimators.softmax_mixers import (
    attention_block,
    compressed_block,
    latent_attention_block,
    softmax_core,
)
from computecalc.estimators.state_mixers import state_block, state_core
from computecalc.estimators.trace import labelled
from computecalc.formulas.flops import projection_flops, repeated_flops, total_flops
from computecalc.formulas.parameters import (
    active_expert_parameters,
    other_parameters,
    projection_parameters,
    repeated_parameters,
    total_parameters,
    vector_parameters,
)
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = [
    "Block",
    "LayerCount",
    "ModelCount",
    "Projection",
    "WorkCount",
    "count_layer",
    "count_model",
    "count_work",
    "mixer_block",
    "mixer_core",
]


@record
class LayerCount:
    """Counts of one layer. Parameters [parameter]; work [FLOP/token], forward."""

    parameters: Numeric
    active: Numeric
    routed: Numeric
    """Parameters of the routed experts, zero in a dense layer."""
    projections: Numeric
    scores: Numeric
    core: Numeric
    core_full: Numeric
    """The core without credit for the causal mask."""


@record
class ModelCount:
    """Counts of a model. Parameters [parameter]; work [FLOP/token], forward."""

    parameters: Numeric
    active: Numeric
    routed: Numeric
    shared: Numeric
    """Parameters outside the routed experts."""
    forward: Numeric
    forward_full: Numeric
    layers: Numeric
    """Work of the layers without the output head."""
    core: Numeric
    scores: Numeric
    input_embedding: Numeric = 0.0
    """Parameters that are looked up and nothing else: an input table that is not the output head's as well."""
    embeddings: Numeric = 0.0
    """Parameters of the input table, the output head and learned positions; 0 where only counts are known."""


@record
class WorkCount:
    """Counts of a model that is used and not trained. Parameters [parameter]; work [FLOP/token]."""

    parameters: Numeric
    active: Numeric
    forward: tuple[Numeric, ...]
    """Forward work of a token, in each context that was asked for."""


def mixer_block(mixer: MixerShape, hidden: Numeric) -> Block:
    """List the matrices and vectors of a mixer."""
    match mixer:
        case AttentionShape():
            return attention_block(mixer, hidden)
        case LatentAttentionShape():
            return latent_attention_block(mixer, hidden)
        case CompressedShape():
            return compressed_block(mixer, hidden)
        case _:
            return state_block(mixer, hidden)


def mixer_core(mixer: MixerShape, hidden: Numeric, sequence_length: Numeric) -> Core:
    """Work of one mixer beside its projections."""
    if isinstance(mixer, AttentionShape | LatentAttentionShape | CompressedShape):
        return softmax_core(mixer, sequence_length)
    return state_core(mixer, hidden)


@dataclass(slots=True)
class _LayerParts:
    """Parameters of one layer, sorted by who uses them."""

    multiplied: list[Numeric] = field(default_factory=list)
    """Matrices that every token is multiplied with."""
    held: list[Numeric] = field(default_factory=list)
    """Vectors that every token uses."""
    routed: list[Numeric] = field(default_factory=list)
    """All routed experts."""
    visited: list[Numeric] = field(default_factory=list)
    """Matrices of the routed experts that one token visits."""
    visited_held: list[Numeric] = field(default_factory=list)
    """Vectors of the routed experts that one token visits."""

    def add(self, block: Block) -> None:
        """Add a block that every token uses."""
        self.multiplied += block.multiplied
        self.held += block.held

    def add_repeated(self, block: Block, count: Numeric, label: str) -> None:
        """Add `count` equal blocks that every token uses."""
        one = total_parameters(parts=block.multiplied)
        self.multiplied.append(labelled(repeated_parameters(parameters=one, count=count), label))
        self.held += [repeated_parameters(parameters=vector, count=count) for vector in block.held]

    def add_routed(self, block: Block, experts: Numeric, experts_per_token: Numeric) -> None:
        """Add routed experts, of which a token visits some."""
        matrices = labelled(total_parameters(parts=block.multiplied), "matrices of one expert")
        whole = labelled(total_parameters(parts=(matrices, *block.held)), "one expert") if block.held else matrices
        self.routed.append(labelled(repeated_parameters(parameters=whole, count=experts), "routed experts"))
        visited = active_expert_parameters(expert=matrices, experts_per_token=experts_per_token)
        self.visited.append(labelled(visited, "experts visited"))
        self.visited_held += [
            active_expert_parameters(expert=vector, experts_per_token=experts_per_token) for vector in block.held
        ]


def _add_experts(parts: _LayerParts, shape: ExpertShape, hidden: Numeric) -> None:
    parts.add(router_block(shape, hidden))
    parts.add(latent_block(shape, hidden))
    if shape.options.shared_experts:
        parts.add_repeated(dense_block(shape.shared, hidden), shape.shared_experts, "shared experts")
    if shape.parallel_dense is not None:
        parts.add(dense_block(shape.parallel_dense, hidden))
    width = hidden if shape.latent_width is None else shape.latent_width
    parts.add_routed(dense_block(shape.expert, width), shape.experts, shape.experts_per_token)


def _parts(group: GroupShape, hidden: Numeric) -> _LayerParts:
    """List the mixers and the feed-forward of a layer."""
    parts = _LayerParts()
    if group.mixer is not None:
        parts.add(mixer_block(group.mixer, hidden))
    if isinstance(group.cross_mixer, AttentionShape):
        parts.add(mixer_block(group.cross_mixer, hidden))
    if isinstance(group.feed_forward, ExpertShape):
        _add_experts(parts, group.feed_forward, hidden)
    elif group.feed_forward is not None:
        parts.add(dense_block(group.feed_forward, hidden))
    return parts


def _core(group: GroupShape, hidden: Numeric, sequence_length: Numeric) -> Core:
    """Work of a layer's mixers beside their projections."""
    cores = []
    if group.mixer is not None:
        cores.append(mixer_core(group.mixer, hidden, sequence_length))
    if isinstance(group.cross_mixer, AttentionShape):
        cores.append(softmax_core(group.cross_mixer, sequence_length, crossing=True))
    if not cores:
        return Core(0.0, 0.0, 0.0)
    if len(cores) == 1:
        return cores[0]
    return Core(
        scores=total_flops(parts=[core.scores for core in cores]),
        work=total_flops(parts=[core.work for core in cores]),
        full=total_flops(parts=[core.full for core in cores]),
    )


def _projection_work(parts: _LayerParts) -> Numeric:
    worked = (*parts.multiplied, *parts.visited)
    work = projection_flops(parameters=total_parameters(parts=worked)) if worked else 0.0
    return labelled(work, "projections")


def _held(parts: _LayerParts, group: GroupShape, hidden: Numeric) -> tuple[Numeric, Numeric]:
    """Parameters of a layer, and those that a token uses."""
    norms = labelled(vector_parameters(width=hidden, vectors=group.norm_vectors), "norms")
    unlisted = labelled(vector_parameters(width=group.unlisted, vectors=1.0), "unlisted")
    shared = (*parts.multiplied, *parts.held, norms, unlisted)
    return (
        total_parameters(parts=(*shared, *parts.routed)),
        total_parameters(parts=(*shared, *parts.visited, *parts.visited_held)),
    )


def count_layer(group: GroupShape, hidden: Numeric, sequence_length: Numeric) -> LayerCount:
    """Count one layer of a group."""
    parts, core = _parts(group, hidden), _core(group, hidden, sequence_length)
    total, active = _held(parts, group, hidden)
    return LayerCount(
        parameters=total,
        active=active,
        routed=total_parameters(parts=parts.routed) if parts.routed else 0.0,
        projections=_projection_work(parts),
        scores=core.scores,
        core=core.work,
        core_full=core.full,
    )


@record
class _Outside:
    """What is outside the layers."""

    parts: list[Numeric]
    input_embedding: Numeric
    embeddings: Numeric
    head: Numeric
    """Forward work of the output head. [FLOP/token]"""


def _outside(model: ModelShape) -> _Outside:
    """Count embeddings, final norms and output head."""
    matrix = projection_parameters(inputs=model.hidden, outputs=model.vocab)
    positions = labelled(vector_parameters(width=model.hidden, vectors=model.positions), "learned positions")
    parts = [
        labelled(matrix, "input embedding"),
        labelled(vector_parameters(width=model.hidden, vectors=model.norm_vectors), "final norm"),
        positions,
        labelled(vector_parameters(width=model.vocab, vectors=model.head_bias_vectors), "head bias"),
    ]
    embeddings = [matrix, positions]
    if not model.tied_embeddings:
        parts.append(labelled(matrix, "output head"))
        embeddings.append(matrix)
    if model.unlisted is not None:
        parts.append(labelled(vector_parameters(width=model.unlisted, vectors=1.0), "unlisted"))
    return _Outside(
        parts=parts,
        # A tied table works as the head, so nobody who leaves the input table out leaves out this one.
        input_embedding=0.0 if model.tied_embeddings else matrix,
        embeddings=total_parameters(parts=embeddings),
        head=_head_work(matrix),
    )


def _head_work(matrix: Numeric) -> Numeric:
    return labelled(projection_flops(parameters=matrix), "output head")


def _worked(model: ModelShape, counts: list[Numeric], label: str) -> Numeric:
    """Sum up work a layer over all layers."""
    parts = [
        labelled(repeated_flops(flops=one, count=group.count), group.label)
        for one, group in zip(counts, model.groups, strict=True)
    ]
    return labelled(total_flops(parts=parts), label)


def _stacked(model: ModelShape, counts: list[Numeric]) -> list[Numeric]:
    """Parameters of all layers, group by group."""
    return [
        labelled(repeated_parameters(parameters=one, count=group.count), group.label)
        for one, group in zip(counts, model.groups, strict=True)
    ]


def count_work(model: ModelShape, contexts: Sequence[Numeric]) -> WorkCount:
    """Count parameters, and the forward work of tokens in several contexts; `count_model` counts more of one.

    Parameters
    ----------
    model : ModelShape
        Its shapes.
    contexts : sequence of numeric
        Lengths of sequences. [token]

    Returns
    -------
    WorkCount
        Parameters [parameter], and the work in each context [FLOP/token].
    """
    hidden = model.hidden
    layers = [_parts(group, hidden) for group in model.groups]
    held = [_held(parts, group, hidden) for parts, group in zip(layers, model.groups, strict=True)]
    outside = _outside(model)
    projections = _worked(model, [_projection_work(parts) for parts in layers], "projections")
    cores = [
        _worked(model, [_core(group, hidden, context).work for group in model.groups], "attention core")
        for context in contexts
    ]
    return WorkCount(
        parameters=total_parameters(parts=(*_stacked(model, [each[0] for each in held]), *outside.parts)),
        active=total_parameters(parts=(*_stacked(model, [each[1] for each in held]), *outside.parts)),
        forward=tuple(total_flops(parts=(projections, core, outside.head)) for core in cores),
    )


def count_model(model: ModelShape, sequence_length: Numeric) -> ModelCount:
    """Count a model.

    Parameters
    ----------
    model : ModelShape
        Its shapes.
    sequence_length : numeric
        Length of the training sequences. [token]

    Returns
    -------
    ModelCount
        Parameters [parameter] and forward work [FLOP/token].
    """
    layers = [count_layer(group, model.hidden, sequence_length) for group in model.groups]

    outside = _outside(model)
    total = total_parameters(parts=(*_stacked(model, [layer.parameters for layer in layers]), *outside.parts))
    routed = total_parameters(parts=_stacked(model, [layer.routed for layer in layers]))
    projections = _worked(model, [layer.projections for layer in layers], "projections")
    core = _worked(model, [layer.core for layer in layers], "attention core")
    core_full = _worked(model, [layer.core_full for layer in layers], "attention core, full")
    return ModelCount(
        parameters=total,
        active=total_parameters(parts=(*_stacked(model, [layer.active for layer in layers]), *outside.parts)),
        routed=routed,
        shared=other_parameters(total=total, routed=routed),
        forward=total_flops(parts=(projections, core, outside.head)),
        forward_full=total_flops(parts=(projections, core_full, outside.head)),
        layers=total_flops(parts=(projections, core)),
        core=core,
        scores=_worked(model, [layer.scores for layer in layers], "queries by keys"),
        input_embedding=outside.input_embedding,
        embeddings=outside.embeddings,
    )
