"""The short form of an architecture, as scenarios write it, and cuts of whole architectures.

The short form says what the ``config.json`` of most models says: one kind of attention in every layer, and dense
feed-forwards, experts, or a few dense layers before the experts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from computecalc.catalog.architecture import (
    Architecture,
    Attention,
    DenseFeedForward,
    ExpertFeedForward,
    LayerGroup,
)
from computecalc.errors import Diagnostic, ScenarioError, Span
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.validation import validate

__all__ = ["ModelCut", "ModelShorthand", "cut", "model_from_config"]

Size = Annotated[int, Field(gt=0, le=1_000_000_000)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]

_EXPERT_KEYS = ("experts_per_token", "expert_ffn", "shared_experts", "dense_layers")


class ModelShorthand(BaseModel):
    """A model in its short form."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    hidden: Size
    layers: Size
    heads: Size
    kv_heads: Size | None = None
    """Absent: as many as `heads`."""
    head_size: Size | None = None
    """Absent: hidden / heads, which must then divide."""
    ffn: Size | None = None
    """Width of the dense feed-forward."""
    gated: bool
    vocab: Size
    tied_embeddings: bool = False
    experts: Size | None = None
    """Absent: a dense model."""
    experts_per_token: Size | None = None
    expert_ffn: Size | None = None
    """Width of one expert."""
    shared_experts: Count | None = None
    """Absent: none."""
    dense_layers: Count | None = None
    """Layers before the experts that have a dense feed-forward; absent: none."""

    @model_validator(mode="after")
    def _head_size_follows(self) -> ModelShorthand:
        if self.head_size is None and self.hidden % self.heads:
            values = {"hidden": self.hidden, "heads": self.heads, "key": "heads", "hint": "state head_size"}
            raise PydanticCustomError("CC303", "hidden ({hidden}) is not a multiple of heads ({heads})", values)
        if self.heads % (self.kv_heads or self.heads):
            values = {
                "heads": self.heads,
                "kv_heads": self.kv_heads,
                "key": "kv_heads",
                "hint": "every key head serves equally many queries",
            }
            raise PydanticCustomError("CC303", "heads ({heads}) is not a multiple of kv_heads ({kv_heads})", values)
        return self

    @model_validator(mode="after")
    def _dense_is_complete(self) -> ModelShorthand:
        if self.experts is not None:
            return self
        for key in _EXPERT_KEYS:
            if getattr(self, key) is not None:
                raise _problem("CC303", f"{key} belongs to a model with experts", key, "state experts, or leave it out")
        if self.ffn is None:
            raise _problem("CC302", "the key `ffn` is missing", "", "the width of the feed-forward")
        return self

    @model_validator(mode="after")
    def _experts_are_complete(self) -> ModelShorthand:
        if self.experts is None:
            return self
        for key in ("experts_per_token", "expert_ffn"):
            if getattr(self, key) is None:
                raise _problem("CC302", f"the key `{key}` is missing", "", "a model with experts states it")
        if (self.experts_per_token or 0) > self.experts:
            message = f"experts_per_token ({self.experts_per_token}) is more than experts ({self.experts})"
            raise _problem("CC303", message, "experts_per_token", "a token cannot visit an expert twice")
        dense = self.dense_layers or 0
        if dense >= self.layers:
            message = f"dense_layers ({dense}) leaves none of the {self.layers} layers to the experts"
            raise _problem("CC303", message, "dense_layers", "leave out the experts for a dense model")
        if dense and self.ffn is None:
            raise _problem("CC302", "the key `ffn` is missing", "", "the width of the feed-forward of the dense layers")
        if self.ffn is not None and not dense:
            message = "ffn is the width of dense layers, and there are none"
            raise _problem("CC303", message, "ffn", "the width of an expert is expert_ffn; else state dense_layers")
        return self

    def architecture(self) -> Architecture:
        """Return the layer groups that this stands for: dense layers first, then those with experts."""
        attention = Attention(
            heads=self.heads,
            kv_heads=self.kv_heads or self.heads,
            head_size=self.head_size or self.hidden // self.heads,
        )
        shapes: dict[str, Any] = {}
        groups = []
        dense = self.layers if self.experts is None else self.dense_layers or 0
        if dense:
            shapes["dense"] = DenseFeedForward(width=self.ffn or 0, gated=self.gated)
            groups.append(LayerGroup(count=dense, mixer="attention", feed_forward="dense"))
        if self.experts is not None:
            shapes["experts"] = ExpertFeedForward(
                experts=self.experts,
                experts_per_token=self.experts_per_token or 0,
                width=self.expert_ffn or 0,
                gated=self.gated,
                shared_experts=self.shared_experts or 0,
            )
            groups.append(LayerGroup(count=self.layers - dense, mixer="attention", feed_forward="experts"))
        return Architecture(
            hidden=self.hidden,
            vocab=self.vocab,
            tied_embeddings=self.tied_embeddings,
            mixers={"attention": attention},
            feed_forwards=shapes,
            layers=tuple(groups),
        )


def _problem(code: str, message: str, key: str, hint: str) -> PydanticCustomError:
    values = {"message": message, "hint": hint, **({"key": key} if key else {})}
    return PydanticCustomError(code, "{message}", values)


class ModelCut(BaseModel):
    """What may be changed of a catalog model: ``{base: llama-3-70b, layers: 12}`` without its `base`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    layers: Size | Annotated[tuple[Count, ...], Field(min_length=1, strict=False)] | None = None
    """Layers kept in all, or of each group."""
    vocab: Size | None = None
    tied_embeddings: bool | None = None


def model_from_config(config: Mapping[str, object]) -> Architecture:
    """Return the architecture that a short form, given as plain values, stands for.

    Raises
    ------
    ScenarioError
        CC301 for an unknown key, CC302 for a missing one, CC303 for a value that cannot be.
    """
    # JSON is YAML: written out, the values have places that the errors can point to.
    node = load_text(json.dumps(config, ensure_ascii=False, indent=1, default=str), "<model>")
    return validate(ModelShorthand, node).architecture()


def cut(architecture: Architecture, changes: ModelCut, *, span: Span | None = None) -> Architecture:
    """Return an architecture with fewer layers, or another vocabulary.

    Groups are kept from the first on and the last one kept is shortened, so that leading dense layers stay. Groups
    with different mixers are usually spread over the stack: there, the layers of each group must be stated.

    Parameters
    ----------
    architecture : Architecture
        The whole model; not changed.
    changes : ModelCut
        What to change.
    span : Span, optional
        Where the user wrote the layers, for errors.

    Raises
    ------
    ScenarioError
        CC303, when more layers are wanted than there are, or it is open which ones.
    """
    fields: dict[str, Any] = {}
    if changes.layers is not None:
        wanted = changes.layers
        counts = _leading(architecture, wanted, span) if isinstance(wanted, int) else wanted
        fields["layers"] = _shortened(architecture, counts, span)
    if changes.vocab is not None:
        fields["vocab"] = changes.vocab
    if changes.tied_embeddings is not None:
        fields["tied_embeddings"] = changes.tied_embeddings
    return architecture.model_copy(update=fields)


def _leading(architecture: Architecture, wanted: int, span: Span | None) -> tuple[int, ...]:
    groups = architecture.layers
    total = sum(group.count for group in groups)
    if wanted > total:
        raise _impossible(
            f"the model has {total} layers, {wanted} cannot be kept", "a cut only takes layers away", span
        )
    if wanted < total and len({group.mixer for group in groups}) > 1:
        present = ", ".join(str(group.count) for group in groups)
        hint = f"state the layers of each group, at most [{present}]"
        raise _impossible("the model's groups of layers have different mixers: which ones stay?", hint, span)
    counts = []
    for group in groups:
        counts.append(min(group.count, wanted))
        wanted -= counts[-1]
    return tuple(counts)


def _shortened(architecture: Architecture, counts: tuple[int, ...], span: Span | None) -> tuple[LayerGroup, ...]:
    groups = architecture.layers
    fits = len(counts) == len(groups) and all(kept <= group.count for kept, group in zip(counts, groups, strict=True))
    if not fits or not any(counts):
        present = ", ".join(str(group.count) for group in groups)
        raise _impossible(f"the model's groups have [{present}] layers", "state one number for each, not all 0", span)
    pairs = zip(counts, groups, strict=True)
    return tuple(group.model_copy(update={"count": kept}) for kept, group in pairs if kept)


def _impossible(message: str, hint: str, span: Span | None) -> ScenarioError:
    return ScenarioError(Diagnostic("CC303", message, span=span, hint=hint))
