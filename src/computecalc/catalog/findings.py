"""Problems of a catalog file, gathered so that all of them are reported at once."""

from __future__ import annotations

from collections.abc import Iterable

from computecalc.errors import CatalogError, Diagnostic, Note, Span, did_you_mean
from computecalc.units.problems import QuantityProblem
from computecalc.yamlio.nodes import ScalarNode

__all__ = ["Findings"]


class Findings:
    """A growing list of diagnostics; nothing is raised until `raise_any`."""

    def __init__(self) -> None:
        self._diagnostics: list[Diagnostic] = []

    def add(self, code: str, message: str, span: Span, *, hint: str = "", notes: tuple[Note, ...] = ()) -> None:
        """Note one problem."""
        self._diagnostics.append(Diagnostic(code, message, span=span, hint=hint, notes=notes))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Note problems that were found elsewhere."""
        self._diagnostics.extend(diagnostics)

    def add_unknown(self, what: str, word: str, allowed: Iterable[str], span: Span, *, code: str = "CC503") -> None:
        """Note a word that is none of `allowed`, with the nearest ones or else all of them as the hint."""
        known = sorted(allowed)
        near = did_you_mean(word, known)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known) or 'none'}"
        self.add(code, f"unknown {what} `{word}`", span, hint=hint)

    def add_quantity(self, problem: QuantityProblem, scalar: ScalarNode) -> None:
        """Note a text that is not the quantity wanted, pointing at the part that is wrong."""
        span = scalar.span
        # Escapes in quoted and line ends in block scalars move characters: only a literal text is narrowed.
        quotes = 1 if scalar.style == "quoted" else 0
        is_literal = span.end_column - span.column == len(scalar.text) + 2 * quotes and scalar.style != "block"
        if is_literal and problem.length:
            span = span.narrowed(problem.offset + quotes, problem.length)
        self.add(problem.code, problem.message, span, hint=problem.hint)

    @classmethod
    def error(cls, code: str, message: str, span: Span, *, hint: str = "") -> CatalogError:
        """Return one problem as an error, for what leaves nothing to go on with."""
        return CatalogError(Diagnostic(code, message, span=span, hint=hint))

    def as_error(self) -> CatalogError:
        """Return what was found as one error, in the order of the document."""
        return CatalogError(*sorted(self._diagnostics, key=_position))

    def raise_any(self) -> None:
        """Raise what was found.

        Raises
        ------
        CatalogError
            When there is at least one finding.
        """
        if self._diagnostics:
            raise self.as_error()


def _position(diagnostic: Diagnostic) -> tuple[str, int, int]:
    span = diagnostic.span
    return (span.document.name, span.line, span.column) if span is not None else ("", 0, 0)
