"""Embodied carbon of a scenario: method, figures of accelerator and host, and how they are shared out."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Origin
from computecalc.scenario.collector import Collector
from computecalc.scenario.origins import defaulted
from computecalc.scenario.schema import Embodied

__all__ = ["resolve_embodied"]

_METHODS = ("vendor", "teardown", "assessment", "model", "area")
_AREA = "derived.embodied"


def resolve_embodied(collector: Collector, given: Embodied, accelerator: Entry) -> None:
    """Take the carbon of making accelerator and host, its lifetime and use; all of it or nothing.

    Raises
    ------
    ScenarioError
        CC633, when the catalog has no figure of the method that is asked for.
    """
    if not _take_accelerator(collector, given, accelerator):
        return
    open_paths = []
    for name in ("host", "lifetime", "utilization"):
        value, path = getattr(given, name), f"embodied.{name}"
        if value is not None:
            collector.stated(path, value)
        else:
            open_paths.append(path)
    collector.priors(*open_paths, accelerator=accelerator.id)
    # Methods that count more of an accelerator count more of its server: their range is one uncertainty.
    collector.together("embodied", ("embodied.accelerator", "embodied.host"))


def _take_accelerator(collector: Collector, given: Embodied, accelerator: Entry) -> bool:
    method = given.method
    if given.accelerator is not None:
        collector.stated("embodied.accelerator", given.accelerator)
        return True
    path = "embodied" if method == "all" else f"embodied_by.{method}"
    if accelerator.get(path) is not None:
        collector.figure("embodied.accelerator", accelerator, path)
    elif method not in ("all", "area") or not _take_area(collector, accelerator):
        if method != "all":
            raise _without(collector, method, accelerator)
        reason = f"the catalog has no embodied carbon of {accelerator.id}; state embodied.accelerator"
        collector.unknown["embodied.accelerator"] = reason
        return False
    elif method == "all":
        method = "area"
    collector.choose_stated("embodied.method", method, defaulted(_why(method)))
    return True


def _why(method: str) -> str:
    return "the one that the catalog can follow" if method == "area" else "the range over the methods that are known"


def _take_area(collector: Collector, accelerator: Entry) -> bool:
    """Derive the figure from dies, memory and package, where the entry states them; tell whether it does."""
    if not any(path.startswith("silicon.") for path in accelerator.facts):
        return False
    # Imported here: only descriptions of custom chips state their manufacture.
    from computecalc.estimators.silicon import manufacturing_figures

    figures = {figure.path: figure for figure in manufacturing_figures(accelerator)}
    found = figures.get(_AREA)
    if found is None or found.value is None:
        return False
    origin = Origin(
        "catalog",
        f"accelerator {accelerator.id}, area method",
        accelerator.span,
        entry=f"accelerator/{accelerator.id} {_AREA}",
        certainty="derived",
        note=f"{found.formula}: cradle to gate, without server, transport and end of life",
    )
    collector.found("embodied.accelerator", found.value, origin)
    return True


def _without(collector: Collector, method: str, accelerator: Entry) -> ScenarioError:
    known = [name for name in _METHODS if accelerator.get(f"embodied_by.{name}") is not None]
    has = f"it has {', '.join(known)}" if known else "it has none of a named method"
    message = f"the catalog has no embodied carbon of {accelerator.id} by the method {method}; {has}"
    hint = "choose another method, leave it out for the range over all, or state embodied.accelerator"
    if method == "area":
        hint = "describe its dies, memory and package in an entry of your own (silicon.*), or choose another method"
    return ScenarioError(Diagnostic("CC633", message, span=collector.place("embodied.method"), hint=hint))
