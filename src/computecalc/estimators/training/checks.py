"""What a reader must be told of a training estimate: metrics nobody can know, and plans that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved

if TYPE_CHECKING:
    from computecalc.estimators.results import MetricValue

__all__ = ["plan_diagnostics", "unknown_metrics"]

_NEEDS: dict[str, tuple[str, ...]] = {
    "power.thermal_design": ("power.facility_peak",),
    "power.accelerator": (
        "power.accelerator",
        "power.it",
        "energy.accelerator",
        "energy.it",
        "energy.facility",
        "carbon.operational",
    ),
    "site.grid_intensity": ("carbon.operational",),
    "money.price": ("cost.accelerators", "cost.total"),
    "data.global_batch": ("time.step",),
    "layout": (
        "memory.per_accelerator.weights",
        "memory.per_accelerator.gradients",
        "memory.per_accelerator.optimizer",
    ),
}
"""Inputs that may be unknown, and the metrics that are null without them."""

_ACTIVATIONS_UNKNOWN = "the model states fit; whether activations fit is not estimated yet"


def unknown_metrics(resolved: Resolved) -> dict[str, str]:
    """Return the metrics that cannot be given, each with the reason."""
    found: dict[str, str] = {}
    for path, reason in resolved.unknown.items():
        for name in _NEEDS[path]:
            found.setdefault(name, reason)
    return found


def plan_diagnostics(
    resolved: Resolved, outputs: Mapping[str, MetricValue]
) -> tuple[dict[str, MetricValue], tuple[Diagnostic, ...]]:
    """Return the outputs with `memory.fits` made honest, and the warnings about the plan."""
    changed = dict(outputs)
    found: list[Diagnostic] = []
    fits = outputs["memory.fits"]
    if fits.mid == 0.0:
        found.append(_does_not_fit(resolved, outputs))
    else:
        changed["memory.fits"] = replace(
            fits, low=None, mid=None, high=None, formula=None, swings=(), reason=_ACTIVATIONS_UNKNOWN
        )
    hfu = outputs["hfu"]
    if hfu.mid is not None and hfu.mid > 1.0:
        mfu = resolved.inputs["efficiency.mfu"]
        recompute = resolved.choices["layout.recompute"].value
        found.append(
            Diagnostic(
                "CC604",
                f"hardware utilization would be {hfu.mid:.3g}: MFU and recompute ({recompute}) contradict each other",
                severity="warning",
                span=mfu.origin.span,
                hint="lower the MFU, or check whether it counts recomputed FLOPs",
            )
        )
    return changed, tuple(found)


def _does_not_fit(resolved: Resolved, outputs: Mapping[str, MetricValue]) -> Diagnostic:
    least = outputs["memory.minimum_accelerators"].mid
    count = outputs["accelerators"].mid
    stated = resolved.inputs.get("cluster.count")
    if outputs.get("memory.per_accelerator.weights") is not None and count is not None and least is not None:
        known = outputs["memory.per_accelerator.weights"].mid is not None
        if known and count >= least:
            return Diagnostic(
                "CC603",
                "the model states do not fit one accelerator under this layout",
                severity="warning",
                hint="raise layout.tensor or layout.pipeline, or shard more (layout.sharding: full)",
            )
    return Diagnostic(
        "CC603",
        f"the model states alone need {least:.0f} accelerators of this memory, the plan has {count:.0f}",
        severity="warning",
        span=stated.origin.span if stated else None,
        hint="more accelerators, more memory each, or a smaller model",
    )
