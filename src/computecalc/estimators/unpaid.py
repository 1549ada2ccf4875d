"""Which parts of a bill beyond rent are null without which inputs."""

from __future__ import annotations

__all__ = ["UNPAID"]

_WHOLE = ("cost.total", "cost.owned_time", "break_even.ownership")

UNPAID: dict[str, tuple[str, ...]] = {
    "money.rent": ("cost.rented", "break_even.ownership"),
    "money.ownership.server_price": ("cost.accelerators", "cost.network", "cost.operations", *_WHOLE),
    "money.ownership.power": ("cost.energy", *_WHOLE),
    "money.ownership.peak": ("cost.colocation", *_WHOLE),
    "programme.run": ("cost.run", "cost.development"),
}
"""What is unknown, and the metrics that are null without it."""
