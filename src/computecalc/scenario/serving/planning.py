"""Layout and batch of a replica: stated, or found so that targets and memory are kept."""

from __future__ import annotations

import math
from dataclasses import replace

from computecalc.catalog.architecture import Architecture
from computecalc.errors import Diagnostic, EstimateError, Span
from computecalc.estimators.inference.planning import Plan, Question, ReplicaLayout, Shortfall, planned
from computecalc.estimators.inference.resolved import service_inputs
from computecalc.estimators.inference.service import ServiceInputs
from computecalc.estimators.inputs import Origin
from computecalc.scenario.collector import Collector
from computecalc.scenario.models import ResolvedModel
from computecalc.scenario.origins import defaulted, stated_origin
from computecalc.scenario.serving.layout import possible_layouts
from computecalc.scenario.serving.prefill import check_prompt_room, resolve_prefill, take_prefill_layout
from computecalc.scenario.serving.resolved import resolved_so_far
from computecalc.scenario.serving.schema import InferScenario
from computecalc.units.display import display
from computecalc.units.ranges import Range

__all__ = ["open_plan", "resolve_plan"]

_DEGREES = ("tensor", "data", "expert", "pipeline")
_WIDEST = 512
"""Accelerators of a replica at most that are proposed where a model does not fit."""


def resolve_plan(
    collector: Collector, scenario: InferScenario, model: ResolvedModel, draft: Architecture | None
) -> None:
    """Take layout, batch and replicas.

    Raises
    ------
    ScenarioError
        CC311 for a layout that cannot be.
    EstimateError
        CC614 where no request has room, CC615 where no batch keeps the targets.
    """
    layouts = possible_layouts(collector, scenario.serving, model)
    service, question = open_plan(collector, scenario, model, draft, layouts[0])
    plan = planned(service.serving, layouts, question)
    if isinstance(plan, Shortfall):
        raise EstimateError(_shortfall(collector, scenario, service, plan, question))
    targeted = question.first_token is not None or question.interval is not None
    why = _why_this_layout(layouts, plan, targeted=targeted)
    _take_layout(collector, scenario, plan.layout, defaulted(why))
    take_prefill_layout(collector, scenario, plan.layout)
    _take_batch(collector, scenario, plan)
    check_prompt_room(collector, scenario, lambda: _middle(collector, model, draft))


def open_plan(
    collector: Collector,
    scenario: InferScenario,
    model: ResolvedModel,
    draft: Architecture | None,
    layout: ReplicaLayout,
) -> tuple[ServiceInputs, Question]:
    """Take all of a plan but layout and batch, and return the workload at the middle of its ranges."""
    resolve_prefill(collector, scenario, model)
    _take_targets(collector, scenario)
    _take_fleet(collector, scenario)
    _take_layout(collector, scenario, layout, defaulted("not known yet"))
    collector.found("serving.batch", Range.exact(1.0), defaulted("not known yet"))
    service = _middle(collector, model, draft)
    return service, _question(scenario, service)


def _middle(collector: Collector, model: ResolvedModel, draft: Architecture | None) -> ServiceInputs:
    """Return the workload as far as it is known, at the middle of all ranges."""
    return service_inputs(resolved_so_far(collector, model, draft), lambda given: given.range.mid)


def _question(scenario: InferScenario, service: ServiceInputs) -> Question:
    batch, most = scenario.serving.batch, scenario.traffic.concurrency
    ttft, tpot = scenario.targets.ttft, scenario.targets.tpot
    return Question(
        writes=service.writes,
        batch=None if batch is None else batch.mid,
        most=None if most is None else most.mid,
        first_token=None if ttft is None else ttft.mid,
        interval=None if tpot is None else tpot.mid,
    )


def _take_targets(collector: Collector, scenario: InferScenario) -> None:
    for key in ("ttft", "tpot"):
        value = getattr(scenario.targets, key)
        if value is not None:
            collector.stated(f"targets.{key}", value)


def _take_fleet(collector: Collector, scenario: InferScenario) -> None:
    """Take what replicas are planned for."""
    given = scenario.serving
    if given.utilization is not None:
        collector.stated("serving.utilization", given.utilization)
    else:
        collector.prior("serving.utilization")
    if given.spare is not None:
        collector.stated("serving.spare", given.spare)
    else:
        collector.found("serving.spare", Range.exact(0.0), defaulted("no spare replicas are stated: none"))


def _take_layout(collector: Collector, scenario: InferScenario, layout: ReplicaLayout, tensor: Origin) -> None:
    given = scenario.serving
    whole = collector.place("serving.per_replica") if given.per_replica is not None else None
    for key in _DEGREES:
        if getattr(given, key) is not None:
            origin = stated_origin(collector.place(f"serving.{key}"))
        elif key in ("tensor", "data") and whole is not None:
            origin = stated_origin(whole)
        else:
            origin = tensor if key == "tensor" else defaulted(f"no {key} parallelism is stated: none")
        collector.found(f"serving.{key}", Range.exact(float(getattr(layout, key))), origin)


def _why_this_layout(layouts: list[ReplicaLayout], plan: Plan, *, targeted: bool) -> str:
    sizes = [str(layout.accelerators) for layout in layouts]
    if len(sizes) == 1:
        return f"not stated: {sizes[0]}, the only group within a fast domain that suits the model"
    kept = ", targets kept" if targeted else ""
    listed = f"{', '.join(sizes[:-1])} and {sizes[-1]}"
    return f"not stated: of groups of {listed} accelerators, {plan.layout.accelerators} does most each{kept}"


def _take_batch(collector: Collector, scenario: InferScenario, plan: Plan) -> None:
    stated, concurrency = scenario.serving.batch, scenario.traffic.concurrency
    if stated is not None:
        collector.stated("serving.batch", stated)
    batch = plan.batch if stated is None else stated.mid
    replicas = None if concurrency is None else math.ceil(concurrency.mid / batch)
    if replicas is not None and concurrency is not None:
        origin = defaulted(f"{concurrency.mid:.0f} requests in flight, at most {batch:.0f} in a replica")
        collector.found("serving.replicas", Range.exact(float(replicas)), origin)
        each = Range.exact(concurrency.mid / replicas)
        if stated is None or each.mid < batch:
            text = "the requests in flight" if replicas == 1 else f"the requests in flight over {replicas} replicas"
            collector.found("serving.batch", each, defaulted(text))
    elif stated is None:
        kept = [key for key in ("ttft", "tpot") if getattr(scenario.targets, key) is not None]
        bounds = f"the targets ({' and '.join(kept)}) and memory allow" if kept else "memory allows"
        collector.found("serving.batch", Range.exact(batch), defaulted(f"not stated: the most that {bounds}"))


def _shortfall(
    collector: Collector, scenario: InferScenario, service: ServiceInputs, found: Shortfall, question: Question
) -> Diagnostic:
    if not found.fits:
        return _does_not_fit(collector, scenario, service, found, question)
    reached = []
    for key, best in (("ttft", found.first_token), ("tpot", found.interval)):
        target = getattr(scenario.targets, key)
        if target is not None:
            reached.append(f"{key} {display(best, 's', digits=3)} for {display(target.mid, 's', digits=3)}")
    place = next(key for key in ("tpot", "ttft") if getattr(scenario.targets, key) is not None)
    group = found.layout.accelerators
    words = "one accelerator" if group == 1 else f"groups of {group} accelerators"
    return Diagnostic(
        "CC615",
        f"not even one request at a time keeps the targets on {words}: at best {' and '.join(reached)}",
        span=_place(collector, f"targets.{place}"),
        hint="allow more time, or more accelerators in a replica, a smaller precision or a faster accelerator",
    )


def _does_not_fit(
    collector: Collector, scenario: InferScenario, service: ServiceInputs, found: Shortfall, question: Question
) -> Diagnostic:
    """Say what would fit: more accelerators in a replica."""
    usable = service.serving.memory * service.serving.engine.usable_memory
    way = _what_fits(service, found, question)
    key = next((key for key in ("tensor", "per_replica") if getattr(scenario.serving, key) is not None), "accelerator")
    return Diagnostic(
        "CC614",
        f"no request has room: {_bytes(found.weights)} of weights and the cache of one request on each accelerator, "
        f"of {_bytes(float(usable))} that the engine may use",
        span=_place(collector, f"serving.{key}"),
        hint=f"it would fit with {way}" if way else "a smaller precision, or an accelerator with more memory",
    )


def _what_fits(service: ServiceInputs, found: Shortfall, question: Question) -> str:
    """Name the smallest group that has room: more tensor ranks, then more stages."""
    least = replace(question, batch=None, first_token=None, interval=None, most=1.0)
    layout = found.layout
    wider = [replace(layout, tensor=layout.tensor * 2**power) for power in range(1, 4)]
    deeper = [replace(layout, pipeline=layout.pipeline * 2**power) for power in range(1, 7)]
    for name, layouts in (("tensor", wider), ("pipeline", deeper)):
        for each in layouts:
            if each.accelerators <= _WIDEST and isinstance(planned(service.serving, [each], least), Plan):
                return f"serving.{name}: {getattr(each, name)}"
    return ""


def _place(collector: Collector, path: str) -> Span:
    return collector.place(path)


def _bytes(size: float) -> str:
    return str(display(size, "byte", digits=3))
