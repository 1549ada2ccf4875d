"""`computecalc render`: a saved result in any other format."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from computecalc.cli.options import (
    ColorOption,
    DigitsOption,
    EstimateFormatOption,
    OutputOption,
    ReportOptions,
    UnitOption,
    VerboseOption,
)

__all__ = ["render"]

_MOST_BYTES = 500_000_000


def render(
    result: Annotated[str, typer.Argument(metavar="RESULT", help="A file written with -o json=PATH, or - for stdin.")],
    checks: Annotated[
        bool, typer.Option("--checks", help="The verdicts on budgets alone, as `check` shows them.")
    ] = False,
    format: EstimateFormatOption = None,
    output: OutputOption = None,
    unit: UnitOption = None,
    digits: DigitsOption = 4,
    color: ColorOption = "auto",
    verbose: VerboseOption = False,  # noqa: ARG001 - read by the last door for errors
) -> None:
    """Show a saved JSON result in any other format, without estimating again: exit 0 whatever it says."""
    from dataclasses import replace

    from computecalc.cli.answers import put_out
    from computecalc.errors import Diagnostic, UsageError
    from computecalc.reports.formats import CHECK_FORMATS, FORMATS, render_check
    from computecalc.reports.formats import render as render_estimates
    from computecalc.reports.saved_document import read_document

    text, name = _text(result)
    document = read_document(text, name)
    if checks and not document.verdicts:
        hint = "leave --checks out, or save the result of `computecalc check`"
        raise UsageError(Diagnostic("CC704", f"there are no verdicts in {name}", hint=hint))
    options = ReportOptions(format, output or (), unit or (), digits, color)
    formats, renderer = (CHECK_FORMATS, render_check) if checks else (FORMATS, render_estimates)
    rendered = replace(document, exit_code=0)  # the code of this command; what is shown keeps that of the result
    raise typer.Exit(put_out(rendered, options, formats, lambda form, _, style: renderer(form, document, style)))


def _text(result: str) -> tuple[str, str]:
    """Return the file and what it is called.

    Raises
    ------
    UsageError
        CC103 when it cannot be read, CC203 when it is no text.
    """
    from computecalc.errors import Diagnostic, UsageError

    name = "<stdin>" if result == "-" else result
    try:
        if result == "-":
            content = sys.stdin.buffer.read(_MOST_BYTES + 1)
        else:
            with Path(result).open("rb") as stream:
                content = stream.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise UsageError(Diagnostic("CC204", f"{name} is too large for a saved result"))
        return content.decode("utf-8"), name
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror or error}"
        raise UsageError(Diagnostic("CC103", message, hint="check the path")) from error
    except UnicodeDecodeError as error:
        raise UsageError(Diagnostic("CC203", f"{name} is not UTF-8 text", hint="is it the right file?")) from error
