"""Configurations of a service that a search found, as readers see them."""

from __future__ import annotations

from collections.abc import Mapping

from computecalc.records import record

__all__ = ["ServedCandidate", "ServedLayout"]


@record
class ServedLayout:
    """A configuration as scenarios state it."""

    precision: str
    tensor: int
    data: int
    expert: int
    pipeline: int
    batch: int

    @property
    def degrees(self) -> str:
        """The degrees that are not 1, in words."""
        named = {name: getattr(self, name) for name in ("tensor", "data", "expert", "pipeline")}
        return " x ".join(f"{name} {value}" for name, value in named.items() if value > 1) or "one accelerator"


@record
class ServedCandidate:
    """One configuration on one accelerator."""

    accelerator: str
    layout: ServedLayout
    metrics: Mapping[str, float]
    """Metrics of the ordinary recipe, at the middle of all ranges."""

    @property
    def count(self) -> int:
        """Accelerators of the whole fleet."""
        return round(self.metrics["accelerators"])

    @property
    def each(self) -> int:
        """Accelerators of a replica."""
        return self.layout.tensor * self.layout.data * self.layout.pipeline
