"""The description of a model: a stack of layer groups, each a mixer and a feed-forward.

This is data that users write (catalog entries and inline models of scenarios), hence pydantic. Nothing is
computed here: parameters, FLOPs and cache sizes follow by formulas from these shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from computecalc.catalog.mixers import Attention, Count, Indexer, Mixer, MultiLatentAttention, Shape, Size

__all__ = [
    "Architecture",
    "Attention",
    "DenseFeedForward",
    "ExpertFeedForward",
    "FeedForward",
    "LayerGroup",
    "Mixer",
    "MultiLatentAttention",
    "trusted_architecture",
]


class DenseFeedForward(Shape):
    """A dense feed-forward: two matrices, or three when gated (SwiGLU, GeGLU)."""

    type: Literal["dense"] = "dense"
    width: Size
    gated: bool
    bias: bool = False


class ExpertFeedForward(Shape):
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
    latent_width: Size | None = None
    """Width that tokens are projected to before the routed experts, and back from; absent: the hidden width."""
    latent_norm: bool = False
    """A norm over the latent width."""

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

    @model_validator(mode="after")
    def _latent_norm_has_a_width(self) -> ExpertFeedForward:
        if self.latent_norm and self.latent_width is None:
            message = "latent_norm needs latent_width"
            raise PydanticCustomError("CC303", "{message}", {"message": message, "hint": "the norm is over that width"})
        return self


FeedForward = Annotated[DenseFeedForward | ExpertFeedForward, Field(discriminator="type")]


class LayerGroup(Shape):
    """`count` equal layers in a row, or spread over the stack."""

    count: Size
    mixer: str | None = None
    """Name of an entry of `mixers`; absent: the layer has none."""
    cross_mixer: str | None = None
    """Name of an entry of `mixers` that looks at an encoder's output, as long as the sequence; absent: none."""
    feed_forward: str | None = None
    """Name of an entry of `feed_forwards`; absent: the layer has none."""
    norms: Count = 2
    """Norms over the hidden width in each layer."""
    unlisted_parameters: Count = 0
    """Weights of each layer that no shape here describes; they count for the total and need a note."""


class Architecture(Shape):
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
    unlisted_parameters: Count = 0
    """Weights outside the layers that no shape here describes; they count for the total and need a note."""

    @model_validator(mode="after")
    def _references_exist(self) -> Architecture:
        for index, group in enumerate(self.layers):
            for table, name, shapes in (
                ("mixers", group.mixer, sorted(self.mixers)),
                ("mixers", group.cross_mixer, sorted(self.mixers)),
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

    @model_validator(mode="after")
    def _cross_mixers_are_attention(self) -> Architecture:
        for index, group in enumerate(self.layers):
            if group.cross_mixer and not isinstance(self.mixers[group.cross_mixer], Attention):
                raise PydanticCustomError(
                    "CC303",
                    "layers[{index}] crosses over with {name}, which is not `type: attention`",
                    {"index": index, "name": group.cross_mixer, "hint": "an encoder's output is seen by attention"},
                )
        return self


def trusted_architecture(data: Mapping[str, Any]) -> Architecture:
    """Build an architecture from data that was validated before, such as an entry whose digest the index holds.

    Building the validators of all shapes takes longer than an estimate; nothing is checked here.
    """
    mixers = {name: _trusted_shape(shape, Mixer) for name, shape in data.get("mixers", {}).items()}
    feed_forwards = {name: _trusted_shape(shape, FeedForward) for name, shape in data.get("feed_forwards", {}).items()}
    layers = tuple(LayerGroup.model_construct(**group) for group in data["layers"])
    return Architecture.model_construct(**{**data, "mixers": mixers, "feed_forwards": feed_forwards, "layers": layers})


def _trusted_shape(data: Mapping[str, Any], union: Any) -> Any:
    """Construct the member of a union of shapes that the data's `type` names."""
    members = get_args(get_args(union)[0])
    chosen = next(each for each in members if each.model_fields["type"].default == data["type"])
    values = dict(data)
    if values.get("indexer") is not None:
        values["indexer"] = Indexer.model_construct(**values["indexer"])
    return chosen.model_construct(**values)
