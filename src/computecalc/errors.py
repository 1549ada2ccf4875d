"""What can go wrong, in one shape.

The tree of exceptions::

    ComputecalcError
    |-- UsageError        CC1xx  flags, files named on the command line
    |-- DocumentError     CC2xx  a file is not a YAML document we accept
    |-- ScenarioError     CC3xx  keys and values of a scenario
    |-- QuantityError     CC4xx  numbers and units
    |-- CatalogError      CC5xx  ids, entries and figures of the catalog
    `-- EstimateError     CC6xx  a question that has no answer

Every exception carries one or more `Diagnostic`; warnings and notes are diagnostics that are not raised.
What each code means and how to remedy it stands in `computecalc.error_codes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from difflib import get_close_matches
from typing import Literal, NamedTuple

from computecalc.records import record

__all__ = [
    "CatalogError",
    "ComputecalcError",
    "Diagnostic",
    "Document",
    "DocumentError",
    "EstimateError",
    "Note",
    "QuantityError",
    "ScenarioError",
    "Severity",
    "Span",
    "UsageError",
    "did_you_mean",
]

Severity = Literal["error", "warning", "note"]


@record
class Document:
    """A text that users wrote: a file, standard input, or the value of one flag."""

    name: str
    """What the user calls it: a path, ``<stdin>`` or a flag such as ``--mfu``."""
    text: str = field(repr=False)
    kind: Literal["file", "flag"] = "file"

    def line(self, number: int) -> str:
        """Return line `number`, counted from 1; empty beyond the end."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


class Span(NamedTuple):
    """A place in a document; line and columns count from 1, `end_column` is exclusive."""

    document: Document
    line: int
    column: int
    end_column: int

    @property
    def label(self) -> str:
        """The place as ``file:line:column``, or the flag's name."""
        if self.document.kind == "flag":
            return self.document.name
        return f"{self.document.name}:{self.line}:{self.column}"

    def narrowed(self, offset: int, length: int) -> Span:
        """Return the part of a one-line span that starts `offset` characters in."""
        start = self.column + offset
        return self._replace(column=start, end_column=start + max(length, 1))


@record
class Note:
    """A second place that belongs to a diagnostic, such as where a value was inherited from."""

    message: str
    span: Span | None = None


@record
class Diagnostic:
    """One finding: what is wrong, where, and the way out."""

    code: str
    message: str
    severity: Severity = "error"
    span: Span | None = None
    hint: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def place(self) -> str:
        """The place as text, empty when there is none."""
        return self.span.label if self.span is not None else ""


class ComputecalcError(Exception):
    """Base of all errors that users can cause; carries the diagnostics and the exit code."""

    exit_code = 2

    def __init__(self, *diagnostics: Diagnostic) -> None:
        if not diagnostics:
            raise ValueError("an error needs at least one diagnostic")
        super().__init__("; ".join(d.message for d in diagnostics))
        self.diagnostics = diagnostics


class UsageError(ComputecalcError):
    """Flags that contradict each other, or a file that cannot be read or written."""


class DocumentError(ComputecalcError):
    """A text that is not a YAML document we accept."""


class ScenarioError(ComputecalcError):
    """A scenario with unknown, missing, conflicting or wrong keys."""


class QuantityError(ComputecalcError):
    """A text that is not the quantity that its field wants."""


class CatalogError(ComputecalcError):
    """An unknown id, or an entry that is wrong or lacks a figure."""


class EstimateError(ComputecalcError):
    """A well-formed question that has no answer."""


def did_you_mean(word: str, candidates: Iterable[str], *, most: int = 3) -> tuple[str, ...]:
    """Return the candidates nearest to `word`, best first; empty when none is near."""
    pool = sorted(set(candidates))
    by_folded: dict[str, str] = {}
    for candidate in pool:
        by_folded.setdefault(candidate.casefold(), candidate)
    matches: Sequence[str] = get_close_matches(word.casefold(), list(by_folded), n=most, cutoff=0.6)
    if not matches and len(word) > 2:
        matches = [folded for folded in by_folded if word.casefold() in folded][:most]
    return tuple(by_folded[match] for match in matches)
