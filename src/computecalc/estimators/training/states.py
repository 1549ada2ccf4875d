"""Memory for weights, gradients and optimizer states of a training run."""

from __future__ import annotations

from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.layers import ModelCount
from computecalc.formulas.memory import (
    accelerators_to_hold,
    bytes_per_parameter,
    evenly_spread_bytes,
    fits_memory,
    held_bytes,
    model_state_bytes,
    rank_parameters,
    sharded_state_bytes,
)
from computecalc.formulas.table import Numeric

__all__ = ["SHARDED_STATES", "states"]

SHARDED_STATES: dict[str, frozenset[str]] = {
    "none": frozenset(),
    "optimizer": frozenset({"optimizer"}),
    "gradients": frozenset({"optimizer", "gradients"}),
    "full": frozenset({"optimizer", "gradients", "weights"}),
}
"""Which states each level of `layout.sharding` cuts over the data-parallel group (ZeRO 0 to 3)."""


def states(inputs: TrainInputs, count: ModelCount, *, accelerators: Numeric) -> dict[str, Numeric]:
    """States of one copy, on one accelerator where a layout is stated, and whether they fit.

    `memory.fits` compares the states alone: 0 is certain, 1 says nothing of activations.
    """
    recipe = bytes_per_parameter(
        weights=inputs.recipe_weights, gradients=inputs.recipe_gradients, optimizer=inputs.recipe_optimizer
    )
    whole = model_state_bytes(parameters=count.parameters, bytes_per_parameter=recipe)
    each = _states_per_accelerator(inputs, count)
    if each:
        needed = held_bytes(parts=tuple(each.values()))
    else:
        needed = evenly_spread_bytes(model_states=whole, accelerators=accelerators)
    return {
        "memory.model_states": whole,
        "memory.minimum_accelerators": accelerators_to_hold(model_states=whole, capacity=inputs.memory),
        "memory.fits": fits_memory(needed=needed, capacity=inputs.memory),
        **each,
    }


def _states_per_accelerator(inputs: TrainInputs, count: ModelCount) -> dict[str, Numeric]:
    """States on one accelerator under the stated layout; nothing where no layout is stated."""
    if inputs.tensor is None or inputs.pipeline is None or inputs.expert is None or inputs.data is None:
        return {}
    ranks = {"tensor": inputs.tensor, "pipeline": inputs.pipeline, "expert": inputs.expert}
    shared = rank_parameters(shared=count.shared, experts=0.0, **ranks)
    experts = rank_parameters(shared=0.0, experts=count.routed, **ranks)
    kept = {
        "weights": inputs.recipe_weights,
        "gradients": inputs.recipe_gradients,
        "optimizer": inputs.recipe_optimizer,
    }
    return {
        f"memory.per_accelerator.{state}": sharded_state_bytes(
            shared=shared,
            experts=experts,
            bytes_per_parameter=size,
            data=inputs.data,
            expert=inputs.expert,
            sharded=float(state in SHARDED_STATES[inputs.sharding]),
        )
        for state, size in kept.items()
    }
