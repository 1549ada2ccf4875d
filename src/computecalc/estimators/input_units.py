"""Units of the numeric inputs of an estimate."""

from __future__ import annotations

from functools import cached_property

from computecalc.catalog.calibrated import STEP_CONSTANTS
from computecalc.estimators.impact_units import IMPACT_UNITS, POWER_UNITS
from computecalc.records import record

__all__ = ["INPUTS", "InputUnit", "input_unit"]


@record
class InputUnit:
    """Unit of an input as results carry it, and as the formulas take it."""

    unit: str
    per: str = ""

    @cached_property
    def formula_unit(self) -> str:
        """Unit in which the formulas take it."""
        return f"{self.unit}/{self.per}" if self.per else self.unit


INPUTS: dict[str, InputUnit] = {
    "model.parameters": InputUnit("parameter"),
    "model.active_parameters": InputUnit("parameter"),
    "scaling.irreducible": InputUnit("1"),
    "scaling.parameter_term": InputUnit("1"),
    "scaling.token_term": InputUnit("1"),
    "scaling.parameter_exponent": InputUnit("1"),
    "scaling.token_exponent": InputUnit("1"),
    "scaling.reference_compute": InputUnit("FLOP"),
    "scaling.reference_parameters": InputUnit("parameter"),
    "scaling.exponent": InputUnit("1"),
    "scaling.deviation": InputUnit("1"),
    "data.tokens": InputUnit("token"),
    "data.compute": InputUnit("FLOP"),
    "data.sequence_length": InputUnit("token"),
    "data.global_batch": InputUnit("1"),
    "cluster.count": InputUnit("accelerator"),
    "cluster.wall_time": InputUnit("s"),
    "cluster.peak": InputUnit("FLOP/s", "accelerator"),
    "cluster.half_peak": InputUnit("FLOP/s", "accelerator"),
    "cluster.memory": InputUnit("byte", "accelerator"),
    "cluster.memory_bandwidth": InputUnit("byte/s", "accelerator"),
    "cluster.scale_up_size": InputUnit("accelerator"),
    "cluster.scale_up_bandwidth": InputUnit("byte/s", "accelerator"),
    "cluster.nic": InputUnit("byte/s", "accelerator"),
    "cluster.accelerators_per_node": InputUnit("accelerator/node"),
    "cluster.recipe.weights": InputUnit("byte/parameter"),
    "cluster.recipe.gradients": InputUnit("byte/parameter"),
    "cluster.recipe.optimizer": InputUnit("byte/parameter"),
    "cluster.recipe.activations": InputUnit("byte"),
    "layout.tensor": InputUnit("1"),
    "layout.pipeline": InputUnit("1"),
    "layout.expert": InputUnit("1"),
    "layout.expert_tensor": InputUnit("1"),
    "layout.shard_size": InputUnit("1"),
    "layout.data": InputUnit("1"),
    "layout.virtual_pipeline": InputUnit("1"),
    "layout.context": InputUnit("1"),
    "layout.micro_batch": InputUnit("1"),
    "lora.rank": InputUnit("1"),
    "memory.workspace": InputUnit("byte", "accelerator"),
    "memory.reserve": InputUnit("1"),
    "efficiency.mfu": InputUnit("1"),
    "efficiency.goodput": InputUnit("1"),
    "efficiency.expert_imbalance": InputUnit("1"),
    "efficiency.routing_domains": InputUnit("1"),
    "step.sustained": InputUnit("1"),
    "step.half_sustained": InputUnit("1"),
    "step.stack": InputUnit("1"),
    "step.residual": InputUnit("1"),
    **{f"step.{name}": InputUnit(unit) for name, (unit, _) in STEP_CONSTANTS.items()},
    "reliability.interruptions": InputUnit("1/accelerator/s"),
    "reliability.restart": InputUnit("s"),
    "reliability.storage_bandwidth": InputUnit("byte/s/accelerator"),
    "reliability.checkpoint_interval": InputUnit("s"),
    "reliability.exposed": InputUnit("1"),
    "power.accelerator": InputUnit("W", "accelerator"),
    "power.thermal_design": InputUnit("W", "accelerator"),
    "power.draw": InputUnit("1"),
    "power.host_overhead": InputUnit("1"),
    "site.pue": InputUnit("1"),
    "site.grid_intensity": InputUnit("gCO2e/J"),
    **{path: InputUnit(*unit) for path, unit in (POWER_UNITS | IMPACT_UNITS).items()},
    "money.price": InputUnit("USD/accelerator/s"),
    "money.discount": InputUnit("1"),
    "money.budget": InputUnit("USD"),
    "regulation.base_compute": InputUnit("FLOP"),
}
"""Every numeric input of an estimate besides the shapes of a model; see `input_unit`."""


def input_unit(path: str) -> InputUnit:
    """Return the unit of an input; shapes of a model are bare counts, but for windows and an indexer's keys: tokens."""
    return INPUTS.get(path) or InputUnit("token" if path.endswith((".window", ".indexer.keys")) else "1")
