"""What the accelerators of a scenario draw, what their servers draw, and by which of them energy is counted."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Origin
from computecalc.scenario.cluster import ResolvedCluster
from computecalc.scenario.collector import Collector
from computecalc.scenario.origins import figure_origin, stated_origin
from computecalc.scenario.schema import Power, TrainScenario
from computecalc.units.ranges import Range

__all__ = ["resolve_power", "take_hosts", "take_limits"]


def resolve_power(collector: Collector, scenario: TrainScenario, cluster: ResolvedCluster) -> None:
    """Take the accelerator's draw, its thermal design power and the share of the hosts.

    Raises
    ------
    ScenarioError
        CC634, when a basis is asked for whose figure the catalog does not have.
    """
    given = scenario.power
    known = take_limits(collector, given, cluster.accelerator)
    if given.accelerator is None and known and given.basis == "load":
        if "efficiency.mfu" in collector.inputs:
            collector.prior("power.draw", **cluster.labels)
        else:
            # The time of a step is predicted: the draw follows the load of it.
            collector.priors("power.training.idle", "power.training.maximum", **cluster.labels)
    take_hosts(collector, given, cluster.accelerator, cluster.labels)


def take_limits(collector: Collector, given: Power, accelerator: Entry) -> bool:
    """Take what is stated of an accelerator's draw, and its thermal design power; tell whether that is known.

    Raises
    ------
    ScenarioError
        CC634, when all are to draw their thermal design power and it is not known.
    """
    path = "power.thermal_design"
    thermal_design = accelerator.get(path)
    if thermal_design is not None:
        collector.figure(path, accelerator, path)
    else:
        collector.unknown[path] = f"the catalog has no thermal design power of {accelerator.id}"
    if given.accelerator is not None:
        collector.stated("power.accelerator", given.accelerator)
    elif given.basis != "load":
        if thermal_design is None:
            raise _without(collector, given, accelerator, "thermal design power")
        collector.found("power.draw", Range.exact(1.0), stated_origin(collector.place("power.basis")))
    elif thermal_design is None:
        reason = f"the catalog has no thermal design power of {accelerator.id}; state power.accelerator"
        collector.unknown["power.accelerator"] = reason
    return thermal_design is not None


def take_hosts(collector: Collector, given: Power, accelerator: Entry, labels: dict[str, str]) -> None:
    """Take the share of the hosts: the user's, a server's nameplate where that is asked for, else a prior.

    Raises
    ------
    ScenarioError
        CC634, when servers are to draw their nameplate and it is not known.
    """
    path = "power.server_maximum"
    if accelerator.get(path) is not None and given.host_overhead is None:
        # A stated share describes servers of the user's own, whose nameplate nobody knows.
        collector.figure(path, accelerator, path)
    if given.host_overhead is not None:
        collector.stated("power.host_overhead", given.host_overhead)
    elif given.basis == "nameplate":
        _take_nameplate(collector, given, accelerator)
    else:
        collector.prior("power.host_overhead", **labels)


def _take_nameplate(collector: Collector, given: Power, accelerator: Entry) -> None:
    """Take a server's nameplate over the thermal design power of its accelerators: 2.03 for a DGX A100."""
    # Imported here: few count energy like this.
    from computecalc.formulas.power import nameplate_overhead

    figures = [accelerator.get(path) for path in ("power.server_maximum", "server.size", "power.thermal_design")]
    server, size, own = figures
    if server is None or size is None or own is None:
        raise _without(collector, given, accelerator, "server's nameplate")

    def ratio(maximum: float) -> float:
        found = nameplate_overhead(
            server_maximum=maximum, accelerators_per_node=size.value.mid, thermal_design=own.value.mid
        )
        return float(found)

    origin = figure_origin(accelerator, "power.server_maximum", server)
    over = Origin(
        "catalog",
        f"{origin.text}, nameplate over thermal design power",
        origin.span,
        entry=origin.entry,
        source=origin.source,
        certainty="derived",
        as_of=origin.as_of,
        works=origin.works,
    )
    collector.found("power.host_overhead", server.value.map(ratio), over)


def _without(collector: Collector, given: Power, accelerator: Entry, what: str) -> ScenarioError:
    message = f"power.basis is {given.basis}, and the catalog has no {what} of {accelerator.id}"
    hint = "state power.accelerator and power.host_overhead, or leave power.basis out"
    return ScenarioError(Diagnostic("CC634", message, span=collector.place("power.basis"), hint=hint))
