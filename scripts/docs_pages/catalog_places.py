"""The page of places: emission factors, water and price of electricity of grids, and figures of sites."""

from __future__ import annotations

from computecalc.catalog.lookup import Catalog
from docs_pages.markdown import page, table
from docs_pages.sources import Sources, figure

__all__ = ["places_page"]

_INTRODUCTION = """\
Grids by country, state or province, and sites of operators. Factors of different kinds must not be compared: `direct`
counts what burns in the plants, `consumption` imports too, `lifecycle` fuel supply and building
([kinds of factors](../carbon-water.md#kinds-of-factors)). A dash means that no source is known. What else the catalog
has: [accelerators and models](catalog.md), [prices](catalog-prices.md)."""

_FACTORS = ("direct", "consumption", "lifecycle")


def places_page() -> str:
    """Return the page."""
    catalog = Catalog.open()
    return page(
        "Catalog tables: grids and sites",
        _INTRODUCTION,
        f"## Grids\n\n{_grids(catalog)}",
        f"## Sites\n\n{_sites(catalog)}",
    )


def _grids(catalog: Catalog) -> str:
    sources = Sources()
    rows = []
    for name in catalog.ids("grid"):
        entry = catalog.find("grid", name)
        factors = (figure(entry, f"intensity.{kind}", "gCO2e/kWh") for kind in _FACTORS)
        others = (figure(entry, "water", "L/kWh", 4), figure(entry, "electricity_price", "USD/MWh", 4))
        rows.append((entry.id, entry.name, *factors, *others, entry.labels.get("year", ""), sources.numbers(entry)))
    header = ("id", "name", *(f"{kind}, gCO2e/kWh" for kind in _FACTORS), "water, L/kWh", "USD/MWh", "year", "sources")
    return f"{table(header, rows)}\n{sources.listing()}"


def _sites(catalog: Catalog) -> str:
    sources = Sources()
    rows = []
    for name in catalog.ids("site"):
        entry = catalog.find("site", name)
        figures = (
            figure(entry, "pue", "1", 4),
            figure(entry, "wue", "L/kWh", 4),
            figure(entry, "carbon_free_share", "1", 4),
            *(figure(entry, f"intensity.{kind}", "gCO2e/kWh") for kind in _FACTORS),
        )
        labels = (entry.labels.get("operator", ""), entry.labels.get("grid", ""))
        rows.append((entry.id, entry.name, *labels, *figures, sources.numbers(entry)))
    header = ("id", "name", "operator", "grid", "PUE", "WUE, L/kWh", "carbon-free", *_FACTORS, "sources")
    return f"{table(header, rows)}\n{sources.listing()}"
