"""Diagnostics of many scenarios: what holds for several of them is said once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from computecalc.cli.failures import report_diagnostics
from computecalc.errors import Diagnostic, Note

__all__ = ["Repeated"]

_Key = tuple[str, str, str, str, str]


class Repeated:
    """Collects diagnostics, the first of each kind, with the number of scenarios that it holds for."""

    def __init__(self) -> None:
        self._first: dict[_Key, Diagnostic] = {}
        self._scenarios: dict[_Key, int] = {}
        self._last: dict[_Key, str] = {}

    def add(self, scenario: str, diagnostics: Iterable[Diagnostic]) -> None:
        """Take what is said of one scenario."""
        for each in diagnostics:
            key = (each.code, each.severity, each.message, each.hint, each.place)
            self._first.setdefault(key, each)
            if self._last.get(key) != scenario:
                self._last[key] = scenario
                self._scenarios[key] = self._scenarios.get(key, 0) + 1

    def all(self) -> list[Diagnostic]:
        """Return each once, in the order of their first appearance."""
        found = []
        for key, diagnostic in self._first.items():
            count = self._scenarios[key]
            # The first scenario may be named in a note already; others are counted.
            more = (Note(f"the same for {count:,} scenarios"),) if count > 1 else ()
            found.append(replace(diagnostic, notes=(*diagnostic.notes, *more)) if more else diagnostic)
        return found

    def report(self) -> None:
        """Write them to standard error."""
        report_diagnostics(self.all())
