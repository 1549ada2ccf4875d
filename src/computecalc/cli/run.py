"""`computecalc run`: the scenarios of YAML files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from computecalc.cli.flags import with_scenario_flags
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
from computecalc.cli.reckoning import RECKONING_FLAGS, reckoned

if TYPE_CHECKING:
    from computecalc.checks.measured_runs import MeasuredRun

__all__ = ["run"]


@with_scenario_flags(RECKONING_FLAGS)
def run(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders, patterns, or - for standard input.")
    ],
    *,
    format: EstimateFormatOption = None,
    output: DrawnOutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    check: CheckOption = None,
    calibrate: Annotated[
        str | None, typer.Option("--calibrate", help="Own measurements (CSV) that correct scenarios of kind infer.")
    ] = None,
    resolve_only: ResolveOnlyOption = False,
    measured: Annotated[
        Path | None, typer.Option("--measured", help="The emissions.csv of codecarbon, set beside the estimates.")
    ] = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    plot: PlotOption = False,
    tornado: TornadoOption = None,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
    **flags: Any,
) -> None:
    """Estimate the scenarios of YAML files."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.answers import answer, for_jobs, stated_limits
    from computecalc.cli.failures import report_diagnostics
    from computecalc.scenario.loading import load_together

    limits = stated_limits(check)
    runs: Sequence[MeasuredRun] = ()
    if measured is not None:
        from computecalc.checks.measured_runs import read_measured_runs

        runs = read_measured_runs(measured)
    scenarios, failed = load_together(paths, pairs(set_, "--set", "site.pue=1.1"))
    unread = [diagnostic for _, error in failed for diagnostic in error.diagnostics]
    report_diagnostics(unread)
    options = ReportOptions(format, output or (), unit or (), digits, color, quiet, tornado, plot)
    if failed and not scenarios and not for_jobs(options):
        raise typer.Exit(2)
    if calibrate is not None:
        from computecalc.cli.calibrating import calibrated

        scenarios = calibrated(scenarios, calibrate)
    laid = reckoned(scenarios, flags)
    if resolve_only:
        from computecalc.cli.resolving import answer_resolved

        code = answer_resolved(laid, Catalog.open(catalog or ()), options)
        raise typer.Exit(2 if unread else code)
    opened = Catalog.open(catalog or ())
    raise typer.Exit(answer(laid, opened, options, limits=limits, unread=unread, measured=runs))
