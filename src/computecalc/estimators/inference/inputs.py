"""What the estimate of serving takes: base-unit numbers, each a float, an array over cases, or a traced float."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from computecalc.catalog.calibrated import ENGINE_CONSTANTS, SERVING_CONSTANTS
from computecalc.estimators.input_units import InputUnit
from computecalc.estimators.shapes import ModelShape
from computecalc.formulas.table import Numeric
from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.estimators.impact import ImpactInputs
    from computecalc.estimators.money_inputs import Ownership

__all__ = [
    "MOST_DRAFTED",
    "SERVING_INPUTS",
    "DraftModel",
    "EngineConstants",
    "PowerCurve",
    "ProductFormat",
    "PromptPool",
    "ServingConstants",
    "ServingFormats",
    "ServingInputs",
    "Width",
    "draft_path",
    "engine_constants",
    "serving_constants",
]

Width = Literal["half", "byte", "nibble"]
"""Precision class of the operands of a product: 16, 8 or 4 bits, each with an efficiency of its own."""


@record
class ProductFormat:
    """How the weights of some matrices are stored, and at which rate they are multiplied."""

    storage: Numeric
    """Of a stored weight, its share of scales included, in byte/parameter."""
    peak: Numeric
    """Dense peak at the precision of the operands, in [FLOP/s/accelerator]."""
    width: Width


@record
class ServingFormats:
    """The formats of a model: 4-bit checkpoints often keep attention, and nearly all the output head, in 16 bits."""

    attention: ProductFormat
    feed_forward: ProductFormat
    """Dense feed-forwards."""
    experts: ProductFormat
    """Routed and shared experts."""
    head: ProductFormat
    """Embedding, output head and routers; `peak` is the one at which attention computes too."""


@record
class ServingConstants:
    """Values of `computecalc.catalog.calibrated.SERVING_CONSTANTS`, field by field; a test compares the names."""

    half_efficiency: Numeric
    byte_efficiency: Numeric
    nibble_efficiency: Numeric
    grouped_share: Numeric
    attention_efficiency: Numeric
    weight_efficiency: Numeric
    cache_efficiency: Numeric
    link_efficiency: Numeric
    expert_tile: Numeric
    activation_element: Numeric
    routed_element: Numeric
    exchange_element: Numeric
    block_overhead: Numeric
    latent_overhead: Numeric
    state_overhead: Numeric
    indexer_overhead: Numeric
    expert_overhead: Numeric
    cast_overhead: Numeric
    prompt_overhead: Numeric
    step_overhead: Numeric
    request_overhead: Numeric
    offline_request_overhead: Numeric
    offline_factor: Numeric
    exchange_latency: Numeric
    exchange_growth: Numeric

    def efficiency(self, width: Width) -> Numeric:
        """Share of the peak that products of a precision class reach."""
        match width:
            case "half":
                return self.half_efficiency
            case "byte":
                return self.byte_efficiency
            case "nibble":
                return self.nibble_efficiency


@record
class EngineConstants:
    """Values of `computecalc.catalog.calibrated.ENGINE_CONSTANTS`, field by field; a test compares the names."""

    overhead: Numeric
    request_overhead: Numeric
    prompt_share: Numeric
    first_token: Numeric
    queue_share: Numeric
    chunk: Numeric
    usable_memory: Numeric
    block: Numeric


@record
class PowerCurve:
    """Draw of a working accelerator over its thermal design power, linear in what is busy."""

    base: Numeric
    memory_slope: Numeric
    compute_slope: Numeric
    idle: Numeric
    """Draw of an accelerator that waits."""


@record
class DraftModel:
    """A small model that drafts tokens on the accelerators of the large one."""

    model: ModelShape
    formats: ServingFormats


@record
class PromptPool:
    """Accelerators that compute prompts for others that decode. None: as the replicas that decode."""

    tensor: Numeric | None
    attention_data: Numeric | None
    expert: Numeric | None
    pipeline: Numeric | None
    ratio: Numeric | None
    """Groups of the pool for each replica that decodes; None: as many as the traffic asks for."""
    spare: Numeric
    """Groups kept for failures."""


@record
class ServingInputs:
    """The numbers of one served workload. None: not known, or not stated."""

    model: ModelShape
    prompt: Numeric
    """Input of a request, cached tokens included, in token/request."""
    output: Numeric
    cache_hit: Numeric
    concurrency: Numeric
    """Requests in the system of one replica; what has no room waits, in request."""
    rate: Numeric | None
    """Requests of all replicas, on average; None: one replica that is always busy, in request/s."""
    replicas: Numeric | None
    """Replicas where the traffic states them, which a closed loop does; None: from `rate`, else one."""
    peak_to_mean: Numeric
    utilization: Numeric
    """Share of its rate that a replica is planned for."""
    spare: Numeric
    period: Numeric
    """Time that energy, carbon and cost are stated for, in s."""
    memory: Numeric
    memory_bandwidth: Numeric
    scale_up_size: Numeric
    scale_up_bandwidth: Numeric
    """Of one accelerator, one direction; so is `nic`."""
    nic: Numeric
    formats: ServingFormats
    cache_element: Numeric
    """Of a number in the cache of keys and values, in byte."""
    state_element: Numeric
    """Of a number of a recurrent state, in byte."""
    tensor: Numeric
    """Of attention and dense feed-forwards; experts are spread over `tensor` x `attention_data` ranks."""
    attention_data: Numeric
    """Groups of attention ranks in a replica, each with requests of its own."""
    expert: Numeric
    """Ranks over which whole experts are spread; each group of the others cuts its experts."""
    pipeline: Numeric
    drafted: Numeric
    """Tokens drafted for each request and step; 0 without speculative decoding."""
    accepted: Numeric
    """Tokens that a request gains in one step; 1 without speculative decoding."""
    offline: bool
    """All requests are there from the start: no streaming, and the cache always full."""
    residual: Numeric
    """Measured over predicted time between tokens: 1, with the range that measurements leave."""
    first_token_residual: Numeric
    """The same for the time to the first token."""
    constants: ServingConstants
    engine: EngineConstants
    curve: PowerCurve | None
    power: Numeric | None
    """Average draw of a working accelerator where stated."""
    thermal_design: Numeric | None
    host_overhead: Numeric
    pue: Numeric
    grid_intensity: Numeric | None
    price: Numeric | None
    """Of renting; where accelerators are owned, what that is compared with."""
    ownership: Ownership | None = None
    input_spread: Numeric = 1.0
    """Mean square of prompts over the square of their mean; 1 where all are equal."""
    output_spread: Numeric = 1.0
    input_long: Numeric | None = None
    """A long prompt of a distribution, in token/request; None: all are equal. `output_long` likewise."""
    output_long: Numeric | None = None
    draft: DraftModel | None = None
    """What drafts tokens; None: nothing that is counted by its layers."""
    draft_share: Numeric | None = None
    """Time of drafting over that of the step that verifies, where no draft model is counted."""
    prompts: PromptPool | None = None
    """None: replicas compute the prompts of their requests themselves."""
    server_maximum: Numeric | None = None
    """Nameplate of a server. [W/node]"""
    accelerators_per_node: Numeric | None = None
    impact: ImpactInputs | None = None
    """None: nothing is known of market-based and embodied carbon, and of water."""


MOST_DRAFTED = 16
"""Tokens at most that are drafted for a request and step."""

SERVING_INPUTS: dict[str, InputUnit] = {
    "traffic.input": InputUnit("token/request"),
    "traffic.output": InputUnit("token/request"),
    "traffic.input_spread": InputUnit("1"),
    "traffic.output_spread": InputUnit("1"),
    "traffic.input_long": InputUnit("token/request"),
    "traffic.output_long": InputUnit("token/request"),
    "traffic.cache_hit": InputUnit("1"),
    "traffic.rate": InputUnit("request/s"),
    "traffic.concurrency": InputUnit("request"),
    "traffic.tokens": InputUnit("token/s"),
    "traffic.users": InputUnit("1"),
    "traffic.requests_per_user": InputUnit("request/s"),
    "traffic.peak_to_mean": InputUnit("1"),
    "traffic.period": InputUnit("s"),
    "traffic.month": InputUnit("s"),
    "traffic.bundle": InputUnit("token"),
    "targets.ttft": InputUnit("s"),
    "targets.tpot": InputUnit("s"),
    "money.api_price.input": InputUnit("USD/token"),
    "money.api_price.output": InputUnit("USD/token"),
    "money.api_price.cached_input": InputUnit("USD/token"),
    "serving.batch": InputUnit("request"),
    "serving.replicas": InputUnit("replica"),
    "serving.utilization": InputUnit("1"),
    "serving.spare": InputUnit("replica"),
    "serving.accelerators_per_node": InputUnit("accelerator/node"),
    "serving.memory": InputUnit("byte", "accelerator"),
    "serving.memory_bandwidth": InputUnit("byte/s", "accelerator"),
    "serving.scale_up_size": InputUnit("accelerator"),
    "serving.scale_up_bandwidth": InputUnit("byte/s", "accelerator"),
    "serving.nic": InputUnit("byte/s", "accelerator"),
    "serving.storage": InputUnit("byte/parameter"),
    "serving.half_storage": InputUnit("byte/parameter"),
    **{f"serving.peak.{name}": InputUnit("FLOP/s", "accelerator") for name in ("bf16", "fp16", "fp8", "int8", "fp4")},
    "serving.cache_element": InputUnit("byte"),
    "serving.state_element": InputUnit("byte"),
    "serving.tensor": InputUnit("1"),
    "serving.data": InputUnit("1"),
    "serving.expert": InputUnit("1"),
    "serving.pipeline": InputUnit("1"),
    "serving.drafted": InputUnit("1"),
    **{f"serving.acceptance.{place}": InputUnit("1") for place in range(1, MOST_DRAFTED + 1)},
    "serving.acceptance_decay": InputUnit("1"),
    "serving.draft_share": InputUnit("1"),
    **{f"serving.prefill.{name}": InputUnit("1") for name in ("tensor", "data", "expert", "pipeline", "ratio")},
    "serving.prefill.spare": InputUnit("replica"),
    "serving.residual": InputUnit("1"),
    "serving.first_token_residual": InputUnit("1"),
    **{f"serving.{name}": InputUnit(unit) for name, (unit, _) in SERVING_CONSTANTS.items()},
    **{f"engine.{name}": InputUnit(unit) for name, (unit, _) in ENGINE_CONSTANTS.items()},
    "power.serving.base": InputUnit("1"),
    "power.serving.memory_slope": InputUnit("1"),
    "power.serving.compute_slope": InputUnit("1"),
    "power.serving.idle": InputUnit("1"),
}
"""Inputs of serving that training does not have, by the path that a resolved scenario knows them under."""


def draft_path(path: str) -> str:
    """Return the path of a number of a draft model from that of the same number of a model."""
    return f"model.draft.{path.removeprefix('model.')}"


def serving_constants(number: Callable[[str], Numeric]) -> ServingConstants:
    """Take the constants of serving, each from what `number` gives for its path."""
    return ServingConstants(**{name: number(f"serving.{name}") for name in SERVING_CONSTANTS})


def engine_constants(number: Callable[[str], Numeric]) -> EngineConstants:
    """Take the constants of an engine, each from what `number` gives for its path."""
    return EngineConstants(**{name: number(f"engine.{name}") for name in ENGINE_CONSTANTS})
