"""What a layer keeps for its backward pass, operator by operator, in values a token."""

from __future__ import annotations

from dataclasses import field

from computecalc.estimators.layers import mixer_block
from computecalc.estimators.shapes import (
    AttentionShape,
    DenseShape,
    ExpertShape,
    GroupShape,
    LatentAttentionShape,
    ModelShape,
)
from computecalc.estimators.trace import labelled
from computecalc.formulas.activations import exchanged_width
from computecalc.formulas.parameters import joined_width, total_width
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["Widths", "activations_are_known", "gradient_widths", "kept_widths", "score_heads"]

_LATENT = ("query down", "key-value down")
"""Projections whose outputs every tensor-parallel rank needs whole, so that only sequence parallelism cuts them."""


@record
class Widths:
    """Values a token, sorted by what cuts them; see `computecalc.formulas.activations.kept_bytes`."""

    along: list[Numeric] = field(default_factory=list)
    across: list[Numeric] = field(default_factory=list)
    whole: list[Numeric] = field(default_factory=list)
    statistics: list[Numeric] = field(default_factory=list)

    def totals(self) -> dict[str, Numeric]:
        """Return each sum by its name."""
        return {
            name: labelled(total_width(parts=parts), label) if parts else 0.0
            for name, parts, label in (
                ("along", self.along, "outside tensor-parallel regions"),
                ("across", self.across, "inside tensor-parallel regions"),
                ("whole", self.whole, "gathered"),
                ("statistics", self.statistics, "in single precision"),
            )
        }


def kept_widths(group: GroupShape, hidden: Numeric, *, context: Numeric, fused_attention: bool) -> Widths:
    """List what one layer keeps of a token, without the scores of an unfused attention.

    Parameters
    ----------
    group : GroupShape
        The layer.
    hidden : numeric
        Hidden width. [1]
    context : numeric
        Context-parallel degree. [1]
    fused_attention : bool
        Whether attention keeps the statistics of its softmax in place of the scores.
    """
    widths = Widths()
    # Every norm keeps its input; its output is kept as the input of the first products of a block.
    blocks = float(group.mixer is not None) + float(group.feed_forward is not None)
    widths.along.append(labelled(joined_width(heads=group.norms, head_size=hidden), "inputs of norms"))
    widths.along.append(labelled(joined_width(heads=blocks, head_size=hidden), "inputs of blocks"))
    mixer = _modelled(group)
    if mixer is not None:
        _add_mixer(widths, mixer, hidden, context)
        if fused_attention:
            widths.statistics.append(mixer.heads)
    if isinstance(group.feed_forward, ExpertShape):
        _add_experts(widths, group.feed_forward, hidden)
    elif group.feed_forward is not None:
        widths.across.append(_inner(group.feed_forward))
    return widths


def _add_mixer(widths: Widths, mixer: AttentionShape | LatentAttentionShape, hidden: Numeric, context: Numeric) -> None:
    for projection in mixer_block(mixer, hidden).projections:
        if projection.label == "output":
            widths.across.append(labelled(projection.inputs, "attention output"))
            widths.across.append(exchanged_width(width=projection.inputs, context=context))
        elif projection.label in _LATENT:
            # The norm behind it keeps its input, the projection behind that one its own.
            widths.along.extend((projection.outputs, projection.outputs))
        else:
            widths.across.append(labelled(projection.outputs, projection.label))
    if isinstance(mixer, LatentAttentionShape):
        # The rotary key is one for all heads until it is joined to each of them.
        widths.across.append(labelled(joined_width(heads=mixer.heads, head_size=mixer.rope_head_size), "rotary keys"))
    elif isinstance(mixer, AttentionShape) and mixer.options.qk_norm:
        widths.across.append(labelled(joined_width(heads=mixer.heads, head_size=mixer.head_size), "query norm"))
        widths.across.append(labelled(joined_width(heads=mixer.kv_heads, head_size=mixer.head_size), "key norm"))


def _inner(shape: DenseShape) -> Numeric:
    """Outputs of the first projections, and the input of the last."""
    return labelled(total_width(parts=(shape.width,) * (3 if shape.gated else 2)), "feed-forward")


def _add_experts(widths: Widths, shape: ExpertShape, hidden: Numeric) -> None:
    copies = shape.experts_per_token
    # Balanced: as many copies arrive as leave. Experts take theirs gathered over tensor-parallel ranks.
    widths.whole.append(labelled(joined_width(heads=copies, head_size=hidden), "routed copies"))
    widths.across.append(labelled(joined_width(heads=copies, head_size=_inner(shape.expert)), "routed experts"))
    if shape.options.shared_experts:
        shared = joined_width(heads=shape.shared_experts, head_size=_inner(shape.shared))
        widths.across.append(labelled(shared, "shared experts"))
    if shape.parallel_dense is not None:
        widths.across.append(_inner(shape.parallel_dense))
    # Logits and probabilities of the router, and the weight of each copy.
    widths.statistics.extend((shape.experts, shape.experts, copies))


def gradient_widths(group: GroupShape, hidden: Numeric) -> Widths:
    """List the gradients that the widest operator of a layer, its feed-forward, has at work for a token."""
    widths = Widths(whole=[hidden])
    shape = group.feed_forward
    if isinstance(shape, ExpertShape):
        copies = shape.experts_per_token
        widths.whole.append(joined_width(heads=copies, head_size=hidden))
        widths.across.append(joined_width(heads=copies, head_size=_activation_inputs(shape.expert)))
    elif shape is not None:
        widths.across.append(_activation_inputs(shape))
    return widths


def _activation_inputs(shape: DenseShape) -> Numeric:
    return joined_width(heads=2.0 if shape.gated else 1.0, head_size=shape.width)


def score_heads(group: GroupShape) -> Numeric:
    """Return the query heads of a layer that has scores, else 0."""
    mixer = _modelled(group)
    return 0.0 if mixer is None else mixer.heads


def activations_are_known(model: ModelShape) -> bool:
    """Tell whether `kept_widths` knows every layer: softmax attention, and experts without latent widths."""
    return all(
        isinstance(group.mixer, AttentionShape | LatentAttentionShape | None)
        and group.cross_mixer is None
        and not (isinstance(group.feed_forward, ExpertShape) and group.feed_forward.options.latent_width)
        for group in model.groups
    )


def _modelled(group: GroupShape) -> AttentionShape | LatentAttentionShape | None:
    if isinstance(group.mixer, AttentionShape | LatentAttentionShape | None):
        return group.mixer
    raise TypeError(f"{group.label}: activations of this mixer are not modelled; see activations_are_known")
