"""The formats of one answer on their way to standard output and files, scenario by scenario where they can be."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from computecalc.cli.answers import destinations
from computecalc.cli.atomic import AtomicFile
from computecalc.cli.failures import write_out
from computecalc.cli.options import ReportOptions, report_style
from computecalc.errors import Diagnostic, UsageError
from computecalc.estimators.results import Estimate
from computecalc.records import record
from computecalc.reports.document import Failure, Pieces, ReportDocument, ReportStyle

__all__ = ["Formats", "Outputs", "told"]

_PAGES = frozenset({"html"})
"""Formats that show all of a scenario, and are written at the end."""

Write = Callable[[str], object]
Outcome = Estimate | Failure


@record
class Formats:
    """The formats that a command writes: scenario by scenario, or when all scenarios are through."""

    names: Collection[str]
    piecewise: Collection[str]
    """Those that are written scenario by scenario; the others when all are through, and most of these say what is wrong
    with a scenario and need no more of it."""
    pieces: Callable[[str, ReportDocument, ReportStyle], Pieces]
    """Gives one of these for what is known before the first scenario."""
    whole: Callable[[str, ReportDocument, ReportStyle], str]
    """Gives any other."""


class Outputs:
    """All formats of one answer.

    A file that cannot be written keeps its old content; the others are written all the same.
    """

    def __init__(self, formats: Formats, options: ReportOptions, document: ReportDocument) -> None:
        self._formats, self._document, self._style = formats, document, report_style(options)
        shown, files = destinations(options, formats.names)
        self._shown, self._wanted = shown, files
        self._outputs: dict[AtomicFile | None, _Output] = {}
        self._kept: list[Outcome] = []
        late = {shown, *(name for name, _ in files)} - set(formats.piecewise)
        self._keeps = bool(late)
        self._kept_of: Callable[[Outcome], Outcome] = told if late.isdisjoint(_PAGES) else lambda outcome: outcome
        self.unwritten: list[Diagnostic] = []
        """Why files could not be written."""

    def __enter__(self) -> Self:
        """Open them: files first, whose folders may be wrong."""
        for name, path in self._wanted:
            self._open(name, path)
        self._outputs[None] = self._output(self._shown, write_out)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give files their names where all went well."""
        for file in list(self._outputs):
            if file is not None:
                self._close(file, error)

    def add(self, outcome: Outcome) -> None:
        """Write a scenario to all formats that can take it now."""
        if self._keeps:
            self._kept.append(self._kept_of(outcome))
        self._each(lambda output: output.add(outcome))

    def end(self, document: ReportDocument) -> None:
        """Write what comes after the last scenario, and the formats that need all of them."""
        whole = replace(document, outcomes=tuple(self._kept)) if self._keeps else document
        self._each(lambda output: output.end(document, whole))

    def _output(self, name: str, write: Write) -> _Output:
        formats = self._formats
        pieces = formats.pieces(name, self._document, self._style) if name in formats.piecewise else None
        return _Output(pieces, write, lambda document: formats.whole(name, document, self._style))

    def _open(self, name: str, path: Path) -> None:
        file = AtomicFile(path)
        try:
            file.__enter__()
        except UsageError as error:
            self.unwritten += error.diagnostics
        else:
            self._outputs[file] = self._output(name, file.write)

    def _each(self, act: Callable[[_Output], None]) -> None:
        for file, output in list(self._outputs.items()):
            try:
                act(output)
            except UsageError as error:  # CC104: of standard output it is an OSError, which ends the program
                if file is None:
                    raise
                self.unwritten += error.diagnostics
                self._close(file, error)

    def _close(self, file: AtomicFile, error: BaseException | None) -> None:
        del self._outputs[file]
        try:
            file.__exit__(type(error) if error is not None else None, error, None)
        except UsageError as problem:
            self.unwritten += problem.diagnostics


def told(outcome: Outcome) -> Outcome:
    """Return what formats that are written at the end say of a scenario, which is a small part of it."""
    if isinstance(outcome, Failure):
        return outcome
    return Estimate(outcome.name, outcome.kind, outcome.source, {}, {}, {}, {}, outcome.diagnostics)


class _Output:
    """One format on its way to one place."""

    def __init__(self, pieces: Pieces | None, write: Write, whole: Callable[[ReportDocument], str]) -> None:
        self._pieces, self._write, self._whole = pieces, write, whole
        self._is_first = True

    def add(self, outcome: Outcome) -> None:
        if self._pieces is not None:
            self._write((self._pieces.head if self._is_first else self._pieces.between) + self._pieces.each(outcome))
            self._is_first = False

    def end(self, document: ReportDocument, whole: ReportDocument) -> None:
        if self._pieces is None:
            self._write(self._whole(whole))
            return
        # Where there is no scenario at all, the head was not written.
        self._write((self._pieces.head if self._is_first else "") + self._pieces.tail(document))
