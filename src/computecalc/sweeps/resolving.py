"""Resolving single points of a sweep, and comparing what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ComputecalcError
from computecalc.estimators.inputs import Resolved
from computecalc.records import record
from computecalc.scenario.resolve import resolve
from computecalc.sweeps.plan import Plan
from computecalc.yamlio.nodes import Node

__all__ = ["Outcome", "Refusal", "Resolver", "has_same_form", "mid_of", "moved_inputs"]

_SHAPING = "model."
"""Start of the inputs that stand in shapes: a recipe takes them as numbers, never as columns."""

Values = Mapping[str, Node]


@record
class Refusal:
    """Why a point cannot be estimated."""

    code: str
    reason: str
    error: ComputecalcError | None = None

    @classmethod
    def of(cls, error: ComputecalcError) -> Refusal:
        """Return the first thing that is wrong."""
        first = error.diagnostics[0]
        return cls(first.code, " ".join(first.message.split()), error)


Outcome = Resolved | Refusal


class Resolver:
    """Resolves points of one plan."""

    def __init__(self, plan: Plan, catalog: Catalog) -> None:
        self._plan, self._catalog, self._today = plan, catalog, date.today()

    def at(self, values: Values, *, name: str = "") -> Outcome:
        """Resolve the scenario with these values, or say why it cannot be."""
        try:
            return resolve(self._plan.raw(values, name=name or self._plan.name), self._catalog, today=self._today)
        except ComputecalcError as error:
            return Refusal.of(error)


def has_same_form(first: Resolved, other: Resolved) -> bool:
    """Tell whether two scenarios differ in numbers alone, so that they can be columns of one array."""
    return (
        first.inputs.keys() == other.inputs.keys()
        and first.unknown.keys() == other.unknown.keys()
        and {path: choice.value for path, choice in first.choices.items()}
        == {path: choice.value for path, choice in other.choices.items()}
        and first.kind == other.kind
        and first.architecture == other.architecture
        and first.draft == other.draft
        and _overrides(first) == _overrides(other)
        and _writes(first) == _writes(other)
        and all(mid_of(first, path) == mid_of(other, path) for path in first.inputs if path.startswith(_SHAPING))
    )


def moved_inputs(first: Resolved, other: Resolved) -> set[str]:
    """Return the inputs that differ between two scenarios of one form."""
    return {path for path, given in first.inputs.items() if given.range.mid != other.inputs[path].range.mid}


def mid_of(resolved: Resolved, path: str) -> float:
    """Return the middle of an input."""
    return resolved.inputs[path].range.mid


def _overrides(resolved: Resolved) -> dict[str, float]:
    return {name: given.range.mid for name, given in resolved.overrides.items()}


def _writes(resolved: Resolved) -> bool:
    """Whether a service puts anything out: without output it has other metrics."""
    return (given := resolved.inputs.get("traffic.output")) is not None and given.range.high > 0.0
