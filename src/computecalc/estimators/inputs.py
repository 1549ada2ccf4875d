"""What an estimator takes: base-unit numbers, and where each came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, fields
from typing import TYPE_CHECKING, Any, Literal

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.calibrated import STEP_CONSTANTS
from computecalc.errors import Diagnostic, Span
from computecalc.estimators.impact_units import impact_of
from computecalc.estimators.method import Method
from computecalc.estimators.origins import Origin
from computecalc.estimators.run_parts import Adapters, Reliability, stated_reliability
from computecalc.estimators.shapes import AllocationLaw, CoarseShape, LossLaw, ModelShape, ScalingShape, model_shape
from computecalc.estimators.step_constants import StepConstants
from computecalc.formulas.cost import discounted_price
from computecalc.formulas.table import Numeric
from computecalc.records import record
from computecalc.units.ranges import Range

if TYPE_CHECKING:
    from computecalc.estimators.impact import ImpactInputs
    from computecalc.estimators.money_inputs import Bill
    from computecalc.estimators.thresholds import Threshold

__all__ = [
    "Adapters",
    "Choice",
    "Origin",
    "Reliability",
    "Resolved",
    "ResolvedInput",
    "TrainInputs",
    "train_inputs",
]


@record
class ResolvedInput:
    """One number of a resolved scenario: a range in coherent base units, and its origin."""

    path: str
    range: Range
    unit: str
    origin: Origin
    formula_unit: str = ""
    axis: str = ""
    """Name of the uncertainty that it shares with others, which are low together and high together; else its path."""


@record
class Choice:
    """One named option of a resolved scenario, and its origin."""

    path: str
    value: str
    origin: Origin


@record
class Resolved:
    """A scenario with every value found: what estimators start from and results carry."""

    name: str
    kind: Literal["train", "infer", "campus", "silicon"]
    architecture: Architecture | None
    """Absent for a model known by its parameter counts alone, and for one that a scaling law finds."""
    model_origin: Origin
    inputs: Mapping[str, ResolvedInput]
    choices: Mapping[str, Choice]
    source: Span | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    """Inputs that nobody knows, with the reason; metrics that need them are null."""
    overrides: Mapping[str, ResolvedInput] = field(default_factory=dict)
    """What stands in the place of a metric, by its id."""
    method: Method = Method()
    """How ranges are found."""
    draft: Architecture | None = None
    """Of the model that drafts tokens for a served one, where its layers are counted."""
    thresholds: tuple[Threshold, ...] = ()
    """Thresholds of training compute that the estimate is compared with."""


@record
class TrainInputs:
    """The numbers of one training run; each a float, or an array over cases. None: not known, or not stated."""

    model: ModelShape | CoarseShape | ScalingShape
    tokens: Numeric | None
    """Tokens; absent, they are solved from `compute`, else `budget`, else `count` and `wall_time` together."""
    compute: Numeric | None
    """Model FLOPs that the run is to take."""
    budget: Numeric | None
    base_compute: Numeric | None
    """Training compute of the model that the run starts from."""
    sequence_length: Numeric
    global_batch: Numeric | None
    count: Numeric | None
    """Accelerators; this or `wall_time` is given, the other is solved; both, where the tokens are."""
    wall_time: Numeric | None
    peak: Numeric
    half_peak: Numeric | None
    """Dense peak at 16 bit, at which attention and the output head run in every recipe."""
    memory: Numeric
    memory_bandwidth: Numeric | None
    scale_up_size: Numeric | None
    scale_up_bandwidth: Numeric | None
    """Of one accelerator, one direction; so is `nic`."""
    nic: Numeric | None
    accelerators_per_node: Numeric
    recipe_weights: Numeric
    recipe_gradients: Numeric
    recipe_optimizer: Numeric
    recipe_activations: Numeric
    workspace: Numeric
    """Scratch memory of kernels, allocated beside everything that is counted."""
    reserve: Numeric
    """Share of the memory that no training process can allocate."""
    mfu: Numeric | None
    """None: predicted from the layout."""
    goodput: Numeric | None
    """This or `reliability` is given, from which it is predicted."""
    reliability: Reliability | None
    sustained: Numeric | None
    """Peak under load over the datasheet's peak, at the run's precision."""
    half_sustained: Numeric | None
    """The same for 16-bit work."""
    stack: Numeric | None
    """Step time of the software over that of the calibrated model."""
    residual: Numeric | None
    """Measured over predicted step time: 1, with the range that measurements leave."""
    expert_imbalance: Numeric
    """Load of the rank whose experts are visited most over the mean."""
    routing_domains: Numeric | None
    """Scale-up domains at most that the experts of one token lie on; None: the router knows no limit."""
    constants: StepConstants | None
    """None: the step time is not predicted."""
    weight_gradients: Numeric
    """1 where gradients of the base matrices are computed, 0 where they are frozen (LoRA)."""
    adapters: Adapters | None
    """None: the weights themselves are trained."""
    power: Numeric | None
    thermal_design: Numeric | None
    draw: Numeric | None
    host_overhead: Numeric
    pue: Numeric
    grid_intensity: Numeric | None
    price: Numeric | None
    tensor: Numeric | None
    """The layout's degrees are all given or all absent."""
    pipeline: Numeric | None
    expert: Numeric | None
    data: Numeric | None
    expert_tensor: Numeric | None
    """Ranks that share one expert; None: not stated, see `computecalc.formulas.ranks.expert_tensor_degree`."""
    shard_size: Numeric | None
    """Ranks over which sharded states are cut; None: all data x context ranks."""
    virtual_pipeline: Numeric
    context: Numeric
    micro_batch: Numeric
    sequence_parallel: bool
    recompute: str
    fused_attention: bool
    fused_loss: bool
    zero_bubble: bool
    """A plain pipeline that fills its bubble with weight gradients."""
    sharding: str
    convention: str
    bill: Bill | None = None
    idle_draw: Numeric | None = None
    """Share of the thermal design power while no kernel runs; with `full_draw`, the draw follows the load of a step."""
    full_draw: Numeric | None = None
    server_maximum: Numeric | None = None
    impact: ImpactInputs | None = None
    """None: nothing is known of market-based and embodied carbon, and of water."""


_NEEDED = {
    "sequence_length": "data.sequence_length",
    "peak": "cluster.peak",
    "memory": "cluster.memory",
    "accelerators_per_node": "cluster.accelerators_per_node",
    "recipe_weights": "cluster.recipe.weights",
    "recipe_gradients": "cluster.recipe.gradients",
    "recipe_optimizer": "cluster.recipe.optimizer",
    "recipe_activations": "cluster.recipe.activations",
    "host_overhead": "power.host_overhead",
    "pue": "site.pue",
}
"""Fields of `TrainInputs` and the inputs they are taken from."""

_OPTIONAL = {
    "routing_domains": "efficiency.routing_domains",
    "goodput": "efficiency.goodput",
    "tokens": "data.tokens",
    "compute": "data.compute",
    "budget": "money.budget",
    "global_batch": "data.global_batch",
    "count": "cluster.count",
    "wall_time": "cluster.wall_time",
    "half_peak": "cluster.half_peak",
    "memory_bandwidth": "cluster.memory_bandwidth",
    "scale_up_size": "cluster.scale_up_size",
    "scale_up_bandwidth": "cluster.scale_up_bandwidth",
    "nic": "cluster.nic",
    "mfu": "efficiency.mfu",
    "sustained": "step.sustained",
    "half_sustained": "step.half_sustained",
    "stack": "step.stack",
    "residual": "step.residual",
    "power": "power.accelerator",
    "thermal_design": "power.thermal_design",
    "draw": "power.draw",
    "idle_draw": "power.training.idle",
    "full_draw": "power.training.maximum",
    "server_maximum": "power.server_maximum",
    "grid_intensity": "site.grid_intensity",
    "price": "money.price",
    "tensor": "layout.tensor",
    "pipeline": "layout.pipeline",
    "expert": "layout.expert",
    "data": "layout.data",
    "expert_tensor": "layout.expert_tensor",
    "shard_size": "layout.shard_size",
    "base_compute": "regulation.base_compute",
}
"""The same, None where an input is absent."""

_OR_ELSE = {
    "expert_imbalance": ("efficiency.expert_imbalance", 1.0),
    "workspace": ("memory.workspace", 0.0),
    "reserve": ("memory.reserve", 0.0),
    "virtual_pipeline": ("layout.virtual_pipeline", 1.0),
    "context": ("layout.context", 1.0),
    "micro_batch": ("layout.micro_batch", 1.0),
}
"""The same, with what holds where an input is absent."""


def train_inputs(resolved: Resolved, number: Callable[[ResolvedInput], Numeric]) -> TrainInputs:
    """Take each input of a resolved scenario as a number.

    Parameters
    ----------
    resolved : Resolved
        The scenario.
    number : callable
        What stands for an input: its middle, an array over cases, or a traced float.
    """

    def needed(path: str) -> Numeric:
        return number(resolved.inputs[path])

    def optional(path: str) -> Numeric | None:
        found = resolved.inputs.get(path)
        return None if found is None else number(found)

    def choice(path: str) -> str:
        return resolved.choices[path].value

    numbers: dict[str, Any] = {name: needed(path) for name, path in _NEEDED.items()}
    numbers |= {name: optional(path) for name, path in _OPTIONAL.items()}
    for name, (path, absent) in _OR_ELSE.items():
        found = optional(path)
        numbers[name] = absent if found is None else found
    if "money.discount" in resolved.inputs and numbers["price"] is not None:
        numbers["price"] = discounted_price(price=numbers["price"], discount=needed("money.discount"))
    return TrainInputs(
        model=_model(resolved, needed, optional),
        constants=_constants(resolved, needed),
        impact=impact_of(resolved.inputs, optional),
        weight_gradients=float("lora.rank" not in resolved.inputs),
        adapters=_adapters(resolved, needed),
        reliability=stated_reliability(optional),
        sequence_parallel=choice("layout.sequence_parallel") == "true",
        recompute=choice("layout.recompute"),
        fused_attention=choice("layout.fused_attention") == "true",
        fused_loss=choice("layout.fused_loss") == "true",
        zero_bubble="layout.zero_bubble" in resolved.choices,
        sharding=choice("layout.sharding"),
        convention=choice("efficiency.convention"),
        bill=_bill(resolved, optional),
        **numbers,
    )


def _bill(resolved: Resolved, optional: Callable[[str], Numeric | None]) -> Bill | None:
    if {"money.ownership.utilization", "programme.development"}.isdisjoint(resolved.inputs):
        return None
    from computecalc.estimators.money_inputs import bill_inputs  # a rented run needs nothing of it

    return bill_inputs(resolved.inputs, optional)


def _constants(resolved: Resolved, needed: Callable[[str], Numeric]) -> StepConstants | None:
    if "step.sustained" not in resolved.inputs:
        return None
    return StepConstants(**{name: needed(f"step.{name}") for name in STEP_CONSTANTS})


def _adapters(resolved: Resolved, needed: Callable[[str], Numeric]) -> Adapters | None:
    if "lora.rank" not in resolved.inputs:
        return None
    return Adapters(needed("lora.rank"), resolved.choices["lora.targets"].value)


def _model(
    resolved: Resolved, needed: Callable[[str], Numeric], optional: Callable[[str], Numeric | None]
) -> ModelShape | CoarseShape | ScalingShape:
    if "model.law" in resolved.choices:
        kind = LossLaw if "scaling.irreducible" in resolved.inputs else AllocationLaw
        law = kind(**{each.name: needed(f"scaling.{each.name}") for each in fields(kind)})
        return ScalingShape(law, optional("scaling.deviation"))
    if resolved.architecture is None:
        return CoarseShape(needed("model.parameters"), needed("model.active_parameters"))
    return model_shape(resolved.architecture, needed)
