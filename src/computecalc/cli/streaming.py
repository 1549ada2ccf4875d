"""Answers of many scenarios: written as they are found, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from computecalc.catalog.lookup import Catalog
from computecalc.cli.answers import factor_kinds, outcomes_of, side_by_side
from computecalc.cli.failures import report_diagnostics
from computecalc.cli.options import ReportOptions
from computecalc.cli.outputs import Formats, Outputs
from computecalc.cli.repeated import Repeated
from computecalc.errors import Diagnostic
from computecalc.reports.document import Failure, ReportDocument
from computecalc.reports.formats import FORMATS, PIECEWISE, pieces, render
from computecalc.scenario.files import RawScenario

__all__ = ["stream_answer"]


def stream_answer(
    scenarios: Sequence[RawScenario], catalog: Catalog, options: ReportOptions, *, unread: Sequence[Diagnostic] = ()
) -> int:
    """Estimate scenarios, write each to all outputs when it is known, and return the exit code.

    Formats of jobs are written at the end, and need little of each scenario.
    """
    document = ReportDocument((), catalog.version, catalog.digest, 0, diagnostics=tuple(unread))
    said = Repeated()
    kinds: dict[str, str] = {}
    failed = 0
    formats = Formats(FORMATS, PIECEWISE, partial(pieces, is_sampled=_any_sampled(scenarios)), render)
    with Outputs(formats, options, document) as outputs:
        for outcome in outcomes_of(scenarios, catalog, quiet=options.quiet):
            failed += isinstance(outcome, Failure)
            kinds |= factor_kinds([outcome])
            if isinstance(outcome, Failure) or not options.quiet:
                said.add(outcome.name, outcome.diagnostics)
            outputs.add(outcome)
        code = 2 if failed or unread or outputs.unwritten else 0
        outputs.end(replace(document, exit_code=code, failed=failed))
    report_diagnostics(outputs.unwritten)
    said.report()
    if not options.quiet:
        report_diagnostics(side_by_side(kinds))
    return 2 if outputs.unwritten else code


def _any_sampled(scenarios: Sequence[RawScenario]) -> bool:
    asking = [raw.node for raw in scenarios if "uncertainty" in raw.node.entries]
    if not asking:
        return False
    # Imported here: few scenarios say how ranges are found.
    from computecalc.scenario.uncertainty import is_sampled

    return any(map(is_sampled, asking))
