"""Scenarios that have no model, such as campuses and chips of one's own: how they begin and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

from pydantic import BaseModel

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.input_units import INPUTS, InputUnit
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.money_inputs import MONEY_INPUTS
from computecalc.scenario.collector import Collector
from computecalc.scenario.context import in_context
from computecalc.scenario.files import RawScenario
from computecalc.scenario.origins import stated_origin
from computecalc.scenario.overlooked import unknown_names
from computecalc.yamlio.validation import validate

__all__ = ["begun", "ended"]

Form = TypeVar("Form", bound=BaseModel)


def begun(
    raw: RawScenario, catalog: Catalog, form: type[Form], units: Mapping[str, InputUnit]
) -> tuple[Collector, Form]:
    """Read a scenario in its form, and return it with what collects its inputs, of `units` beside the common ones.

    Raises
    ------
    ScenarioError
        With every problem of the form, and every name that nobody knows.
    """
    collector = Collector(raw.node, catalog, units={**INPUTS, **MONEY_INPUTS, **units})
    try:
        return collector, validate(form, raw.node)
    except ScenarioError as error:
        found = [*error.diagnostics, *unknown_names(raw.node, catalog)]
        raise ScenarioError(*in_context(found, raw)) from error


def ended(
    raw: RawScenario, collector: Collector, kind: Literal["campus", "silicon"], errors: Sequence[Diagnostic]
) -> Resolved:
    """Return what was collected.

    Raises
    ------
    ScenarioError
        With the errors, where there are any.
    """
    if errors:
        raise ScenarioError(*in_context(errors, raw))
    return Resolved(
        name=raw.name,
        kind=kind,
        architecture=None,
        model_origin=stated_origin(raw.span),
        inputs=collector.inputs,
        choices=collector.choices,
        source=raw.span,
        diagnostics=(*collector.diagnostics, *raw.notes),
        unknown=collector.unknown,
    )
