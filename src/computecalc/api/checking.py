"""`check`: budgets of files, and limits of the caller's, against the estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from typing_extensions import Unpack

from computecalc.api.arguments import ScenarioArguments
from computecalc.api.judged import Verdicts
from computecalc.api.judging import judgement, verdicts_on
from computecalc.api.results import Estimate, Estimates
from computecalc.api.subjects import Asked, Overlays, Subject, loaded, one_of, opened
from computecalc.api.telling import told
from computecalc.checks.baselines import read_baseline
from computecalc.checks.budgets import Budget, stated_limit
from computecalc.checks.verdicts import exit_code
from computecalc.errors import Diagnostic, UsageError
from computecalc.reports.document import Failure, ReportDocument

__all__ = ["check"]


def check(
    subject: Subject | Estimate | Estimates,
    /,
    *limits: str,
    kind: str | None = None,
    name: str | None = None,
    baseline: str | Path | None = None,
    levers: int = 3,
    settings: Mapping[str, Any] | None = None,
    overrides: Mapping[str, Any] | None = None,
    catalog: Overlays = None,
    **flags: Unpack[ScenarioArguments],
) -> Verdicts:
    """Judge the budgets of a file, and limits beside them.

    Parameters
    ----------
    subject : str, Path, mapping, Estimate or Estimates
        As for `estimate`, all scenarios of a file unless `name` selects one; or estimates that were made before.
    *limits : str
        Such as ``"cost.total <= 75 MUSD"``, on every scenario.
    baseline : path, optional
        A saved result or lock file that changes are measured against; absent: the lock beside the files.
    levers : int
        Broken limits for which levers are looked for; of estimates that were made before there are none.
    kind, name, settings, overrides, catalog, **flags
        As for `estimate`.

    Raises
    ------
    ComputecalcError
        When files cannot be read, a limit is none, or there is nothing to judge. A scenario that cannot be estimated is
        no such error: its limits are ERROR, and the exit code is 2.
    """
    with told():
        stated = [stated_limit(text, "limits") for text in limits]
        before = None if baseline is None else read_baseline(Path(baseline))
        asked = Asked(kind, name, settings or {}, overrides or {}, flags)
        if isinstance(subject, Estimate | Estimates):
            return _judged(subject, stated, asked, before)
        files = loaded(subject, asked)
        found = judgement(files, stated, before, opened(catalog), most_levers=levers)
        if name is None:
            return Verdicts(found)
        one_of([raw for file in files for raw in file.scenarios], name)
        return Verdicts(_of_one(found, name))


def _of_one(document: ReportDocument, name: str) -> ReportDocument:
    """Keep the verdicts on one scenario; all are judged, so that a budget on none of them is told."""
    outcomes = tuple(each for each in document.outcomes if each.name == name)
    verdicts = tuple(each for each in document.verdicts if each.scenario == name)
    failed = any(isinstance(each, Failure) for each in outcomes)
    code = 2 if failed else exit_code(verdicts, document.diagnostics)
    return replace(document, outcomes=outcomes, verdicts=verdicts, exit_code=code)


def _judged(subject: Estimate | Estimates, stated: list[Budget], asked: Asked, before: Any) -> Verdicts:
    """Judge estimates that were made before."""
    if not stated:
        raise UsageError(Diagnostic("CC704", "there is no limit to check", hint="such as 'cost.total <= 75 MUSD'"))
    if any((asked.kind, asked.name, asked.settings, asked.overrides, asked.given)):
        message = "an estimate is made already: nothing about its scenario can be stated here"
        raise UsageError(Diagnostic("CC781", message, hint="give it to estimate()"))
    document = subject.document
    verdicts, said = verdicts_on(document.outcomes, stated, before)
    failed = any(isinstance(each, Failure) for each in document.outcomes)
    code = 2 if failed else exit_code(verdicts, said)
    return Verdicts(replace(document, exit_code=code, verdicts=tuple(verdicts), diagnostics=tuple(said)))
