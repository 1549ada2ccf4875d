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
from computecalc.checks.verdicts import Verdict, exit_code, judged, widened
from computecalc.checks.what_if import levers_on
from computecalc.errors import ComputecalcError, Diagnostic, UsageError
from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument
from computecalc.scenario.files import RawScenario
from computecalc.scenario.loading import LoadedFile

__all__ = ["judgement", "verdicts_on"]

Estimating = Callable[[Sequence[RawScenario], Catalog], Iterable[Estimate | Failure]]


def judgement(
    files: Sequence[LoadedFile],
    stated: Sequence[Budget],
    baseline: Baseline | None,
    catalog: Catalog,
    *,
    most_levers: int,
    unread: Sequence[Diagnostic] = (),
    estimating: Estimating = estimated,
) -> ReportDocument:
    """Judge the budgets of files.

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

    Raises
    ------
    UsageError
        CC704 when there is no budget.
    """
    verdicts: list[Verdict] = []
    diagnostics: list[Diagnostic] = []
    outcomes: list[Estimate | Failure] = []
    raws: list[RawScenario] = []
    for file in files:
        try:
            budgets = [*read_budgets(file.document), *stated]
        except ComputecalcError as error:
            diagnostics += error.diagnostics
            continue
        if baseline is None and any(limit.check.is_change for budget in budgets for limit in budget.limits):
            beside = lock_beside([each.name for each in files])
            baseline = None if beside is None else read_baseline(beside)
        own = list(estimating(file.scenarios, catalog))
        found, said = verdicts_on(own, budgets, baseline)
        verdicts, diagnostics = [*verdicts, *found], [*diagnostics, *said]
        outcomes, raws = [*outcomes, *own], [*raws, *file.scenarios]
    if not verdicts and not diagnostics and not unread:
        hint = "add `budgets:` to the file, or --check 'cost.total <= 75 MUSD'"
        raise UsageError(Diagnostic("CC704", "there is no budget to check", hint=hint))
    verdicts = _with_levers(verdicts, {raw.name: raw for raw in raws}, catalog, most_levers)
    told = (*unread, *diagnostics)
    code = 2 if any(isinstance(each, Failure) for each in outcomes) else exit_code(verdicts, told)
    return ReportDocument(tuple(outcomes), catalog.version, catalog.digest, code, tuple(verdicts), told)


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
