"""`computecalc infer`: one served workload from flags."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from computecalc.cli.completing import models
from computecalc.cli.flags import SERVING_FLAGS, scenario_from_flags, with_scenario_flags
from computecalc.cli.options import (
    CatalogOption,
    CheckOption,
    ColorOption,
    DigitsOption,
    EstimateFormatOption,
    PlotOption,
    QuietOption,
    ReportOption,
    ReportOptions,
    ResolveOnlyOption,
    SetOption,
    TornadoOption,
    UnitOption,
    VerboseOption,
    pairs,
)
from computecalc.cli.reckoning import RECKONING_FLAGS, reckoned, without_reckoning

__all__ = ["infer"]


@with_scenario_flags((*SERVING_FLAGS, *RECKONING_FLAGS))
def infer(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="Catalog id, such as llama-3.1-70b, or path of a config.json.",
            autocompletion=models,
        ),
    ],
    *,
    format: EstimateFormatOption = None,
    report: ReportOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    resolve_only: ResolveOnlyOption = False,
    check: CheckOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    plot: PlotOption = False,
    tornado: TornadoOption = None,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
    **flags: Any,
) -> None:
    """Estimate one served workload from flags."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.answers import answer, stated_limits

    limits = stated_limits(check)
    raw = scenario_from_flags(model, without_reckoning(flags), pairs(set_, "--set", "site.pue=1.1"), kind="infer")
    options = ReportOptions(format, report or (), unit or (), digits, color, quiet, tornado, plot)
    laid = reckoned([raw], flags)
    if resolve_only:
        from computecalc.cli.resolving import answer_resolved

        raise typer.Exit(answer_resolved(laid, Catalog.open(catalog or ()), options))
    raise typer.Exit(answer(laid, Catalog.open(catalog or ()), options, limits=limits))
