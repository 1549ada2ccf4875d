"""A service as far as it is resolved."""

from __future__ import annotations

from computecalc.catalog.architecture import Architecture
from computecalc.estimators.inputs import Resolved
from computecalc.scenario.collector import Collector
from computecalc.scenario.models import ResolvedModel

__all__ = ["resolved_so_far"]


def resolved_so_far(collector: Collector, model: ResolvedModel, draft: Architecture | None) -> Resolved:
    """Return what is known of a service by now, without a name."""
    return Resolved(
        name="",
        kind="infer",
        architecture=model.architecture,
        model_origin=model.origin,
        inputs=collector.inputs,
        choices=collector.choices,
        diagnostics=tuple(collector.diagnostics),
        unknown=collector.unknown,
        draft=draft,
    )
