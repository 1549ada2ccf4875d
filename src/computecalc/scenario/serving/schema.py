"""What users write of a served workload, as pydantic models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, PlainValidator, Tag, WithJsonSchema

from computecalc.estimators.inference.inputs import MOST_DRAFTED
from computecalc.scenario.money_schema import Ownership
from computecalc.scenario.schema import (
    Degree,
    Embodied,
    ModelField,
    OverridesField,
    Positive,
    Power,
    Section,
    Site,
    UncertaintyField,
)
from computecalc.scenario.serving.lengths import Lengths, parse_input, parse_output
from computecalc.units.fields import Quantity
from computecalc.units.ranges import Range

__all__ = [
    "ApiPrice",
    "InferScenario",
    "NamedInferScenario",
    "Prefill",
    "Serving",
    "ServingMoney",
    "Speculative",
    "Targets",
    "Traffic",
]

_TOKENS = {"type": ["string", "integer"], "examples": [1500, "1.5K tokens", "400 token/request"]}
_SHARE = {"type": ["string", "number"], "examples": [0.8, "80 %"]}
_LENGTH = WithJsonSchema(
    {
        "anyOf": [
            _TOKENS,
            {
                "type": "array",
                "minItems": 2,
                "items": {
                    "type": "object",
                    "properties": {"share": _SHARE, "tokens": _TOKENS},
                    "required": ["share", "tokens"],
                    "additionalProperties": False,
                },
            },
            {
                "type": "object",
                "properties": dict.fromkeys(("mean", "p50", "p90", "p95", "p99"), _TOKENS),
                "minProperties": 2,
                "maxProperties": 2,
                "additionalProperties": False,
            },
        ]
    }
)
_Hit = Annotated[
    Range,
    Quantity(
        "1",
        bare="count",
        minimum=0.0,
        maximum=1.0,
        exclusive_maximum=True,
        hint="a share such as 0.3 or 30 %; the last token of a prompt is never in a cache",
    ),
]
_Requests = Annotated[
    Range,
    Quantity("request", bare="count", ranged=False, integer=True, minimum=1.0, hint="at least one request is there"),
]
_Rate = Annotated[Range, Quantity("request/s", **Positive)]


class Traffic(Section):
    """What is asked of the service."""

    input: Annotated[Lengths, PlainValidator(parse_input), _LENGTH]
    """Tokens of a prompt, those that are found in a cache counted: `1500`, `1.5K tokens`, or a distribution of them:
    `[{share: 70 %, tokens: 500}, {share: 30 %, tokens: 8000}]`, `{mean: 1500, p90: 3000}`."""
    output: Annotated[Lengths, PlainValidator(parse_output), _LENGTH]
    """Tokens generated for a request, in the same forms; 0 for work that reads a prompt and writes nothing, such as
    embedding."""
    rate: _Rate | None = None
    """Requests of a time, on average: `50 request/s`, `3M request/d`."""
    concurrency: _Requests | None = None
    """Requests in flight at any time, a new one for each that ends: a closed loop."""
    tokens: Annotated[Range, Quantity("token/s", **Positive)] | None = None
    """Tokens of a time, input and output together: `20B token/month`."""
    users: Annotated[Range, Quantity("1", bare="count", **Positive)] | None = None
    """People, each with `requests_per_user`: `3B`."""
    requests_per_user: _Rate | None = None
    """Requests of one of them: `10 request/month`."""
    peak_to_mean: Annotated[Range, Quantity("1", bare="count", minimum=1.0, hint="a constant rate is 1")] | None = None
    """Requests at the busiest time over the average; absent: 1, a constant rate."""
    cache_hit: _Hit | None = None
    """Share of the input whose keys and values are still in a cache; absent: 0."""
    offline: bool = False
    """All requests are there from the start and nobody waits for one: the most throughput."""


def _listed(raw: object) -> object:
    """Take one acceptance, or several in the text of a flag, as a list."""
    if isinstance(raw, str) and "," in raw:
        return [part.strip() for part in raw.split(",")]
    return raw if isinstance(raw, list) else [raw]


class Prefill(Section):
    """Accelerators that compute the prompts of requests which others decode.

    Without any degree, their layout is that of the replicas that decode; with one, absent degrees are 1.
    """

    per_replica: Degree | None = None
    """Accelerators of a group: tensor x data x pipeline."""
    tensor: Degree | None = None
    data: Degree | None = None
    expert: Degree | None = None
    pipeline: Degree | None = None
    ratio: Annotated[Range, Quantity("1", bare="count", **Positive)] | None = None
    """Groups for each replica that decodes, such as 0.5; absent: as many as keep up with the traffic."""
    spare: Annotated[Range, Quantity("replica", bare="count", minimum=0.0, integer=True)] | None = None
    """Groups kept for failures and repair; absent: 0."""


class Speculative(Section):
    """Tokens drafted by a small model and checked by the large one."""

    tokens: Annotated[int, Field(ge=1, le=MOST_DRAFTED, strict=True)]
    """Drafted for each request and step."""
    acceptance: Annotated[
        list[Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0)]],
        Field(min_length=1),
        BeforeValidator(_listed),
        WithJsonSchema({"anyOf": [_SHARE, {"type": "array", "minItems": 1, "items": _SHARE}]}),
    ]
    """Share of first, second, ... drafted tokens that are kept where all before them were, as measured: `[80 %, 65 %]`;
    one value is that of the first. Beyond those stated the last holds on, or falls by `decay`."""
    decay: Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0, exclusive_minimum=True)] | None = None
    """What is left of the acceptance one token further, such as 0.8; absent: 1, each token is as likely."""
    draft: str | None = None
    """Catalog id or alias of the model that drafts, on the same accelerators: its memory and its steps are counted."""
    draft_time: Annotated[Range, Quantity("1", bare="count", minimum=0.0)] | None = None
    """Time of drafting over that of the step that verifies, in place of `draft`: `5 %`; absent, with no draft: 0."""


class Serving(Section):
    """What a replica is, and what runs it."""

    accelerator: str
    """Id or alias of a catalog accelerator."""
    per_replica: Degree | None = None
    """Accelerators of a replica: tensor x data x pipeline; absent: that product, or the best group of one domain."""
    tensor: Degree | None = None
    """Ranks that share attention and feed-forwards."""
    data: Degree | None = None
    """Groups of attention ranks in a replica, each with requests of its own."""
    expert: Degree | None = None
    """Ranks over which whole experts are spread; absent: 1, every rank has a slice of each expert."""
    pipeline: Degree | None = None
    precision: str | None = None
    """Number format of the weights; absent: bf16, or fp16 where the accelerator has none."""
    kv_precision: str | None = None
    """Number format of keys and values; absent: bf16 with weights of 16 bits, else fp8."""
    batch: _Requests | None = None
    """Requests that run at once in a replica; absent: the most that targets and memory allow."""
    engine: str | None = None
    """Software that serves: vllm, tensorrt-llm, sglang; absent: generic."""
    calibration: str | None = None
    """Path of a table of own measurements, which correct the prediction: docs/serving.md names its columns."""
    speculative: Speculative | None = None
    prefill: Prefill | None = None
    """Prompts on accelerators of their own (disaggregated); absent: a replica computes those of its requests itself."""
    utilization: (
        Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0, exclusive_minimum=True)] | None
    ) = None
    """Share of its rate that a replica is planned for at the busiest time."""
    spare: Annotated[Range, Quantity("replica", bare="count", minimum=0.0, integer=True)] | None = None
    """Replicas kept for failures and repair; absent: 0."""
    nic: Annotated[Range, Quantity("byte/s", **Positive)] | None = None
    """Network bandwidth of one accelerator, such as `400 Gbit/s`; absent: the catalog's."""
    scale_up_size: Annotated[Range, Quantity("accelerator", bare="count", integer=True, **Positive)] | None = None
    """Accelerators that one fast domain joins; absent: the catalog's."""


class Targets(Section):
    """Latencies that every request is to have."""

    ttft: Annotated[Range, Quantity("s", ranged=False, **Positive)] | None = None
    """Most time to the first token, under load."""
    tpot: Annotated[Range, Quantity("s", ranged=False, **Positive)] | None = None
    """Most time between two output tokens."""


class ApiPrice(Section):
    """What somebody else takes for the same tokens."""

    input: Annotated[Range, Quantity("USD/token", **Positive)]
    """Such as `0.60 USD/Mtoken`."""
    output: Annotated[Range, Quantity("USD/token", minimum=0.0)]
    cached_input: Annotated[Range, Quantity("USD/token", minimum=0.0)] | None = None
    """For the share of the input that is found in a cache; absent: as for any other input."""


def _api_form(value: object) -> str:
    return "ApiPrice" if isinstance(value, dict) else "str"


class ServingMoney(Section):
    """What it costs."""

    price: Annotated[Range, Quantity("USD/accelerator/s", minimum=0.0)] | None = None
    """Rental price of one accelerator with its share of host, network and energy."""
    commitment: Literal["on-demand", "spot", "1y", "3y", "reserved"] = "on-demand"
    """How long the renter is bound; prices of the catalog are taken by it."""
    provider: str | None = None
    """Whose prices of the catalog are taken; absent: everybody's."""
    discount: Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0, exclusive_maximum=True)] | None = (
        None
    )
    """Share of the price that is taken off, such as `30 %`."""
    ownership: Ownership | None = None
    """Accelerators of one's own in place of rented ones; `price` is then what they are compared with."""
    api_price: (
        Annotated[Annotated[str, Tag("str")] | Annotated[ApiPrice, Tag("ApiPrice")], Discriminator(_api_form)] | None
    ) = None
    """A price of tokens to compare with: `{input: ..., output: ...}`, or a catalog id such as `deepseek-v3-2025-02`."""


class InferScenario(Section):
    """One served workload."""

    kind: Literal["infer"]
    model: ModelField
    """Catalog id or alias, path of a Hugging Face `config.json`, a cut of either, or a description."""
    traffic: Traffic
    serving: Serving
    targets: Targets = Targets.model_construct()
    site: Site = Site.model_construct()
    power: Power = Power.model_construct()
    embodied: Embodied = Embodied.model_construct()
    money: ServingMoney = ServingMoney.model_construct()
    uncertainty: UncertaintyField = None
    """How ranges are found: corners (the default), mc (Monte Carlo besides), off; or a mapping with its settings."""
    overrides: OverridesField = None
    """Numbers in the place of metrics, by metric id; what follows from a metric takes the number."""


class NamedInferScenario(InferScenario):
    """One served workload of a model that is named: without the shapes of inline models to build."""

    model: str
