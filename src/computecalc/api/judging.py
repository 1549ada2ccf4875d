"""Budgets of files and limits beside them against the estimates, with what would mend a broken one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from computecalc.api.outcomes import estimated
from computecalc.catalog.lookup import Catalog
from computecalc.checks.baselines import Baseline, read_baseline
from computecalc.checks.budgets import Budget, read_budgets
from computecalc.checks.locks import lock_beside
from computecalc.checks.verdicts import Judge, Verdict, exit_code, judged, widened
from computecalc.checks.what_if import levers_on
from computecalc.errors import ComputecalcError, Diagnostic, UsageError
from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument
from computecalc.scenario.files import RawScenario
from computecalc.scenario.loading import LoadedFile

__all__ = ["judgement", "verdicts_on"]

Outcome = Estimate | Failure
Estimating = Callable[[Sequence[RawScenario], Catalog], Iterable[Outcome]]


def judgement(
    files: Sequence[LoadedFile],
    stated: Sequence[Budget],
    baseline: Baseline | None,
    catalog: Catalog,
    *,
    most_levers: int,
    unread: Sequence[Diagnostic] = (),
    estimating: Estimating = estimated,
    kept: Callable[[Outcome], Outcome] = lambda outcome: outcome,
) -> ReportDocument:
    """Judge the budgets of files, scenario by scenario.

    Parameters
    ----------
    files : sequence of LoadedFile
        Scenarios and the budgets beside them; a budget is on scenarios of its own file.
    stated : sequence of Budget
        Limits from elsewhere, on all scenarios.
    baseline : Baseline, optional
        What changes are measured against; absent: the lock beside the files, if there is one.
    catalog : Catalog
        Where figures come from.
    most_levers : int
        Broken limits for which levers are looked for.
    unread : sequence of Diagnostic
        Why files could not be read at all; they make the exit code 2.
    estimating : callable
        What estimates scenarios in order.
    kept : callable
        Takes each outcome when it has been judged, and returns what is kept of it.

    Raises
    ------
    UsageError
        CC704 when there is no budget.
    """
    budgets, diagnostics = _budgets_of(files, stated)
    if not any(budgets.values()) and not diagnostics and not unread:
        hint = "add `budgets:` to the file, or --check 'cost.total <= 75 MUSD'"
        raise UsageError(Diagnostic("CC704", "there is no budget to check", hint=hint))
    if baseline is None and any(map(_is_of_changes, budgets.values())):
        beside = lock_beside([each.name for each in files])
        baseline = None if beside is None else read_baseline(beside)
    verdicts: list[Verdict] = []
    outcomes: list[Outcome] = []
    for file in files:
        if file.name not in budgets:
            continue
        judge = Judge(budgets[file.name], today=date.today(), baseline=baseline)
        for outcome in estimating(file.scenarios, catalog):
            judge.add(outcome.name, outcome if isinstance(outcome, Estimate) else None)
            outcomes.append(kept(outcome))
        found, said = judge.verdicts()
        verdicts, diagnostics = verdicts + found, diagnostics + said
    verdicts = _with_levers(verdicts, {raw.name: raw for file in files for raw in file.scenarios}, catalog, most_levers)
    told = (*unread, *diagnostics)
    code = 2 if any(isinstance(each, Failure) for each in outcomes) else exit_code(verdicts, told)
    return ReportDocument(tuple(outcomes), catalog.version, catalog.digest, code, tuple(verdicts), told)


def _budgets_of(
    files: Sequence[LoadedFile], stated: Sequence[Budget]
) -> tuple[dict[str, list[Budget]], list[Diagnostic]]:
    """Read the budgets of each file, by its name; a file whose budgets are wrong is left out."""
    found: dict[str, list[Budget]] = {}
    problems: list[Diagnostic] = []
    for file in files:
        try:
            found[file.name] = [*read_budgets(file.document), *stated]
        except ComputecalcError as error:
            problems += error.diagnostics
    return found, problems


def _is_of_changes(budgets: Sequence[Budget]) -> bool:
    return any(limit.check.is_change for budget in budgets for limit in budget.limits)


def verdicts_on(
    outcomes: Sequence[Estimate | Failure], budgets: Sequence[Budget], baseline: Baseline | None
) -> tuple[list[Verdict], list[Diagnostic]]:
    """Judge budgets on what became of scenarios."""
    estimates = [outcome for outcome in outcomes if isinstance(outcome, Estimate)]
    failed = [outcome.name for outcome in outcomes if isinstance(outcome, Failure)]
    return judged(budgets, estimates, failed, today=date.today(), baseline=baseline)


def _with_levers(
    verdicts: Sequence[Verdict], raws: dict[str, RawScenario], catalog: Catalog, most: int
) -> list[Verdict]:
    found: list[Verdict] = []
    looked_at = 0
    for verdict in verdicts:
        tested, raw = verdict.tested, raws.get(verdict.scenario)
        is_broken = verdict.state == "FAIL" and not verdict.limit.check.is_change
        if is_broken and raw is not None and tested is not None and looked_at < most:
            looked_at += 1
            levers = levers_on(raw, catalog, widened(verdict.limit), tested, today=date.today())
            found.append(replace(verdict, levers=levers))
        else:
            found.append(verdict)
    return found
