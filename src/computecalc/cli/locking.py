"""From scenario files to their lock, written or compared with the one there is."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from computecalc.api.outcomes import estimate_or_failure
from computecalc.catalog.lookup import Catalog
from computecalc.checks.locks import LockedScenario, LockJson, Named, file_in_lock, lock_place, lock_text, locked
from computecalc.checks.saved import Saved, read_saved
from computecalc.checks.staleness import Difference, differences
from computecalc.cli.answers import write_atomically
from computecalc.cli.failures import report_diagnostics
from computecalc.cli.listings import listing_format, print_listing
from computecalc.cli.options import ReportOptions, report_style
from computecalc.errors import Diagnostic, UsageError
from computecalc.reports.document import Failure
from computecalc.reports.escapes import terminal_text
from computecalc.reports.listing import Listing
from computecalc.scenario.loading import LoadedFile, load_files

__all__ = ["answer_lock", "is_of_files", "read_lock"]


def answer_lock(
    paths: Sequence[str],
    settings: Mapping[str, str],
    overlays: Sequence[Path],
    stated: Path | None,
    options: ReportOptions,
    *,
    is_check: bool,
) -> int:
    """Write the lock of files, or with `is_check` compare it with the one there is; return the exit code.

    Parameters
    ----------
    paths : sequence of str
        Files, folders, patterns.
    settings : mapping
        Values that win over the files.
    overlays : sequence of Path
        Catalog folders over ours.
    stated : Path, optional
        The lock file; absent: beside the files.
    options : ReportOptions
        Format and style of what changed.
    is_check : bool
        Whether nothing is written.
    """
    files, unread = load_files(paths, settings)
    for _, error in unread:
        report_diagnostics(error.diagnostics)
    if unread or not files:
        return 2
    place = lock_place([file.name for file in files], stated)
    catalog = Catalog.open(overlays)
    named: list[Named] = []
    failed: list[Failure] = []
    for file in files:
        for raw in file.scenarios:
            outcome = estimate_or_failure(raw, catalog)
            if isinstance(outcome, Failure):
                failed.append(outcome)
            else:
                named.append(Named(file_in_lock(file.name, place), outcome))
    for failure in failed:
        report_diagnostics(failure.diagnostics)
    if failed:
        return 2
    lock = locked(named, catalog)
    if is_check:
        return _compared(place, lock, files, options)
    _refuse_to_lose(place, lock, files)
    write_atomically(place, lock_text(lock))
    if not options.quiet:
        sys.stdout.write(f"wrote {terminal_text(str(place))}: {_counted(len(named))}\n")
    return 0


def _counted(count: int) -> str:
    return "1 scenario" if count == 1 else f"{count:,} scenarios"


def read_lock(place: Path) -> tuple[Saved, LockJson]:
    """Read a lock file.

    Raises
    ------
    UsageError
        CC712 when it is no lock, CC714 when there is none.
    """
    if not place.exists():
        hint = "write it with `computecalc lock PATH...`, and commit it"
        raise UsageError(Diagnostic("CC714", f"there is no lock file {place}", hint=hint))
    saved = read_saved(place)
    if saved.lock is None:
        message = f"{place} is a saved result and no lock file"
        raise UsageError(Diagnostic("CC712", message, hint="write a lock with `computecalc lock PATH...`"))
    return saved, saved.lock


def is_of_files(file: str, folder: Path, named: Sequence[str]) -> bool:
    """Tell whether a scenario that was saved is of the files looked at: of one that is named, or that is gone.

    Parameters
    ----------
    file : str
        Its file as it was saved.
    folder : Path
        The folder that `file` is relative to.
    named : sequence of str
        The files looked at.
    """
    if file in ("", "-"):
        return True
    path = (folder / file).absolute()
    return not path.exists() or any(path.samefile(each) for each in named if each != "-")


def _compared(place: Path, lock: LockJson, files: Sequence[LoadedFile], options: ReportOptions) -> int:
    """Print what differs from the lock there is."""
    _, old = read_lock(place)
    names = [file.name for file in files]

    def is_meant(scenario: LockedScenario) -> bool:
        return is_of_files(scenario["file"], place.parent, names)

    found = differences(old, lock, is_meant)
    style, form = report_style(options), listing_format(options.format)
    if found or form in ("json", "csv"):
        print_listing(Listing(("scenario", "what", "locked", "now"), [_row(each) for each in found]), form, style)
    if not found:
        if form not in ("json", "csv"):
            sys.stdout.write(f"{terminal_text(str(place))} is fresh: {_counted(len(lock['scenarios']))}\n")
        return 0
    hint = "`computecalc diff` splits what changed by its causes, `computecalc lock` takes it over"
    report_diagnostics([Diagnostic("CC718", f"{place} is stale", severity="warning", hint=hint)])
    return 1


def _row(difference: Difference) -> tuple[str, str, str, str]:
    return (difference.scenario or "(shared)", difference.what, difference.before, difference.after)


def _refuse_to_lose(place: Path, lock: LockJson, files: Sequence[LoadedFile]) -> None:
    """Keep scenarios of files that are there, but not named, from falling out of the lock in silence.

    Raises
    ------
    UsageError
        CC713 when some would, or when the lock would replace a file of scenarios.
    """
    if not place.exists():
        return
    names = [file.name for file in files]
    if any(place.samefile(name) for name in names if name != "-"):
        message = f"the lock would replace {place}, which holds the scenarios"
        raise UsageError(Diagnostic("CC713", message, hint="name another file: --lock PATH"))
    try:
        saved = read_saved(place)
    except UsageError:
        return  # what is no lock any more, such as one with conflict marks, is written anew
    lost = [
        each
        for each in saved.scenarios
        if each.name not in lock["scenarios"] and not is_of_files(each.file, place.parent, names)
    ]
    if lost:
        message = f"{place} also holds scenarios of {lost[0].file}, such as {lost[0].name!r}"
        hint = "name all its files, such as their folder, or another lock: --lock PATH"
        raise UsageError(Diagnostic("CC713", message, hint=hint))
