"""From the outcomes of a search to what is printed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from computecalc.api.searching import Request, check_measure, searched
from computecalc.catalog.lookup import Catalog
from computecalc.cli.answers import write_atomically
from computecalc.cli.failures import report_diagnostics, write_out
from computecalc.cli.options import ReportOptions, pairs, report_style
from computecalc.errors import Diagnostic, UsageError, did_you_mean
from computecalc.reports.document import Failure
from computecalc.reports.optimum import OPTIMUM_FORMATS, OptimumDocument, render_optimum
from computecalc.scenario.files import RawScenario

__all__ = ["answer_search"]


def answer_search(scenarios: Sequence[RawScenario], catalog: Catalog, request: Request, options: ReportOptions) -> int:
    """Search scenarios, print what is best, write the files asked for, and return the exit code."""
    style = report_style(options)
    shown = _known_format(options.format or ("table" if sys.stdout.isatty() else "plain"))
    wanted = [pair for text in options.output for pair in pairs([text], "--output", "json=best.json").items()]
    files = [(_known_format(name), Path(path)) for name, path in wanted]
    if request.by is not None:
        check_measure(request.by, scenarios)
    outcomes = tuple(searched(raw, catalog, request) for raw in scenarios)
    code = 2 if any(isinstance(outcome, Failure) for outcome in outcomes) else 0
    document = OptimumDocument(outcomes, catalog.version, catalog.digest, code)
    unwritten: list[Diagnostic] = []
    for name, path in files:
        try:
            write_atomically(path, render_optimum(name, document, style))
        except UsageError as error:
            unwritten += error.diagnostics
    write_out(render_optimum(shown, document, style))
    report_diagnostics(unwritten)
    for outcome in outcomes:
        if isinstance(outcome, Failure) or not options.quiet:
            report_diagnostics(outcome.diagnostics)
    return 2 if unwritten else code


def _known_format(name: str) -> str:
    if name not in OPTIMUM_FORMATS:
        near = did_you_mean(name, OPTIMUM_FORMATS)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(OPTIMUM_FORMATS)}"
        raise UsageError(Diagnostic("CC101", f"there is no format {name!r} of a search", hint=hint))
    return name
