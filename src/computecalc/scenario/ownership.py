"""Owning accelerators: price, capital, running cost and electricity, the user's or the catalog's."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.catalog.attributes import KINDS
from computecalc.catalog.entries import Entry
from computecalc.catalog.index import IndexEntry
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Origin
from computecalc.estimators.money_inputs import MONEY_INPUTS
from computecalc.scenario.collector import Collector
from computecalc.scenario.footprint import find_region, recent_rows
from computecalc.scenario.money_schema import Ownership
from computecalc.scenario.origins import defaulted, figure_origin
from computecalc.scenario.schema import Site
from computecalc.units.ranges import Range
from computecalc.units.registry import conversion_factor

__all__ = ["ALONE", "resolve_electricity", "resolve_ownership", "take_purchase"]

_OWN = "money.ownership"
ALONE = ("accelerator", "sales-average", "estimate")
"""Scopes of purchase prices without a share of the server, best first."""

_SERVERS = ("server-share",)
"""Those that hold it; they come before the others."""

_RUNNING = ("colocation", "operations", "staff")
"""What is paid while it runs: dear in one place and cheap in another, all together."""

_LIFE = ("interest", "lifetime", "residual")


def resolve_ownership(collector: Collector, given: Ownership, accelerator: Entry, site: Site) -> None:
    """Take what owning takes.

    Parameters
    ----------
    collector : Collector
        Where the inputs go.
    given : Ownership
        What is stated.
    accelerator : Entry
        The accelerator that is owned.
    site : Site
        Where electricity is bought.

    Raises
    ------
    ScenarioError
        CC642 for keys of which one replaces another.
    """
    collector.units = {**collector.units, **MONEY_INPUTS}
    problems = _clashes(collector)
    if problems:
        raise ScenarioError(*problems)
    _take_price(collector, given, accelerator)
    _take_capital(collector, given, accelerator)
    taken = [name for name in _RUNNING if not _stated_or_prior(collector, given, name, accelerator)]
    collector.together(f"{_OWN}.running", [f"{_OWN}.{name}" for name in taken])
    for name in ("network_share", "utilization"):
        _stated_or_prior(collector, given, name, accelerator)
    resolve_electricity(collector, site)


def _clashes(collector: Collector) -> list[Diagnostic]:
    """Return which keys are stated beside one that replaces them."""
    pairs = [("accelerator_price", "server_price"), ("server_factor", "server_price")]
    pairs += [(name, "replacement") for name in _LIFE]
    problems = [
        Diagnostic(
            "CC642",
            f"both `{_OWN}.{one}` and `{_OWN}.{other}` are stated, but the second stands in for the first",
            span=collector.place(f"{_OWN}.{one}"),
            hint="keep one; set an inherited one to null",
        )
        for one, other in pairs
        if collector.is_stated(f"{_OWN}.{one}") and collector.is_stated(f"{_OWN}.{other}")
    ]
    if collector.is_stated(f"{_OWN}.age") and not collector.is_stated(f"{_OWN}.replacement"):
        message = f"`{_OWN}.age` needs `{_OWN}.replacement`, the rate at which the value falls"
        place = collector.place(f"{_OWN}.age")
        problems.append(Diagnostic("CC642", message, span=place, hint="state it, such as replacement: 32.2 %/yr"))
    return problems


def _stated_or_prior(collector: Collector, given: Ownership, name: str, accelerator: Entry) -> bool:
    """Take one input; tell whether the user stated it."""
    value, path = getattr(given, name), f"{_OWN}.{name}"
    if value is not None:
        collector.stated(path, value)
        return True
    collector.prior(path, accelerator=accelerator.id, generation=accelerator.labels.get("generation", ""))
    return False


def _take_price(collector: Collector, given: Ownership, accelerator: Entry) -> None:
    if given.server_price is not None:
        collector.stated(f"{_OWN}.server_price", given.server_price)
        return
    if given.accelerator_price is not None:
        collector.stated(f"{_OWN}.accelerator_price", given.accelerator_price)
        _stated_or_prior(collector, given, "server_factor", accelerator)
        return
    rows = collector.catalog.purchase_rows(accelerator.id)
    for path, scopes in (("server_price", _SERVERS), ("accelerator_price", ALONE)):
        for scope in scopes:
            found = [row for row in rows if row.labels["scope"] == scope]
            if found:
                take_purchase(collector, f"{_OWN}.{path}", recent_rows(found), accelerator.id, scope)
                if path == "accelerator_price":
                    _stated_or_prior(collector, given, "server_factor", accelerator)
                elif given.server_factor is not None:
                    raise ScenarioError(_in_vain(collector, accelerator.id))
                return
    reason = f"the catalog has no purchase price of {accelerator.id}; state {_OWN}.accelerator_price"
    collector.unknown[f"{_OWN}.server_price"] = reason


def _in_vain(collector: Collector, accelerator: str) -> Diagnostic:
    message = f"`{_OWN}.server_factor` is stated, but the catalog's prices of {accelerator} hold the server already"
    hint = f"state {_OWN}.accelerator_price beside it, or leave it out"
    return Diagnostic("CC642", message, span=collector.place(f"{_OWN}.server_factor"), hint=hint)


def take_purchase(collector: Collector, path: str, rows: Sequence[IndexEntry], accelerator: str, scope: str) -> None:
    """Take the range of what an accelerator sells for, by prices of one scope."""
    spec = KINDS["purchase"].figures["price"].spec()
    ranges = [spec.parse(row.labels["price"]) for row in rows]
    mids = sorted(each.mid for each in ranges)
    middle = (mids[len(mids) // 2] + mids[(len(mids) - 1) // 2]) / 2.0
    origin = Origin(
        "catalog",
        f"{len(rows)} purchase {'price' if len(rows) == 1 else 'prices'} of {accelerator}, {scope}",
        entry=", ".join(f"purchase/{row.id}" for row in rows),
        certainty="published" if scope in ("server-share", "accelerator") else "assumed",
        as_of=rows[0].labels["as_of"],
        note="lowest, median and highest",
    )
    low, high = min(each.low for each in ranges), max(each.high for each in ranges)
    collector.found(path, Range(low, middle, high), origin)


def _take_capital(collector: Collector, given: Ownership, accelerator: Entry) -> None:
    year = Range.exact(conversion_factor("yr", "s"))
    collector.found(f"{_OWN}.year", year, defaulted("interest is paid once a year"))
    if given.replacement is None:
        for name in _LIFE:
            _stated_or_prior(collector, given, name, accelerator)
        return
    collector.stated(f"{_OWN}.replacement", given.replacement)
    if given.age is not None:
        collector.stated(f"{_OWN}.age", given.age)


def resolve_electricity(collector: Collector, site: Site) -> None:
    """Take the price of electricity: the user's, the region's for industry, or a prior."""
    path = "site.electricity_price"
    if site.electricity_price is not None:
        collector.stated(path, site.electricity_price)
        return
    entries = []
    if site.region is not None:
        region = find_region(collector.catalog, site.region, span=collector.place("site.region"))
        grid = region.labels.get("grid")
        entries = [region] if grid is None else [region, collector.catalog.find("grid", grid)]
    for entry in entries:
        fact = entry.get("electricity_price")
        if fact is not None:
            collector.found(path, fact.value, figure_origin(entry, "electricity_price", fact))
            return
    collector.prior(path)
