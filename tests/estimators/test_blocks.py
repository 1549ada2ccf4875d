from __future__ import annotations

from computecalc.catalog.architecture import ExpertFeedForward
from computecalc.estimators.blocks import Block, Core, Projection, dense_block, latent_block, router_block
from computecalc.estimators.shapes import DenseShape, ExpertShape


def experts(**changes: object) -> ExpertShape:
    options = ExpertFeedForward.model_validate({"experts": 4, "experts_per_token": 2, "width": 6} | changes)
    one = DenseShape(6.0, gated=True, bias=False)
    latent = None if options.latent_width is None else float(options.latent_width)
    return ExpertShape(4.0, 2.0, one, 0.0, one, None, options, latent)


def test_a_matrix_and_its_bias() -> None:
    block = Block()
    block.add("up", 8.0, 16.0, bias=True)
    block.hold("norm", 8.0, 2.0)
    assert block.projections == [Projection("up", 8.0, 16.0)]
    assert block.multiplied == [128.0]
    assert block.vectors == [("bias of up", 16.0, 1.0), ("norm", 8.0, 2.0)]
    assert block.held == [16.0, 16.0]


def test_a_depthwise_convolution_has_one_weight_a_channel_and_token() -> None:
    block = Block()
    block.convolve(4.0, 12.0, bias=True)
    assert block.multiplied == [48.0]
    assert block.held == [12.0]


def test_feed_forwards() -> None:
    assert dense_block(DenseShape(16.0, gated=True, bias=False), 8.0).multiplied == [128.0, 128.0, 128.0]
    plain = dense_block(DenseShape(16.0, gated=False, bias=True), 8.0)
    assert plain.multiplied == [128.0, 128.0]
    assert plain.held == [16.0, 8.0]


def test_the_router_sees_the_hidden_width() -> None:
    assert router_block(experts(router_bias=True), 8.0).held == [4.0]
    assert router_block(experts(shared_gate=True, latent_width=3), 8.0).multiplied == [32.0, 8.0]


def test_latent_projections() -> None:
    assert latent_block(experts(), 8.0) == Block()
    assert latent_block(experts(latent_width=3), 8.0).multiplied == [24.0, 24.0]
    assert latent_block(experts(latent_width=3, latent_norm=True), 8.0).held == [3.0]


def test_a_core_is_three_numbers() -> None:
    assert Core(1.0, 2.0, 3.0) == Core(scores=1.0, work=2.0, full=3.0)
