"""A model counted layer by layer: parameters, active parameters, and FLOPs a token.

Each block of a layer is listed once as projections (matrices that tokens are multiplied with) and vectors
(norms and biases); parameters and FLOPs both follow from that list.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from computecalc.estimators.shapes import (
    AttentionShape,
    DenseShape,
    ExpertShape,
    GroupShape,
    LatentAttentionShape,
    ModelShape,
)
from computecalc.estimators.trace import labelled
from computecalc.formulas.attention import (
    attention_product_flops,
    causal_context,
    chunked_context,
    full_context,
)
from computecalc.formulas.flops import projection_flops, repeated_flops, total_flops
from computecalc.formulas.parameters import (
    active_expert_parameters,
    joined_width,
    other_parameters,
    projection_parameters,
    repeated_parameters,
    total_parameters,
    total_width,
    vector_parameters,
)
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["Block", "LayerCount", "ModelCount", "Projection", "count_layer", "count_model", "mixer_block"]


@record
class Projection:
    """A matrix that every token is multiplied with."""

    label: str
    inputs: Numeric
    outputs: Numeric


@record
class Block:
    """Matrices and vectors of one part of a layer."""

    projections: list[Projection] = field(default_factory=list)
    vectors: list[tuple[str, Numeric, Numeric]] = field(default_factory=list)
    """Label, width, and how many."""

    def add(self, label: str, inputs: Numeric, outputs: Numeric, *, bias: bool = False) -> None:
        """Append a matrix, and the bias on its outputs."""
        self.projections.append(Projection(label, inputs, outputs))
        if bias:
            self.vectors.append((f"bias of {label}", outputs, 1.0))

    @property
    def multiplied(self) -> list[Numeric]:
        """Parameters of each matrix."""
        return [labelled(projection_parameters(inputs=p.inputs, outputs=p.outputs), p.label) for p in self.projections]

    @property
    def held(self) -> list[Numeric]:
        """Parameters of each vector."""
        return [labelled(vector_parameters(width=w, vectors=n), label) for label, w, n in self.vectors]


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


def mixer_block(mixer: AttentionShape | LatentAttentionShape, hidden: Numeric) -> Block:
    """List the matrices and vectors of a mixer."""
    return _attention_block(mixer, hidden) if isinstance(mixer, AttentionShape) else _latent_block(mixer, hidden)


def _attention_block(mixer: AttentionShape, hidden: Numeric) -> Block:
    options = mixer.options
    block = Block()
    queries = joined_width(heads=mixer.heads, head_size=mixer.head_size)
    keys = joined_width(heads=mixer.kv_heads, head_size=mixer.head_size)
    values = joined_width(heads=mixer.kv_heads, head_size=mixer.value_head_size)
    outputs = joined_width(heads=mixer.heads, head_size=mixer.value_head_size)
    block.add("query", hidden, queries, bias=options.qkv_bias)
    if not options.reused_key_value:
        block.add("key", hidden, keys, bias=options.qkv_bias)
        if not options.shared_key_value:
            block.add("value", hidden, values, bias=options.qkv_bias)
    block.add("output", outputs, hidden, bias=options.output_bias)
    if options.output_gate:
        block.add("output gate", hidden, queries)
    if options.relative_positions:
        block.add("relative positions", hidden, queries)
        block.vectors.append(("relative position biases", queries, 2.0))
    if options.sinks:
        block.vectors.append(("sinks", mixer.heads, 1.0))
    if options.qk_norm:
        per_head = options.qk_norm == "head"
        block.vectors.append(("query norm", mixer.head_size if per_head else queries, 1.0))
        if not options.reused_key_value:
            block.vectors.append(("key norm", mixer.head_size if per_head else keys, 1.0))
    return block


def _latent_block(mixer: LatentAttentionShape, hidden: Numeric) -> Block:
    block = Block()
    key_size = total_width(parts=(mixer.nope_head_size, mixer.rope_head_size))
    up_size = total_width(parts=(mixer.nope_head_size, mixer.value_head_size))
    queries = joined_width(heads=mixer.heads, head_size=key_size)
    if mixer.query_rank is None:
        block.add("query", hidden, queries)
    else:
        block.add("query down", hidden, mixer.query_rank)
        block.add("query up", mixer.query_rank, queries)
        block.vectors.append(("compressed query norm", mixer.query_rank, 1.0))
    block.add("key-value down", hidden, total_width(parts=(mixer.kv_rank, mixer.rope_head_size)))
    block.add("key-value up", mixer.kv_rank, joined_width(heads=mixer.heads, head_size=up_size))
    block.add("output", joined_width(heads=mixer.heads, head_size=mixer.value_head_size), hidden)
    block.vectors.append(("compressed key-value norm", mixer.kv_rank, 1.0))
    return block


def _dense_block(shape: DenseShape, hidden: Numeric) -> Block:
    block = Block()
    if shape.gated:
        block.add("gate", hidden, shape.width, bias=shape.bias)
    block.add("up", hidden, shape.width, bias=shape.bias)
    block.add("down", shape.width, hidden, bias=shape.bias)
    return block


def _router_block(shape: ExpertShape, hidden: Numeric) -> Block:
    block = Block()
    block.add("router", hidden, shape.experts, bias=shape.options.router_bias)
    if shape.options.shared_gate:
        block.add("shared expert gate", hidden, 1.0)
    return block


def _core(mixer: AttentionShape | LatentAttentionShape, sequence_length: Numeric) -> tuple[Numeric, Numeric, Numeric]:
    """Scores, whole core, and whole core without credit for the mask, of one mixer [FLOP/token]."""
    if isinstance(mixer, AttentionShape):
        key_size, value_size = mixer.head_size, mixer.value_head_size
        window = sequence_length if mixer.window is None else mixer.window
        chunked = mixer.options.chunked and mixer.window is not None
    else:
        key_size = total_width(parts=(mixer.nope_head_size, mixer.rope_head_size))
        value_size, window, chunked = mixer.value_head_size, sequence_length, False
    if chunked:
        seen = chunked_context(sequence_length=sequence_length, chunk=window)
    else:
        seen = causal_context(sequence_length=sequence_length, window=window)
    square = full_context(sequence_length=sequence_length, window=window)
    scores = labelled(attention_product_flops(heads=mixer.heads, head_size=key_size, context=seen), "queries by keys")
    values = labelled(
        attention_product_flops(heads=mixer.heads, head_size=value_size, context=seen), "scores by values"
    )
    full = (
        attention_product_flops(heads=mixer.heads, head_size=key_size, context=square),
        attention_product_flops(heads=mixer.heads, head_size=value_size, context=square),
    )
    return scores, labelled(total_flops(parts=(scores, values)), "attention core"), total_flops(parts=full)


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
    parts.add(_router_block(shape, hidden))
    if shape.options.shared_experts:
        parts.add_repeated(_dense_block(shape.shared, hidden), shape.shared_experts, "shared experts")
    if shape.parallel_dense is not None:
        parts.add(_dense_block(shape.parallel_dense, hidden))
    parts.add_routed(_dense_block(shape.expert, hidden), shape.experts, shape.experts_per_token)


def count_layer(group: GroupShape, hidden: Numeric, sequence_length: Numeric) -> LayerCount:
    """Count one layer of a group."""
    parts = _LayerParts()
    scores: Numeric = 0.0
    core: Numeric = 0.0
    core_full: Numeric = 0.0
    if group.mixer is not None:
        parts.add(mixer_block(group.mixer, hidden))
        scores, core, core_full = _core(group.mixer, sequence_length)
    if isinstance(group.feed_forward, ExpertShape):
        _add_experts(parts, group.feed_forward, hidden)
    elif group.feed_forward is not None:
        parts.add(_dense_block(group.feed_forward, hidden))
    parts.held.append(labelled(vector_parameters(width=hidden, vectors=group.norm_vectors), "norms"))
    parts.held.append(labelled(vector_parameters(width=group.unlisted, vectors=1.0), "unlisted"))
    shared = (*parts.multiplied, *parts.held)
    worked = (*parts.multiplied, *parts.visited)
    work = projection_flops(parameters=total_parameters(parts=worked)) if worked else 0.0
    return LayerCount(
        parameters=total_parameters(parts=(*shared, *parts.routed)),
        active=total_parameters(parts=(*shared, *parts.visited, *parts.visited_held)),
        routed=total_parameters(parts=parts.routed) if parts.routed else 0.0,
        projections=labelled(work, "projections"),
        scores=scores,
        core=core,
        core_full=core_full,
    )


def _head_and_embedding(model: ModelShape) -> tuple[list[Numeric], Numeric]:
    """Parameters outside the layers, and the forward work of the output head."""
    matrix = projection_parameters(inputs=model.hidden, outputs=model.vocab)
    parts = [
        labelled(matrix, "input embedding"),
        labelled(vector_parameters(width=model.hidden, vectors=model.norm_vectors), "final norm"),
        labelled(vector_parameters(width=model.hidden, vectors=model.positions), "learned positions"),
        labelled(vector_parameters(width=model.vocab, vectors=model.head_bias_vectors), "head bias"),
    ]
    if not model.tied_embeddings:
        parts.append(labelled(matrix, "output head"))
    return parts, labelled(projection_flops(parameters=matrix), "output head")


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

    def stacked(counts: list[Numeric]) -> list[Numeric]:
        return [
            labelled(repeated_parameters(parameters=one, count=group.count), group.label)
            for one, group in zip(counts, model.groups, strict=True)
        ]

    def worked(counts: list[Numeric], label: str) -> Numeric:
        parts = [
            labelled(repeated_flops(flops=one, count=group.count), group.label)
            for one, group in zip(counts, model.groups, strict=True)
        ]
        return labelled(total_flops(parts=parts), label)

    outside, head = _head_and_embedding(model)
    total = total_parameters(parts=(*stacked([layer.parameters for layer in layers]), *outside))
    routed = total_parameters(parts=stacked([layer.routed for layer in layers]))
    projections = worked([layer.projections for layer in layers], "projections")
    core = worked([layer.core for layer in layers], "attention core")
    core_full = worked([layer.core_full for layer in layers], "attention core, full")
    return ModelCount(
        parameters=total,
        active=total_parameters(parts=(*stacked([layer.active for layer in layers]), *outside)),
        routed=routed,
        shared=other_parameters(total=total, routed=routed),
        forward=total_flops(parts=(projections, core, head)),
        forward_full=total_flops(parts=(projections, core_full, head)),
        layers=total_flops(parts=(projections, core)),
        core=core,
        scores=worked([layer.scores for layer in layers], "queries by keys"),
    )
