"""`computecalc verify`: a saved result against what its own inputs give."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from computecalc.cli.options import (
    ColorOption,
    DigitsOption,
    OutputOption,
    ReportOptions,
    VerboseOption,
    report_style,
)

__all__ = ["verify"]


def verify(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="A result saved with -o json=PATH, or a lock file.")],
    *,
    format: Annotated[
        str | None,
        typer.Option("-f", "--format", help="table, plain, json, csv or md; table on a terminal, else plain."),
    ] = None,
    output: OutputOption = None,
    digits: DigitsOption = 6,
    color: ColorOption = "auto",
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
) -> None:
    """Recompute a saved result from its own inputs: exit 1 on a difference, 2 where it cannot be computed again."""
    from computecalc.checks.saved import read_saved
    from computecalc.checks.verifying import verified
    from computecalc.cli.answers import put_texts
    from computecalc.reports.verification import VERIFY_FORMATS, render_verified

    found = verified(read_saved(result))
    options = ReportOptions(format, output or (), (), digits, color)
    style = report_style(options)
    code = put_texts(lambda name: render_verified(name, found, style), options, VERIFY_FORMATS, found.exit_code)
    raise typer.Exit(code)
