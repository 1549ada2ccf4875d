"""From scenario files and what they are compared with to what is printed of their changes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from computecalc.api.outcomes import estimate_or_failure
from computecalc.catalog.lookup import Catalog
from computecalc.checks.changes import Changes, Past, changes
from computecalc.checks.locks import lock_place
from computecalc.checks.revisions import Extract, Revision, named_paths
from computecalc.checks.saved import Ends, Saved, SavedScenario, read_saved, saved_from_bytes
from computecalc.checks.statements import statement
from computecalc.cli.answers import put_texts
from computecalc.cli.failures import report_diagnostics
from computecalc.cli.locking import is_of_files, read_lock
from computecalc.cli.options import ReportOptions, report_style
from computecalc.errors import ComputecalcError, Diagnostic, ScenarioError, UsageError, did_you_mean
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate
from computecalc.records import record
from computecalc.reports.changes import CHANGES_FORMATS, render_changes
from computecalc.reports.document import Failure
from computecalc.scenario.loading import LoadedFile, load_files

__all__ = ["Comparison", "answer_diff"]

_GIT = "git:"


@record
class Comparison:
    """What is asked for."""

    paths: Sequence[str]
    settings: Mapping[str, str]
    overlays: Sequence[Path]
    against: str
    """`lock`, `git:REF`, `git:REF:FILE`, or a file."""
    lock: Path | None
    metrics: Sequence[str]
    """Patterns of the metrics wanted; none: all."""


def answer_diff(asked: Comparison, options: ReportOptions, *, has_exit_code: bool) -> int:
    """Compare, print, write the files asked for, and return the exit code.

    Parameters
    ----------
    asked : Comparison
        Files, and what they are compared with.
    options : ReportOptions
        Formats and style.
    has_exit_code : bool
        Whether a change makes the exit code 1.
    """
    _check_metrics(asked.metrics)
    files, unread = load_files(asked.paths, asked.settings)
    for _, error in unread:
        report_diagnostics(error.diagnostics)
    if not files:
        return 2
    catalog = Catalog.open(asked.overlays)
    against, before = _past(asked, files)
    outcomes = [estimate_or_failure(raw, catalog) for file in files for raw in file.scenarios]
    _check_names(outcomes)
    estimates = [each for each in outcomes if isinstance(each, Estimate)]
    failures = {each.name: each for each in outcomes if isinstance(each, Failure)}
    failed = {name: each.diagnostics[0].message for name, each in failures.items()}
    found = changes(against, before, estimates, failed, catalog, today=date.today())
    found = _only(found, asked.metrics)
    code = 2 if failures or unread else 0
    if not code and has_exit_code:
        code = int(any(scenario.state != "unchanged" for scenario in found.scenarios))
    style = report_style(options)
    code = put_texts(lambda name: render_changes(name, found, style), options, CHANGES_FORMATS, code)
    for failure in failures.values():
        report_diagnostics(failure.diagnostics)
    return code


def _check_metrics(patterns: Iterable[str]) -> None:
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in METRICS):
            near = did_you_mean(pattern, METRICS)
            hint = f"did you mean {near[0]}?" if near else "`computecalc explain --list` prints all"
            raise UsageError(Diagnostic("CC102", f"--metric {pattern} is no metric", hint=hint))


def _check_names(outcomes: Sequence[Estimate | Failure]) -> None:
    seen: set[str] = set()
    for outcome in outcomes:
        if outcome.name in seen:
            message = f"two scenarios are called {outcome.name!r}"
            hint = "rename one: what was is found by the name"
            raise UsageError(Diagnostic("CC711", message, span=outcome.source, hint=hint))
        seen.add(outcome.name)


def _only(found: Changes, patterns: Sequence[str]) -> Changes:
    if not patterns:
        return found
    scenarios = tuple(
        replace(each, metrics=tuple(m for m in each.metrics if any(fnmatchcase(m.id, p) for p in patterns)))
        for each in found.scenarios
    )
    return replace(found, scenarios=scenarios)


def _past(asked: Comparison, files: Sequence[LoadedFile]) -> tuple[str, list[Past]]:
    """Return what the scenarios of the files were, and what that is called."""
    names = [file.name for file in files]
    if asked.against == "lock":
        place = lock_place(names, asked.lock)
        saved, _ = read_lock(place)
        return str(place), _saved_past(saved, place.parent, names)
    if asked.against.startswith(_GIT):
        return asked.against, _revision_past(asked, names)
    saved = read_saved(Path(asked.against))
    folder = Path(asked.against).parent if saved.is_lock else Path()
    return asked.against, _saved_past(saved, folder, names)


def _saved_past(saved: Saved, folder: Path, names: Sequence[str]) -> list[Past]:
    """Return the scenarios of a saved result or lock that are of the files looked at."""
    seen: set[str] = set()
    for each in saved.scenarios:
        if each.name in seen:
            message = f"two scenarios in {saved.name} are called {each.name!r}"
            raise UsageError(Diagnostic("CC711", message, hint="rename one, and save the result again"))
        seen.add(each.name)
    return [_saved(each, saved) for each in saved.scenarios if is_of_files(each.file, folder, names)]


def _saved(scenario: SavedScenario, saved: Saved) -> Past:
    past = Past(scenario.name, scenario.outputs, stated=scenario.stated, files=scenario.files, formulas=saved.formulas)
    try:
        return replace(past, resolved=scenario.resolved())
    except UsageError as error:
        return replace(past, why_not=error.diagnostics[0].message)


def _revision_past(asked: Comparison, names: Sequence[str]) -> list[Past]:
    """Estimate the files as they were at a revision, or read a lock or result as it was."""
    ref, _, file = asked.against.removeprefix(_GIT).partition(":")
    paths = named_paths(asked.paths)
    revision = Revision.open(ref, paths)
    if file:
        saved = saved_from_bytes(revision.read(revision.path(file)), f"{ref}:{file}")
        return _saved_past(saved, Path(file).parent if saved.is_lock else Path(), names)
    with tempfile.TemporaryDirectory(prefix="computecalc-") as folder:
        extract = Extract(revision, Path(folder).resolve())
        try:
            return _estimated_past(asked, extract, [extract.scenarios(path) for path in paths])
        except ComputecalcError as error:
            raise type(error)(*extract.named(error)) from error


def _estimated_past(asked: Comparison, extract: Extract, paths: Sequence[str]) -> list[Past]:
    files, unread = load_files(paths, asked.settings)
    for _, error in unread:
        raise error
    overlays = [each for each in map(extract.catalog, asked.overlays) if each is not None]
    catalog = Catalog.open(overlays)
    found: list[Past] = []
    for raw in (raw for file in files for raw in file.scenarios):
        outcome = estimate_or_failure(raw, catalog)
        if isinstance(outcome, Failure):
            (first, *_) = extract.named(ScenarioError(*outcome.diagnostics))
            found.append(Past(raw.name, {}, why_not=f"it could not be estimated then: {first.message}"))
            continue
        if outcome.resolved is None:
            raise ValueError(f"{outcome.name} does not say what it was estimated from")
        outputs = {name: Ends(value.low, value.mid, value.high) for name, value in outcome.outputs.items()}
        was = Past(raw.name, outputs, outcome.resolved, statement(outcome.resolved), outcome.resolved.files)
        found.append(replace(was, formulas=outcome.formulas, is_recomputed=True))
    return found
