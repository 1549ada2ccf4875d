"""What export rules measure of an accelerator, and which of their bands it lies in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from computecalc.catalog.entries import Entry
from computecalc.catalog.regulations import OPERAND_WIDTHS
from computecalc.formulas.regulation import bidirectional_rate, performance_density, total_processing_performance
from computecalc.formulas.table import FORMULAS
from computecalc.records import record
from computecalc.units.ranges import Range

__all__ = ["Band", "Measured", "control_bands", "control_figures"]

PERFORMANCE, DENSITY = "derived.tpp", "derived.tpp_density"

_LEAST = {
    "threshold.performance": PERFORMANCE,
    "threshold.density": DENSITY,
    "threshold.transfer_rate": "scale_up.bandwidth",
}
"""Bounds that a chip must reach to be inside, and what they bound."""

_BELOW = {
    "threshold.performance_below": PERFORMANCE,
    "threshold.density_below": DENSITY,
    "threshold.memory_bandwidth_below": "memory.bandwidth",
}
"""Bounds that it must stay below."""

_NEEDS = {PERFORMANCE: "a peak", DENSITY: "die.area"}
"""Figures of an accelerator that derived ones follow from."""

Position = Literal["inside", "outside", "within range", "not known"]


@record
class Measured:
    """A figure that rules measure."""

    path: str
    value: Range
    unit: str
    formula: str
    rule: str
    """Which figure of the entry it rests on."""


@record
class Band:
    """A rule about chips, and where the accelerator lies."""

    regulation: Entry
    position: Position
    reason: str = ""
    """What is missing where it is not known; the figure that decides where it is outside."""


def control_figures(entry: Entry) -> tuple[Measured, ...]:
    """Return total processing performance of an accelerator and, where its die is known, performance density.

    Parameters
    ----------
    entry : Entry
        An accelerator; the performance is the largest over its dense peaks, the first of equal ones.
    """
    peaks = [(name, fact.value) for name in OPERAND_WIDTHS if (fact := entry.get(f"peak.{name}")) is not None]
    if not peaks:
        return ()
    performances = [(name, _performance(value, OPERAND_WIDTHS[name])) for name, value in peaks]
    name, performance = max(performances, key=lambda found: found[1].mid)
    reference = FORMULAS["total_processing_performance"].reference
    found = [Measured(PERFORMANCE, performance, "FLOP*byte/s/accelerator", reference, f"at peak.{name}")]
    area = entry.get("die.area")
    if area is not None:
        density = _density(performance, area.value)
        reference = FORMULAS["performance_density"].reference
        found.append(Measured(DENSITY, density, "FLOP*byte/s/m^2/accelerator", reference, "over die.area"))
    return tuple(found)


def _performance(rate: Range, width: float) -> Range:
    return rate.map(lambda end: float(total_processing_performance(rate=end, width=width)))


def _density(performance: Range, area: Range) -> Range:
    """The ends are those of both together: it falls as the area rises."""
    low, mid, high = (
        float(performance_density(performance=above, die_area=below))
        for above, below in (
            (performance.low, area.high),
            (performance.mid, area.mid),
            (performance.high, area.low),
        )
    )
    return Range(low, mid, high)


def control_bands(entry: Entry, regulations: Iterable[Entry]) -> tuple[Band, ...]:
    """Return for each rule about chips whether an accelerator lies in it.

    Parameters
    ----------
    entry : Entry
        An accelerator.
    regulations : iterable of Entry
        Regulations of the catalog; those that do not bound a chip are left out.
    """
    known = {figure.path: figure.value for figure in control_figures(entry)}
    known |= {path: fact.value for path in ("memory.bandwidth",) if (fact := entry.get(path)) is not None}
    if (links := entry.get("scale_up.bandwidth")) is not None:
        known["scale_up.bandwidth"] = links.value.map(lambda end: float(bidirectional_rate(one_way=end)))
    return tuple(
        _band(regulation, known)
        for regulation in regulations
        if any(path in _LEAST or path in _BELOW for path in regulation.facts)
    )


def _band(regulation: Entry, known: Mapping[str, Range]) -> Band:
    positions = [_position(path, fact.value.mid, known) for path, fact in regulation.facts.items()]
    for position in ("outside", "not known", "within range"):
        for found, reason in positions:
            if found == position:
                return Band(regulation, found, reason)
    return Band(regulation, "inside")


def _position(path: str, bound: float, known: Mapping[str, Range]) -> tuple[Position, str]:
    """Where a figure lies at one bound, and what it takes to know."""
    figure = _LEAST.get(path) or _BELOW[path]
    value = known.get(figure)
    if value is None:
        return "not known", f"needs {_NEEDS.get(figure, figure)}"
    if path in _BELOW:
        inside, outside = value.high < bound, value.low >= bound
    else:
        inside, outside = value.low >= bound, value.high < bound
    if not inside and path == "threshold.transfer_rate":
        return "not known", "needs the rate of all links; those to the host are not in the catalog"
    if not inside and not outside:
        return "within range", f"{figure} is a range around the bound"
    return ("inside" if inside else "outside"), "" if inside else figure
