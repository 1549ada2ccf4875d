"""Parts of a training run that stand together or not at all: its adapters, and what predicts its goodput."""

from __future__ import annotations

from collections.abc import Callable

from computecalc.formulas.table import Numeric
from computecalc.records import record

__all__ = ["Adapters", "Reliability", "stated_reliability"]


@record
class Adapters:
    """What adapters a run trains beside frozen matrices (LoRA)."""

    rank: Numeric
    targets: str
    """``attention`` or ``all``."""

    @property
    def in_feed_forward(self) -> bool:
        """Whether feed-forwards and experts have adapters too."""
        return self.targets == "all"


@record
class Reliability:
    """What predicts the goodput of a run."""

    interruptions: Numeric
    """Of the run, for each accelerator and time."""
    restart: Numeric
    storage_bandwidth: Numeric
    """Of the storage, over the accelerators."""
    checkpoint_interval: Numeric | None
    """Useful work between two checkpoints; None: the optimum."""
    exposed: Numeric
    """Share of a checkpoint's write in which training waits."""


def stated_reliability(optional: Callable[[str], Numeric | None]) -> Reliability | None:
    """Take what predicts the goodput of a run; None where the goodput is stated."""
    rate, restart, bandwidth, interval, exposed = (
        optional(f"reliability.{name}")
        for name in ("interruptions", "restart", "storage_bandwidth", "checkpoint_interval", "exposed")
    )
    if rate is None or restart is None or bandwidth is None:
        return None
    return Reliability(rate, restart, bandwidth, interval, 1.0 if exposed is None else exposed)
