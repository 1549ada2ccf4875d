"""What a reader must be told of a serving estimate: metrics nobody can know, and plans that fall short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from computecalc.errors import Diagnostic
from computecalc.estimators.impact_units import footprint_needs
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.unpaid import UNPAID
from computecalc.units.display import display

if TYPE_CHECKING:
    from computecalc.estimators.results import MetricValue

__all__ = ["service_diagnostics", "unknown_service_metrics"]

_PER_OUTPUT = (
    "energy.per_output_token",
    "energy.accelerator_per_output_token",
    "carbon.per_mtoken_output",
    "carbon.sci.per_output_token",
)
_COST = (
    "cost.accelerators",
    "cost.total",
    "cost.month",
    "cost.per_request",
    "cost.per_mtoken_input",
    "cost.per_mtoken_output",
)
_DERIVED = tuple(name for name in _COST if name not in ("cost.accelerators", "cost.total"))
_UNOWNED = ("money.ownership.server_price", "money.ownership.power", "money.ownership.peak")
_FOOTPRINT = footprint_needs(
    per_unit=("carbon.sci.per_output_token", "carbon.sci.per_request"),
    powered=("energy.per_output_token", "energy.per_request", "carbon.per_mtoken_output"),
)
_NEEDS: dict[str, tuple[str, ...]] = {
    **_FOOTPRINT,
    "power.thermal_design": (*_FOOTPRINT["power.thermal_design"], "energy.accelerator_per_output_token"),
    "site.grid_intensity": (*_FOOTPRINT["site.grid_intensity"], "carbon.per_mtoken_output"),
    "money.price": _COST,
    **{path: (*names, *_DERIVED) if path in _UNOWNED else names for path, names in UNPAID.items()},
}
"""Inputs that may be unknown, and the metrics that are null without them."""

_OF_OUTPUT = (*_PER_OUTPUT, "cost.per_mtoken_output")
_TARGETS = {"targets.ttft": "latency.ttft", "targets.tpot": "latency.tpot"}


def unknown_service_metrics(resolved: Resolved) -> dict[str, str]:
    """Return the metrics that cannot be given, each with the reason."""
    writes = resolved.inputs["traffic.output"].range.high > 0.0
    found: dict[str, str] = {}
    for path, reason in resolved.unknown.items():
        for name in _NEEDS[path]:
            if writes or name not in _OF_OUTPUT:
                found.setdefault(name, reason)
    return found


def service_diagnostics(
    resolved: Resolved, outputs: Mapping[str, MetricValue]
) -> tuple[dict[str, MetricValue], tuple[Diagnostic, ...]]:
    """Return the outputs and the warnings about the plan."""
    return dict(outputs), tuple(_warnings(resolved, outputs))


def _never_pays(resolved: Resolved, outputs: Mapping[str, MetricValue]) -> Diagnostic | None:
    """Say where a replica of one's own costs more than buying at any volume."""
    needed, reachable = outputs.get("break_even.utilization"), outputs.get("break_even.reachable")
    if needed is None or reachable is None or needed.mid is None or reachable.mid is None:
        return None
    if needed.mid <= reachable.mid:
        return None
    message = (
        f"buying costs less at any volume: a replica would have to be used to {needed.mid:.0%} of what it can serve, "
        f"and its peak and what it is planned for leave {reachable.mid:.0%}"
    )
    hint = "a lower rent, a smaller precision, looser targets, or a peak nearer to the average"
    origin = resolved.inputs["money.api_price.input"].origin
    place = resolved.source if origin.kind == "catalog" else origin.span
    return Diagnostic("CC630", message, severity="note", span=place, hint=hint)


def _warnings(resolved: Resolved, outputs: Mapping[str, MetricValue]) -> Iterator[Diagnostic]:
    batch, room = resolved.inputs["serving.batch"], outputs["batch.capacity"].mid
    if room is not None and batch.range.mid > room:
        yield Diagnostic(
            "CC603",
            f"the caches of a replica have room for {room:.0f} of its {batch.range.mid:.0f} requests at once; "
            "the others wait for a place",
            severity="warning",
            span=batch.origin.span,
            hint="fewer requests at once, kv_precision: fp8, or more accelerators in a replica",
        )
    dear = _never_pays(resolved, outputs)
    if dear is not None:
        yield dear
    for path, name in _TARGETS.items():
        target, found = resolved.inputs.get(path), outputs.get(name)
        if target is None or found is None or found.mid is None or found.mid <= target.range.mid:
            continue
        yield Diagnostic(
            "CC615",
            f"{name} is {display(found.mid, 's', digits=3)}, more than the {display(target.range.mid, 's', digits=3)} "
            "wanted",
            severity="warning",
            span=target.origin.span,
            hint="leave serving.batch out: the largest that meets the targets is found",
        )
