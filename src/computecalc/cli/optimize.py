"""`computecalc optimize`: the best layouts, accelerators and counts of a training run under limits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from computecalc.cli.flags import FLAGS, scenario_from_flags, with_scenario_flags
from computecalc.cli.options import (
    CatalogOption,
    ColorOption,
    DigitsOption,
    OutputOption,
    QuietOption,
    ReportOptions,
    SetOption,
    UnitOption,
    VerboseOption,
    pairs,
)

if TYPE_CHECKING:
    from computecalc.scenario.files import RawScenario

__all__ = ["optimize"]

_SCOPE = ("accelerator", "count")
"""Scenario flags that are lists here, and go with a file as well."""


@with_scenario_flags(FLAGS)
def optimize(
    subject: Annotated[
        str, typer.Argument(metavar="MODEL|PATH|-", help="A model with flags as for train, or a file or folder.")
    ],
    *,
    by: Annotated[
        str | None, typer.Option("--by", help="time, cost, energy, carbon or count; count where a deadline is stated.")
    ] = None,
    limit: Annotated[
        list[str] | None, typer.Option("--limit", help="Such as 'time.wall <= 30 d'; repeatable, all must hold.")
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, max=1000, help="Runs to show.")] = 5,
    pareto: Annotated[
        bool, typer.Option("--pareto", help="Also the front: time and memory, or time and cost over counts.")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out layouts that are rarely best.")] = False,
    format: Annotated[
        str | None, typer.Option("-f", "--format", help="table, plain, json, csv or md; table on a terminal.")
    ] = None,
    output: OutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
    **flags: str | None,
) -> None:
    """Search layouts, and accelerators and counts as lists (--count 512,1024 or 512..4096), for the best run."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.optima import Request, answer_search, limits_from, scope_from

    request = Request(
        by=by,
        limits=limits_from(limit or ()),
        top=top,
        has_front=pareto,
        scope=scope_from(flags, is_thorough=not quick),
    )
    scenarios = _scenarios(subject, flags, pairs(set_, "--set", "site.pue=1.1"))
    options = ReportOptions(format, output or (), unit or (), digits, color, quiet)
    raise typer.Exit(answer_search(scenarios, Catalog.open(catalog or ()), request, options))


def _scenarios(subject: str, flags: dict[str, str | None], settings: dict[str, str]) -> list[RawScenario]:
    from computecalc.cli.loading import load_scenarios
    from computecalc.cli.subjects import names_scenarios
    from computecalc.errors import Diagnostic, UsageError

    if not names_scenarios(subject):
        return [scenario_from_flags(subject, flags, settings)]
    stated = [flag for flag in FLAGS if flags.get(flag.parameter) is not None and flag.parameter not in _SCOPE]
    if stated:
        message = f"{stated[0].name} goes with a model, not with {Path(subject).name or subject}"
        hint = f"--set {stated[0].path}={flags[stated[0].parameter]} changes the scenarios of a file"
        raise UsageError(Diagnostic("CC101", message, hint=hint))
    return load_scenarios(subject, settings)
