"""The scenarios of files, folders, patterns and standard input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from computecalc.records import record

if TYPE_CHECKING:
    from computecalc.errors import ComputecalcError
    from computecalc.scenario.files import RawScenario
    from computecalc.scenario.other_files import Library
    from computecalc.yamlio.nodes import Node

__all__ = ["LoadedFile", "files_of", "load_files", "load_scenarios", "load_together", "names_scenarios"]

_ENDINGS = (".yaml", ".yml")
_PATTERN = frozenset("*?[")


def names_scenarios(subject: str) -> bool:
    """Tell whether an argument names a file or folder of scenarios, or standard input, rather than a model."""
    from computecalc.scenario.models import is_configuration

    path = Path(subject)
    is_named = subject == "-" or path.suffix in (".yaml", ".yml") or path.exists()
    return is_named and not is_configuration(subject)


def files_of(path: str) -> list[str]:
    """Return the files that an argument means, in the order of their names: one file, a folder's, or a pattern's.

    Raises
    ------
    UsageError
        CC103 for a folder without YAML files, and for a pattern that matches none.
    """
    from computecalc.errors import Diagnostic, UsageError

    place = Path(path)
    if place.is_dir():
        files = sorted(file for file in place.iterdir() if file.suffix in _ENDINGS and file.is_file())
        if not files:
            message = f"the folder {path} has no .yaml file"
            raise UsageError(Diagnostic("CC103", message, hint="name a file, or - for stdin"))
        return [str(file) for file in files]
    if path != "-" and not place.exists() and _PATTERN & set(path):
        import glob

        found = sorted(file for file in glob.glob(path, recursive=True) if Path(file).is_file())
        if not found:
            raise UsageError(Diagnostic("CC103", f"{path} matches no file", hint="`**/*.yaml` looks below folders too"))
        return found
    return [path]


@record
class LoadedFile:
    """A file, and the scenarios in it."""

    name: str
    document: Node
    scenarios: list[RawScenario]


def load_files(
    paths: Sequence[str], settings: Mapping[str, str], *, over: Mapping[str, Node] | None = None
) -> tuple[list[LoadedFile], list[tuple[str, ComputecalcError]]]:
    """Load the files of all arguments; those that cannot be read are told beside those that can.

    Parameters
    ----------
    paths : sequence of str
        Files, folders, patterns, or ``-`` for standard input. Files named here may extend each other.
    settings : mapping
        Values by dotted path that win over the files, from `--set`.
    over : mapping, optional
        The same as nodes, from other callers.

    Returns
    -------
    tuple
        The files in order, and for each argument or file that failed its name and its error.
    """
    from computecalc.errors import ComputecalcError
    from computecalc.scenario.other_files import Library

    files: list[str] = []
    failed: list[tuple[str, ComputecalcError]] = []
    for path in paths:
        try:
            files += files_of(path)
        except ComputecalcError as error:
            failed.append((path, error))
    library = Library(Path(file) for file in files if file != "-")
    loaded: list[LoadedFile] = []
    for file in files:
        try:
            loaded.append(_loaded(file, settings, over or {}, library))
        except ComputecalcError as error:
            failed.append((file, error))
    return loaded, failed


def load_together(
    paths: Sequence[str], settings: Mapping[str, str]
) -> tuple[list[RawScenario], list[tuple[str, ComputecalcError]]]:
    """Load the scenarios of all arguments in order; see `load_files`."""
    loaded, failed = load_files(paths, settings)
    return [raw for file in loaded for raw in file.scenarios], failed


def load_scenarios(path: str, settings: Mapping[str, str]) -> list[RawScenario]:
    """Load the scenarios of one argument.

    Raises
    ------
    ComputecalcError
        When a file cannot be read, is not YAML, or is no scenario file.
    """
    scenarios, failed = load_together([path], settings)
    for _, error in failed:
        raise error
    return scenarios


def _loaded(file: str, settings: Mapping[str, str], over: Mapping[str, Node], library: Library) -> LoadedFile:
    from computecalc.scenario.files import raw_scenarios
    from computecalc.yamlio.loading import load_path, load_stdin
    from computecalc.yamlio.nodes import from_flag

    overrides: dict[str, Node] = {key: from_flag(f"--set {key}", text) for key, text in settings.items()}
    overrides |= over
    document = load_stdin() if file == "-" else load_path(Path(file))
    return LoadedFile(file, document, raw_scenarios(document, overrides, library))
