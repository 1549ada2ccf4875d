"""Why an estimate does not have a metric that others have: the section that would bring it is not stated."""

from __future__ import annotations

from computecalc.estimators.results import Estimate

__all__ = ["why_absent"]

_OWNING = (
    "cost.network",
    "cost.energy",
    "cost.colocation",
    "cost.operations",
    "cost.staff",
    "cost.owned_time",
    "cost.rented",
    "break_even.ownership",
)
_PROGRAMME = ("cost.run", "cost.development", "cost.data", "cost.staff")
_BUYING = (
    "cost.api",
    "cost.api_per_request",
    "break_even.cost_ratio",
    "break_even.reachable",
    "break_even.tokens",
    "break_even.utilization",
)
_APART = (
    "replicas.prefill",
    "replicas.decode",
    "replicas.prefill_per_decode",
    "accelerators.prefill",
    "accelerators.decode",
    "utilization.prefill",
    "utilization.decode",
    "time.cache_transfer",
)
_BRINGS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("money.ownership", ("train", "infer"), _OWNING),
    ("programme", ("train",), _PROGRAMME),
    ("money.api_price", ("infer",), _BUYING),
    ("serving.prefill", ("infer",), _APART),
    ("regulation.base_compute", ("train",), ("compute.cumulative", "compute.base_share")),
    ("money.price", ("campus",), ("cost.rented", "break_even.ownership")),
)
"""Sections and keys, the kinds of scenario that know them, and the metrics that come with them."""


def why_absent(estimate: Estimate, name: str) -> str:
    """Return the reason for which an estimate does not have a metric, with what to state where that would bring it.

    Parameters
    ----------
    estimate : Estimate
        The estimate, whose outputs lack the metric.
    name : str
        Id of the metric.
    """
    sections = [section for section, kinds, metrics in _BRINGS if estimate.kind in kinds and name in metrics]
    if sections:
        if any(_is_stated(estimate, section) for section in sections):
            return f"this scenario does not have {name}"
        return f"{name} comes with {' or '.join(sections)}, which this scenario does not state"
    return f"a scenario of kind {estimate.kind} has no {name}"


def _is_stated(estimate: Estimate, section: str) -> bool:
    return any(path == section or path.startswith(f"{section}.") for path in (*estimate.inputs, *estimate.choices))
