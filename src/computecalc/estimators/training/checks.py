"""What a reader must be told of a training estimate: metrics nobody can know, and plans that cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from computecalc.catalog.architecture import Architecture
from computecalc.errors import Diagnostic, EstimateError, Span
from computecalc.estimators.impact_units import footprint_needs
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.training.remedies import remedy
from computecalc.formulas.duration import ROUNDING
from computecalc.formulas.table import Numeric
from computecalc.units.display import display

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from computecalc.estimators.results import MetricValue

__all__ = ["judged_metrics", "plan_diagnostics", "unknown_metrics", "unmodelled_layers"]

_ACTIVATIONS = (
    "memory.per_accelerator",
    "memory.per_accelerator.activations",
    "memory.per_accelerator.buffers",
)

_NEEDS: dict[str, tuple[str, ...]] = {
    **footprint_needs(per_unit=("carbon.sci.per_token",)),
    "money.price": ("cost.accelerators", "cost.total"),
    "data.global_batch": ("time.step", *_ACTIVATIONS),
    "reliability": ("time.between_interruptions", "time.checkpoint_interval", "interruptions"),
    "layout": (
        *_ACTIVATIONS,
        "memory.per_accelerator.weights",
        "memory.per_accelerator.gradients",
        "memory.per_accelerator.optimizer",
    ),
}
"""Inputs that may be unknown, and the metrics that are null without them."""

_COARSE = "the model is known by its counts alone"


def unknown_metrics(resolved: Resolved) -> dict[str, str]:
    """Return the metrics that cannot be given, each with the reason."""
    found: dict[str, str] = {}
    # Without a layout a batch would not help: the layout is what to ask for first.
    for path, reason in sorted(resolved.unknown.items(), key=lambda item: item[0] != "layout"):
        for name in _NEEDS.get(path) or _unpaid(path):
            found.setdefault(name, reason)
    if resolved.architecture is None:
        found |= dict.fromkeys(_ACTIVATIONS, _COARSE)
    elif unmodelled := unmodelled_layers(resolved.architecture):
        found |= dict.fromkeys(_ACTIVATIONS, f"what {unmodelled} keep for the backward pass is not estimated yet")
    return found


def _unpaid(path: str) -> tuple[str, ...]:
    # Imported here: a run that is rented needs nothing of it.
    from computecalc.estimators.unpaid import UNPAID

    return UNPAID[path]


def unmodelled_layers(architecture: Architecture) -> str:
    """Name the parts of a model whose activations are not counted; empty where all are."""
    types = {mixer.type for mixer in architecture.mixers.values()} - {"attention", "mla"}
    parts = [f"{name} mixers" for name in sorted(types)]
    if any(group.cross_mixer for group in architecture.layers):
        parts.append("cross-attention layers")
    if any(shape.type == "moe" and shape.latent_width for shape in architecture.feed_forwards.values()):
        parts.append("latent experts")
    return ", ".join(parts)


def plan_diagnostics(
    resolved: Resolved, outputs: Mapping[str, MetricValue]
) -> tuple[dict[str, MetricValue], tuple[Diagnostic, ...]]:
    """Return the outputs with `memory.fits` made honest, and the warnings about the plan.

    Raises
    ------
    EstimateError
        CC611, when no count meets the deadline.
    """
    _check_deadline(resolved, outputs)
    changed = dict(outputs)
    found: list[Diagnostic] = []
    fits = outputs["memory.fits"]
    if fits.mid == 0.0:
        found.append(_does_not_fit(resolved, outputs))
    elif outputs["memory.per_accelerator"].mid is None:
        reason = f"the model states fit; activations are unknown: {outputs['memory.per_accelerator'].reason}"
        changed["memory.fits"] = replace(fits, low=None, mid=None, high=None, formula=None, swings=(), reason=reason)
    hfu = outputs["hfu"]
    if hfu.mid is not None and hfu.mid > 1.0:
        mfu = resolved.inputs.get("efficiency.mfu")
        recompute = resolved.choices["layout.recompute"].value
        found.append(
            Diagnostic(
                "CC604",
                f"hardware utilization would be {hfu.mid:.3g}: MFU and recompute ({recompute}) contradict each other",
                severity="warning",
                span=mfu.origin.span if mfu else None,
                hint="lower the MFU, or check whether it counts recomputed FLOPs",
            )
        )
    return changed, tuple(found)


def judged_metrics(
    resolved: Resolved, metrics: Mapping[str, Numeric], columns: Mapping[str, Numeric]
) -> tuple[dict[str, Numeric], NDArray[np.bool_]]:
    """Do over columns of cases what `plan_diagnostics` does to one: NaN stands for what is not known.

    Returns
    -------
    tuple
        The metrics, and the cases whose deadline no count meets.
    """
    changed = dict(metrics)
    if "memory.per_accelerator" not in metrics:
        changed["memory.fits"] = np.where(np.asarray(metrics["memory.fits"]) == 0.0, 0.0, np.nan)
    deadline = resolved.inputs.get("cluster.wall_time")
    if deadline is None:
        return changed, np.asarray(False)
    return changed, np.asarray(_is_late(metrics["time.wall"], columns.get(deadline.path, deadline.range.mid)))


def _is_late(wall: Numeric, deadline: Numeric) -> bool | NDArray[np.bool_]:
    """Tell whether a run takes longer than it may."""
    return wall * ROUNDING > deadline


def _check_deadline(resolved: Resolved, outputs: Mapping[str, MetricValue]) -> None:
    """Refuse a deadline that even the most useful count misses."""
    deadline = resolved.inputs.get("cluster.wall_time")
    wall, accelerators = outputs["time.wall"].mid, outputs["accelerators"].mid
    if deadline is None or wall is None or not _is_late(wall, deadline.range.mid):
        return
    raise EstimateError(
        Diagnostic(
            "CC611",
            f"no count of accelerators meets the deadline: with {accelerators:.0f} the run takes "
            f"{display(wall, 's', digits=3)}, and more are interrupted before they have restarted",
            span=deadline.origin.span,
            hint="allow more time, or state a shorter reliability.restart or fewer reliability.interruptions",
        )
    )


def _does_not_fit(resolved: Resolved, outputs: Mapping[str, MetricValue]) -> Diagnostic:
    least = outputs["memory.minimum_accelerators"].mid
    count = outputs["accelerators"].mid
    stated = resolved.inputs.get("cluster.count")
    if least is not None and count is not None and count < least:
        return Diagnostic(
            "CC603",
            f"the model states alone need {least:.0f} accelerators of this memory, the plan has {count:.0f}",
            severity="warning",
            span=stated.origin.span if stated else None,
            hint="more accelerators, more memory each, or a smaller model",
        )
    peak = outputs.get("memory.per_accelerator")
    if peak is None or peak.mid is None:
        return Diagnostic(
            "CC603",
            "the model states do not fit one accelerator under this layout",
            severity="warning",
            hint="raise layout.tensor or layout.pipeline, or shard more (layout.sharding: full)",
        )
    capacity, reserve = (resolved.inputs[path].range.mid for path in ("cluster.memory", "memory.reserve"))
    found = remedy(resolved)
    need = _bytes(peak.mid / (1.0 - reserve))
    return Diagnostic(
        "CC603",
        f"the worst pipeline stage needs {_bytes(peak.mid)} on each accelerator, of {_bytes(capacity)} less "
        f"{reserve:.0%} in reserve",
        severity="warning",
        span=_layout_span(resolved),
        hint=f"it would fit with {found.text}" if found else f"an accelerator with {need}, or a smaller model",
    )


def _bytes(size: float) -> str:
    return str(display(size, "byte", digits=3))


def _layout_span(resolved: Resolved) -> Span | None:
    """Where the first degree of the layout is stated."""
    degrees = (resolved.inputs[f"layout.{name}"].origin for name in ("tensor", "pipeline", "context", "expert"))
    return next((origin.span for origin in degrees if origin.span is not None), None)
