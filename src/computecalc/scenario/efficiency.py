"""Efficiency of a scenario: the user's MFU, what a prediction from the layout needs, or ranges of comparable runs."""

from __future__ import annotations

from computecalc.catalog.calibrated import CALIBRATION, STEP_CONSTANTS
from computecalc.catalog.entries import Entry
from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Origin
from computecalc.scenario.cluster import ResolvedCluster
from computecalc.scenario.collector import Collector
from computecalc.scenario.models import ResolvedModel
from computecalc.scenario.origins import defaulted
from computecalc.scenario.schema import TrainScenario
from computecalc.units.ranges import Range

__all__ = ["resolve_efficiency"]

_HALF = 2.0
"""Bytes of a value in 16 bits. [byte]"""

_STACK = "generic"
"""Software stack where none is stated."""


def resolve_efficiency(
    collector: Collector,
    scenario: TrainScenario,
    cluster: ResolvedCluster,
    model: ResolvedModel,
    *,
    is_open: bool = False,
) -> None:
    """Take the MFU where it is stated.

    Otherwise the time of a step is predicted from the layout, if there is one or one is searched; else the MFU is a
    prior. With `is_open` a stated MFU is left out, since each layout that is searched has its own.
    """
    given = scenario.efficiency
    labels = cluster.labels | {"structure": model.structure}
    reason = _unpredictable(collector, model)
    if given.mfu is not None and not is_open:
        collector.stated("efficiency.mfu", given.mfu)
    elif reason:
        collector.prior("efficiency.mfu", **labels)
        if reason == collector.unknown.get("data.global_batch"):
            message = "the MFU is a range measured on comparable runs: a prediction needs the global batch"
            hint = "state the sequences of a step: --global-batch 2048"
            collector.diagnostics.append(Diagnostic("CC612", message, severity="note", hint=hint))
    else:
        _take_step(collector, scenario, cluster, labels)
    collector.choose_stated(
        "efficiency.convention", given.convention, defaulted("causal attention is the convention here")
    )


def _unpredictable(collector: Collector, model: ResolvedModel) -> str:
    """Why the time of a step cannot be predicted; empty when it can."""
    if model.architecture is None:
        return "the model is known by its counts alone"
    if not collector.catalog.has("calibration", CALIBRATION):
        return f"the catalog has no calibration {CALIBRATION}"
    missing = (path for path in ("data.global_batch", "layout") if path in collector.unknown)
    return next((collector.unknown[path] for path in missing), "")


def _take_step(collector: Collector, scenario: TrainScenario, cluster: ResolvedCluster, labels: dict[str, str]) -> None:
    """Take what the model of a step needs: the network, sustained peaks, constants, software and residual range."""
    _take_network(collector, scenario, cluster)
    half = next((name for name in ("bf16", "fp16") if cluster.accelerator.get(f"peak.{name}")), None)
    own = collector.inputs["cluster.peak"].range
    if collector.inputs["cluster.recipe.activations"].range.mid > _HALF:
        # Head and attention run in 16 bits beside narrower layers; in wider precisions nothing does.
        collector.found("cluster.half_peak", own, defaulted(f"all of a step runs in {cluster.precision.id}"))
    elif half:
        collector.figure("cluster.half_peak", cluster.accelerator, f"peak.{half}")
    else:
        collector.found("cluster.half_peak", own, defaulted("no 16-bit peak is known: the peak of the precision"))
    collector.prior("step.sustained", **labels)
    collector.prior("step.half_sustained", **labels)
    residual = "step.residual" if scenario.task == "pretrain" else "step.tuning_residual"
    collector.prior(residual, into="step.residual", **labels)
    if labels["structure"] == "moe":
        _take_routing(collector, scenario)
    _say_what_is_unvalidated(collector, cluster, labels, residual)
    stated = scenario.efficiency.stack
    place = collector.place("efficiency.stack") if stated else None
    stack = collector.catalog.find("stack", stated or _STACK, span=place)
    collector.choose_stated("efficiency.stack", stack.id, defaulted("no software is stated: generic"))
    collector.figure("step.stack", stack, "step.factor")
    # What software decides comes before what the generation does, and that before what holds for all.
    sources = (stack, *_calibrations(collector, labels["generation"]))
    for name in STEP_CONSTANTS:
        path = f"step.{name}"
        entry = next((source for source in sources if source.get(path) is not None), sources[-1])
        collector.figure(path, entry, path)
    collector.choose("step.calibration", CALIBRATION, _entry_origin(sources[-1]))


def _take_routing(collector: Collector, scenario: TrainScenario) -> None:
    """Take how evenly tokens go to experts, and how far."""
    given = scenario.efficiency
    if given.expert_imbalance is not None:
        collector.stated("efficiency.expert_imbalance", given.expert_imbalance)
    else:
        even = defaulted("not stated: routing that is kept balanced, as in the runs that were measured")
        collector.found("efficiency.expert_imbalance", Range.exact(1.0), even)
    if given.routing_domains is not None:
        collector.stated("efficiency.routing_domains", Range.exact(float(given.routing_domains)))


def _say_what_is_unvalidated(
    collector: Collector, cluster: ResolvedCluster, labels: dict[str, str], residual: str
) -> None:
    """Note that no run of the kind on the accelerator's generation was measured, where that is so."""
    generation, structure = labels["generation"], labels["structure"]
    rows = [row for row in collector.catalog.prior_rows(residual) if row.labels.get("generation") == generation]
    if generation and any(row.labels.get("structure") in (None, "any", structure) for row in rows):
        return
    work = "training" if residual == "step.residual" else "fine-tuning"
    kind = "a mixture of experts" if structure == "moe" else "a dense model"
    measured = f"no {work} of {kind} on {generation or cluster.accelerator.id} has been measured"
    message = f"the time of a step on {cluster.accelerator.id} is unvalidated: {measured}"
    hint = "its range is what a fit misses on generations that it has not seen; a measured MFU narrows it: --mfu"
    collector.diagnostics.append(Diagnostic("CC613", message, severity="note", hint=hint))


def _entry_origin(entry: Entry) -> Origin:
    provenance = entry.provenance
    as_of = provenance.as_of or provenance.sources[0].as_of
    return Origin("catalog", f"calibration {entry.id}", entry.span, certainty=provenance.kind or "", as_of=as_of)


def _calibrations(collector: Collector, generation: str) -> tuple[Entry, ...]:
    """Return the calibration of a generation, if there is one, before that of all."""
    catalog = collector.catalog
    own = [row.id for row in catalog.rows("calibration") if generation and row.labels.get("generation") == generation]
    return tuple(catalog.find("calibration", name) for name in (*own, CALIBRATION))


def _take_network(collector: Collector, scenario: TrainScenario, cluster: ResolvedCluster) -> None:
    """Take the bandwidth of memory and both tiers of the network; unknown links get a wide prior."""
    accelerator, given = cluster.accelerator, scenario.cluster
    collector.figure("cluster.memory_bandwidth", accelerator, "memory.bandwidth")
    if given.scale_up_size is not None:
        collector.stated("cluster.scale_up_size", given.scale_up_size)
    elif accelerator.get("scale_up.size") is not None:
        collector.figure("cluster.scale_up_size", accelerator, "scale_up.size")
    else:
        origin = defaulted("the catalog knows no scale-up domain: the accelerators of a server")
        collector.found("cluster.scale_up_size", collector.inputs["cluster.accelerators_per_node"].range, origin)
    alone = collector.inputs["cluster.scale_up_size"].range.high <= 1.0
    if accelerator.get("scale_up.bandwidth") is not None:
        collector.figure("cluster.scale_up_bandwidth", accelerator, "scale_up.bandwidth")
    elif alone:
        origin = defaulted("no scale-up links: the network is all there is")
        collector.found("cluster.scale_up_bandwidth", Range.exact(1.0), origin)
    else:
        collector.prior("cluster.scale_up_bandwidth", **cluster.labels)
    if given.nic is not None:
        collector.stated("cluster.nic", given.nic)
    elif accelerator.get("network.bandwidth") is not None:
        collector.figure("cluster.nic", accelerator, "network.bandwidth")
    else:
        collector.prior("cluster.nic", **cluster.labels)
