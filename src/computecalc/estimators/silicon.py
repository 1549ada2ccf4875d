"""What an accelerator costs to make, in money and in carbon, from the figures of its dies, memory and package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from computecalc.catalog.entries import Entry
from computecalc.formulas import silicon
from computecalc.formulas.table import FORMULAS, Numeric
from computecalc.records import record
from computecalc.units.ranges import Range

__all__ = ["WAFER_DIAMETER", "DerivedFigure", "manufacturing_figures"]

WAFER_DIAMETER = 0.3
"""Diameter of the wafers of every process in use for accelerators. [m]"""

_CHEAPER_WHEN_LARGE = ("silicon.yield", "packaging.yield")
"""Figures that lower cost and carbon as they rise; all others raise both."""


@record
class DerivedFigure:
    """A figure that follows from others of its entry, or why it does not."""

    path: str
    value: Range | None
    """None where figures are missing."""
    unit: str
    formula: str
    """Name and version of the formula."""
    body: str
    """The formula's right-hand side, or the figures that are missing."""


def _on_one_line(body: str) -> str:
    return " ".join(body.split()).replace("( ", "(").replace(" )", ")")


@dataclass(slots=True)
class _Derivation:
    """Numbers of one entry as arrays: the cheapest, the middle and the dearest case."""

    entry: Entry
    found: list[DerivedFigure] = field(default_factory=list)

    def has(self, path: str) -> bool:
        return self.entry.get(path) is not None

    def missing(self, paths: Iterable[str]) -> list[str]:
        return [path for path in paths if not self.has(path)]

    def number(self, path: str, default: float | None = None) -> Numeric:
        fact = self.entry.get(path)
        if fact is None and default is not None:
            return default
        value = self.entry.fact(path).value
        cases = np.array([value.low, value.mid, value.high])
        return cases[::-1] if path in _CHEAPER_WHEN_LARGE else cases

    def keep(self, name: str, formula: str, value: Numeric) -> Numeric:
        known = FORMULAS[formula]
        low, mid, high = (float(case) for case in np.sort(np.broadcast_to(value, (3,))))
        figure = DerivedFigure(
            f"derived.{name}", Range(low, mid, high), known.returns, known.reference, _on_one_line(known.body)
        )
        self.found.append(figure)
        return value

    def give_up(self, name: str, formula: str, missing: Iterable[str]) -> None:
        known = FORMULAS[formula]
        text = f"not known: needs {', '.join(missing)}"
        self.found.append(DerivedFigure(f"derived.{name}", None, known.returns, known.reference, text))


def manufacturing_figures(entry: Entry) -> tuple[DerivedFigure, ...]:
    """Derive unit cost and embodied carbon of an accelerator; none where it states nothing of its manufacture.

    The ends of a range are those of all inputs together: cost and carbon rise or fall with each of them.

    Parameters
    ----------
    entry : Entry
        An accelerator.

    Returns
    -------
    tuple of DerivedFigure
        In the order of their derivation. A stated `manufacturing.cost` or `embodied` is not derived again.
    """
    if not any(path.startswith(("silicon.", "packaging.")) for path in entry.facts):
        return ()
    derivation = _Derivation(entry)
    dies = _dies(derivation)
    if not derivation.has("manufacturing.cost"):
        _cost(derivation, dies)
    if not derivation.has("embodied"):
        _carbon(derivation, dies)
    return tuple(derivation.found)


@record
class _Dies:
    count: Numeric
    area: Numeric
    """Of one die. [m^2]"""
    share: Numeric
    """Of those that work."""


def _dies(derivation: _Derivation) -> _Dies | None:
    """Return the dies with their yield, or None where area, number or yield are missing."""
    if derivation.missing(_die_paths(derivation)):
        return None
    count = derivation.number("silicon.dies")
    area = derivation.number("die.area") / count
    if derivation.has("silicon.yield"):
        return _Dies(count, area, derivation.number("silicon.yield"))
    share = silicon.die_yield(
        die_area=area,
        defect_density=derivation.number("silicon.defect_density"),
        clustering=derivation.number("silicon.clustering"),
    )
    return _Dies(count, area, derivation.keep("yield", "die_yield", share))


def _die_paths(derivation: _Derivation) -> tuple[str, ...]:
    stated = derivation.has("silicon.yield")
    spoilt = ("silicon.yield",) if stated else ("silicon.defect_density", "silicon.clustering")
    return ("die.area", "silicon.dies", *spoilt)


def _cost(derivation: _Derivation, dies: _Dies | None) -> None:
    needed = (*_die_paths(derivation), "silicon.wafer_price", "memory.price", "packaging.price")
    missing = derivation.missing(needed)
    if dies is None or missing:
        derivation.give_up("cost", "assembled_cost", missing)
        return
    gross = silicon.dies_per_wafer(
        wafer_diameter=derivation.number("silicon.wafer_diameter", WAFER_DIAMETER), die_area=dies.area
    )
    derivation.keep("dies_per_wafer", "dies_per_wafer", gross)
    good = silicon.die_cost(
        dies=dies.count,
        wafer_price=derivation.number("silicon.wafer_price"),
        dies_per_wafer=gross,
        die_yield=dies.share,
    )
    memory = silicon.memory_cost(capacity=derivation.number("memory.capacity"), price=derivation.number("memory.price"))
    derivation.keep("cost.dies", "die_cost", good)
    derivation.keep("cost.memory", "memory_cost", memory)
    parts = (good, memory, derivation.number("packaging.price"))
    whole = silicon.assembled_cost(parts=parts, assembly_yield=derivation.number("packaging.yield", 1.0))
    derivation.keep("cost", "assembled_cost", whole)


def _carbon(derivation: _Derivation, dies: _Dies | None) -> None:
    fab = ("silicon.energy", "silicon.grid_intensity", "silicon.gases", "silicon.materials")
    missing = derivation.missing((*_die_paths(derivation), *fab, "memory.carbon", "packaging.carbon"))
    if dies is None or missing:
        derivation.give_up("embodied", "assembled_carbon", missing)
        return
    area_carbon = silicon.fab_carbon(**{path.partition(".")[2]: derivation.number(path) for path in fab})
    derivation.keep("fab_carbon", "fab_carbon", area_carbon)
    good = silicon.die_carbon(dies=dies.count, die_area=dies.area, fab_carbon=area_carbon, die_yield=dies.share)
    memory = silicon.memory_carbon(
        capacity=derivation.number("memory.capacity"), carbon=derivation.number("memory.carbon")
    )
    derivation.keep("embodied.dies", "die_carbon", good)
    derivation.keep("embodied.memory", "memory_carbon", memory)
    parts = (good, memory, derivation.number("packaging.carbon"))
    whole = silicon.assembled_carbon(parts=parts, assembly_yield=derivation.number("packaging.yield", 1.0))
    derivation.keep("embodied", "assembled_carbon", whole)
