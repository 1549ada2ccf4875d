"""The files that scenarios come from: their parts, and other files that theirs may extend."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from computecalc.errors import ComputecalcError, Diagnostic, Document, Note, ScenarioError, Span
from computecalc.records import record
from computecalc.scenario.schema import ScenarioFile
from computecalc.yamlio.loading import load_path
from computecalc.yamlio.nodes import MappingNode, Node, child, get, locate_key
from computecalc.yamlio.validation import validate

__all__ = ["FileParts", "Library", "parts_of"]

_MOST_FILES = 256
"""Other files that the scenarios of one file may draw on."""


@record
class FileParts:
    """The parts of a file that merging needs."""

    document: Document
    defaults: MappingNode | None
    profiles: Mapping[str, MappingNode]
    scenarios: Mapping[str, MappingNode]

    def fragment(self, name: str) -> MappingNode | None:
        """Return the profile of a name, else the scenario."""
        found = self.profiles.get(name)
        return self.scenarios.get(name) if found is None else found


def parts_of(document: Node) -> FileParts:
    """Take a file apart.

    Raises
    ------
    ScenarioError
        When the file as a whole is wrong: unknown keys, no version, `extends` in defaults.
    """
    validate(ScenarioFile, document)
    if get(document, ["defaults", "extends"]) is not None:
        # Defaults lie under everything: an `extends` there would be lost in silence.
        span = locate_key(document, ["defaults", "extends"])
        hint = "defaults extend nothing: let the scenarios extend the profile"
        raise ScenarioError(Diagnostic("CC301", "unknown key `extends` in `defaults`", span=span, hint=hint))
    return FileParts(
        document.span.document,
        _mapping(document, "defaults"),
        _mappings(document, "profiles"),
        _mappings(document, "scenarios"),
    )


class Library:
    """Reads each file that is extended once, and only files that may be read.

    A file may extend files in its own folder and below. What lies elsewhere is read when the user named it on
    the command line: a scenario from a stranger must not reach into other folders.
    """

    def __init__(self, named: Iterable[Path] = ()) -> None:
        self._named = {Path(os.path.realpath(path)) for path in named}
        self._read: dict[Path, FileParts] = {}

    def other(self, name: str, document: Document, span: Span) -> FileParts:
        """Return the parts of a file that another one names.

        Parameters
        ----------
        name : str
            Path relative to the folder of the file that names it.
        document : Document
            The file that names it; for a text without a folder the working directory counts.
        span : Span
            Where it is named.

        Raises
        ------
        ScenarioError
            CC312 when it must not be read, and what is wrong with it when it is read.
        """
        folder = Path(document.name).parent if document.kind == "file" and document.name != "<stdin>" else Path()
        path = folder / name
        real = Path(os.path.realpath(path))
        if real not in self._named and (
            Path(name).is_absolute() or not real.is_relative_to(os.path.realpath(folder or "."))
        ):
            message = f"{name} lies outside the folder of this file"
            hint = "move it below that folder, or name it on the command line as well"
            raise ScenarioError(Diagnostic("CC312", message, span=span, hint=hint))
        if real not in self._read:
            if len(self._read) >= _MOST_FILES:
                message = f"more than {_MOST_FILES} files are extended"
                raise ScenarioError(Diagnostic("CC312", message, span=span, hint="merge some of them"))
            try:
                self._read[real] = parts_of(load_path(path))
            except ComputecalcError as error:
                note = Note("extended from here", span)
                raise ScenarioError(
                    *(
                        Diagnostic(each.code, each.message, span=each.span or span, hint=each.hint, notes=(note,))
                        for each in error.diagnostics
                    )
                ) from error
        return self._read[real]


def _mapping(document: Node, key: str) -> MappingNode | None:
    found = child(document, key)
    return found if isinstance(found, MappingNode) else None


def _mappings(document: Node, key: str) -> dict[str, MappingNode]:
    found = _mapping(document, key)
    if found is None:
        return {}
    # The file's form was validated: each of them is a mapping.
    return {name: entry.node for name, entry in found.entries.items() if isinstance(entry.node, MappingNode)}
