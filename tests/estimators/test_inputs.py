from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pytest

from computecalc.estimators.impact import ImpactInputs
from computecalc.estimators.input_units import INPUTS, InputUnit, input_unit
from computecalc.estimators.inputs import Resolved, ResolvedInput, TrainInputs, train_inputs
from computecalc.estimators.shapes import CoarseShape, ModelShape
from computecalc.units.registry import unit

Resolve = Callable[..., Resolved]

STATED = (
    "{kind: train, model: %s, data: {tokens: 2T tokens, sequence_length: 4096, global_batch: 512}, "
    "cluster: {accelerator: h100-sxm, count: 64}, efficiency: {mfu: 0.4, goodput: 0.9, convention: full}, "
    "layout: {tensor: 2, pipeline: 4, recompute: selective, sharding: full, fused_attention: false, "
    "micro_batch: 2, sequence_parallel: false, fused_loss: true}, "
    "site: {pue: 1.1, grid_intensity: 360 gCO2e/kWh}, power: {accelerator: 500 W, host_overhead: 1.4}, "
    "money: {price: 3.6 USD/accelerator/h}}"
)


def test_formula_units_add_what_results_leave_out() -> None:
    assert InputUnit("W", "accelerator").formula_unit == "W/accelerator"
    assert InputUnit("token").formula_unit == "token"


@pytest.mark.parametrize("path", INPUTS)
def test_input_units_are_coherent(path: str) -> None:
    assert unit(INPUTS[path].unit).factor == 1.0
    assert unit(INPUTS[path].formula_unit).factor == 1.0


def test_shapes_are_counts_but_for_windows() -> None:
    assert input_unit("model.mixers.local.window") == InputUnit("token")
    assert input_unit("model.mixers.local.heads") == InputUnit("1")
    assert input_unit("site.grid_intensity") == InputUnit("gCO2e/J")


def middle(given: ResolvedInput) -> float:
    return given.range.mid


def test_every_number_arrives_in_base_units(resolved: Resolve) -> None:
    found = train_inputs(resolved(STATED % "llama-3.1-405b"), middle)
    assert isinstance(found.model, ModelShape)
    assert found.model.hidden == 16384.0
    # 360 g/kWh are 1e-4 g/J, 3.6 USD/h are 1e-3 USD/s; 64 accelerators over 2 x 4 leave 8 replicas.
    expected = {
        "tokens": 2e12,
        "compute": None,
        "budget": None,
        "base_compute": None,
        "sequence_length": 4096.0,
        "global_batch": 512.0,
        "count": 64.0,
        "wall_time": None,
        "peak": 989.4e12,
        "memory": 80e9,
        "accelerators_per_node": 8.0,
        "recipe_weights": 2.0,
        "recipe_gradients": 4.0,
        "recipe_optimizer": 12.0,
        "recipe_activations": 2.0,
        # The frozen catalog's priors.
        "workspace": 100e6,
        "reserve": 0.05,
        "impact": ImpactInputs(
            carbon_free_share=None,
            residual_intensity=None,
            wue=None,
            grid_water=None,
            accelerator=150e3,
            host=450e3,
            lifetime=5 * 365.25 * 86400.0,
            utilization=0.8,
        ),
        "server_maximum": None,
        # Nothing is predicted where the MFU is stated.
        "idle_draw": None,
        "full_draw": None,
        "half_peak": None,
        "memory_bandwidth": None,
        "scale_up_size": None,
        "scale_up_bandwidth": None,
        "nic": None,
        "sustained": None,
        "half_sustained": None,
        "stack": None,
        "residual": None,
        "expert_imbalance": 1.0,
        "routing_domains": None,
        "constants": None,
        "weight_gradients": 1.0,
        "mfu": 0.4,
        "goodput": 0.9,
        "adapters": None,
        # Nothing predicts a goodput that is stated.
        "reliability": None,
        "power": 500.0,
        "thermal_design": 700.0,
        "draw": None,
        "host_overhead": 1.4,
        "pue": 1.1,
        "grid_intensity": pytest.approx(1e-4),
        "price": pytest.approx(1e-3),
        "tensor": 2.0,
        "pipeline": 4.0,
        "expert": 1.0,
        "data": 8.0,
        "expert_tensor": None,
        "shard_size": None,
        "virtual_pipeline": 1.0,
        "context": 1.0,
        "micro_batch": 2.0,
        "sequence_parallel": False,
        "recompute": "selective",
        "fused_attention": False,
        "fused_loss": True,
        "zero_bubble": False,
        "sharding": "full",
        "convention": "full",
        "bill": None,
    }
    assert {
        field.name: getattr(found, field.name) for field in fields(TrainInputs) if field.name != "model"
    } == expected


def test_a_model_known_by_its_counts_stays_coarse(resolved: Resolve) -> None:
    found = train_inputs(resolved(STATED.replace("pipeline: 4", "pipeline: 1") % "gpt-4-rumoured"), middle)
    assert found.model == CoarseShape(1.8e12, 280e9)


def test_every_input_is_handed_out_once_and_by_name(resolved: Resolve) -> None:
    given = resolved(STATED % "llama-3.1-405b")
    seen: list[str] = []

    def noted(one: ResolvedInput) -> float:
        seen.append(one.path)
        return one.range.mid

    train_inputs(given, noted)
    assert sorted(seen) == sorted(given.inputs)
