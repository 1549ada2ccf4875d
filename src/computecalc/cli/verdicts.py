"""From files with budgets to what is printed of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from computecalc.api.judging import judgement
from computecalc.catalog.lookup import Catalog
from computecalc.checks.baselines import Baseline
from computecalc.checks.budgets import Budget
from computecalc.cli.answers import outcomes_of
from computecalc.cli.failures import report_diagnostics
from computecalc.cli.options import ReportOptions
from computecalc.cli.outputs import Formats, Outputs, told
from computecalc.cli.repeated import Repeated
from computecalc.errors import Diagnostic
from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument
from computecalc.reports.formats import CHECK_FORMATS, pieces, render_check
from computecalc.scenario.loading import LoadedFile

__all__ = ["answer_check"]


def answer_check(
    files: Sequence[LoadedFile],
    stated: Sequence[Budget],
    baseline: Baseline | None,
    catalog: Catalog,
    options: ReportOptions,
    *,
    most_levers: int,
    unread: Sequence[Diagnostic] = (),
) -> int:
    """Judge the budgets of files, print the verdicts, write the files asked for, and return the exit code.

    Parameters
    ----------
    files, stated, baseline, catalog, most_levers
        As `judgement` takes them.
    options : ReportOptions
        Formats and style.
    unread : sequence of Diagnostic
        Why files could not be read at all; they have been printed, and make the exit code 2.
    """
    failures = Repeated()
    blank = ReportDocument((), catalog.version, catalog.digest, 0)
    with Outputs(_FORMATS, options, blank) as outputs:

        def kept(outcome: Estimate | Failure) -> Estimate | Failure:
            outputs.add(outcome)
            if isinstance(outcome, Failure):
                failures.add(outcome.name, outcome.diagnostics)
            return told(outcome)

        document = judgement(
            files,
            stated,
            baseline,
            catalog,
            most_levers=most_levers,
            unread=unread,
            estimating=partial(outcomes_of, quiet=options.quiet),
            kept=kept,
        )
        outputs.end(replace(document, exit_code=2) if outputs.unwritten else document)
    report_diagnostics([*outputs.unwritten, *document.diagnostics[len(unread) :]])
    failures.report()
    return 2 if outputs.unwritten else document.exit_code


_FORMATS = Formats(CHECK_FORMATS, ("json",), pieces, render_check)
