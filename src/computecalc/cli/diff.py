"""`computecalc diff`: what changed of estimates, and by what."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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

__all__ = ["diff"]


def diff(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, patterns, or - for stdin.")],
    *,
    against: Annotated[
        str,
        typer.Option(
            "--against", metavar="lock|git:REF|FILE", help="A lock, the files at a git revision, or a saved result."
        ),
    ] = "lock",
    lock: Annotated[
        Path | None, typer.Option("--lock", metavar="PATH", help="The lock file, where it is not beside the files.")
    ] = None,
    metric: Annotated[
        list[str] | None, typer.Option("--metric", help="Only these metrics, with * ? [...]; repeatable.")
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 where anything changed.")] = False,
    format: Annotated[
        str | None,
        typer.Option("-f", "--format", help="table, plain, json, csv or md; table on a terminal, else plain."),
    ] = None,
    output: OutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    set_: SetOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
) -> None:
    """Split the change of each metric into inputs, catalog and formulas."""
    from computecalc.cli.differing import Comparison, answer_diff

    settings = pairs(set_, "--set", "site.pue=1.1")
    options = ReportOptions(format, output or (), unit or (), digits, color, quiet)
    asked = Comparison(tuple(paths), settings, tuple(catalog or ()), against, lock, tuple(metric or ()))
    raise typer.Exit(answer_diff(asked, options, has_exit_code=exit_code))
