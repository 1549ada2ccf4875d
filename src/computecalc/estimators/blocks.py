"""A part of a layer as a list: matrices that tokens are multiplied with, and vectors.

Parameters and FLOPs both follow from that list. Mixers are in `softmax_mixers` and `state_mixers`.
"""

from __future__ import annotations

from dataclasses import field

from computecalc.estimators.shapes import DenseShape, ExpertShape
from computecalc.estimators.trace import labelled
from computecalc.formulas.parameters import projection_parameters, vector_parameters
from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["Block", "Core", "Projection", "dense_block", "latent_block", "router_block"]


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
            self.hold(f"bias of {label}", outputs)

    def convolve(self, kernel: Numeric, channels: Numeric, *, bias: bool = False) -> None:
        """Append a depthwise convolution: one product of `kernel` past tokens for each channel."""
        self.add("convolution", kernel, channels, bias=bias)

    def hold(self, label: str, width: Numeric, count: float = 1.0) -> None:
        """Append vectors of one width."""
        self.vectors.append((label, width, count))

    @property
    def multiplied(self) -> list[Numeric]:
        """Parameters of each matrix."""
        return [labelled(projection_parameters(inputs=p.inputs, outputs=p.outputs), p.label) for p in self.projections]

    @property
    def held(self) -> list[Numeric]:
        """Parameters of each vector."""
        return [labelled(vector_parameters(width=w, vectors=n), label) for label, w, n in self.vectors]


@record
class Core:
    """Forward work of a mixer beside its projections, in FLOP/token."""

    scores: Numeric
    """Queries by keys alone, which a fused kernel does again; zero for a recurrence."""
    work: Numeric
    full: Numeric
    """The same without credit for the causal mask."""


def dense_block(shape: DenseShape, hidden: Numeric) -> Block:
    """List a dense feed-forward, or one expert."""
    block = Block()
    if shape.gated:
        block.add("gate", hidden, shape.width, bias=shape.bias)
    block.add("up", hidden, shape.width, bias=shape.bias)
    block.add("down", shape.width, hidden, bias=shape.bias)
    return block


def router_block(shape: ExpertShape, hidden: Numeric) -> Block:
    """List the router of a mixture of experts and the gate of its shared expert."""
    block = Block()
    block.add("router", hidden, shape.experts, bias=shape.options.router_bias)
    if shape.options.shared_gate:
        block.add("shared expert gate", hidden, 1.0)
    return block


def latent_block(shape: ExpertShape, hidden: Numeric) -> Block:
    """List the projections to the width of latent experts and back; nothing where experts see the hidden width."""
    block = Block()
    if shape.latent_width is not None:
        block.add("latent down", hidden, shape.latent_width)
        block.add("latent up", shape.latent_width, hidden)
        if shape.options.latent_norm:
            block.hold("latent norm", shape.latent_width)
    return block
