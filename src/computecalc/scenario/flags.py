"""The flags that describe a scenario: one table a kind, used by every command and by the Python functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.scenario.files import RawScenario
    from computecalc.yamlio.nodes import Node

__all__ = ["FLAGS", "OVERRIDE", "RECKONING_FLAGS", "SERVING_FLAGS", "Flag", "scenario_from"]


@record
class Flag:
    """A flag and the place of its value in a scenario."""

    name: str
    path: str
    help: str
    is_text: bool = False
    """The value is a name and stays one, even if it looks like a number."""
    is_repeated: bool = False

    @property
    def parameter(self) -> str:
        """Name of the function parameter."""
        return self.name.removeprefix("--").replace("-", "_")


FLAGS = (
    Flag("--task", "task", "What is trained: pretrain, sft (all weights further) or lora (adapters).", is_text=True),
    Flag("--tokens", "data.tokens", "Tokens trained on, such as '15.6T tokens'; else the catalog's count."),
    Flag("--compute", "data.compute", "Model FLOPs of the run, such as '1e24 FLOP'; the tokens are solved."),
    Flag("--law", "model.compute_optimal", "Scaling law of MODEL compute-optimal, such as epoch2024.", is_text=True),
    Flag("--sequence-length", "data.sequence_length", "Length of a training sequence, in tokens."),
    Flag("--global-batch", "data.global_batch", "Sequences of a step (2048), or tokens ('16M tokens')."),
    Flag("--accelerator", "cluster.accelerator", "Catalog id, such as h100-sxm.", is_text=True),
    Flag("--count", "cluster.count", "Accelerators; or give --wall-time. Both solve the tokens."),
    Flag("--wall-time", "cluster.wall_time", "Time the run may take, such as '60 d'; the count is solved."),
    Flag("--precision", "cluster.precision", "Number format, such as bf16 or fp8.", is_text=True),
    Flag("--tensor", "layout.tensor", "Tensor-parallel degree."),
    Flag("--pipeline", "layout.pipeline", "Pipeline-parallel degree."),
    Flag("--expert", "layout.expert", "Expert-parallel degree."),
    Flag("--sharding", "layout.sharding", "States cut over data ranks: none, optimizer, gradients, full."),
    Flag("--recompute", "layout.recompute", "Activations computed again: none, selective, full."),
    Flag("--mfu", "efficiency.mfu", "Model FLOPs utilization, such as 0.40 or 0.35..0.45."),
    Flag("--convention", "efficiency.convention", "How the MFU counts attention: causal or full."),
    Flag("--goodput", "efficiency.goodput", "Share of the time that is useful work; else predicted."),
    Flag("--checkpoint-interval", "reliability.checkpoint_interval", "Time between checkpoints; else the optimum."),
    Flag("--power", "power.accelerator", "Average draw of one accelerator, such as '650 W'."),
    Flag("--host-overhead", "power.host_overhead", "IT power over accelerator power, such as 1.3."),
    Flag("--region", "site.region", "Grid or site, such as US-VA, FRA or us-east-1.", is_text=True),
    Flag("--pue", "site.pue", "Power usage effectiveness."),
    Flag("--grid-intensity", "site.grid_intensity", "Emission factor, such as '390 gCO2e/kWh'."),
    Flag("--factor-kind", "site.factor_kind", "Kind of that factor: direct, consumption or lifecycle."),
    Flag("--profile", "site.profile", "CSV of hourly or monthly emission factors of a year.", is_text=True),
    Flag("--carbon-free-share", "site.carbon_free_share", "Share that contracts cover, for the market-based figure."),
    Flag("--wue", "site.wue", "Water of the site over IT energy, such as '0.3 L/kWh'."),
    Flag("--embodied-method", "embodied.method", "all, vendor, teardown, assessment, model or area."),
    Flag("--price", "money.price", "Rent, such as '2.50 USD/accelerator/h'."),
    Flag("--base-compute", "regulation.base_compute", "Training compute before the run, such as '3.8e25 FLOP'."),
    Flag("--budget", "money.budget", "What the run may cost, such as '5 MUSD'; the tokens are solved."),
)


_SHARED = (
    "power.accelerator",
    "power.host_overhead",
    "site.region",
    "site.pue",
    "site.grid_intensity",
    "site.factor_kind",
    "site.profile",
    "site.carbon_free_share",
    "site.wue",
    "embodied.method",
    "money.price",
)
"""Keys that both kinds of scenario have."""

SERVING_FLAGS = (
    Flag("--input", "traffic.input", "Tokens of a prompt: 1500, or '70 % x 500, 30 % x 8000'; cached ones counted."),
    Flag("--output", "traffic.output", "Tokens of an answer, such as 400; 0 for prompts alone."),
    Flag("--rate", "traffic.rate", "Requests of a time, such as '50 request/s' or '3M request/d'."),
    Flag("--concurrency", "traffic.concurrency", "Requests in flight at any time, in place of a rate."),
    Flag("--volume", "traffic.tokens", "Tokens of a time in place of a rate, such as '20B token/month'."),
    Flag("--users", "traffic.users", "People, such as 3B, with --requests-per-user."),
    Flag("--requests-per-user", "traffic.requests_per_user", "Such as '10 request/month'."),
    Flag("--peak-to-mean", "traffic.peak_to_mean", "Requests at the busiest time over the average; else 1."),
    Flag("--cache-hit", "traffic.cache_hit", "Share of the input found in a cache, such as '30 %'; else none."),
    Flag("--accelerator", "serving.accelerator", "Catalog id, such as h100-sxm.", is_text=True),
    Flag("--per-replica", "serving.per_replica", "Accelerators of a replica; else the best group of one domain."),
    Flag("--tensor", "serving.tensor", "Tensor-parallel degree."),
    Flag("--data", "serving.data", "Groups of attention ranks in a replica."),
    Flag("--expert", "serving.expert", "Expert-parallel degree."),
    Flag("--pipeline", "serving.pipeline", "Pipeline-parallel degree."),
    Flag("--precision", "serving.precision", "Number format of the weights, such as fp8.", is_text=True),
    Flag("--kv-precision", "serving.kv_precision", "Number format of keys and values.", is_text=True),
    Flag("--batch", "serving.batch", "Requests at once in a replica; else the most that targets and memory allow."),
    Flag("--engine", "serving.engine", "vllm, tensorrt-llm, sglang or generic.", is_text=True),
    Flag("--draft-tokens", "serving.speculative.tokens", "Tokens drafted for each request and step."),
    Flag("--acceptance", "serving.speculative.acceptance", "Share of them kept: '80 %', or '80 %, 65 %' by place."),
    Flag("--acceptance-decay", "serving.speculative.decay", "What is left of the acceptance one token further."),
    Flag("--draft", "serving.speculative.draft", "Catalog id of the model that drafts.", is_text=True),
    Flag("--draft-time", "serving.speculative.draft_time", "Time of drafting over the step that verifies: '5 %'."),
    Flag("--prefill-tensor", "serving.prefill.tensor", "Prompts on their own accelerators: their tensor degree."),
    Flag("--prefill-data", "serving.prefill.data", "Groups of attention ranks there."),
    Flag("--prefill-expert", "serving.prefill.expert", "Expert-parallel degree there."),
    Flag("--prefill-ratio", "serving.prefill.ratio", "Such groups for each replica; else as many as keep up."),
    Flag("--calibrate", "serving.calibration", "Own measurements (CSV) that correct the prediction.", is_text=True),
    Flag("--utilization", "serving.utilization", "Share of its rate that a replica is planned for."),
    Flag("--spare", "serving.spare", "Replicas kept for failures."),
    Flag("--ttft", "targets.ttft", "Most time to the first token, such as '2 s'."),
    Flag("--tpot", "targets.tpot", "Most time between output tokens, such as '50 ms'."),
    *(flag for flag in FLAGS if flag.path in _SHARED),
    Flag("--api-price", "money.api_price", "Price of tokens to compare with, by its catalog id.", is_text=True),
    Flag("--api-input", "money.api_price.input", "Price of input tokens to compare with: '0.60 USD/Mtoken'."),
    Flag("--api-output", "money.api_price.output", "Price of output tokens to compare with."),
)


OVERRIDE = Flag(
    "--override", "overrides", "METRIC=QUANTITY in the place of what is found, such as goodput=0.9.", is_repeated=True
)
RECKONING_FLAGS = (
    Flag("--uncertainty", "uncertainty.method", "How ranges are found: corners, mc (samples besides) or off."),
    Flag("--samples", "uncertainty.samples", "Monte Carlo samples; else 10000."),
    Flag("--seed", "uncertainty.seed", "Seed of the samples; else 1."),
    Flag("--distribution", "uncertainty.distribution", "What ranges are samples of: triangular or lognormal."),
    OVERRIDE,
)
"""Flags that lie over a scenario, wherever it is from."""

_SECTIONS = {"train": ("cluster",), "infer": ("traffic", "serving")}
"""Sections without which a scenario says nothing."""


def scenario_from(name: str, kind: Node, values: Mapping[str, Node]) -> RawScenario:
    """Build a scenario of values by their paths; from here on it is like one from a file.

    Parameters
    ----------
    name : str
        What it is called.
    kind : Node
        ``train`` or ``infer``; what is missing gets its place.
    values : mapping
        The model and the other values by dotted path, a later one over an earlier one.
    """
    from computecalc.scenario.files import RawScenario
    from computecalc.yamlio.nodes import MappingEntry, MappingNode, mapping_from_paths

    tree = mapping_from_paths({"kind": kind, **values})
    # So that what is missing has a name, such as the accelerator.
    wanted = _SECTIONS.get(str(getattr(kind, "value", "")), ())
    empty = {
        section: MappingEntry(kind.span, MappingNode({}, kind.span))
        for section in wanted
        if section not in tree.entries
    }
    return RawScenario(name, MappingNode({**tree.entries, **empty}, kind.span), kind.span)
