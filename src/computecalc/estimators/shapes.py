"""The shapes of a model as numbers, so that a formula can be fed floats, arrays or traced floats alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from computecalc.catalog.architecture import (
    Architecture,
    Attention,
    DenseFeedForward,
    ExpertFeedForward,
    FeedForward,
    LayerGroup,
    Mixer,
)
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = [
    "AttentionShape",
    "CoarseShape",
    "DenseShape",
    "ExpertShape",
    "GroupShape",
    "LatentAttentionShape",
    "ModelShape",
    "model_shape",
    "shape_numbers",
]


@record
class AttentionShape:
    """`computecalc.catalog.architecture.Attention` in numbers."""

    heads: Numeric
    kv_heads: Numeric
    head_size: Numeric
    value_head_size: Numeric
    window: Numeric | None
    options: Attention


@record
class LatentAttentionShape:
    """`computecalc.catalog.architecture.MultiLatentAttention` in numbers."""

    heads: Numeric
    query_rank: Numeric | None
    kv_rank: Numeric
    nope_head_size: Numeric
    rope_head_size: Numeric
    value_head_size: Numeric


@record
class DenseShape:
    """A dense feed-forward in numbers."""

    width: Numeric
    gated: bool
    bias: bool


@record
class ExpertShape:
    """A mixture of experts in numbers."""

    experts: Numeric
    experts_per_token: Numeric
    expert: DenseShape
    shared_experts: Numeric
    shared: DenseShape
    parallel_dense: DenseShape | None
    options: ExpertFeedForward


@record
class GroupShape:
    """Equal layers in numbers."""

    label: str
    count: Numeric
    mixer: AttentionShape | LatentAttentionShape | None
    feed_forward: DenseShape | ExpertShape | None
    norm_vectors: Numeric
    unlisted: Numeric
    norms: Numeric = 2.0
    """Norms of a layer, each of which keeps its input for the backward pass."""


@record
class ModelShape:
    """A whole model in numbers."""

    hidden: Numeric
    vocab: Numeric
    tied_embeddings: bool
    groups: tuple[GroupShape, ...]
    positions: Numeric
    norm_vectors: Numeric
    """Vectors of the final norms and of a norm on the embedding."""
    head_bias_vectors: Numeric


@record
class CoarseShape:
    """A model known by its counts alone."""

    parameters: Numeric
    active_parameters: Numeric


Number = Callable[[str, float], Numeric]
"""Hands out what stands for the number with this path and value."""


def shape_numbers(architecture: Architecture) -> dict[str, float]:
    """Return every number of an architecture by its path, such as ``model.mixers.attention.heads``."""
    found: dict[str, float] = {}

    def collect(path: str, value: float) -> Numeric:
        found[path] = float(value)
        return value

    _model(architecture, collect)
    return found


def model_shape(architecture: Architecture, number: Callable[[str], Numeric]) -> ModelShape:
    """Take an architecture with each of its numbers replaced by what `number` gives for its path."""
    return _model(architecture, lambda path, _: number(path))


def _model(architecture: Architecture, number: Number) -> ModelShape:
    vectors = 2 if architecture.norm_bias else 1
    mixers = {name: _mixer(mixer, f"model.mixers.{name}", number) for name, mixer in architecture.mixers.items()}
    feed_forwards = {
        name: _feed_forward(shape, f"model.feed_forwards.{name}", number)
        for name, shape in architecture.feed_forwards.items()
    }
    return ModelShape(
        hidden=number("model.hidden", architecture.hidden),
        vocab=number("model.vocab", architecture.vocab),
        tied_embeddings=architecture.tied_embeddings,
        groups=tuple(
            GroupShape(
                label=label,
                count=number(f"model.layers.{index}.count", group.count),
                mixer=mixers[group.mixer] if group.mixer else None,
                feed_forward=feed_forwards[group.feed_forward] if group.feed_forward else None,
                norm_vectors=number(f"model.layers.{index}.norm_vectors", group.norms * vectors),
                unlisted=number(f"model.layers.{index}.unlisted_parameters", group.unlisted_parameters),
                norms=number(f"model.layers.{index}.norms", group.norms),
            )
            for index, (label, group) in enumerate(_labelled_groups(architecture.layers))
        ),
        positions=number("model.learned_positions", architecture.learned_positions),
        norm_vectors=number("model.norm_vectors", (architecture.final_norms + architecture.embedding_norm) * vectors),
        head_bias_vectors=number("model.head_bias_vectors", int(architecture.head_bias)),
    )


def _labelled_groups(groups: tuple[LayerGroup, ...]) -> Iterator[tuple[str, LayerGroup]]:
    for group in groups:
        parts = [part for part in (group.mixer, group.feed_forward) if part]
        yield f"{group.count} layers of {' and '.join(parts) or 'norms'}", group


def _mixer(mixer: Mixer, path: str, number: Number) -> AttentionShape | LatentAttentionShape:
    if isinstance(mixer, Attention):
        return AttentionShape(
            heads=number(f"{path}.heads", mixer.heads),
            kv_heads=number(f"{path}.kv_heads", mixer.kv_heads),
            head_size=number(f"{path}.head_size", mixer.head_size),
            value_head_size=number(f"{path}.value_head_size", mixer.value_head_size or mixer.head_size),
            window=None if mixer.window is None else number(f"{path}.window", mixer.window),
            options=mixer,
        )
    return LatentAttentionShape(
        heads=number(f"{path}.heads", mixer.heads),
        query_rank=None if mixer.query_rank is None else number(f"{path}.query_rank", mixer.query_rank),
        kv_rank=number(f"{path}.kv_rank", mixer.kv_rank),
        nope_head_size=number(f"{path}.nope_head_size", mixer.nope_head_size),
        rope_head_size=number(f"{path}.rope_head_size", mixer.rope_head_size),
        value_head_size=number(f"{path}.value_head_size", mixer.value_head_size),
    )


def _feed_forward(shape: FeedForward, path: str, number: Number) -> DenseShape | ExpertShape:
    if isinstance(shape, DenseFeedForward):
        return DenseShape(number(f"{path}.width", shape.width), gated=shape.gated, bias=shape.bias)
    parallel = shape.parallel_dense_width
    return ExpertShape(
        experts=number(f"{path}.experts", shape.experts),
        experts_per_token=number(f"{path}.experts_per_token", shape.experts_per_token),
        expert=DenseShape(number(f"{path}.width", shape.width), gated=shape.gated, bias=shape.bias),
        shared_experts=number(f"{path}.shared_experts", shape.shared_experts),
        shared=DenseShape(
            number(f"{path}.shared_width", shape.shared_width or shape.width),
            gated=shape.gated,
            bias=shape.bias,
        ),
        parallel_dense=None
        if parallel is None
        else DenseShape(number(f"{path}.parallel_dense_width", parallel), gated=shape.gated, bias=shape.bias),
        options=shape,
    )
