"""A scenario with one input changed: what a metric would be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from computecalc.catalog.lookup import Catalog
from computecalc.checks.expressions import Check
from computecalc.checks.levers import Lever, Outcome, levers, scalar_keys
from computecalc.errors import ComputecalcError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate_metrics
from computecalc.scenario.files import RawScenario
from computecalc.scenario.resolve import resolve
from computecalc.units.fields import Quantity
from computecalc.yamlio.nodes import MappingNode, Node, from_flag, mapping_from_paths, merge

__all__ = ["levers_on"]


def levers_on(raw: RawScenario, catalog: Catalog, check: Check, tested: float, *, today: date) -> tuple[Lever, ...]:
    """Find what would mend a broken limit of a scenario, each input changed alone.

    Parameters
    ----------
    raw : RawScenario
        The scenario as it is written.
    catalog : Catalog
        Where its figures come from.
    check : Check
        The limit.
    tested : float
        The metric at the end of its range that the limit looks at.
    today : date
        The day against which prices are judged.
    """
    resolved = resolve(raw, catalog, today=today)
    at = _changed(raw, catalog, resolved, check, today)
    return levers(resolved, check, tested, _keys(resolved.kind), at)


def _keys(kind: str) -> dict[str, Quantity]:
    if kind == "infer":
        from computecalc.scenario.serving.schema import InferScenario

        return scalar_keys(InferScenario)
    from computecalc.scenario.schema import TrainScenario

    return scalar_keys(TrainScenario)


def _changed(
    raw: RawScenario, catalog: Catalog, resolved: Resolved, check: Check, today: date
) -> Callable[[str, float], Outcome]:
    found = _found_layout(resolved)

    def at(path: str, value: float) -> Outcome:
        unit = resolved.inputs[path].formula_unit
        text = repr(value) if unit == "1" else f"{value!r} {unit}"
        values: dict[str, Node] = {path: from_flag(path, text)}
        if path != "cluster.count":  # other counts need other layouts: searched anew
            values |= found
        node = merge(raw.node, mapping_from_paths(values))
        if not isinstance(node, MappingNode):
            raise TypeError("a scenario is a mapping")
        try:
            changed = resolve(RawScenario(raw.name, node, raw.span), catalog, today=today)
            metric = estimate_metrics(changed, [check.metric])[check.metric]
        except ComputecalcError as error:
            return error.diagnostics[0].message
        value_found = {"low": metric.low, "high": metric.high}.get(check.end or "", metric.mid)
        return value_found if value_found is not None else metric.reason

    return at


def _found_layout(resolved: Resolved) -> dict[str, Node]:
    """The layout that was searched, as if it had been stated: it need not be searched for each value again."""
    found: dict[str, Node] = {}
    for path, given in resolved.inputs.items():
        if path.startswith("layout.") and given.origin.kind == "search" and path != "layout.data":
            found[path] = from_flag(path, f"{given.range.mid:.0f}")
    for path, choice in resolved.choices.items():
        if path.startswith("layout.") and choice.origin.kind == "search":
            found[path] = from_flag(path, choice.value)
    return found
