"""Toy models counted by hand, a base case of a training run, and scenarios resolved with the frozen catalog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from computecalc.catalog.architecture import Architecture, Attention, DenseFeedForward, LayerGroup
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inputs import Resolved, TrainInputs
from computecalc.estimators.layers import ModelCount, count_model
from computecalc.estimators.shapes import CoarseShape, ModelShape, model_shape, shape_numbers
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text

FROZEN = Path(__file__).parents[1] / "data" / "catalog"

Build = Callable[..., Architecture]
Counted = Callable[..., ModelCount]


def shaped(architecture: Architecture) -> ModelShape:
    """The shapes of an architecture, in plain numbers."""
    return model_shape(architecture, shape_numbers(architecture).__getitem__)


@pytest.fixture
def shape() -> Callable[[Architecture], ModelShape]:
    return shaped


@pytest.fixture
def toy() -> Build:
    """Build a model of two layers that can be counted on paper.

    Hidden 8, vocabulary 100, untied; 4 query heads and 2 key heads of 3, though 8 / 4 is 2; gated feed-forward of 16.
    """

    def build(mixer: Any = None, feed_forward: Any = None, **changes: Any) -> Architecture:
        given: dict[str, Any] = {
            "hidden": 8,
            "vocab": 100,
            "tied_embeddings": False,
            "mixers": {"mixer": mixer or Attention(heads=4, kv_heads=2, head_size=3)},
            "feed_forwards": {"ffn": feed_forward or DenseFeedForward(width=16, gated=True)},
            "layers": (LayerGroup(count=2, mixer="mixer", feed_forward="ffn"),),
        }
        return Architecture(**given | changes)

    return build


@pytest.fixture
def count() -> Counted:
    """Count an architecture at a sequence length."""
    return lambda architecture, sequence_length=10.0: count_model(shaped(architecture), sequence_length)


@pytest.fixture
def run() -> Callable[..., TrainInputs]:
    """Build the inputs of a run with round numbers; each may be changed.

    A model of 10^9 parameters known by its count, 10^12 tokens, 100 accelerators of 10^15 FLOP/s and 80 GB in nodes
    of 8, MFU 0.4, goodput 0.8, 700 W drawn at 80 %, hosts 1.3, PUE 1.2, 400 g/kWh, 2 USD an hour.
    """
    base = TrainInputs(
        model=CoarseShape(1.0e9, 1.0e9),
        tokens=1.0e12,
        compute=None,
        budget=None,
        base_compute=None,
        sequence_length=4000.0,
        global_batch=1000.0,
        count=100.0,
        wall_time=None,
        peak=1.0e15,
        half_peak=None,
        memory=80.0e9,
        memory_bandwidth=None,
        scale_up_size=None,
        scale_up_bandwidth=None,
        nic=None,
        accelerators_per_node=8.0,
        recipe_weights=2.0,
        recipe_gradients=4.0,
        recipe_optimizer=12.0,
        recipe_activations=2.0,
        workspace=0.0,
        reserve=0.0,
        mfu=0.4,
        goodput=0.8,
        sustained=None,
        half_sustained=None,
        stack=None,
        residual=None,
        expert_imbalance=1.0,
        routing_domains=None,
        constants=None,
        weight_gradients=1.0,
        adapters=None,
        reliability=None,
        power=None,
        thermal_design=700.0,
        draw=0.8,
        host_overhead=1.3,
        pue=1.2,
        grid_intensity=400.0 / 3.6e6,
        price=2.0 / 3600.0,
        tensor=None,
        pipeline=None,
        expert=None,
        data=None,
        expert_tensor=None,
        shard_size=None,
        virtual_pipeline=1.0,
        context=1.0,
        micro_batch=1.0,
        sequence_parallel=True,
        recompute="none",
        fused_attention=False,
        fused_loss=False,
        zero_bubble=False,
        sharding="optimizer",
        convention="causal",
    )
    return lambda **changes: replace(base, **changes)


@pytest.fixture
def resolved() -> Callable[..., Resolved]:
    """Resolve one scenario, written as the body of `scenarios: {case: ...}`, with the frozen or the shipped catalog."""

    def resolve_text(body: str, *, shipped: bool = False) -> Resolved:
        (raw,) = raw_scenarios(load_text(f"version: 1\nscenarios:\n  case: {body}\n", "<test>"))
        return resolve(raw, Catalog.open(folder=None if shipped else FROZEN), today=date(2025, 7, 1))

    return resolve_text
