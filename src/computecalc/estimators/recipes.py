"""The recipe of each kind of scenario, imported when the first scenario of its kind is estimated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.formulas.table import Numeric
from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.estimators.results import MetricValue

__all__ = ["Number", "Recipe", "recipe_of"]

Number = Callable[[ResolvedInput], Numeric]
"""Hands out what stands for an input: its middle, an array over cases, or a traced float."""


@record
class Recipe:
    """What an estimate does that depends on the kind of its scenario."""

    metrics: Callable[[Resolved, Number], dict[str, Numeric]]
    """Metric id to value; metrics whose inputs are not known are left out."""
    unknown: Callable[[Resolved], dict[str, str]]
    """Metrics that cannot be given, each with the reason."""
    judged: Callable[[Resolved, Mapping[str, MetricValue]], tuple[dict[str, MetricValue], tuple[Diagnostic, ...]]]
    """The outputs made honest, and the warnings about the plan."""


def recipe_of(kind: str) -> Recipe:
    """Return the recipe of a kind; it imports what only this kind needs."""
    match kind:
        case "infer":
            from computecalc.estimators.inference.checks import service_diagnostics, unknown_service_metrics
            from computecalc.estimators.inference.resolved import service_metrics

            return Recipe(service_metrics, unknown_service_metrics, service_diagnostics)
        case "campus":
            from computecalc.estimators.campus import campus_diagnostics, campus_metrics, unknown_campus_metrics

            return Recipe(campus_metrics, unknown_campus_metrics, campus_diagnostics)
        case "silicon":
            from computecalc.estimators.own_chip import chip_diagnostics, chip_metrics, unknown_chip_metrics

            return Recipe(chip_metrics, unknown_chip_metrics, chip_diagnostics)
        case _:
            from computecalc.estimators.training.checks import plan_diagnostics, unknown_metrics
            from computecalc.estimators.training.resolved import training_metrics

            return Recipe(training_metrics, unknown_metrics, plan_diagnostics)
