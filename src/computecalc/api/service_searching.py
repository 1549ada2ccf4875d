"""A search of a served scenario, from the flags of `optimize` to its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from computecalc.api.searching import Request
from computecalc.catalog.lookup import Catalog
from computecalc.checks.expressions import Check
from computecalc.checks.service_search import (
    SERVICE_MEASURES,
    is_more_better,
    search_services,
    service_axes,
    service_measure,
)
from computecalc.errors import Diagnostic, UsageError
from computecalc.reports.service_optimum import ServedOptimum
from computecalc.scenario.files import RawScenario
from computecalc.scenario.serving.optimizing import ServiceScope, Space, search_notes, service_spaces, spanned
from computecalc.units.display import display
from computecalc.units.ranges import Range

__all__ = ["searched_service"]


def searched_service(raw: RawScenario, catalog: Catalog, request: Request) -> ServedOptimum:
    """Search a scenario of kind infer.

    Raises
    ------
    UsageError
        CC101 for what goes with training alone.
    ComputecalcError
        When the scenario is wrong, nothing fits, or nothing keeps the limits.
    """
    if request.scope.counts or request.scope.count_range is not None:
        message = "--count goes with training: the traffic says how many accelerators serve a model"
        raise UsageError(Diagnostic("CC101", message, hint="state traffic.rate; serving.per_replica sizes a replica"))
    scope = ServiceScope(request.scope.accelerators, request.precisions)
    spaces = service_spaces(raw, catalog, scope, today=date.today())
    limits = (*_targets(spaces[0]), *request.limits)
    by = _goal(request.by, spaces)
    writes = spaces[0].question.writes
    found = search_services(spaces, by=by, limits=limits, most=request.top + 1, has_front=request.has_front)
    searched, held = spanned(spaces)
    return ServedOptimum(
        name=raw.name,
        source=raw.span,
        by=by,
        is_more_better=is_more_better(by),
        limits=tuple(limit.text for limit in limits),
        considered=found.considered,
        fitting=found.fitting,
        searched=searched,
        held=held,
        best=found.best[: request.top],
        runner_up=found.best[request.top] if len(found.best) > request.top else None,
        front=found.front,
        axes=service_axes(writes=writes),
        diagnostics=(*search_notes(spaces), *_left_out(spaces, by)),
    )


def _targets(space: Space) -> tuple[Check, ...]:
    """Return the targets of the scenario as the limits that they are."""
    wanted: Mapping[str, float | None] = {
        "latency.ttft": space.question.first_token,
        "latency.tpot": space.question.interval if space.question.writes else None,
    }
    return tuple(
        Check(name, "<=", Range.exact(most), "s", text=f"{name} <= {display(most, 's', digits=3)}")
        for name, most in wanted.items()
        if most is not None
    )


def _goal(stated: str | None, spaces: list[Space]) -> str:
    """Return the metric to rank by: the stated one, or cost where every price is known.

    Without prices it is the accelerators that a stated rate takes, or else what one accelerator does.
    """
    writes, serving = spaces[0].question.writes, [space.service.serving for space in spaces]
    if stated is None:
        unpriced = any(each.price is None for each in serving)
        stated = "cost" if not unpriced else "throughput" if serving[0].rate is None else "count"
    if not writes and stated in ("throughput", "carbon"):
        return {"throughput": "throughput.total_per_accelerator", "carbon": "carbon.operational"}[stated]
    return service_measure(stated)


def _left_out(spaces: list[Space], by: str) -> list[Diagnostic]:
    """Say which accelerators cannot be ranked, because a price or a power is not known of them."""
    what = {"cost.": "price", "energy.": "thermal_design", "carbon.": "thermal_design"}
    field = next((name for start, name in what.items() if by.startswith(start)), None)
    if field is None:
        return []
    gone = {space.accelerator for space in spaces if getattr(space.service.serving, field) is None}
    if not gone:
        return []
    missing = "price" if field == "price" else "thermal design power"
    message = f"left out, because {by} is not known of it without a {missing}: {', '.join(sorted(gone))}"
    other = next(name for name, metric in SERVICE_MEASURES.items() if metric == "throughput.per_accelerator")
    hint = f"state money.price, or rank --by {other}" if field == "price" else f"state power, or rank --by {other}"
    return [Diagnostic("CC624", message, severity="warning", hint=hint)]
