"""Market-based carbon and water of a site: the user's figures, the region's, or why there are none."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.scenario.collector import Collector
from computecalc.scenario.origins import defaulted
from computecalc.scenario.schema import Site
from computecalc.units.ranges import Range

__all__ = ["resolve_surroundings"]


def resolve_surroundings(collector: Collector, given: Site, region: Entry | None) -> None:
    """Take what contracts cover, and the water of site and grid.

    Parameters
    ----------
    collector : Collector
        Takes the figures, or why they are not known.
    given : Site
        What the user states.
    region : Entry, optional
        Grid or site of the scenario.
    """
    entries = [] if region is None else _chain(collector, region)
    _take_market(collector, given, entries)
    _take(collector, given, entries, path="site.wue", figure="wue", what="water usage effectiveness")
    _take(collector, given, entries, path="site.grid_water", figure="water", what="water of generation")


def _chain(collector: Collector, region: Entry) -> list[Entry]:
    """Return the region, its operator's fleet, its grid, and the grid of its country, as far as there are any."""
    catalog, found = collector.catalog, [region]
    operator, grid = region.labels.get("operator"), region.labels.get("grid")
    if operator is not None and catalog.has("site", operator):
        found.append(catalog.find("site", operator))
    if grid is not None:
        found.append(catalog.find("grid", grid))
    country = found[-1].labels.get("country")
    if country is not None and country != found[-1].id and catalog.has("grid", country):
        found.append(catalog.find("grid", country))
    return found


def _take(collector: Collector, given: Site, entries: list[Entry], *, path: str, figure: str, what: str) -> None:
    stated = getattr(given, path.partition(".")[2])
    if stated is not None:
        collector.stated(path, stated)
        return
    for entry in entries:
        if entry.get(figure) is None:
            continue
        collector.figure(path, entry, figure, words="" if entry is entries[0] else f", for {entries[0].id}")
        return
    where = f"the catalog has no {what} of {entries[0].id}" if entries else "no region is stated"
    collector.unknown[path] = f"{where}; state {path}"


def _take_market(collector: Collector, given: Site, entries: list[Entry]) -> None:
    """Take the share that contracts cover and the factor of the rest; without a residual mix that of the grid."""
    if given.residual_intensity is not None:
        collector.stated("site.residual_intensity", given.residual_intensity)
    else:
        entry = next((entry for entry in entries if entry.get("intensity.market") is not None), None)
        if entry is not None:
            collector.figure("site.residual_intensity", entry, "intensity.market")
    _take(
        collector, given, entries, path="site.carbon_free_share", figure="carbon_free_share", what="carbon-free share"
    )
    if "site.carbon_free_share" not in collector.unknown:
        if "site.residual_intensity" not in collector.inputs:
            why = defaulted("no residual mix is known: the location's factor, as the GHG Protocol has it")
            collector.choose("site.residual_intensity", "site.grid_intensity", why)
    elif "site.residual_intensity" in collector.inputs:
        del collector.unknown["site.carbon_free_share"]
        nothing = defaulted("no contracts are stated: all at the residual factor")
        collector.found("site.carbon_free_share", Range.exact(0.0), nothing)
