"""What users write, as pydantic models: one scenario file, one scenario, its sections."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag, WithJsonSchema

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.shorthand import ModelCut, ModelShorthand
from computecalc.scenario.batch import Batch, parse_batch
from computecalc.units.fields import Quantity
from computecalc.units.ranges import Range

__all__ = [
    "Cluster",
    "CoarseModel",
    "CutModel",
    "Data",
    "Degree",
    "Efficiency",
    "Embodied",
    "Layout",
    "Lora",
    "ModelField",
    "Money",
    "NamedTrainScenario",
    "OptimalModel",
    "OverridesField",
    "Positive",
    "Power",
    "Regulation",
    "Reliability",
    "ScenarioFile",
    "Section",
    "Site",
    "TrainScenario",
    "UncertaintyField",
    "model_form",
]


class Section(BaseModel):
    """Base of all sections: strict about unknown keys, every key documented."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)


Positive = {"minimum": 0.0, "exclusive_minimum": True}
Fraction = Annotated[
    Range,
    Quantity("1", bare="count", minimum=0.0, maximum=1.0, exclusive_minimum=True, hint="a share such as 0.4 or 40 %"),
]
Degree = Annotated[int, Field(ge=1, le=1_000_000_000, strict=True)]


def model_form(value: Any) -> str:
    """Tell which of the forms of `model` a value has, by the name of its class: no label of a form is also a key."""
    if not isinstance(value, dict):
        return "str"
    if "base" in value:
        return "CutModel"
    if "compute_optimal" in value:
        return "OptimalModel"
    if "mixers" in value or "feed_forwards" in value or isinstance(value.get("layers"), list | tuple):
        return "Architecture"
    if "hidden" not in value and ("parameters" in value or "active_parameters" in value):
        return "CoarseModel"
    return "ModelShorthand"


class CutModel(ModelCut):
    """A catalog model with something changed: `{base: llama-3-70b, layers: 12}`."""

    base: str
    """Catalog id or alias, or path of a Hugging Face `config.json`."""


class CoarseModel(Section):
    """A model known by its counts alone: `{parameters: 1.8T params, active_parameters: 280B params}`."""

    parameters: Annotated[Range, Quantity("parameter", bare="count", **Positive)]
    active_parameters: Annotated[Range, Quantity("parameter", bare="count", **Positive)] | None = None
    """Parameters a token uses; absent: all of them, a dense model."""


class OptimalModel(Section):
    """The model that makes the best of what the run may take, by a scaling law: `{compute_optimal: epoch2024}`."""

    compute_optimal: str
    """Id or alias of a scaling law of the catalog."""


ModelField = Annotated[
    Annotated[str, Tag("str")]
    | Annotated[CutModel, Tag("CutModel")]
    | Annotated[ModelShorthand, Tag("ModelShorthand")]
    | Annotated[CoarseModel, Tag("CoarseModel")]
    | Annotated[OptimalModel, Tag("OptimalModel")]
    | Annotated[Architecture, Tag("Architecture")],
    Discriminator(model_form),
]


class Lora(Section):
    """Adapters of low rank beside frozen matrices."""

    rank: Degree | None = None
    """Inner width of an adapter; absent: a prior."""
    targets: Literal["attention", "all"] = "attention"
    """Matrices with an adapter: those of the mixers, or those of feed-forwards and experts too."""


class Data(Section):
    """What is trained on."""

    tokens: Annotated[Range, Quantity("token", bare="count", **Positive)] | None = None
    """Tokens trained on, repeats counted; absent: solved from what the run may take, else the catalog's count."""
    compute: Annotated[Range, Quantity("FLOP", **Positive)] | None = None
    """Model FLOPs that the run is to take, such as `1e24 FLOP`; the tokens are solved from it."""
    sequence_length: (
        Annotated[Range, Quantity("token", bare="count", ranged=False, integer=True, **Positive)] | None
    ) = None
    """Length of a training sequence; absent: the model's pre-training length, else 4096."""
    global_batch: (
        Annotated[
            Batch,
            PlainValidator(parse_batch),
            WithJsonSchema({"type": ["string", "integer"], "examples": [2048, "16M tokens"]}),
        ]
        | None
    ) = None
    """Sequences of one optimizer step, or its tokens (`16M tokens`)."""


class Cluster(Section):
    """What it runs on."""

    accelerator: str
    """Id or alias of a catalog accelerator."""
    count: Annotated[Range, Quantity("accelerator", bare="count", integer=True, **Positive)] | None = None
    """Accelerators; this or `wall_time`. Both, where nothing else states the size of the run: the tokens are solved."""
    wall_time: Annotated[Range, Quantity("s", **Positive)] | None = None
    """Time the run may take; the count is solved from it."""
    precision: str | None = None
    """Number format of the matrix products; absent: bf16, or fp16 where the accelerator has none."""
    nic: Annotated[Range, Quantity("byte/s", **Positive)] | None = None
    """Network bandwidth of one accelerator, such as `400 Gbit/s`; absent: the catalog's."""
    scale_up_size: Annotated[Range, Quantity("accelerator", bare="count", integer=True, **Positive)] | None = None
    """Accelerators that one fast domain joins; absent: the catalog's."""


class Layout(Section):
    """How the run is spread over accelerators."""

    tensor: Degree = 1
    pipeline: Degree = 1
    virtual_pipeline: Degree = 1
    context: Degree = 1
    expert: Degree = 1
    expert_tensor: Degree | None = None
    """Ranks that share one expert; absent: `tensor`, or 1 where experts are spread over those ranks too."""
    micro_batch: Degree | None = None
    recompute: Literal["none", "selective", "full"] = "none"
    sharding: Literal["none", "optimizer", "gradients", "full"] = "optimizer"
    """States cut over the data-parallel group: ZeRO 0, 1, 2, 3."""
    shard_size: Degree | None = None
    """Ranks over which sharded states are cut (hybrid sharding); absent: all data x context ranks."""
    sequence_parallel: bool = True
    fused_attention: bool = True
    """A kernel of the FlashAttention kind, whose backward pass recomputes the scores."""
    zero_bubble: bool = False
    """A schedule that fills the bubble of a plain pipeline with weight gradients (ZB-H1)."""
    fused_loss: bool = False
    """A kernel for the cross-entropy that keeps no probabilities in single precision."""


class Efficiency(Section):
    """How well it runs."""

    mfu: Fraction | None = None
    """Model FLOPs utilization; absent: a range measured on comparable runs."""
    goodput: Fraction | None = None
    """Share of the reserved time that is useful work; absent: predicted from `reliability`."""
    expert_imbalance: Annotated[Range, Quantity("1", bare="count", minimum=1.0)] | None = None
    """Load of the rank whose experts are visited most over the mean; absent: 1, as routing that is kept balanced."""
    routing_domains: Degree | None = None
    """Servers, or larger scale-up domains, at most that one token is routed to; absent: no limit."""
    stack: str | None = None
    """Software that trains, such as `nemo` or `torchtitan`; absent: `generic`."""
    convention: Literal["causal", "full"] = "causal"
    """Whether the author of `mfu` credited the causal mask of attention."""


class Reliability(Section):
    """What interrupts it, and what that costs; goodput is predicted from this unless it is stated."""

    interruptions: Annotated[Range, Quantity("1/accelerator/s", **Positive)] | None = None
    """Interruptions of the run for each accelerator and time, such as `2e-5 1/accelerator/h`."""
    restart: Annotated[Range, Quantity("s", **Positive)] | None = None
    """From an interruption to the first step: detection, replacement, start and loading."""
    storage_bandwidth: Annotated[Range, Quantity("byte/s/accelerator", **Positive)] | None = None
    """Write bandwidth of the storage over the accelerators, such as `80 MB/s/accelerator`."""
    checkpoint_interval: Annotated[Range, Quantity("s", **Positive)] | None = None
    """Useful work between two checkpoints; absent: the optimum."""
    asynchronous: bool = False
    """Whether training goes on while a checkpoint is written."""


class Site(Section):
    """Where it runs."""

    region: str | None = None
    """Id or alias of a catalog grid or site: `US-VA`, `FRA`, `us-east-1`."""
    pue: Annotated[Range, Quantity("1", bare="count", minimum=1.0)] | None = None
    grid_intensity: Annotated[Range, Quantity("gCO2e/J", minimum=0.0)] | None = None
    """Location-based emission factor of the electricity."""
    factor_kind: Literal["direct", "consumption", "lifecycle"] | None = None
    """What the factor counts: of a region the kind to take, of a stated factor or profile what it is."""
    profile: str | None = None
    """CSV of hourly or monthly emission factors, in place of one factor."""
    carbon_free_share: (
        Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0, hint="a share such as 0.6 or 60 %")]
        | None
    ) = None
    """Share of the electricity that contracts for carbon-free power cover, for the market-based figure."""
    residual_intensity: Annotated[Range, Quantity("gCO2e/J", minimum=0.0)] | None = None
    """Factor of what contracts leave uncovered; absent: the location's."""
    wue: Annotated[Range, Quantity("L/J", minimum=0.0)] | None = None
    """Water usage effectiveness: water of the site over IT energy, such as `0.3 L/kWh`."""
    grid_water: Annotated[Range, Quantity("L/J", minimum=0.0)] | None = None
    """Water consumed in generating the electricity, such as `3.1 L/kWh`."""
    electricity_price: Annotated[Range, Quantity("USD/J", minimum=0.0)] | None = None


class Power(Section):
    """What it draws."""

    accelerator: Annotated[Range, Quantity("W", **Positive)] | None = None
    """Average draw of one accelerator; absent: a share of its thermal design power."""
    host_overhead: Annotated[Range, Quantity("1", bare="count", minimum=1.0)] | None = None
    """IT power over accelerator power."""
    basis: Literal["load", "thermal-design", "nameplate"] = "load"
    """What draws: accelerators by their load, all at their thermal design power, or servers at their nameplate."""


class Embodied(Section):
    """What making the hardware emitted, and how it is shared out."""

    method: Literal["all", "vendor", "teardown", "assessment", "model", "area"] = "all"
    """Method of the accelerator's figure: the vendor's footprint, a teardown, a life-cycle assessment, a bottom-up
    model, the area of its dies; `all`: the range over those that are known."""
    accelerator: Annotated[Range, Quantity("gCO2e", minimum=0.0)] | None = None
    """Carbon of making one accelerator, such as `164 kgCO2e`; absent: the catalog's, by `method`."""
    host: Annotated[Range, Quantity("gCO2e", minimum=0.0)] | None = None
    """Carbon of making its share of the server; absent: a prior."""
    lifetime: Annotated[Range, Quantity("s", **Positive)] | None = None
    """Years in service; absent: a prior."""
    utilization: Fraction | None = None
    """Share of the lifetime that somebody reserves; absent: a prior."""


class Money(Section):
    """What it costs."""

    price: Annotated[Range, Quantity("USD/accelerator/s", minimum=0.0)] | None = None
    """Rental price of one accelerator with its share of host, network and energy."""
    commitment: Literal["on-demand", "spot", "1y", "3y", "reserved"] = "on-demand"
    """How long the renter is bound; prices of the catalog are taken by it, and spot is interrupted more often."""
    provider: str | None = None
    """Whose prices of the catalog are taken; absent: everybody's."""
    discount: Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0, exclusive_maximum=True)] | None = (
        None
    )
    """Share of the price that is taken off, such as `30 %`."""
    ownership: Any = None
    """Accelerators of one's own, see `computecalc.scenario.money_schema`, which is imported where it is stated."""
    budget: Annotated[Range, Quantity("USD", **Positive)] | None = None
    """Money that the run may cost, such as `5 MUSD`; the tokens are solved from it."""


# Sections that few scenarios have: read by `scenario.uncertainty` and `scenario.overriding` where they are stated.
UncertaintyField = Annotated[
    Any,
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": ["corners", "mc", "off"]},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "method": {"enum": ["corners", "mc", "off"]},
                        "samples": {"type": "integer", "minimum": 100, "maximum": 1_000_000, "default": 10_000},
                        "seed": {"type": "integer", "minimum": 0, "default": 1},
                        "distribution": {"enum": ["triangular", "lognormal"], "default": "triangular"},
                    },
                },
            ]
        }
    ),
]
OverridesField = Annotated[
    Any, WithJsonSchema({"type": "object", "additionalProperties": {"type": ["string", "number"]}})
]


class Regulation(Section):
    """Which thresholds of training compute it is compared with."""

    base_compute: Annotated[Range, Quantity("FLOP", **Positive)] | None = None
    """Training compute of the model that the run starts from, such as `3.8e25 FLOP`; added to that of the run."""
    jurisdictions: tuple[str, ...] | None = None
    """Whose thresholds: `[EU, US-CA]`; `US` stands for its states too; `[]`: none; absent: all."""


class TrainScenario(Section):
    """One training run.

    Absent sections are constructed rather than validated: validating would build each section's validator when
    this module is imported.
    """

    kind: Literal["train"]
    model: ModelField
    """Catalog id or alias, path of a Hugging Face `config.json`, a cut of either, or a description."""
    task: Literal["pretrain", "sft", "lora"] = "pretrain"
    """All weights trained from the start, all trained further, or adapters beside frozen weights."""
    lora: Lora | None = None
    """Adapters, for `task: lora`."""
    data: Data = Data.model_construct()
    cluster: Cluster
    layout: Literal["auto"] | Layout = "auto"
    efficiency: Efficiency = Efficiency.model_construct()
    reliability: Reliability = Reliability.model_construct()
    site: Site = Site.model_construct()
    power: Power = Power.model_construct()
    embodied: Embodied = Embodied.model_construct()
    money: Money = Money.model_construct()
    uncertainty: UncertaintyField = None
    """How ranges are found: corners (the default), mc (Monte Carlo besides), off; or a mapping with its settings."""
    overrides: OverridesField = None
    """Numbers in the place of metrics, by metric id; what follows from a metric takes the number."""
    regulation: Regulation = Regulation.model_construct()
    programme: Any = None
    """A whole programme; its form is `computecalc.scenario.money_schema.Programme`."""


class NamedTrainScenario(TrainScenario):
    """One training run of a model that is named: most of them, and without the shapes of inline models to build."""

    model: str


class ScenarioFile(Section):
    """A file of scenarios; fragments are checked after they are merged."""

    version: Literal[1]
    defaults: dict[str, Any] = Field(default_factory=dict)
    """Lies under every scenario."""
    profiles: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Named fragments for `extends`, never evaluated alone."""
    scenarios: dict[str, dict[str, Any]]
    budgets: list[dict[str, Any]] = Field(default_factory=list)
