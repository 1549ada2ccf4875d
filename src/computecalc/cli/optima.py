"""From the outcomes of a search to what is printed."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from computecalc.api.searching import Request, check_measure, searched
from computecalc.catalog.lookup import Catalog
from computecalc.cli.answers import check_plot, write_atomically
from computecalc.cli.failures import report_diagnostics, write_out
from computecalc.cli.options import ReportOptions, pairs, report_style
from computecalc.errors import Diagnostic, UsageError, did_you_mean
from computecalc.reports.document import Failure, ReportStyle
from computecalc.reports.formats import PICTURES
from computecalc.reports.optimum import OPTIMUM_FORMATS, OptimumDocument, render_optimum
from computecalc.scenario.files import RawScenario

__all__ = ["answer_search"]


def answer_search(scenarios: Sequence[RawScenario], catalog: Catalog, request: Request, options: ReportOptions) -> int:
    """Search scenarios, print what is best, write the files asked for, and return the exit code."""
    style = report_style(options)
    check_plot(options)
    if options.format in PICTURES:
        hint = f"-o {options.format}=PATH writes it to a file"
        raise UsageError(Diagnostic("CC101", f"{options.format} is a picture, and no text", hint=hint))
    shown = _known_format(options.format or ("table" if sys.stdout.isatty() else "plain"), OPTIMUM_FORMATS)
    wanted = [pair for text in options.output for pair in pairs([text], "--output", "json=best.json").items()]
    files = [(_known_format(name, (*OPTIMUM_FORMATS, *PICTURES)), Path(path)) for name, path in wanted]
    if request.by is not None:
        check_measure(request.by, scenarios)
    outcomes = tuple(searched(raw, catalog, request) for raw in scenarios)
    code = 2 if any(isinstance(outcome, Failure) for outcome in outcomes) else 0
    document = OptimumDocument(outcomes, catalog.version, catalog.digest, code)
    unwritten: list[Diagnostic] = []
    for name, path in files:
        try:
            write_atomically(path, _rendered(name, document, style))
        except UsageError as error:
            unwritten += error.diagnostics
    write_out(render_optimum(shown, document, style))
    if options.plot:
        from computecalc.reports.plots.terminal import plot_search

        write_out(plot_search(document, style, is_plain=shown == "plain"))
    report_diagnostics(unwritten)
    for outcome in outcomes:
        if isinstance(outcome, Failure) or not options.quiet:
            report_diagnostics(outcome.diagnostics)
    return 2 if unwritten else code


def _rendered(name: str, document: OptimumDocument, style: ReportStyle) -> str | bytes:
    if name not in PICTURES:
        return render_optimum(name, document, style)
    from computecalc.reports.plots.pictures import search_picture

    return search_picture(name, document, style)


def _known_format(name: str, formats: Collection[str]) -> str:
    if name not in formats:
        near = did_you_mean(name, formats)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(formats)}"
        raise UsageError(Diagnostic("CC101", f"there is no format {name!r} of a search", hint=hint))
    return name
