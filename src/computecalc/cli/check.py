"""`computecalc check`: budgets of scenario files against their estimates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from computecalc.cli.options import (
    CatalogOption,
    CheckOption,
    ColorOption,
    DigitsOption,
    EstimateFormatOption,
    OutputOption,
    QuietOption,
    ReportOptions,
    SetOption,
    UnitOption,
    VerboseOption,
    pairs,
)

__all__ = ["check"]


def check(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, patterns, or - for stdin.")],
    *,
    check: CheckOption = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            help="A saved result or lock file that changes are measured against; absent: the lock beside the files.",
        ),
    ] = None,
    levers: Annotated[
        int, typer.Option("--levers", min=0, max=100, help="Broken limits for which levers are looked for.")
    ] = 3,
    format: EstimateFormatOption = None,
    output: OutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
) -> None:
    """Evaluate the budgets of scenario files: exit 1 on a broken one, 2 on one that cannot be judged."""
    from computecalc.catalog.lookup import Catalog
    from computecalc.checks.baselines import read_baseline
    from computecalc.checks.budgets import stated_limit
    from computecalc.cli.answers import for_jobs
    from computecalc.cli.failures import report_diagnostics
    from computecalc.cli.verdicts import answer_check
    from computecalc.scenario.loading import load_files

    stated = [stated_limit(text, "--check") for text in check or ()]
    before = None if baseline is None else read_baseline(baseline)
    files, failed = load_files(paths, pairs(set_, "--set", "site.pue=1.1"))
    unread = [diagnostic for _, error in failed for diagnostic in error.diagnostics]
    report_diagnostics(unread)
    options = ReportOptions(format, output or (), unit or (), digits, color, quiet)
    if not files and not for_jobs(options):
        raise typer.Exit(2)
    opened = Catalog.open(catalog or ())
    raise typer.Exit(answer_check(files, stated, before, opened, options, most_levers=levers, unread=unread))
