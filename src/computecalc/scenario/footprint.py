"""Power, site and price of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from computecalc.catalog.attributes import KINDS, KindName
from computecalc.catalog.entries import Entry
from computecalc.catalog.index import IndexEntry
from computecalc.catalog.lookup import Catalog
from computecalc.catalog.names import folded
from computecalc.errors import Diagnostic, ScenarioError, Span, did_you_mean
from computecalc.estimators.inputs import Origin
from computecalc.scenario.cluster import ResolvedCluster
from computecalc.scenario.collector import Collector
from computecalc.scenario.origins import defaulted, stated_origin
from computecalc.scenario.schema import Site, TrainScenario
from computecalc.units.ranges import Range

__all__ = [
    "STALE_AFTER_DAYS",
    "UNSTATED",
    "WHICH_KIND",
    "find_region",
    "recent_rows",
    "resolve_money",
    "resolve_site",
    "take_market_price",
]

UNSTATED = "not stated"
"""What stands for the kind of a factor that nobody named."""

WHICH_KIND = "site.factor_kind says whether it is direct, consumption or lifecycle"

STALE_AFTER_DAYS = 180
"""Age from which a price is called old. [d]"""

_RECENT_DAYS = 730
"""Prices older than the newest by more than this are left out of a range. [d]"""


def resolve_site(collector: Collector, given: Site) -> None:
    """Take PUE and grid intensity: the user's, the region's, or a prior.

    Raises
    ------
    CatalogError
        CC501 for an unknown region.
    """
    region = _region(collector, given.region) if given.region is not None else None
    if given.pue is not None:
        collector.stated("site.pue", given.pue)
    elif region is None or not _take_pue(collector, region):
        collector.prior("site.pue")
    _take_factor(collector, given, region)
    _surroundings(collector, given, region)


def _take_factor(collector: Collector, given: Site, region: Entry | None) -> None:
    """Take the location-based factor with its kind and year: a profile, a stated one, the region's, or a prior."""
    if given.profile is not None:
        # Imported here: few have a profile.
        from computecalc.scenario.factors import take_profile

        take_profile(collector, given, given.profile)
    elif given.grid_intensity is not None:
        collector.stated("site.grid_intensity", given.grid_intensity)
        collector.choose_stated("site.factor_kind", given.factor_kind or UNSTATED, defaulted(WHICH_KIND))
    elif region is not None:
        # Imported here: without a region there is no factor to choose.
        from computecalc.scenario.factors import take_factor

        take_factor(collector, given, region)
    elif given.factor_kind is not None:
        message = f"no region is stated whose {given.factor_kind} factor could be taken"
        hint = "state site.region, or site.grid_intensity with its kind"
        raise ScenarioError(Diagnostic("CC635", message, span=collector.place("site.factor_kind"), hint=hint))
    else:
        collector.prior("site.grid_intensity")
        origin = collector.inputs["site.grid_intensity"].origin
        kind = next((kind for kind in ("direct", "consumption", "lifecycle") if kind in origin.note), UNSTATED)
        collector.choose("site.factor_kind", kind, origin)


_SURROUNDINGS = ("carbon_free_share", "residual_intensity", "wue", "grid_water")


def _surroundings(collector: Collector, given: Site, region: Entry | None) -> None:
    """Take market-based factor and water, where a region or one of them is stated."""
    if region is None and all(getattr(given, key) is None for key in _SURROUNDINGS):
        for key in ("carbon_free_share", "wue", "grid_water"):
            collector.unknown[f"site.{key}"] = f"no region is stated; state it, or site.{key}"
        return
    # Imported here: without a region there is nothing to look for.
    from computecalc.scenario.impact import resolve_surroundings

    resolve_surroundings(collector, given, region)


def _region(collector: Collector, name: str) -> Entry:
    place = collector.place("site.region")
    entry = find_region(collector.catalog, name, span=place)
    collector.choose("site.region", entry.id, stated_origin(place))
    return entry


def find_region(catalog: Catalog, name: str, *, span: Span | None = None) -> Entry:
    """Return the grid that `name` is the id or an alias of, else the site.

    Parameters
    ----------
    catalog : Catalog
        Where to look.
    name : str
        Country, state, city, cloud region or operator, as users type it.
    span : Span, optional
        Where the user wrote it, for the error.

    Raises
    ------
    CatalogError
        CC501, when there is neither.
    """
    kind: KindName = "site" if catalog.has("site", name) and not catalog.has("grid", name) else "grid"
    return catalog.find(kind, name, span=span)


def _take_pue(collector: Collector, region: Entry) -> bool:
    """Take the site's own PUE, or that of its operator's fleet; grids have none."""
    operator = region.labels.get("operator")
    entries = [region]
    if operator is not None and operator in collector.catalog.ids("site"):
        entries.append(collector.catalog.find("site", operator))
    for entry in entries:
        if entry.get("pue") is not None:
            collector.figure("site.pue", entry, "pue")
            return True
    return False


def resolve_money(collector: Collector, scenario: TrainScenario, cluster: ResolvedCluster, today: date) -> None:
    """Take the budget, and the rental price: the user's, or the range of what providers ask on demand.

    Raises
    ------
    ScenarioError
        CC302 for a budget without a known price, CC405 for one at a price of nothing.
    """
    budget, price = scenario.money.budget, scenario.money.price
    if scenario.money.discount is not None:
        collector.stated("money.discount", scenario.money.discount)
    if budget is not None:
        collector.stated("money.budget", budget)
    if price is not None:
        if budget is not None and price.low <= 0.0:
            message = "a budget at a price of 0 would buy any amount of time"
            hint = "state a price above 0, or data.tokens in place of money.budget"
            raise ScenarioError(Diagnostic("CC405", message, span=collector.place("money.price"), hint=hint))
        collector.stated("money.price", price)
        return
    accelerator, commitment = cluster.accelerator.id, scenario.money.commitment
    found = take_market_price(collector, accelerator, today, commitment=commitment, provider=scenario.money.provider)
    if not found and budget is not None:
        message = f"a budget needs a price, and the catalog has no {commitment} price of {accelerator}"
        hint = "state it: --price '2.50 USD/accelerator/h', or price below money"
        raise ScenarioError(Diagnostic("CC302", message, span=collector.place("money.budget"), hint=hint))


def take_market_price(
    collector: Collector,
    accelerator: str,
    today: date,
    *,
    commitment: str = "on-demand",
    provider: str | None = None,
) -> bool:
    """Take the range of what providers ask; tell whether the catalog has any such price.

    Raises
    ------
    ScenarioError
        CC641 for a provider of whom the catalog has no price at all.
    """
    rows = collector.catalog.price_rows(accelerator, commitment=commitment)
    whose = ""
    if provider is not None:
        name = _provider(collector, provider)
        rows = tuple(row for row in rows if row.labels["provider"] == name)
        whose = f" at {name}"
    if not rows:
        reason = f"the catalog has no {commitment} price of {accelerator}{whose}; state money.price"
        collector.unknown["money.price"] = reason
        return False
    newest = _day(rows[0])
    recent = recent_rows(rows)
    origin = Origin(
        "catalog",
        f"{len(recent)} {commitment} prices of {accelerator}{whose}",
        entry=", ".join(f"price/{row.id}" for row in recent),
        source=", ".join(sorted({row.labels["provider"] for row in recent})),
        certainty="published",
        as_of=rows[0].labels["as_of"],
        note="lowest, median and highest",
    )
    collector.found("money.price", _spread(recent), origin)
    age = (today - newest).days
    if age > STALE_AFTER_DAYS:
        message = f"the newest {commitment} price of {accelerator}{whose} is {age} days old ({newest})"
        hint = "state today's: --price '2.50 USD/accelerator/h'"
        collector.diagnostics.append(Diagnostic("CC605", message, severity="warning", hint=hint))
    return True


def recent_rows(rows: Sequence[IndexEntry]) -> list[IndexEntry]:
    """Leave out prices that are much older than the first, which is the newest."""
    newest = _day(rows[0])
    return [row for row in rows if (newest - _day(row)).days <= _RECENT_DAYS]


def _provider(collector: Collector, wanted: str) -> str:
    """Return a provider's name as the catalog spells it."""
    names = {folded(row.labels["provider"]): row.labels["provider"] for row in collector.catalog.rows("price")}
    found = names.get(folded(wanted))
    if found is None:
        near = did_you_mean(wanted, names.values())
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(sorted(names.values()))}"
        message = f"the catalog has no price of a provider called {wanted!r}"
        raise ScenarioError(Diagnostic("CC641", message, span=collector.place("money.provider"), hint=hint))
    return found


def _spread(rows: Sequence[IndexEntry]) -> Range:
    """Lowest, median and highest of prices."""
    spec = KINDS["price"].figures["price"].spec()
    mids = sorted(spec.parse(row.labels["price"]).mid for row in rows)
    upper, lower = mids[len(mids) // 2], mids[(len(mids) - 1) // 2]
    return Range(mids[0], (lower + upper) / 2.0, mids[-1])


def _day(row: IndexEntry) -> date:
    """The date of a price; a year or a month counts from its first day."""
    parts = [int(part) for part in row.labels["as_of"].split("-")]
    year, month, day = (*parts, 1, 1)[:3]
    return date(year, month, day)
