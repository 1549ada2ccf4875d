"""From a merged scenario of kind campus and the catalog to resolved inputs."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, Note, ScenarioError
from computecalc.estimators.campus import CAMPUS_INPUTS
from computecalc.estimators.inputs import Resolved
from computecalc.formulas.buildout import hosted_accelerators
from computecalc.formulas.ownership import peak_draw
from computecalc.scenario.campus_schema import CampusScenario
from computecalc.scenario.collector import Collector
from computecalc.scenario.context import kept
from computecalc.scenario.files import RawScenario
from computecalc.scenario.footprint import resolve_site
from computecalc.scenario.modelless import begun, ended
from computecalc.scenario.origins import stated_origin
from computecalc.scenario.ownership import resolve_ownership
from computecalc.scenario.schema import Power

__all__ = ["resolve_campus", "resolve_draw"]

_INTEREST = "money.ownership.interest"


def resolve_campus(raw: RawScenario, catalog: Catalog) -> Resolved:
    """Resolve a scenario of kind campus.

    Raises
    ------
    ScenarioError
        With every problem that was found, in one pass.
    """
    collector, scenario = begun(raw, catalog, CampusScenario, CAMPUS_INPUTS)
    errors: list[Diagnostic] = list(_question(collector))
    with kept(errors):
        resolve_site(collector, scenario.site)
    with kept(errors):
        place = collector.place("cluster.accelerator")
        accelerator = catalog.find("accelerator", scenario.cluster.accelerator, span=place)
        collector.choose("cluster.accelerator", accelerator.id, stated_origin(place))
        _take_size(collector, scenario, accelerator)
        resolve_draw(collector, scenario.power, accelerator)
        resolve_ownership(collector, scenario.money.ownership, accelerator, scenario.site)
        _take_facility(collector, scenario)
        _check_room(collector)
    return ended(raw, collector, "campus", errors)


def _question(collector: Collector) -> list[Diagnostic]:
    """Return what keeps the size from having one answer."""
    has_power, has_count = (collector.is_stated(path) for path in ("campus.power", "cluster.count"))
    if has_power and has_count:
        note = Note("the count is stated here", collector.place("cluster.count"))
        message = "both `campus.power` and `cluster.count` are stated, but each follows from the other"
        hint = "keep one; set an inherited one to null"
        return [Diagnostic("CC304", message, span=collector.place("campus.power"), hint=hint, notes=(note,))]
    if not has_power and not has_count:
        message = "neither `campus.power` nor `cluster.count` is stated"
        hint = "state the power of the site (power: 1 GW below campus) or the accelerators (count below cluster)"
        return [Diagnostic("CC305", message, span=collector.place("cluster.accelerator"), hint=hint)]
    return []


def _take_size(collector: Collector, scenario: CampusScenario, accelerator: Entry) -> None:
    if scenario.cluster.count is not None:
        collector.stated("cluster.count", scenario.cluster.count)
    if scenario.campus.power is not None:
        collector.stated("campus.power", scenario.campus.power)
    collector.figure("cluster.accelerators_per_node", accelerator, "server.size")
    if scenario.money.price is not None:
        collector.stated("money.price", scenario.money.price)


def resolve_draw(collector: Collector, given: Power, accelerator: Entry) -> None:
    """Take what an accelerator draws at most and on average, and the share of the hosts.

    Raises
    ------
    CatalogError
        CC502, when its thermal design power is not known: it sizes the site.
    """
    labels = {"accelerator": accelerator.id, "generation": accelerator.labels.get("generation", "")}
    collector.figure("power.thermal_design", accelerator, "power.thermal_design")
    if given.accelerator is not None:
        collector.stated("power.accelerator", given.accelerator)
    else:
        collector.prior("power.draw", **labels)
    if given.host_overhead is not None:
        collector.stated("power.host_overhead", given.host_overhead)
    else:
        collector.prior("power.host_overhead", **labels)


def _check_room(collector: Collector) -> None:
    """Refuse a site that does not host a single accelerator at the high ends of what each draws.

    Raises
    ------
    ScenarioError
        CC643.
    """
    power, pue = collector.inputs.get("campus.power"), collector.inputs.get("site.pue")
    if power is None or pue is None:
        return
    thermal, host = (collector.inputs[f"power.{name}"].range.high for name in ("thermal_design", "host_overhead"))
    draw = peak_draw(thermal_design=thermal, host_overhead=host)
    if hosted_accelerators(power=power.range.low, pue=pue.range.high, draw=draw) < 1.0:
        message = "the power of the site hosts no accelerator of this kind"
        raise ScenarioError(Diagnostic("CC643", message, span=power.origin.span, hint="state more power, such as 1 GW"))


def _take_facility(collector: Collector, scenario: CampusScenario) -> None:
    given = scenario.campus
    if collector.is_stated("money.ownership.colocation"):
        message = "`money.ownership.colocation` is stated, but a campus is what colocation would be paid for"
        place = collector.place("money.ownership.colocation")
        hint = "leave it out, and state campus.capital"
        raise ScenarioError(Diagnostic("CC642", message, span=place, hint=hint))
    del collector.inputs["money.ownership.colocation"]
    for path, value in (("campus.capital", given.capital), ("campus.lifetime", given.lifetime)):
        if value is not None:
            collector.stated(path, value)
        else:
            collector.prior(path)
    interest = scenario.money.ownership.interest
    if interest is not None:
        collector.found("campus.interest", interest, stated_origin(collector.place(_INTEREST)))
    else:
        collector.prior(_INTEREST, into="campus.interest")
    # One cost of capital for servers and buildings, however it is stated.
    collector.together(_INTEREST, ["campus.interest"])
