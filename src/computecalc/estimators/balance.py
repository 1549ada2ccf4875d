"""What follows from an accelerator's figures alone: machine balance and peak per watt."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.records import record
from computecalc.units.ranges import Range

__all__ = ["BalanceFigure", "balance_figures"]


@record
class BalanceFigure:
    """A figure that follows from two others of the entry."""

    path: str
    value: Range
    unit: str
    rule: str
    """How it follows, for readers."""


def balance_figures(entry: Entry) -> list[BalanceFigure]:
    """Return for each peak of an accelerator its FLOP per byte of memory traffic and per joule at thermal design power.

    Parameters
    ----------
    entry : Entry
        An accelerator; figures that it does not state give no row.
    """
    bandwidth, power = entry.get("memory.bandwidth"), entry.get("power.thermal_design")
    found = []
    for path, peak in entry.facts.items():
        block, _, name = path.partition(".")
        if block != "peak":
            continue
        if bandwidth is not None:
            balance = _quotient(peak.value, bandwidth.value)
            found.append(BalanceFigure(f"derived.balance.{name}", balance, "FLOP/byte", "peak / memory.bandwidth"))
        if power is not None:
            efficiency = _quotient(peak.value, power.value)
            found.append(
                BalanceFigure(f"derived.per_energy.{name}", efficiency, "FLOP/J", "peak / power.thermal_design")
            )
    return sorted(found, key=lambda figure: figure.path.split(".")[1])


def _quotient(above: Range, below: Range) -> Range:
    return Range(above.low / below.high, above.mid / below.mid, above.high / below.low)
