"""From a plan and options to a sweep in its folder, and to what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from computecalc.api.sweeping import limits_of
from computecalc.catalog.lookup import Catalog
from computecalc.cli.answers import destinations, put_texts
from computecalc.cli.failures import report_diagnostics
from computecalc.cli.options import ReportOptions, report_style
from computecalc.errors import Diagnostic, UsageError
from computecalc.records import record
from computecalc.reports.sweep_answer import SWEEP_FORMATS, SweepAnswer, render_sweep
from computecalc.sweeps.choices import MOST_KEPT, Objective, best_cases, front_cases, objective_of
from computecalc.sweeps.extents import extents
from computecalc.sweeps.limits import Limit
from computecalc.sweeps.plan import Plan
from computecalc.sweeps.running import SweepResult, run_sweep

if TYPE_CHECKING:
    from computecalc.cli.progress import Progressing

__all__ = ["Question", "answer_sweep"]


@record
class Question:
    """What is wanted of a sweep."""

    folder: Path
    metrics: Sequence[str] = ()
    where: Sequence[str] = ()
    top: int | None = None
    by: str | None = None
    pareto: str | None = None
    rows: int = 2**18
    restart: bool = False
    engine: str = "embedded"
    scheduler: str | None = None
    workers: int | None = None


def answer_sweep(plan: Plan, catalog: Catalog, question: Question, options: ReportOptions) -> int:
    """Run a sweep, print what is asked of it, and return the exit code."""
    style = report_style(options)
    destinations(options, SWEEP_FORMATS)  # a wrong format is told before a long work, not after it
    _check_question(question)
    where = limits_of(question.where)
    result = _run(plan, catalog, question, where, quiet=options.quiet)
    title, units, rows = _picked(result, question)
    answer = SweepAnswer(
        summary=_summary(result),
        title=title,
        units=units,
        rows=rows,
        extents={name: (*ends, result.metrics[name]) for name, ends in extents(result).items()},
        catalog_version=catalog.version,
        catalog_digest=catalog.digest,
    )
    if result.failed and not options.quiet:
        report_diagnostics([_failures(result, plan)])
    return put_texts(lambda name: render_sweep(name, answer, style), options, SWEEP_FORMATS, 0)


def _check_question(question: Question) -> None:
    if (question.top is None) != (question.by is None):
        message = "--top and --by go together"
        raise UsageError(Diagnostic("CC101", message, hint="such as --top 10 --by cost.total"))
    if question.top is not None and question.pareto is not None:
        message = "--top and --pareto are two questions"
        raise UsageError(Diagnostic("CC101", message, hint="ask one; a second run finds the folder complete"))
    if question.top is not None and not 1 <= question.top <= MOST_KEPT:
        message = f"--top takes 1 to {MOST_KEPT:,} cases, not {question.top:,}"
        raise UsageError(Diagnostic("CC101", message, hint="read more of them from the Parquet files"))
    if question.engine not in ("embedded", "dask"):
        message = f"there is no engine {question.engine!r}"
        raise UsageError(Diagnostic("CC101", message, hint="there are embedded and dask"))
    if question.engine == "embedded" and (question.scheduler is not None or question.workers is not None):
        message = "--scheduler and --workers go with --engine dask"
        raise UsageError(Diagnostic("CC101", message, hint="add --engine dask"))


def _run(plan: Plan, catalog: Catalog, question: Question, where: tuple[Limit, ...], *, quiet: bool) -> SweepResult:
    partitions = -(-plan.cases // question.rows)
    with _bar(partitions, quiet=quiet) as bar:
        done = 0

        def progress(now: int, whole: int) -> None:  # noqa: ARG001 - told of both
            nonlocal done
            for number in range(done, now):
                if bar is not None:
                    bar(number)
            done = now

        return run_sweep(
            plan,
            question.folder,
            catalog=catalog,
            metrics=question.metrics,
            where=where,
            partition_rows=question.rows,
            restart=question.restart,
            engine="dask" if question.engine == "dask" else "embedded",
            scheduler=question.scheduler,
            workers=question.workers,
            progress=progress,
        )


def _bar(partitions: int, *, quiet: bool) -> AbstractContextManager[Progressing | None]:
    if quiet or partitions < 2:
        return nullcontext()
    from computecalc.cli.progress import Progressing

    return Progressing(partitions, "partitions", least=2)


def _picked(result: SweepResult, question: Question) -> tuple[str, dict[str, str | None], list[dict[str, Any]]]:
    """Return the cases that were asked for, under a title, with the units of their columns."""
    objectives: list[Objective] = []
    title, rows = "", []
    if question.by is not None and question.top is not None:
        objectives = [objective_of(question.by, result)]
        rows = best_cases(result, objectives[0], question.top)
        title = f"{len(rows)} cases with the {_words(objectives[0])}"
    elif question.pareto is not None:
        objectives = [objective_of(text, result) for text in question.pareto.split(",") if text.strip()]
        if len(objectives) < 2:
            message = "--pareto weighs two or more metrics against each other"
            raise UsageError(Diagnostic("CC101", message, hint="such as --pareto cost.total,time.wall"))
        rows = front_cases(result, objectives)
        title = f"{len(rows)} cases on the front of {' and '.join(_words(each) for each in objectives)}"
    if not title:
        return "", {}, []
    metrics = {each.metric: result.metrics[each.metric] for each in objectives}
    return title, {"case": "1", **result.axes, **metrics}, rows


def _words(objective: Objective) -> str:
    return f"{'most' if objective.is_most else 'least'} {objective.metric}"


def _summary(result: SweepResult) -> dict[str, Any]:
    return {
        "scenario": result.name,
        "folder": str(result.folder),
        "cases": result.cases,
        "failed": result.failed,
        "left out": result.left_out,
        "rows": result.rows,
        "partitions": result.partitions,
        "computed now": result.computed,
    }


def _failures(result: SweepResult, plan: Plan) -> Diagnostic:
    message = f"{result.failed:,} of {result.cases:,} cases cannot be estimated"
    hint = "the columns status and reason say why; where nothing fits, --where leaves their rows out"
    return Diagnostic("CC764", message, severity="warning", span=plan.span, hint=hint)
