"""From raw scenarios to estimates, one or many at once; what is wrong with one is kept, so that others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ComputecalcError
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import Estimate, estimate
from computecalc.reports.document import Failure
from computecalc.scenario.files import RawScenario
from computecalc.scenario.resolve import resolve

__all__ = ["TOGETHER", "estimate_one", "estimate_or_failure", "estimated"]

TOGETHER = 512
"""Scenarios that are estimated together: enough for columns, few enough to be thrown away soon."""


def estimate_one(raw: RawScenario, catalog: Catalog) -> Estimate:
    """Estimate one scenario.

    Raises
    ------
    ComputecalcError
        When there is no answer.
    """
    return estimate(resolve(raw, catalog, today=date.today()))


def estimate_or_failure(raw: RawScenario, catalog: Catalog) -> Estimate | Failure:
    """Estimate one scenario; what is wrong with it is kept, so that others go on."""
    try:
        return estimate_one(raw, catalog)
    except ComputecalcError as error:
        return Failure(raw.name, raw.span, error.diagnostics)


def estimated(
    scenarios: Sequence[RawScenario], catalog: Catalog, done: Callable[[RawScenario], object] | None = None
) -> Iterator[Estimate | Failure]:
    """Estimate scenarios in order, many at once.

    Parameters
    ----------
    scenarios : sequence of RawScenario
        What to estimate.
    catalog : Catalog
        Where figures come from.
    done : callable, optional
        Told of each scenario that was resolved, as by a bar of progress.
    """
    if len(scenarios) == 1:
        yield estimate_or_failure(scenarios[0], catalog)
        return
    # Imported here: one scenario needs no columns.
    from computecalc.estimators.together import estimate_together

    today = date.today()
    for start in range(0, len(scenarios), TOGETHER):
        chunk = scenarios[start : start + TOGETHER]
        resolved: dict[int, Resolved] = {}
        failed: dict[int, ComputecalcError] = {}
        for place, raw in enumerate(chunk):
            try:
                resolved[place] = resolve(raw, catalog, today=today)
            except ComputecalcError as error:
                failed[place] = error
            if done is not None:
                done(raw)
        found: dict[int, Estimate | ComputecalcError] = {**failed}
        found |= zip(resolved, estimate_together(list(resolved.values())), strict=True)
        for place, raw in enumerate(chunk):
            outcome = found[place]
            yield Failure(raw.name, raw.span, outcome.diagnostics) if isinstance(outcome, ComputecalcError) else outcome
