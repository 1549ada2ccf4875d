"""`computecalc train`: one training run from flags."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from computecalc.cli.completing import models
from computecalc.cli.flags import FLAGS, scenario_from_flags, with_scenario_flags
from computecalc.cli.options import (
    CatalogOption,
    CheckOption,
    ColorOption,
    DigitsOption,
    DrawnOutputOption,
    EstimateFormatOption,
    PlotOption,
    QuietOption,
    ReportOptions,
    ResolveOnlyOption,
    SetOption,
    TornadoOption,
    UnitOption,
    VerboseOption,
    pairs,
)
from computecalc.cli.reckoning import RECKONING_FLAGS, reckoned, without_reckoning

__all__ = ["train"]


@with_scenario_flags((*FLAGS, *RECKONING_FLAGS))
def train(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="Catalog id, such as llama-3.1-405b, path of a config.json, or compute-optimal.",
            autocompletion=models,
        ),
    ],
    *,
    format: EstimateFormatOption = None,
    output: DrawnOutputOption = None,
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
    """Estimate one training run from flags."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.answers import answer, stated_limits

    limits = stated_limits(check)
    raw = scenario_from_flags(model, without_reckoning(flags), pairs(set_, "--set", "site.pue=1.1"))
    options = ReportOptions(format, output or (), unit or (), digits, color, quiet, tornado, plot)
    laid = reckoned([raw], flags)
    if resolve_only:
        from computecalc.cli.resolving import answer_resolved

        raise typer.Exit(answer_resolved(laid, Catalog.open(catalog or ()), options))
    raise typer.Exit(answer(laid, Catalog.open(catalog or ()), options, limits=limits))
