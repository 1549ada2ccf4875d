"""`computecalc lock`: what scenario files come to, kept in a file that is committed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from computecalc.cli.options import (
    CatalogOption,
    ColorOption,
    QuietOption,
    ReportOptions,
    SetOption,
    VerboseOption,
    pairs,
)

__all__ = ["lock"]


def lock(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, patterns, or - for stdin.")],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--lock", metavar="PATH", help="The lock file; absent: computecalc.lock.json beside the files."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 and say what changed where it is stale.")
    ] = False,
    format: Annotated[
        str | None, typer.Option("-f", "--format", help="Of --check: table, plain, json, csv or md.")
    ] = None,
    set_: SetOption = None,
    catalog: CatalogOption = None,
    color: ColorOption = "auto",
    quiet: QuietOption = False,
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
) -> None:
    """Write the lock file of scenarios: resolved inputs, outputs, catalog digests and formula versions."""
    from computecalc.cli.locking import answer_lock

    options = ReportOptions(format=format, color=color, quiet=quiet)
    settings = pairs(set_, "--set", "site.pue=1.1")
    raise typer.Exit(answer_lock(paths, settings, catalog or (), output, options, is_check=check))
