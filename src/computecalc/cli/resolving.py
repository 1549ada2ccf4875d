"""`--resolve-only`: the scenarios as one file, each value with its origin, in place of an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from computecalc.catalog.lookup import Catalog
from computecalc.cli.answers import known_format, write_atomically
from computecalc.cli.failures import report_diagnostics, write_out
from computecalc.cli.options import ReportOptions, pairs
from computecalc.cli.repeated import Repeated
from computecalc.errors import ComputecalcError, Diagnostic, ScenarioError, Span, UsageError
from computecalc.reports.resolved_file import resolved_text
from computecalc.scenario.files import RawScenario
from computecalc.scenario.pinning import Pinned, pinned

__all__ = ["answer_resolved"]

_FORMATS = ("yaml",)


def answer_resolved(scenarios: Sequence[RawScenario], catalog: Catalog, options: ReportOptions) -> int:
    """Resolve scenarios, print the file that states all of them, and return the exit code.

    Raises
    ------
    UsageError
        CC101 for another format than yaml.
    ScenarioError
        CC314 for two scenarios of one name, which cannot stand in one file.
    """
    known_format(options.format or "yaml", _FORMATS)
    files = [
        (known_format(name, _FORMATS), Path(path))
        for wanted in options.output
        for name, path in pairs([wanted], "--output", "yaml=resolved.yaml").items()
    ]
    _refuse_one_name(scenarios)
    said, found, code = Repeated(), [], 0
    for raw in scenarios:
        try:
            one = pinned(raw, catalog, today=date.today())
        except ComputecalcError as error:
            said.add(raw.name, error.diagnostics)
            code = 2
            continue
        found.append(one)
        if not options.quiet:
            said.add(raw.name, one.resolved.diagnostics)
    if found:
        code = max(code, _put_out(found, catalog, files))
    said.report()
    return code


def _put_out(found: Sequence[Pinned], catalog: Catalog, files: Sequence[tuple[str, Path]]) -> int:
    text = resolved_text(found, catalog_version=catalog.version, catalog_digest=catalog.digest)
    code = 0
    for _, path in files:
        try:
            write_atomically(path, text)
        except UsageError as error:
            report_diagnostics(error.diagnostics)
            code = 2
    write_out(text)
    return code


def _refuse_one_name(scenarios: Sequence[RawScenario]) -> None:
    spans: dict[str, Span] = {}
    for raw in scenarios:
        if raw.name in spans:
            message = f"two scenarios are called {raw.name!r}, in {spans[raw.name].label} too"
            hint = "one file cannot hold both: rename one, or resolve the files one by one"
            raise ScenarioError(Diagnostic("CC314", message, span=raw.span, hint=hint))
        spans[raw.name] = raw.span
