"""What a job should show of a document: broken limits, failures and warnings, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from computecalc.checks.verdicts import Verdict
from computecalc.errors import Diagnostic, Span
from computecalc.records import record
from computecalc.reports.check_rows import check_rows
from computecalc.reports.document import ReportDocument, ReportStyle

__all__ = ["Finding", "Level", "file_of", "findings", "level_of", "outcome_line", "path_below_here", "verdict_message"]

Level = Literal["error", "warning", "note"]

_ORDER: dict[Level, int] = {"error": 0, "warning": 1, "note": 2}


@record
class Finding:
    """One thing that a job shows."""

    level: Level
    rule: str
    """The diagnostic's code, or the metric of a limit."""
    title: str
    message: str
    """One line or more; nothing in it is escaped yet."""
    span: Span | None
    scenario: str = ""
    waiver: str = ""
    """Why a broken limit does not count, where it is waived."""


def findings(document: ReportDocument) -> list[Finding]:
    """Return all findings, errors first; of the same level causes come before what follows from them."""
    found = [*_of_diagnostics(document.diagnostics, "")]
    for outcome in document.outcomes:
        found += _of_diagnostics(outcome.diagnostics, outcome.name)
    places = {outcome.name: outcome.source for outcome in document.outcomes}
    found += _of_verdicts(document.verdicts, places)
    return sorted(found, key=lambda finding: _ORDER[finding.level])


def level_of(verdict: Verdict) -> Level | None:
    """Return how serious a verdict is; None where nothing is to be told."""
    if verdict.state in ("PASS", "SKIP"):
        return None
    if verdict.is_waived:
        return "note"
    return "error" if verdict.severity == "error" else "warning"


def verdict_message(verdict: Verdict) -> str:
    """Return what became of a limit, with its value, its message and its levers on lines of their own."""
    (row,) = check_rows([verdict], ReportStyle())
    return "\n".join((f"{row.state} {row.check}: {row.value}", *row.notes))


def file_of(span: Span | None) -> str | None:
    """Return the file that a place lies in; None for a flag or no place."""
    return path_below_here(span.document.name) if span is not None and span.document.kind == "file" else None


def path_below_here(name: str) -> str:
    """Return a path as seen from the working folder, with slashes, where it lies below it."""
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_posix()


def outcome_line(document: ReportDocument) -> str:
    """Say how many scenarios were estimated, such as ``2 estimated, 1 failed``."""
    return f"{len(document.outcomes) - document.errors} estimated, {document.errors} failed"


def _of_diagnostics(diagnostics: Iterable[Diagnostic], scenario: str) -> Iterator[Finding]:
    for diagnostic in diagnostics:
        if diagnostic.severity == "note":  # remarks on an estimate are in the report
            continue
        message = f"{diagnostic.message}\n{diagnostic.hint}" if diagnostic.hint else diagnostic.message
        title = f"{scenario}: {diagnostic.code}" if scenario else diagnostic.code
        yield Finding(diagnostic.severity, diagnostic.code, title, message, diagnostic.span, scenario)


def _of_verdicts(verdicts: Iterable[Verdict], places: dict[str, Span | None]) -> Iterator[Finding]:
    """Yield what is to be told of limits; one from a flag is told where its scenario stands."""
    for verdict in verdicts:
        level = level_of(verdict)
        if level is None:
            continue
        stated = verdict.limit.span
        span = stated if file_of(stated) is not None else places.get(verdict.scenario) or stated
        title = f"{verdict.scenario}: {verdict.state} {verdict.limit.check.metric}"
        waiver = verdict.reason if verdict.is_waived else ""
        yield Finding(
            level, verdict.limit.check.metric, title, verdict_message(verdict), span, verdict.scenario, waiver
        )
