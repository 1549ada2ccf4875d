"""The description of a model: a stack of layer groups, each a mixer and a feed-forward.

This is data that users write (catalog entries and inline models of scenarios), hence pydantic. Nothing is
computed here: parameters, FLOPs and cache sizes follow by formulas from these shapes.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

__all__ = [
    "Architecture",
    "Attention",
    "DenseFeedForward",
    "ExpertFeedForward",
    "FeedForward",
    "LayerGroup",
    "Mixer",
    "MultiLatentAttention",
]

Size = Annotated[int, Field(gt=0, le=1_000_000_000)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


class _Shape(BaseModel):
    """Base of all shapes: frozen, and strict about unknown keys."""

    # Deferred: a shape is nearly always validated as part of a larger one, which builds what it needs once.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Attention(_Shape):
    """Softmax attention: MHA, GQA or MQA, over the whole context or a sliding window."""

    type: Literal["attention"] = "attention"
    heads: Size
    """Query heads."""
    kv_heads: Size
    """Key and value heads: `heads` for MHA, 1 for MQA, in between for GQA."""
    head_size: Size
    """Width of one query or key head; not always hidden / heads."""
    value_head_size: Size | None = None
    """Width of one value head, where it differs from `head_size`."""
    window: Size | None = None
    """Tokens a query can look back on, itself included; absent: all of them."""
    chunked: bool = False
    """The window is a fixed block of the sequence rather than a sliding one."""
    qkv_bias: bool = False
    output_bias: bool = False
    qk_norm: Literal["head", "heads", "full"] | None = None
    """Extra norms on queries and keys: one vector for all heads, one a head, or over the full width."""
    output_gate: bool = False
    """The query projection is doubled by a gate on the output."""
    sinks: bool = False
    """One learned sink logit a query head."""
    shared_key_value: bool = False
    """Values are the keys: there is no value projection."""
    reused_key_value: bool = False
    """Keys and values come from an earlier layer: there are no key and value projections."""
    relative_positions: bool = False
    """Transformer-XL relative positions: one more hidden x query-width projection and two biases."""

    @model_validator(mode="after")
    def _heads_share_evenly(self) -> Attention:
        if self.heads % self.kv_heads:
            raise PydanticCustomError(
                "CC303",
                "heads ({heads}) is not a multiple of kv_heads ({kv_heads})",
                {
                    "heads": self.heads,
                    "kv_heads": self.kv_heads,
                    "hint": "every key head serves equally many queries",
                },
            )
        return self


class MultiLatentAttention(_Shape):
    """Multi-head latent attention (DeepSeek-V2, section 2.1): keys and values share one compressed vector."""

    type: Literal["mla"] = "mla"
    heads: Size
    query_rank: Size | None = None
    """Width of the compressed query; absent: queries are projected directly."""
    kv_rank: Size
    """Width of the compressed key-value vector."""
    nope_head_size: Size
    """Width of the part of a query or key head without rotary positions."""
    rope_head_size: Size
    """Width of the rotary part, one for all key heads."""
    value_head_size: Size


Mixer = Annotated[Attention | MultiLatentAttention, Field(discriminator="type")]


class DenseFeedForward(_Shape):
    """A dense feed-forward: two matrices, or three when gated (SwiGLU, GeGLU)."""

    type: Literal["dense"] = "dense"
    width: Size
    gated: bool
    bias: bool = False


class ExpertFeedForward(_Shape):
    """A mixture of experts: each token visits `experts_per_token` of `experts` and all shared ones."""

    type: Literal["moe"] = "moe"
    experts: Size
    experts_per_token: Size
    width: Size
    """Width of one routed expert."""
    gated: bool = True
    bias: bool = False
    shared_experts: Count = 0
    shared_width: Size | None = None
    """Width of one shared expert, where it differs from `width`."""
    shared_gate: bool = False
    """One more hidden-wide vector that gates the shared expert."""
    router_bias: bool = False
    parallel_dense_width: Size | None = None
    """Width of a dense feed-forward that runs beside the experts in the same layer."""

    @model_validator(mode="after")
    def _enough_experts(self) -> ExpertFeedForward:
        if self.experts_per_token > self.experts:
            raise PydanticCustomError(
                "CC303",
                "experts_per_token ({top}) is more than experts ({experts})",
                {
                    "top": self.experts_per_token,
                    "experts": self.experts,
                    "hint": "a token cannot visit an expert twice",
                },
            )
        return self


FeedForward = Annotated[DenseFeedForward | ExpertFeedForward, Field(discriminator="type")]


class LayerGroup(_Shape):
    """`count` equal layers in a row, or spread over the stack."""

    count: Size
    mixer: str | None = None
    """Name of an entry of `mixers`; absent: the layer has none."""
    feed_forward: str | None = None
    """Name of an entry of `feed_forwards`; absent: the layer has none."""
    norms: Count = 2
    """Norms over the hidden width in each layer."""
    unlisted_parameters: Count = 0
    """Weights of each layer that no shape here describes; they count for the total and need a note."""


class Architecture(_Shape):
    """A whole model as data.

    `layers` refers to `mixers` and `feed_forwards` by name, so that a shape is written once.
    """

    hidden: Size
    vocab: Size
    tied_embeddings: bool
    mixers: dict[str, Mixer] = Field(default_factory=dict)
    feed_forwards: dict[str, FeedForward] = Field(default_factory=dict)
    layers: Annotated[tuple[LayerGroup, ...], Field(min_length=1, strict=False)]
    norm_bias: bool = False
    learned_positions: Count = 0
    """Rows of a learned position table."""
    embedding_norm: bool = False
    final_norms: Count = 1
    head_bias: bool = False

    @model_validator(mode="after")
    def _references_exist(self) -> Architecture:
        for index, group in enumerate(self.layers):
            for table, name, shapes in (
                ("mixers", group.mixer, sorted(self.mixers)),
                ("feed_forwards", group.feed_forward, sorted(self.feed_forwards)),
            ):
                if name is not None and name not in shapes:
                    raise PydanticCustomError(
                        "CC505",
                        "layers[{index}] names {name}, which {table} does not define",
                        {
                            "index": index,
                            "name": name,
                            "table": table,
                            "hint": f"defined: {', '.join(shapes) or 'none'}",
                        },
                    )
        return self
