"""Accelerators of their own for prompts: their layout, how many there are, and whether a prompt has room there."""

from __future__ import annotations

from collections.abc import Callable

from computecalc.errors import Diagnostic, EstimateError, ScenarioError
from computecalc.estimators.inference.planning import ReplicaLayout
from computecalc.estimators.inference.pools import group_memory
from computecalc.estimators.inference.service import ServiceInputs
from computecalc.scenario.collector import Collector
from computecalc.scenario.models import ResolvedModel
from computecalc.scenario.origins import defaulted, stated_origin
from computecalc.scenario.serving.layout import stated_layout
from computecalc.scenario.serving.schema import InferScenario
from computecalc.units.display import display
from computecalc.units.ranges import Range

__all__ = ["check_prompt_room", "resolve_prefill", "take_prefill_layout"]

_SECTION = "serving.prefill"
_DEGREES = ("tensor", "data", "expert", "pipeline")


def resolve_prefill(collector: Collector, scenario: InferScenario, model: ResolvedModel) -> None:
    """Take what is stated of accelerators that compute prompts alone.

    Raises
    ------
    ScenarioError
        CC628 where nothing is decoded apart from them, CC629 where they are always busy, CC311 for a layout that
        cannot be.
    """
    prefill = scenario.serving.prefill
    if prefill is None:
        return
    reason = None
    if scenario.traffic.output.mean.high <= 0.0:
        reason, way = "nothing is decoded, so that all accelerators compute prompts", f"leave {_SECTION} out"
    elif scenario.traffic.offline:
        reason, way = (
            "offline work is modelled on accelerators that do both",
            "leave out traffic.offline, or serving.prefill",
        )
    if reason is not None:
        message = f"prompts cannot have accelerators of their own here: {reason}"
        raise ScenarioError(Diagnostic("CC628", message, span=collector.place(_SECTION), hint=way))
    planned = scenario.serving.utilization
    if planned is not None and planned.high >= 1.0:
        message = "groups that are always busy with prompts let the next one wait without end"
        place = collector.place("serving.utilization")
        raise ScenarioError(Diagnostic("CC629", message, span=place, hint="a serving.utilization below 1, such as 0.8"))
    if prefill.spare is not None:
        collector.stated(f"{_SECTION}.spare", prefill.spare)
    else:
        origin = defaulted("no spare groups for prompts are stated: none")
        collector.found(f"{_SECTION}.spare", Range.exact(0.0), origin)
    if prefill.ratio is not None:
        collector.stated(f"{_SECTION}.ratio", prefill.ratio)
    if any(getattr(prefill, key) is not None for key in (*_DEGREES, "per_replica")):
        _take(collector, stated_layout(collector, prefill, model, _SECTION), "")


def take_prefill_layout(collector: Collector, scenario: InferScenario, decoding: ReplicaLayout) -> None:
    """Take the layout of the replicas that decode, where none is stated for prompts."""
    if scenario.serving.prefill is not None and f"{_SECTION}.tensor" not in collector.inputs:
        _take(collector, decoding, "no layout for prompts is stated: that of the replicas that decode")


def _take(collector: Collector, layout: ReplicaLayout, reason: str) -> None:
    for key in _DEGREES:
        if reason:
            origin = defaulted(reason)
        elif collector.is_stated(f"{_SECTION}.{key}"):
            origin = stated_origin(collector.place(f"{_SECTION}.{key}"))
        elif key in ("tensor", "data") and collector.is_stated(f"{_SECTION}.per_replica"):
            origin = stated_origin(collector.place(f"{_SECTION}.per_replica"))
        else:
            origin = defaulted(f"no {key} parallelism is stated for prompts: none")
        collector.found(f"{_SECTION}.{key}", Range.exact(float(getattr(layout, key))), origin)


def check_prompt_room(collector: Collector, scenario: InferScenario, service: Callable[[], ServiceInputs]) -> None:
    """Refuse groups in which not one prompt has room.

    `service` gives the whole workload in plain numbers, which is asked for where there are such groups.

    Raises
    ------
    EstimateError
        CC614, with what is there and what is needed.
    """
    if scenario.serving.prefill is None:
        return
    serving = service().serving
    memory = group_memory(serving)
    if float(memory.capacity) >= 1.0:
        return
    weights, usable = (
        display(float(size), "byte", digits=3)
        for size in (memory.weights, serving.memory * serving.engine.usable_memory)
    )
    raise EstimateError(
        Diagnostic(
            "CC614",
            f"no prompt has room in a group of its own: {weights} of weights and the cache of one prompt on each "
            f"accelerator, of {usable} that the engine may use",
            span=collector.place(_SECTION),
            hint="more accelerators in a group: serving.prefill.tensor, data with expert, or pipeline",
        )
    )
