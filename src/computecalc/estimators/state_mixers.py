"""Mixers with a recurrent state, whose work for a token does not grow with the sequence.

The layouts are those of the published implementations: gated DeltaNet as in Qwen3-Next, Kimi delta attention as in
Kimi Linear, lightning attention as in MiniMax-Text-01, Mamba as in Jamba, Mamba-2 as in Nemotron-H.
"""

from __future__ import annotations

from computecalc.estimators.blocks import Block, Core
from computecalc.estimators.mixer_shapes import (
    GatedDeltaShape,
    KimiDeltaShape,
    LightningShape,
    Mamba2Shape,
    MambaShape,
)
from computecalc.estimators.trace import labelled
from computecalc.formulas.attention import state_flops
from computecalc.formulas.parameters import expanded_width, joined_width, total_width
from computecalc.formulas.table import Numeric

__all__ = ["StateShape", "state_block", "state_core"]

StateShape = GatedDeltaShape | KimiDeltaShape | LightningShape | MambaShape | Mamba2Shape


def state_block(mixer: StateShape, hidden: Numeric) -> Block:
    """List the matrices and vectors of a mixer with a state."""
    match mixer:
        case GatedDeltaShape():
            return _gated_delta(mixer, hidden)
        case KimiDeltaShape():
            return _kimi_delta(mixer, hidden)
        case LightningShape():
            return _lightning(mixer, hidden)
        case MambaShape():
            return _mamba(mixer, hidden)
        case Mamba2Shape():
            return _mamba2(mixer, hidden)


def state_core(mixer: StateShape, hidden: Numeric) -> Core:
    """Count the work on the states, the same under every convention about masks."""
    match mixer:
        case GatedDeltaShape():
            heads, key_size, value_size, products = (mixer.value_heads, mixer.key_head_size, mixer.value_head_size, 3.0)
        case KimiDeltaShape():
            heads, key_size, value_size, products = mixer.heads, mixer.head_size, mixer.head_size, 3.0
        case LightningShape():
            heads, key_size, value_size, products = mixer.heads, mixer.head_size, mixer.head_size, 2.0
        case MambaShape():
            # Each channel is a head of one value.
            channels = expanded_width(hidden=hidden, expansion=mixer.expansion)
            heads, key_size, value_size, products = channels, mixer.state_size, 1.0, 2.0
        case Mamba2Shape():
            heads, key_size, value_size, products = mixer.heads, mixer.state_size, mixer.head_size, 2.0
    work = state_flops(heads=heads, key_size=key_size, value_size=value_size, products=products)
    return Core(scores=0.0, work=labelled(work, "state"), full=work)


def _gated_delta(mixer: GatedDeltaShape, hidden: Numeric) -> Block:
    block = Block()
    keys = joined_width(heads=mixer.key_heads, head_size=mixer.key_head_size)
    values = joined_width(heads=mixer.value_heads, head_size=mixer.value_head_size)
    block.add("query", hidden, keys)
    block.add("key", hidden, keys)
    block.add("value", hidden, values)
    block.add("output gate", hidden, values)
    block.add("write strength", hidden, mixer.value_heads)
    block.add("decay", hidden, mixer.value_heads)
    block.convolve(mixer.convolution, total_width(parts=(keys, keys, values)))
    block.add("output", values, hidden)
    block.hold("decay rate and time step", mixer.value_heads, 2.0)
    block.hold("output norm", mixer.value_head_size)
    return block


def _kimi_delta(mixer: KimiDeltaShape, hidden: Numeric) -> Block:
    block = Block()
    width = joined_width(heads=mixer.heads, head_size=mixer.head_size)
    for label in ("query", "key", "value"):
        block.add(label, hidden, width)
    block.convolve(mixer.convolution, total_width(parts=(width, width, width)))
    block.add("decay down", hidden, mixer.head_size)
    block.add("decay up", mixer.head_size, width)
    block.add("write strength", hidden, mixer.heads)
    if mixer.full_rank_gate:
        block.add("output gate", hidden, width)
    else:
        block.add("output gate down", hidden, mixer.head_size)
        block.add("output gate up", mixer.head_size, width)
    block.add("output", width, hidden)
    block.hold("decay rate", mixer.heads)
    block.hold("time step", width)
    block.hold("output norm", mixer.head_size)
    return block


def _lightning(mixer: LightningShape, hidden: Numeric) -> Block:
    block = Block()
    width = joined_width(heads=mixer.heads, head_size=mixer.head_size)
    for label in ("query", "key", "value", "output gate"):
        block.add(label, hidden, width)
    block.add("output", width, hidden)
    block.hold("output norm", width)
    return block


def _mamba(mixer: MambaShape, hidden: Numeric) -> Block:
    block = Block()
    channels = expanded_width(hidden=hidden, expansion=mixer.expansion)
    block.add("input", hidden, channels)
    block.add("gate", hidden, channels)
    block.convolve(mixer.convolution, channels, bias=True)
    block.add(
        "time step and state projections",
        channels,
        total_width(parts=(mixer.time_step_rank, mixer.state_size, mixer.state_size)),
    )
    block.add("time step", mixer.time_step_rank, channels, bias=True)
    block.add("output", channels, hidden)
    block.vectors.append(("decay rates", channels, mixer.state_size))
    block.hold("skip", channels)
    if mixer.inner_norms:
        block.hold("time step norm", mixer.time_step_rank)
        block.hold("state norms", mixer.state_size, 2.0)
    return block


def _mamba2(mixer: Mamba2Shape, hidden: Numeric) -> Block:
    block = Block()
    channels = joined_width(heads=mixer.heads, head_size=mixer.head_size)
    states = joined_width(heads=mixer.groups, head_size=mixer.state_size)
    block.add("input", hidden, channels)
    block.add("gate", hidden, channels)
    block.add("write and read", hidden, total_width(parts=(states, states)))
    block.add("time step", hidden, mixer.heads)
    block.convolve(mixer.convolution, total_width(parts=(channels, states, states)), bias=True)
    block.add("output", channels, hidden)
    block.hold("decay rate, time step and skip", mixer.heads, 3.0)
    block.hold("output norm", channels)
    return block
