"""Published energy, carbon and power of runs: a line of the table as a scenario of its hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from computecalc.checks.validation.cases import Case, Line, lines
from computecalc.checks.validation.numbers import number
from computecalc.errors import Diagnostic, UsageError
from computecalc.scenario.files import RawScenario
from computecalc.yamlio.nodes import MappingNode, Plain, from_plain

__all__ = ["FOOTPRINTS", "footprint_cases", "footprint_scenario", "implausible"]

FOOTPRINTS = {
    "circular": "footprints, circular",
    "measured": "footprints, measured power",
    "predicted": "power of accelerators and systems",
}
"""Classes by the word of the table: energy that was itself a product; of measured power; power that is predicted."""

LEAST_FACTOR, MOST_FACTOR = 0.01, 2.0
"""Location-based carbon over accelerator energy, kgCO2e/kWh: hydropower, and lignite at a PUE of 1.5."""


def footprint_cases(folder: Path) -> Iterator[Case]:
    """Read the table of published footprints in a folder, if there is one.

    Raises
    ------
    UsageError
        CC103 for a class that there is not, or a figure that is no number.
    """
    path = folder / "published_footprints.csv"
    for line in lines(path) if path.is_file() else ():
        cells = line.cells
        if cells["class"] not in FOOTPRINTS:
            message = f"there is no class {cells['class']!r}"
            raise UsageError(Diagnostic("CC103", message, span=line.span, hint=f"one of {', '.join(FOOTPRINTS)}"))
        node = from_plain(footprint_scenario(line), line.span)
        assert isinstance(node, MappingNode)  # noqa: S101 - a tree of a mapping is one
        yield Case(
            id=cells["id"],
            kind="footprint",
            raw=RawScenario(cells["id"], node, line.span),
            metric=cells["metric"],
            unit=cells["unit"],
            measured=number(line, "published"),
            source=f"{cells['source']}; {cells['licence']}",
            accelerator=cells["accelerator"],
            model=cells["model"],
            tolerance=number(line, "tolerance") if cells["tolerance"] else None,
            suspicious=_doubt(line),
            note=cells["note"],
            group=FOOTPRINTS[cells["class"]],
        )


def footprint_scenario(line: Line) -> dict[str, Plain]:
    """Return the scenario of a line: as many accelerators as it has hours, for one hour each."""
    cells = line.cells
    stated: dict[str, Plain] = {"accelerator": f"{cells['power']} W", "host_overhead": 1}
    site: dict[str, Plain] = {"pue": number(line, "pue")}
    if cells["grid_intensity"]:
        site["grid_intensity"] = f"{cells['grid_intensity']} gCO2e/kWh"
    return {
        "kind": "train",
        # Size and utilization decide what is trained in the hours, not what the hours draw.
        "model": {"parameters": "1B params"},
        "cluster": {"accelerator": cells["accelerator"], "count": int(cells["accelerator_hours"]), "wall_time": "1 h"},
        "efficiency": {"mfu": 0.4, "goodput": 1},
        "site": site,
        "power": stated if cells["power"] else {},
        # Not compared; spares the search for prices.
        "money": {"price": "1 USD/accelerator/h"},
    }


def _doubt(line: Line) -> str:
    cells: Mapping[str, str] = line.cells
    if cells["metric"] != "carbon.operational" or cells["unit"] != "tCO2e" or not cells["power"]:
        return ""
    hours, power = number(line, "accelerator_hours"), number(line, "power")
    return implausible(carbon=number(line, "published"), hours=hours, power=power)


def implausible(*, carbon: float, hours: float, power: float) -> str:
    """Return why a published figure of location-based carbon cannot be; empty when it can.

    Parameters
    ----------
    carbon : float
        As published. [tCO2e]
    hours : float
        Accelerator hours.
    power : float
        Draw of an accelerator that it was computed with. [W]
    """
    factor = 1e6 * carbon / (hours * power)
    if LEAST_FACTOR <= factor <= MOST_FACTOR:
        return ""
    return (
        f"{carbon:g} t for {hours:,.0f} h of {power:g} W are {1e3 * factor:.3g} gCO2e/kWh, "
        f"outside of what grids emit ({1e3 * LEAST_FACTOR:g} to {1e3 * MOST_FACTOR:,.0f}, PUE included)"
    )
