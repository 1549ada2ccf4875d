"""From files with budgets to what is printed of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from computecalc.api.judging import judgement
from computecalc.catalog.lookup import Catalog
from computecalc.checks.baselines import Baseline
from computecalc.checks.budgets import Budget
from computecalc.cli.answers import outcomes_of, put_out
from computecalc.cli.failures import report_diagnostics
from computecalc.cli.options import ReportOptions
from computecalc.cli.repeated import Repeated
from computecalc.errors import Diagnostic
from computecalc.reports.document import Failure
from computecalc.reports.formats import CHECK_FORMATS, render_check
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
    estimating = partial(outcomes_of, quiet=options.quiet)
    document = judgement(
        files, stated, baseline, catalog, most_levers=most_levers, unread=unread, estimating=estimating
    )
    code = put_out(document, options, CHECK_FORMATS, render_check)
    report_diagnostics(document.diagnostics[len(unread) :])
    failures = Repeated()
    for outcome in document.outcomes:
        if isinstance(outcome, Failure):
            failures.add(outcome.name, outcome.diagnostics)
    failures.report()
    return code
