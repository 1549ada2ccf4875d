"""What a report is made of: estimates and failures in the order asked for, and how to show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from computecalc.errors import Diagnostic, Span
from computecalc.estimators.results import Estimate
from computecalc.records import record

if TYPE_CHECKING:
    # Only for types: an estimate without budgets loads nothing of them.
    from computecalc.checks.measured_comparison import MeasuredComparison
    from computecalc.checks.verdicts import Verdict

__all__ = ["Failure", "Pieces", "ReportDocument", "ReportStyle"]


@record
class Failure:
    """A scenario that could not be estimated, and why."""

    name: str
    source: Span | None
    diagnostics: tuple[Diagnostic, ...]


@record
class ReportDocument:
    """All outcomes of one run."""

    outcomes: tuple[Estimate | Failure, ...]
    catalog_version: str
    catalog_digest: str
    exit_code: int
    verdicts: tuple[Verdict, ...] = ()
    """What became of each limit, where budgets were looked at."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Findings that belong to no scenario: files that could not be read, budgets on nothing, waivers that ended."""
    measured: tuple[MeasuredComparison, ...] = ()
    """Measured runs beside their estimates."""
    tool_version: str = ""
    """Of the program that estimated, where a saved result was read; empty: this one."""

    saved: Mapping[str, Any] | None = None
    """The data that it was read from, where it was saved as JSON: what no other format shows is still in it."""
    failed: int | None = None
    """Scenarios that failed, where the outcomes are not kept."""

    @property
    def errors(self) -> int:
        """Scenarios that failed."""
        if self.failed is not None:
            return self.failed
        return sum(isinstance(outcome, Failure) for outcome in self.outcomes)


@record
class Pieces:
    """A document that is written scenario by scenario, so that none has to be kept."""

    head: str
    each: Callable[[Estimate | Failure, Sequence[Verdict]], str]
    """Given a scenario, and what became of the limits on it."""
    between: str
    tail: Callable[[ReportDocument], str]
    """Given the document with its counts and exit code, when all scenarios are through."""


@record
class ReportStyle:
    """How formats for people show it; the others ignore this."""

    units: Mapping[str, str] = field(default_factory=dict)
    """Unit wanted for a metric."""
    digits: int = 4
    width: int = 100
    color: bool = False
    verbose: bool = False
