"""A table of measured runs, set beside the estimates of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from computecalc.checks.measured_comparison import compared
from computecalc.checks.measured_runs import MeasuredRun
from computecalc.cli.failures import report_diagnostics
from computecalc.estimators.results import Estimate
from computecalc.reports.document import ReportDocument

__all__ = ["beside_measured"]


def beside_measured(document: ReportDocument, runs: Sequence[MeasuredRun]) -> ReportDocument:
    """Return a document with the comparisons; a run that can be compared with nothing makes the exit code 2."""
    estimates = [outcome for outcome in document.outcomes if isinstance(outcome, Estimate)]
    failed = [outcome.name for outcome in document.outcomes if not isinstance(outcome, Estimate)]
    comparisons, errors = compared(runs, estimates, failed)
    report_diagnostics(errors)
    return replace(
        document,
        measured=tuple(comparisons),
        diagnostics=(*document.diagnostics, *errors),
        exit_code=2 if errors else document.exit_code,
    )
