"""What a total is made of, where its parts are known and add up to it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from computecalc.estimators.results import MetricValue
from computecalc.records import record

__all__ = ["Breakdown", "Part", "breakdowns", "parts_of"]

_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "time.step",
        tuple(
            f"time.step.{part}"
            for part in ("compute", "tensor", "pipeline", "data", "expert", "context", "optimizer", "overhead")
        ),
    ),
    (
        "memory.per_accelerator",
        tuple(
            f"memory.per_accelerator.{part}"
            for part in ("weights", "gradients", "optimizer", "activations", "kv_cache", "buffers")
        ),
    ),
    ("cost.total", ("cost.run", "cost.development", "cost.staff", "cost.data")),
    (
        "cost.total",
        tuple(
            f"cost.{part}"
            for part in ("accelerators", "network", "facility", "energy", "colocation", "operations", "staff", "data")
        ),
    ),
    ("capital.total", ("capital.servers", "capital.network", "capital.facility")),
    ("carbon.total", ("carbon.operational", "carbon.embodied")),
    ("water.total", ("water.onsite", "water.offsite")),
)
"""Totals and the metrics that they are sums of; of several lists the first that adds up."""

_REMAINDERS: tuple[tuple[str, tuple[tuple[str, str], ...], str], ...] = (
    ("accelerator_time.billed", (("accelerator_time.useful", "useful"),), "lost, or idle"),
    ("latency.request", (("latency.ttft", "first token"),), "all tokens after it"),
    (
        "energy.facility",
        (("energy.accelerator", "accelerators"), ("energy.it", "hosts and network")),
        "cooling, losses",
    ),
)
"""Totals that hold smaller totals, each within the next, with the name of each layer; and of what is left."""

_ADDS_UP = 1e-6


@record
class Part:
    """One part of a total."""

    label: str
    value: float
    """In the unit of the total."""
    id: str = ""
    """The metric that it is; empty where it is what others leave."""


@record
class Breakdown:
    """A total at the middle of all ranges, and its parts, none of them zero."""

    total: MetricValue
    parts: tuple[Part, ...]


def parts_of(outputs: Mapping[str, MetricValue], name: str) -> tuple[Part, ...]:
    """Return the metrics that add up to a total; empty where they are not known."""
    total = _middle(outputs, name)
    for whole, names in _PARTS:
        if whole != name or total is None:
            continue
        known = [(part, _middle(outputs, part)) for part in names]
        parts = [Part(part.removeprefix(f"{name}.").rpartition(".")[2], value, part) for part, value in known if value]
        if parts and math.isclose(math.fsum(part.value for part in parts), total, rel_tol=_ADDS_UP):
            return tuple(parts)
    return ()


def breakdowns(outputs: Mapping[str, MetricValue]) -> list[Breakdown]:
    """Return what is known of the parts of time, memory, energy, carbon, water and money."""
    found = [Breakdown(outputs[name], parts) for name in dict(_PARTS) if (parts := parts_of(outputs, name))]
    found += [each for rule in _REMAINDERS if (each := _layers(outputs, *rule)) is not None]
    return sorted(found, key=lambda each: _ORDER.index(each.total.id))


_ORDER = (
    "time.step",
    "accelerator_time.billed",
    "latency.request",
    "memory.per_accelerator",
    "energy.facility",
    "carbon.total",
    "water.total",
    "capital.total",
    "cost.total",
)


def _layers(
    outputs: Mapping[str, MetricValue], name: str, layers: tuple[tuple[str, str], ...], rest: str
) -> Breakdown | None:
    """Return a total as layers, each what one total has beyond the one within it."""
    total = _middle(outputs, name)
    ends = [_middle(outputs, layer) for layer, _ in layers]
    if total is None or not total or any(end is None for end in ends):
        return None
    edges = [0.0, *(end for end in ends if end is not None), total]
    labels = [*(label for _, label in layers), rest]
    parts = [Part(label, after - before) for label, before, after in zip(labels, edges, edges[1:], strict=False)]
    if any(part.value < 0.0 for part in parts):
        return None
    return Breakdown(outputs[name], tuple(part for part in parts if part.value))


def _middle(outputs: Mapping[str, MetricValue], name: str) -> float | None:
    value = outputs.get(name)
    return None if value is None else value.mid
