"""What `check` returns: a verdict for each limit on each scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, overload

from computecalc.api.results import Estimates
from computecalc.api.telling import told
from computecalc.api.values import Value, refuse
from computecalc.checks.verdicts import Verdict as Judged
from computecalc.errors import Diagnostic, UsageError
from computecalc.reports.check_rows import check_rows, summary_line
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.formats import CHECK_FORMATS, render_check
from computecalc.reports.json_document import ResultJson, result_json

__all__ = ["Lever", "Verdict", "Verdicts", "verdict_of"]


@dataclass(frozen=True, slots=True)
class Lever:
    """One input, and the value at which a broken limit would hold, all others as they are."""

    input: str
    unit: str
    now: float
    needed: float | None
    """None where no value does it."""
    why_not: str = ""
    """What stands against the value that is needed, or why there is none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one limit on one scenario."""

    scenario: str
    limit: str
    """As it was written, such as ``cost.total <= 75 MUSD``."""
    state: Literal["PASS", "RISK", "FAIL", "ERROR", "SKIP"]
    severity: Literal["error", "warn", "off"]
    """How serious it is; `error` of one that is broken makes the exit code 1."""
    value: Value
    """The metric, or its change as a share of the baseline."""
    reason: str = ""
    """Why it cannot be judged, is not looked at, or is waived."""
    message: str = ""
    owner: str = ""
    is_waived: bool = False
    levers: tuple[Lever, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the limit holds over the whole range."""
        return self.state == "PASS"


class Verdicts(Sequence[Verdict]):
    """All verdicts, in the order of budgets, scenarios and limits."""

    def __init__(self, document: ReportDocument) -> None:
        catalog = (document.catalog_version, document.catalog_digest)
        verdicts = tuple(verdict_of(each) for each in document.verdicts)
        self.__dict__.update(_document=document, _verdicts=verdicts, _estimates=Estimates(document.outcomes, catalog))

    if TYPE_CHECKING:
        _document: ReportDocument
        _verdicts: tuple[Verdict, ...]
        _estimates: Estimates

    __setattr__ = refuse
    __delattr__ = refuse

    @property
    def exit_code(self) -> int:
        """That of ``computecalc check``: 0 kept, 1 a broken limit, 2 one that could not be judged."""
        return self._document.exit_code

    @property
    def passed(self) -> bool:
        """Whether the exit code is 0; a limit at risk passes unless its budget says that risk is an error."""
        return self.exit_code == 0

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """Verdicts that are FAIL or ERROR, those that only warn among them, waived ones not."""
        return tuple(each for each in self._verdicts if each.state in ("FAIL", "ERROR") and not each.is_waived)

    @property
    def estimates(self) -> Estimates:
        """What was judged, with the scenarios that failed."""
        return self._estimates

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the budgets themselves: names that match nothing, waivers that ended."""
        return self._document.diagnostics

    @overload
    def __getitem__(self, place: int) -> Verdict: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Verdict]: ...

    def __getitem__(self, place: int | slice) -> Verdict | Sequence[Verdict]:
        """Return the verdict at a place."""
        return self._verdicts[place]

    def __len__(self) -> int:
        return len(self._verdicts)

    def report(self, format: str = "plain", *, digits: int = 4, width: int = 100) -> str:  # noqa: A002
        """Return the report of ``computecalc check``, in any of its formats, such as ``plain``, ``md`` or ``sarif``."""
        if format not in CHECK_FORMATS:
            hint = f"there are {', '.join(CHECK_FORMATS)}"
            with told():
                raise UsageError(Diagnostic("CC101", f"there is no format {format!r} of a check", hint=hint))
        return render_check(format, self._document, ReportStyle(digits=digits, width=width))

    def to_dict(self) -> ResultJson:
        """Return the JSON document of ``computecalc check --format json`` as plain data."""
        return result_json(self._document)

    def to_json(self) -> str:
        """Return the same as text."""
        return self.report("json")

    def __repr__(self) -> str:
        from computecalc.api.notebook import plain_table

        return "\n".join([summary_line(self._document.verdicts), *plain_table(_HEADER, self._rows())])

    def _repr_html_(self) -> str:
        from computecalc.api.notebook import html_table, html_text

        title = html_text(summary_line(self._document.verdicts))
        return f"<div class='computecalc'><p><b>{title}</b></p>{html_table(_HEADER, self._rows())}</div>"

    def _rows(self) -> list[tuple[str, str, str, str]]:
        rows = check_rows(self._document.verdicts, ReportStyle())
        return [(row.state, row.scenario, row.check, row.value) for row in rows]


_HEADER = ("state", "scenario", "limit", "value")


def verdict_of(found: Judged) -> Verdict:
    """Return a verdict as callers see it."""
    check = found.limit.check
    unit = "" if check.is_change or check.unit == "1" else check.unit
    value = Value(
        check.metric, unit, found.low, found.mid, found.high, reason=found.reason if found.mid is None else ""
    )
    levers = tuple(
        Lever(each.path, "" if each.unit == "1" else each.unit, each.now, each.needed, each.why_not)
        for each in found.levers
    )
    return Verdict(
        scenario=found.scenario,
        limit=check.text,
        state=found.state,
        severity=found.severity,
        value=value,
        reason=found.reason,
        message=found.message,
        owner=found.owner,
        is_waived=found.is_waived,
        levers=levers,
    )
