"""From files with budgets to what is printed of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from computecalc.catalog.lookup import Catalog
from computecalc.checks.baselines import Baseline, read_baseline
from computecalc.checks.budgets import Budget, read_budgets
from computecalc.checks.verdicts import Judge, Verdict, exit_code, judged, widened
from computecalc.checks.what_if import levers_on
from computecalc.cli.answers import outcomes_of
from computecalc.cli.failures import report_diagnostics
from computecalc.cli.loading import LoadedFile
from computecalc.cli.locking import lock_beside
from computecalc.cli.options import ReportOptions
from computecalc.cli.outputs import Formats, Outputs
from computecalc.cli.repeated import Repeated
from computecalc.errors import ComputecalcError, Diagnostic, UsageError
from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument
from computecalc.reports.formats import CHECK_FORMATS, pieces, render_check

__all__ = ["answer_check", "verdicts_on"]


def answer_check(
    files: Sequence[LoadedFile],
    stated: Sequence[Budget],
    baseline: Baseline | None,
    catalog: Catalog,
    options: ReportOptions,
    *,
    most_levers: int,
    unread: Sequence[Diagnostic] = (),
) -> int:
    """Judge the budgets of files, print the verdicts, write the files asked for, and return the exit code.

    Parameters
    ----------
    files : sequence of LoadedFile
        Scenarios and the budgets beside them; a budget is on scenarios of its own file.
    stated : sequence of Budget
        Limits from flags, on all scenarios.
    baseline : Baseline, optional
        What changes are measured against; absent: the lock beside the files, if there is one.
    catalog : Catalog
        Where figures come from.
    options : ReportOptions
        Formats and style.
    most_levers : int
        Broken limits for which levers are looked for.
    unread : sequence of Diagnostic
        Why files could not be read at all; they have been printed, and make the exit code 2.
    """
    stated_on, diagnostics = _budgets_of(files, stated)
    if not any(stated_on.values()) and not diagnostics and not unread:
        raise UsageError(
            Diagnostic(
                "CC704",
                "there is no budget to check",
                hint="add `budgets:` to the file, or --check 'cost.total <= 75 MUSD'",
            )
        )
    if baseline is None and any(_is_of_changes(budgets) for budgets in stated_on.values()):
        beside = lock_beside([each.name for each in files])
        baseline = None if beside is None else read_baseline(beside)
    document = ReportDocument((), catalog.version, catalog.digest, 0)
    failures = Repeated()
    with Outputs(_FORMATS, options, document) as outputs:
        verdicts: list[Verdict] = []
        failed = 0
        for file in files:
            if file.name in stated_on:
                judge = Judge(stated_on[file.name], today=date.today(), baseline=baseline)
                for outcome in outcomes_of(file.scenarios, catalog, quiet=options.quiet):
                    failed += _taken(outcome, judge, outputs, failures)
                found, said = judge.verdicts()
                verdicts, diagnostics = verdicts + found, diagnostics + said
        verdicts = _with_levers(verdicts, files, catalog, most_levers)
        told = (*unread, *diagnostics)
        code = 2 if failed or outputs.unwritten else exit_code(verdicts, told)
        outputs.end(replace(document, exit_code=code, failed=failed, verdicts=tuple(verdicts), diagnostics=told))
    report_diagnostics([*outputs.unwritten, *diagnostics])
    failures.report()
    return 2 if outputs.unwritten else code


def _taken(outcome: Estimate | Failure, judge: Judge, outputs: Outputs, failures: Repeated) -> bool:
    """Judge a scenario and write it where it is written at once; return whether it failed."""
    outputs.add(outcome)
    if isinstance(outcome, Failure):
        judge.add(outcome.name, None)
        failures.add(outcome.name, outcome.diagnostics)
        return True
    judge.add(outcome.name, outcome)
    return False


_FORMATS = Formats(CHECK_FORMATS, ("json",), pieces, render_check)


def _budgets_of(
    files: Sequence[LoadedFile], stated: Sequence[Budget]
) -> tuple[dict[str, list[Budget]], list[Diagnostic]]:
    """Read the budgets of each file, by its name; those of a file that are wrong leave it out."""
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
    verdicts: Sequence[Verdict], files: Sequence[LoadedFile], catalog: Catalog, most: int
) -> list[Verdict]:
    raws = {raw.name: raw for file in files for raw in file.scenarios}
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
