"""The whole comparison: every case predicted, errors in groups, and what is off by more than the data allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from computecalc.catalog.lookup import Catalog
from computecalc.checks.validation.cases import Case
from computecalc.checks.validation.cross_validation import COLUMNS, LeftOut, left_out, read_left_out
from computecalc.checks.validation.footprints import footprint_cases
from computecalc.checks.validation.memory import memory_cases
from computecalc.checks.validation.outcomes import Outcome, outcomes
from computecalc.checks.validation.published import published_cases
from computecalc.checks.validation.serving import serving_cases
from computecalc.checks.validation.statistics import Errors, Finding, findings, grouped, read_tolerances
from computecalc.checks.validation.training import training_cases
from computecalc.errors import Diagnostic, UsageError, did_you_mean
from computecalc.records import record

__all__ = ["Comparison", "compare", "source_name"]


@record
class Comparison:
    """What `validate` found."""

    outcomes: tuple[Outcome, ...]
    """All cases, in the order of the data."""
    classes: tuple[Errors, ...]
    """Errors by class, without suspicious cases."""
    suspicious: tuple[Errors, ...]
    """Errors by class of the suspicious cases alone."""
    sources: tuple[Errors, ...]
    accelerators: tuple[Errors, ...]
    """Errors of measured training speeds."""
    left_out: Mapping[str, tuple[Errors, ...]]
    """By class, predictions by constants that did not see the case; empty until they are fitted."""
    findings: tuple[Finding, ...]
    judged: bool
    """Whether the classes were judged: not when only a part of the cases was asked for."""
    unseen: tuple[Outcome, ...] = ()
    """Predictions by constants that saw no case of the same model on the same accelerator."""

    @property
    def unpredicted(self) -> tuple[Outcome, ...]:
        """Cases without a prediction."""
        return tuple(outcome for outcome in self.outcomes if outcome.predicted is None)

    @property
    def exit_code(self) -> int:
        """2 when a trusted case could not be compared, 1 with a finding, else 0."""
        if any(not outcome.case.suspicious for outcome in self.unpredicted):
            return 2
        return 1 if self.findings else 0

    def worst(self, count: int) -> list[Outcome]:
        """Return the trusted cases that are off most."""
        known = [outcome for outcome in self.outcomes if outcome.error is not None and not outcome.case.suspicious]
        return sorted(known, key=lambda outcome: (-abs(outcome.error or 0.0), outcome.case.id))[:count]


def source_name(case: Case) -> str:
    """Return the short name of a case's source: that of its table, or what its id begins with."""
    return "published" if case.kind == "published" else case.id.partition("-")[0]


def compare(folder: Path, catalog: Catalog, *, source: str = "", accelerator: str = "") -> Comparison:
    """Predict the cases of a folder and compare.

    Parameters
    ----------
    folder : Path
        Holds the tables.
    catalog : Catalog
        Where figures of accelerators and models come from.
    source, accelerator : str, optional
        Compare only cases of this source (its short name, or part of its name) or accelerator.

    Raises
    ------
    UsageError
        CC101, when no case is left; CC103, when a table cannot be read.
    """
    read = (published_cases, memory_cases, footprint_cases, training_cases, serving_cases)
    cases = [case for table in read for case in table(folder)]
    if not cases:
        message = f"{folder} holds no figures to compare with"
        raise UsageError(Diagnostic("CC103", message, hint="tables as in validation/README.md"))
    wanted = _wanted(cases, source, accelerator)
    found = tuple(outcomes(wanted, catalog))
    judged = len(wanted) == len(cases)
    trusted = [outcome for outcome in found if not outcome.case.suspicious]
    speeds = [outcome for outcome in trusted if outcome.case.kind == "training"]
    classes = grouped(trusted, _group)
    table = read_left_out(folder) if judged else {}
    return Comparison(
        outcomes=found,
        classes=tuple(classes),
        suspicious=tuple(grouped((outcome for outcome in found if outcome.case.suspicious), _group)),
        sources=tuple(grouped(trusted, lambda outcome: source_name(outcome.case))),
        accelerators=tuple(grouped(speeds, lambda outcome: outcome.case.accelerator)),
        left_out=_left_out(found, table) if table else {},
        findings=tuple(findings(trusted, classes, read_tolerances(folder) if judged else [])),
        judged=judged,
        unseen=tuple(left_out(found, table, next(iter(COLUMNS)))) if table else (),
    )


def _group(outcome: Outcome) -> str:
    return outcome.group


def _left_out(found: Sequence[Outcome], table: dict[str, LeftOut]) -> dict[str, tuple[Errors, ...]]:
    return {
        column: tuple(
            grouped((each for each in left_out(found, table, column) if not each.case.suspicious), _group),
        )
        for column in COLUMNS
    }


def _wanted(cases: Sequence[Case], source: str, accelerator: str) -> list[Case]:
    text = source.casefold()
    from_source = [case for case in cases if not text or text == source_name(case) or text in case.source.casefold()]
    if not from_source:
        raise _nothing("--source", source, sorted({source_name(case) for case in cases}))
    found = [case for case in from_source if accelerator in ("", case.accelerator)]
    if not found:
        raise _nothing("--accelerator", accelerator, sorted({case.accelerator for case in from_source}))
    return found


def _nothing(flag: str, wanted: str, present: list[str]) -> UsageError:
    near = did_you_mean(wanted, present)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(present)}"
    return UsageError(Diagnostic("CC101", f"no case is left by {flag} {wanted}", hint=hint))
