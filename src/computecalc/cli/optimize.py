"""`computecalc optimize`: the best layouts, accelerators and counts of a run or a service under limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.completing import models
from computecalc.cli.flags import FLAGS, SERVING_FLAGS, scenario_from_flags, with_scenario_flags
from computecalc.cli.options import (
    CatalogOption,
    ColorOption,
    DigitsOption,
    DrawnOutputOption,
    PlotOption,
    QuietOption,
    ReportOptions,
    SetOption,
    UnitOption,
    VerboseOption,
    pairs,
)

if TYPE_CHECKING:
    from computecalc.api.searching import Request
    from computecalc.scenario.files import RawScenario

__all__ = ["optimize"]

_SCOPE = ("accelerator", "count", "precision")
"""Scenario flags that are lists here, and go with a file as well; formats are a list where a model is served."""

_BESIDE = tuple(flag for flag in SERVING_FLAGS if flag.name != "--output")
"""Flags of a service; what --output takes is a report or, without `=`, the tokens of an answer."""


@with_scenario_flags((*FLAGS, *_BESIDE))
def optimize(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="MODEL|PATH|-",
            help="A model with flags as for train or infer, or a file or folder.",
            autocompletion=models,
        ),
    ],
    *,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            help="time, cost, energy, carbon or count; of a service cost, output-cost, energy, carbon, throughput, "
            "latency, ttft, tpot, count or a metric id.",
        ),
    ] = None,
    served: Annotated[bool, typer.Option("--served", help="MODEL is served: flags as for infer, not train.")] = False,
    limit: Annotated[
        list[str] | None, typer.Option("--limit", help="Such as 'time.wall <= 30 d'; repeatable, all must hold.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="Runs or configurations to show.")] = 5,
    pareto: Annotated[
        bool,
        typer.Option(
            "--pareto", help="Also the front: time and memory, time and cost over counts, throughput and latency."
        ),
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out layouts that are rarely best.")] = False,
    format: Annotated[
        str | None, typer.Option("-f", "--format", help="table, plain, json, csv, md or html; table on a terminal.")
    ] = None,
    output: DrawnOutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    plot: PlotOption = False,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
    **flags: str | None,
) -> None:
    """Search layouts, and accelerators and counts as lists (--count 512,1024 or 512..4096), for the best run.

    Of a service, layouts, number formats and requests at once are searched.
    """
    from computecalc.api.searching import Request, limits_from, precisions_from, scope_from
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.optima import answer_search
    from computecalc.scenario.loading import names_scenarios

    reports = _reports(output or [], flags, served=served)
    request = Request(
        by=by,
        limits=limits_from(limit or ()),
        top=top,
        has_front=pareto,
        scope=scope_from(flags, is_thorough=not quick),
        precisions=precisions_from(flags, is_searched=served or names_scenarios(subject)),
    )
    kind = "infer" if served else "train"
    scenarios = _scenarios(subject, flags, pairs(set_, "--set", "site.pue=1.1"), kind, request)
    options = ReportOptions(format, reports, unit or (), digits, color, quiet, plot=plot)
    raise typer.Exit(answer_search(scenarios, Catalog.open(catalog or ()), request, options))


def _reports(output: list[str], flags: dict[str, str | None], *, served: bool) -> list[str]:
    """Take the tokens of an answer out of what --output was given, and return the reports."""
    lengths = [text for text in output if served and "=" not in text]
    if len(lengths) > 1:
        from computecalc.errors import Diagnostic, UsageError

        message = f"--output is given twice: {' and '.join(lengths)}"
        raise UsageError(
            Diagnostic("CC101", message, hint="once for the tokens of an answer; -o json=best.json writes")
        )
    if lengths:
        flags["output"] = lengths[0]
    return [text for text in output if text not in lengths]


def _scenarios(
    subject: str, flags: dict[str, str | None], settings: dict[str, str], kind: str, request: Request
) -> list[RawScenario]:
    from computecalc.api.searching import is_served
    from computecalc.errors import Diagnostic, UsageError
    from computecalc.scenario.loading import load_scenarios, names_scenarios

    if not names_scenarios(subject):
        return [scenario_from_flags(subject, flags, settings, kind=kind)]
    known = {flag.parameter: flag for flag in (*FLAGS, *SERVING_FLAGS)}
    stated = [name for name in known if flags.get(name) is not None and name not in _SCOPE]
    if stated:
        flag = known[stated[0]]
        message = f"{flag.name} goes with a model, not with {Path(subject).name or subject}"
        hint = f"--set {flag.path}={flags[stated[0]]} changes the scenarios of a file"
        raise UsageError(Diagnostic("CC101", message, hint=hint))
    found = load_scenarios(subject, settings)
    trained = [raw.name for raw in found if not is_served(raw)]
    if request.precisions and trained:
        message = f"--precision is searched where a model is served, and {trained[0]} is trained"
        hint = "--set cluster.precision=fp8 changes the scenarios of a file"
        raise UsageError(Diagnostic("CC101", message, hint=hint))
    return found
