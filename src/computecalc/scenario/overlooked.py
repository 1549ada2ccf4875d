"""What validation of the form alone would overlook: names that nobody knows, and keys that nothing uses yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from computecalc.catalog.attributes import KindName
from computecalc.catalog.lookup import Catalog
from computecalc.errors import CatalogError, Diagnostic
from computecalc.scenario.collector import Collector
from computecalc.scenario.models import is_configuration
from computecalc.scenario.question import COMPUTE_OPTIMAL
from computecalc.yamlio.nodes import MappingNode, ScalarNode, get

__all__ = ["open_keys", "unknown_names", "unused_keys"]

_NAMES: dict[str, tuple[KindName, ...]] = {
    "model": ("model",),
    "model.base": ("model",),
    "model.compute_optimal": ("scaling-law",),
    "cluster.accelerator": ("accelerator",),
    "cluster.precision": ("precision",),
    "efficiency.stack": ("stack",),
    "site.region": ("grid", "site"),
    "silicon.chip": ("accelerator",),
    "silicon.against": ("accelerator",),
}
"""Where names of catalog entries stand, and the kinds they may be of."""

_OF_OWNERS = ("site.electricity_price",)
"""Keys that only matter where accelerators are owned: a rent includes electricity."""

_LISTED = ("money.provider",)
"""Keys that choose a price of the catalog, on which nothing depends once a price is stated."""

_PREDICTING = ("cluster.nic", "cluster.scale_up_size", "efficiency.stack")
"""Keys that only matter where the time of a step is predicted."""

_ROUTING = ("efficiency.expert_imbalance", "efficiency.routing_domains")
"""Keys that only matter where the time of layers of experts is predicted."""

_PREDICTING_GOODPUT = tuple(
    f"reliability.{key}"
    for key in ("interruptions", "restart", "storage_bandwidth", "checkpoint_interval", "asynchronous")
)
"""Keys that nothing depends on once goodput is stated."""


def unknown_names(node: MappingNode, catalog: Catalog) -> Iterator[Diagnostic]:
    """Look up the names that a scenario of any form states.

    Parameters
    ----------
    node : MappingNode
        The merged scenario, not validated.
    catalog : Catalog
        Where the names should be.
    """
    for path, kinds in _NAMES.items():
        found = get(node, path.split("."))
        if not isinstance(found, ScalarNode) or not isinstance(found.value, str):
            continue
        if kinds == ("model",) and (is_configuration(found.value) or found.value == COMPUTE_OPTIMAL):
            continue
        if not any(catalog.has(kind, found.value) for kind in kinds):
            try:
                catalog.find(kinds[0], found.value, span=found.span)
            except CatalogError as error:
                yield from error.diagnostics


def unused_keys(collector: Collector) -> list[Diagnostic]:
    """Name the keys that are stated but do not move the estimate, in one note a reason."""
    routed = "efficiency.expert_imbalance" in collector.inputs
    paid = () if "site.electricity_price" in collector.inputs else _OF_OWNERS
    unused = paid if routed else (*_ROUTING, *paid)
    unused = unused if "step.sustained" in collector.inputs else (*_PREDICTING, *unused)
    found = _noted(collector, unused, "the estimate does not depend on it")
    if collector.is_stated("money.price"):
        found += _noted(collector, _LISTED, "money.price is stated too and wins")
    if collector.is_stated("efficiency.goodput"):
        found += _noted(collector, _PREDICTING_GOODPUT, "efficiency.goodput is stated too and wins")
    return found


def _noted(collector: Collector, paths: Sequence[str], reason: str) -> list[Diagnostic]:
    stated = [path for path in paths if collector.is_stated(path)]
    if not stated:
        return []
    message = f"stated, but {reason}: {', '.join(stated)}"
    return [Diagnostic("CC606", message, severity="note", span=collector.place(stated[0]))]


_SEARCHED = ("efficiency.mfu",)
"""Keys that each layout of a search has its own of."""


def open_keys(collector: Collector) -> list[Diagnostic]:
    """Name the keys that are stated but left open for a search, in one note."""
    stated = [path for path in _SEARCHED if collector.is_stated(path)]
    if not stated:
        return []
    message = f"stated, but a search finds its own: {', '.join(stated)}"
    return [Diagnostic("CC606", message, severity="note", span=collector.place(stated[0]))]
