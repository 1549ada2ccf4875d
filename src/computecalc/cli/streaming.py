"""Answers of many scenarios: written as they are found, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from computecalc.catalog.lookup import Catalog
from computecalc.cli.answers import factor_kinds, judged_document, outcomes_of, side_by_side
from computecalc.cli.failures import report_diagnostics
from computecalc.cli.options import ReportOptions
from computecalc.cli.outputs import Formats, Outputs
from computecalc.cli.repeated import Repeated
from computecalc.errors import Diagnostic
from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument
from computecalc.reports.formats import FORMATS, PIECEWISE, pieces, render
from computecalc.scenario.files import RawScenario

if TYPE_CHECKING:
    from computecalc.checks.budgets import Budget
    from computecalc.checks.verdicts import Judge

__all__ = ["stream_answer"]


def stream_answer(
    scenarios: Sequence[RawScenario],
    catalog: Catalog,
    options: ReportOptions,
    *,
    limits: Sequence[Budget] = (),
    unread: Sequence[Diagnostic] = (),
) -> int:
    """Estimate scenarios, write each to all outputs when it is known, and return the exit code; see `answer`.

    Formats of jobs are written at the end, and need little of each scenario.
    """
    document = ReportDocument((), catalog.version, catalog.digest, 0, diagnostics=tuple(unread))
    said, judge = Repeated(), _judge(limits)
    kinds: dict[str, str] = {}
    failed = 0
    formats = Formats(FORMATS, PIECEWISE, partial(pieces, is_sampled=_any_sampled(scenarios)), render)
    with Outputs(formats, options, document) as outputs:
        for outcome in outcomes_of(scenarios, catalog, quiet=options.quiet):
            failed += isinstance(outcome, Failure)
            kinds |= factor_kinds([outcome])
            if isinstance(outcome, Failure) or not options.quiet:
                said.add(outcome.name, outcome.diagnostics)
            estimate = outcome if isinstance(outcome, Estimate) else None
            outputs.add(outcome, () if judge is None else judge.add(outcome.name, estimate))
        code = 2 if failed or unread or outputs.unwritten else 0
        done = replace(document, exit_code=code, failed=failed)
        if judge is not None:
            done = judged_document(done, *judge.verdicts())
        outputs.end(done)
    report_diagnostics(outputs.unwritten)
    said.report()
    if not options.quiet:
        report_diagnostics(side_by_side(kinds))
    return 2 if outputs.unwritten else done.exit_code


def _judge(limits: Sequence[Budget]) -> Judge | None:
    if not limits:
        return None
    # Imported here: most runs have no limits.
    from computecalc.checks.verdicts import Judge

    return Judge(limits, today=date.today())


def _any_sampled(scenarios: Sequence[RawScenario]) -> bool:
    asking = [raw.node for raw in scenarios if "uncertainty" in raw.node.entries]
    if not asking:
        return False
    # Imported here: few scenarios say how ranges are found.
    from computecalc.scenario.uncertainty import is_sampled

    return any(map(is_sampled, asking))
