"""Answers of many scenarios: written as they are found, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace

from computecalc.catalog.lookup import Catalog
from computecalc.cli.answers import destinations, factor_kinds, outcomes_of, side_by_side
from computecalc.cli.atomic import AtomicFile
from computecalc.cli.failures import report_diagnostics, write_out
from computecalc.cli.options import ReportOptions, report_style
from computecalc.cli.repeated import Repeated
from computecalc.errors import Diagnostic, UsageError
from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, Pieces, ReportDocument, ReportStyle
from computecalc.reports.formats import FORMATS, PIECEWISE, pieces, render
from computecalc.scenario.files import RawScenario

__all__ = ["stream_answer"]

Write = Callable[[str], object]


def stream_answer(
    scenarios: Sequence[RawScenario], catalog: Catalog, options: ReportOptions, *, unread: Sequence[Diagnostic] = ()
) -> int:
    """Estimate scenarios, write each to all outputs when it is known, and return the exit code.

    Formats that need all scenarios at once (CSV) are written at the end, and keep them till then.
    """
    style = report_style(options)
    shown, files = destinations(options, FORMATS)
    document = ReportDocument((), catalog.version, catalog.digest, 0, diagnostics=tuple(unread))
    said = Repeated()
    unwritten: list[Diagnostic] = []
    kinds: dict[str, str] = {}
    failed = 0
    with ExitStack() as stack:
        outputs = [_Output(shown, write_out, document, style)]
        for name, path in files:
            try:
                outputs.append(_Output(name, stack.enter_context(AtomicFile(path)).write, document, style))
            except UsageError as error:
                unwritten += error.diagnostics
        for outcome in outcomes_of(scenarios, catalog, quiet=options.quiet):
            failed += isinstance(outcome, Failure)
            kinds |= factor_kinds([outcome])
            if isinstance(outcome, Failure) or not options.quiet:
                said.add(outcome.name, outcome.diagnostics)
            for output in outputs:
                output.add(outcome)
        code = 2 if failed or unread or unwritten else 0
        done = replace(document, exit_code=code, failed=failed)
        for output in outputs:
            output.end(done)
    report_diagnostics(unwritten)
    said.report()
    if not options.quiet:
        report_diagnostics(side_by_side(kinds))
    return code


class _Output:
    """One format on its way to one place."""

    def __init__(self, name: str, write: Write, document: ReportDocument, style: ReportStyle) -> None:
        self._name, self._write, self._style = name, write, style
        self._pieces: Pieces | None = pieces(name, document, style) if name in PIECEWISE else None
        self._kept: list[Estimate | Failure] = []
        self._is_first = True

    def add(self, outcome: Estimate | Failure) -> None:
        """Write a scenario, or keep it where the format needs all of them."""
        if self._pieces is None:
            self._kept.append(outcome)
            return
        self._write((self._pieces.head if self._is_first else self._pieces.between) + self._pieces.each(outcome))
        self._is_first = False

    def end(self, document: ReportDocument) -> None:
        """Write what comes after the last scenario."""
        if self._pieces is None:
            self._write(render(self._name, replace(document, outcomes=tuple(self._kept)), self._style))
            return
        self._write(self._pieces.tail(document))
