"""From a merged scenario of kind silicon and the catalog to resolved inputs."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.own_chip import CHIP_INPUTS
from computecalc.estimators.silicon import WAFER_DIAMETER
from computecalc.scenario.collector import Collector
from computecalc.scenario.context import kept
from computecalc.scenario.files import RawScenario
from computecalc.scenario.footprint import recent_rows, resolve_site
from computecalc.scenario.modelless import begun, ended
from computecalc.scenario.origins import defaulted, figure_origin, stated_origin
from computecalc.scenario.own_chip_schema import OwnChip, SiliconScenario
from computecalc.scenario.ownership import ALONE, resolve_electricity, take_purchase
from computecalc.scenario.schema import Power
from computecalc.units.ranges import Range

__all__ = ["resolve_chip"]

_FIGURES = {
    "silicon.die_area": "die.area",
    "silicon.dies": "silicon.dies",
    "silicon.wafer_price": "silicon.wafer_price",
    "silicon.memory": "memory.capacity",
    "silicon.memory_price": "memory.price",
    "silicon.packaging_price": "packaging.price",
}
"""Inputs of making a chip, and the figures of its entry they are taken from."""

_DEFECTS = {"silicon.defect_density": "silicon.defect_density", "silicon.clustering": "silicon.clustering"}
_YIELD = "silicon.yield"
_SCOPES = (*ALONE, "server-share")
_BF16 = "bf16"
_NEVER = 1e9
"""Break-even of a chip that saves nothing. [accelerator]"""


def resolve_chip(raw: RawScenario, catalog: Catalog) -> Resolved:
    """Resolve a scenario of kind silicon.

    Raises
    ------
    ScenarioError
        With every problem that was found, in one pass.
    """
    collector, scenario = begun(raw, catalog, SiliconScenario, CHIP_INPUTS)
    errors: list[Diagnostic] = []
    given = scenario.silicon
    with kept(errors):
        resolve_site(collector, scenario.site)
    with kept(errors):
        own, bought = _entry(collector, "chip", given.chip), _entry(collector, "against", given.against)
        with kept(errors):
            _take_cost(collector, given, own)
        with kept(errors):
            _take_work(collector, given, own, bought)
        _take_price(collector, given, bought)
        _take_power(collector, scenario.power, own, bought)
    _take_rest(collector, given)
    with kept(errors):
        resolve_electricity(collector, scenario.site)
    return ended(raw, collector, "silicon", errors)


def _entry(collector: Collector, key: str, name: str) -> Entry:
    place = collector.place(f"silicon.{key}")
    entry = collector.catalog.find("accelerator", name, span=place)
    collector.choose(f"silicon.{key}", entry.id, stated_origin(place))
    return entry


def _take_cost(collector: Collector, given: OwnChip, own: Entry) -> None:
    """Take what making a chip costs: stated, of its entry, or the figures that it follows from.

    Raises
    ------
    ScenarioError
        CC644, where figures are missing.
    """
    if given.cost is not None:
        collector.stated("silicon.cost", given.cost)
        return
    stated = own.get("manufacturing.cost")
    if stated is not None:
        collector.found("silicon.cost", stated.value, figure_origin(own, "manufacturing.cost", stated))
        return
    spoilt = {_YIELD: _YIELD} if own.get(_YIELD) is not None else _DEFECTS
    wanted = {**_FIGURES, **spoilt}
    missing = [figure for figure in wanted.values() if own.get(figure) is None]
    if missing:
        message = f"what {own.id} costs to make is not known: its entry states no {', '.join(missing)}"
        hint = "state silicon.cost, or the figures in an entry of your own (--catalog DIR)"
        raise ScenarioError(Diagnostic("CC644", message, span=collector.place("silicon.chip"), hint=hint))
    for path, figure in wanted.items():
        collector.figure(path, own, figure)
    if own.get("silicon.wafer_diameter") is not None:
        collector.figure("silicon.wafer_diameter", own, "silicon.wafer_diameter")
    else:
        whole = defaulted("wafers of every process in use for accelerators are 300 mm wide")
        collector.found("silicon.wafer_diameter", Range.exact(WAFER_DIAMETER), whole)
    if own.get("packaging.yield") is not None:
        collector.figure("silicon.packaging_yield", own, "packaging.yield")
    else:
        collector.found("silicon.packaging_yield", Range.exact(1.0), defaulted("no yield of packaging is stated"))


def _take_work(collector: Collector, given: OwnChip, own: Entry, bought: Entry) -> None:
    if given.work is not None:
        collector.stated("silicon.work", given.work)
        return
    measure = given.measure or _BF16
    collector.choose_stated("silicon.measure", measure, defaulted("no measure of work is stated: the bf16 peak"))
    figure, unit = ("memory.bandwidth", "bandwidth") if measure == "bandwidth" else (f"peak.{measure}", "peak")
    for side, entry in (("own", own), ("bought", bought)):
        if entry.get(figure) is None:
            message = f"the catalog has no {figure} of {entry.id}, by which the work is measured"
            hint = "choose another silicon.measure, or state silicon.work"
            place = collector.place("silicon.measure" if given.measure else "silicon.chip")
            raise ScenarioError(Diagnostic("CC644", message, span=place, hint=hint))
        collector.figure(f"silicon.{side}_{unit}", entry, figure)


def _take_price(collector: Collector, given: OwnChip, bought: Entry) -> None:
    if given.price is not None:
        collector.stated("silicon.price", given.price)
        return
    rows = collector.catalog.purchase_rows(bought.id)
    for scope in _SCOPES:
        found = [row for row in rows if row.labels["scope"] == scope]
        if found:
            take_purchase(collector, "silicon.price", recent_rows(found), bought.id, scope)
            return
    collector.unknown["silicon.price"] = f"the catalog has no purchase price of {bought.id}; state silicon.price"


def _take_power(collector: Collector, given: Power, own: Entry, bought: Entry) -> None:
    for side, entry in (("own", own), ("bought", bought)):
        collector.figure(f"silicon.{side}_power", entry, "power.thermal_design")
    collector.prior("power.draw")
    if given.host_overhead is not None:
        collector.stated("power.host_overhead", given.host_overhead)
    else:
        collector.prior("power.host_overhead")


def _take_rest(collector: Collector, given: OwnChip) -> None:
    collector.stated("silicon.volume", given.volume)
    never = defaulted("so many chips stand for a volume that nobody reaches")
    collector.found("silicon.never", Range.exact(_NEVER), never)
    for name in ("server", "bought_server"):
        value = getattr(given, name)
        if value is not None:
            collector.stated(f"silicon.{name}", value)
        else:
            collector.found(f"silicon.{name}", Range.exact(0.0), defaulted("server and network are not counted"))
    if given.development is not None:
        collector.stated("silicon.development", given.development)
    else:
        collector.prior("silicon.development")
    for name in ("lifetime", "utilization"):
        value = getattr(given, name)
        if value is not None:
            collector.stated(f"silicon.{name}", value)
        else:
            collector.prior(f"money.ownership.{name}", into=f"silicon.{name}")
