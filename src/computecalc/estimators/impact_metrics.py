"""Metric rows of carbon and water, with their boundaries."""

from __future__ import annotations

__all__ = ["CARBON", "WATER"]

Row = tuple[str, str, str, str, str]

CARBON: tuple[Row, ...] = (
    (
        "carbon.operational",
        "gCO2e",
        "Emissions of the facility's electricity, location-based: at the factor of the grid",
        "Carbon",
        "",
    ),
    (
        "carbon.market",
        "gCO2e",
        "The same, market-based: what contracts leave uncovered; a second figure, never added",
        "Carbon",
        "",
    ),
    (
        "carbon.embodied",
        "gCO2e",
        "Share of making accelerators and servers, by the time they are reserved; network and building not counted",
        "Carbon",
        "",
    ),
    ("carbon.total", "gCO2e", "Operational (location-based) and embodied carbon together", "Carbon", ""),
    ("carbon.sci.per_token", "gCO2e/token", "SCI: operational and embodied carbon of a trained token", "Carbon", ""),
    (
        "carbon.sci.per_output_token",
        "gCO2e/token",
        "SCI: operational and embodied carbon of an output token",
        "Carbon",
        "",
    ),
    ("carbon.sci.per_request", "gCO2e/request", "SCI: operational and embodied carbon of a request", "Carbon", ""),
)

WATER: tuple[Row, ...] = (
    ("water.onsite", "L", "Water of the site's cooling, from energy at the IT boundary (no PUE)", "Water", ""),
    ("water.offsite", "L", "Water consumed in generating the facility's electricity (PUE included)", "Water", ""),
    ("water.total", "L", "Water on site and off site", "Water", ""),
)
