"""`computecalc run`: the scenarios of YAML files."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from computecalc.cli.flags import with_scenario_flags
from computecalc.cli.options import (
    CatalogOption,
    ColorOption,
    DigitsOption,
    FormatOption,
    OutputOption,
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

__all__ = ["run"]


@with_scenario_flags(RECKONING_FLAGS)
def run(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH...", help="Files, folders, patterns, or - for standard input.")
    ],
    *,
    format: FormatOption = None,
    output: OutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    calibrate: Annotated[
        str | None, typer.Option("--calibrate", help="Own measurements (CSV) that correct scenarios of kind infer.")
    ] = None,
    resolve_only: ResolveOnlyOption = False,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    tornado: TornadoOption = None,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
    **flags: Any,
) -> None:
    """Estimate the scenarios of YAML files."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.cli.answers import answer
    from computecalc.cli.failures import report_diagnostics
    from computecalc.cli.loading import load_together

    scenarios, failed = load_together(paths, pairs(set_, "--set", "site.pue=1.1"))
    for _, error in failed:
        report_diagnostics(error.diagnostics)
    if failed and not scenarios:
        raise typer.Exit(2)
    if calibrate is not None:
        from computecalc.cli.calibrating import calibrated

        scenarios = calibrated(scenarios, calibrate)
    options = ReportOptions(format, output or (), unit or (), digits, color, quiet, tornado)
    laid = reckoned(scenarios, flags)
    if resolve_only:
        from computecalc.cli.resolving import answer_resolved

        code = answer_resolved(laid, Catalog.open(catalog or ()), options)
        raise typer.Exit(2 if failed else code)
    raise typer.Exit(answer(laid, Catalog.open(catalog or ()), options, failed_files=bool(failed)))
