"""The mixers of a layer: what lets tokens see each other, from softmax attention to state spaces.

This is data that users write, hence pydantic; `computecalc.catalog.architecture` puts whole models together.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError, core_schema

__all__ = [
    "Attention",
    "CompressedAttention",
    "Count",
    "GatedDelta",
    "Indexer",
    "KimiDelta",
    "Lightning",
    "Mamba",
    "Mamba2",
    "Mixer",
    "MultiLatentAttention",
    "Shape",
    "Size",
]


class _Bounds:
    """Bounds of a whole number as a schema made once: `Field` would be merged anew into each of some eighty fields."""

    def __init__(self, *, minimum: int) -> None:
        exclusive, inclusive = (0, None) if minimum else (None, 0)
        self._schema = core_schema.int_schema(strict=True, gt=exclusive, ge=inclusive, le=1_000_000_000)

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> core_schema.IntSchema:
        return self._schema


Size = Annotated[int, _Bounds(minimum=1)]
Count = Annotated[int, _Bounds(minimum=0)]


class Shape(BaseModel):
    """Base of all shapes: frozen, and strict about unknown keys."""

    # Deferred: a shape is nearly always validated as part of a larger one, which builds what it needs once.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


def _cannot_be(message: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("CC303", "{message}", {"message": message, "hint": hint})


class Indexer(Shape):
    """A small scorer that picks, for each query, the keys that attention then looks at."""

    heads: Size
    head_size: Size
    """Width of one of its query heads and of its one key head."""
    keys: Size
    """Tokens (compressed keys, in compressed attention) that it picks for a query."""


class Attention(Shape):
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
    bidirectional: bool = False
    """Queries see later tokens too, as in an encoder."""
    indexer: Indexer | None = None
    """Picks the keys a query sees; its queries are projected from the hidden width."""
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

    @model_validator(mode="after")
    def _one_way_to_see_less(self) -> Attention:
        stated = [name for name in ("window", "bidirectional", "indexer") if getattr(self, name) not in (None, False)]
        if len(stated) > 1:
            raise _cannot_be(f"{' and '.join(stated)} exclude each other", "give each kind of attention its own mixer")
        return self


class MultiLatentAttention(Shape):
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
    output_gate: bool = False
    """A hidden x value-width projection gates the output."""
    indexer: Indexer | None = None
    """Picks the keys a query sees (DeepSeek sparse attention); needs `query_rank`, which its queries start from."""

    @model_validator(mode="after")
    def _indexer_has_queries(self) -> MultiLatentAttention:
        if self.indexer is not None and self.query_rank is None:
            raise _cannot_be("an indexer needs query_rank", "its queries are projected from the compressed query")
        return self


class CompressedAttention(Shape):
    """DeepSeek-V4's attention: one key head that is its own value, a local window, and compressed keys beyond it.

    The output goes through a projection in groups of heads down to `output_rank` each, then up to the hidden width.
    """

    type: Literal["compressed"] = "compressed"
    heads: Size
    head_size: Size
    query_rank: Size
    """Width of the compressed query."""
    output_groups: Size
    """Groups of heads whose outputs are projected apart."""
    output_rank: Size
    """Width that the outputs of one group are projected to."""
    window: Size
    """Tokens a query looks back on uncompressed, itself included."""
    compression: Size | None = None
    """Tokens that are merged into one key; absent: there is the window alone."""
    indexer: Indexer | None = None
    """Picks the compressed keys a query sees; absent: it sees all of them. With it, merged spans overlap by half."""

    @model_validator(mode="after")
    def _parts_fit(self) -> CompressedAttention:
        if self.heads % self.output_groups:
            raise _cannot_be(
                f"heads ({self.heads}) is not a multiple of output_groups ({self.output_groups})",
                "every group projects equally many heads",
            )
        if self.indexer is not None and self.compression is None:
            raise _cannot_be("an indexer needs compression", "it picks among compressed keys")
        return self


class GatedDelta(Shape):
    """Gated DeltaNet (Yang et al. 2024): a linear recurrence with the delta rule and one decay a head."""

    type: Literal["gated_delta"] = "gated_delta"
    key_heads: Size
    """Query heads, and as many key heads."""
    value_heads: Size
    """Value heads, each with a state of its own."""
    key_head_size: Size
    value_head_size: Size
    convolution: Size
    """Tokens that the short convolution over queries, keys and values spans."""

    @model_validator(mode="after")
    def _heads_share_evenly(self) -> GatedDelta:
        if self.value_heads % self.key_heads:
            raise _cannot_be(
                f"value_heads ({self.value_heads}) is not a multiple of key_heads ({self.key_heads})",
                "every key head serves equally many value heads",
            )
        return self


class KimiDelta(Shape):
    """Kimi delta attention (Kimi Linear, 2025): the gated delta rule with one decay a channel."""

    type: Literal["kimi_delta"] = "kimi_delta"
    heads: Size
    head_size: Size
    """Width of a query, key or value head; also the rank of the decay's and the gate's projections."""
    convolution: Size
    """Tokens that the short convolution over queries, keys and values spans."""
    full_rank_gate: bool = False
    """The output gate is one hidden x width projection instead of two through `head_size`."""


class Lightning(Shape):
    """Lightning attention (MiniMax-Text-01): linear attention with a fixed decay a head and a gated output."""

    type: Literal["lightning"] = "lightning"
    heads: Size
    head_size: Size


class Mamba(Shape):
    """Mamba's selective state space (Gu and Dao 2023): one small state a channel."""

    type: Literal["mamba"] = "mamba"
    expansion: Size
    """Inner width over hidden width."""
    state_size: Size
    """Numbers that a channel remembers."""
    convolution: Size
    """Tokens that the short convolution spans."""
    time_step_rank: Size
    """Width through which the time steps are projected."""
    inner_norms: bool = False
    """Norms on the time step and on both state projections, as in Jamba."""


class Mamba2(Shape):
    """Mamba-2 (Dao and Gu 2024): state-space heads with one decay each."""

    type: Literal["mamba2"] = "mamba2"
    heads: Size
    head_size: Size
    """Channels of one head."""
    groups: Size
    """Groups of heads that share their state projections."""
    state_size: Size
    """Numbers that a channel remembers."""
    convolution: Size
    """Tokens that the short convolution spans."""

    @model_validator(mode="after")
    def _heads_share_evenly(self) -> Mamba2:
        if self.heads % self.groups:
            raise _cannot_be(
                f"heads ({self.heads}) is not a multiple of groups ({self.groups})",
                "every group serves equally many heads",
            )
        return self


Mixer = Annotated[
    Attention | MultiLatentAttention | CompressedAttention | GatedDelta | KimiDelta | Lightning | Mamba | Mamba2,
    Field(discriminator="type"),
]
