"""`computecalc catalog new`: a template of an entry."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from computecalc.errors import CatalogError, Diagnostic, UsageError, did_you_mean

__all__ = ["new", "write_new"]


def new(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="accelerator, model, price, grid or site.")],
    entry_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="Id of the entry.")] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Print a commented template of an entry, which loads once its placeholders are filled."""
    from computecalc.catalog.entry_reading import is_entry_id
    from computecalc.catalog.templates import TEMPLATE_KINDS, template

    known = next((each for each in TEMPLATE_KINDS if each == kind), None)
    if known is None:
        near = did_you_mean(kind, TEMPLATE_KINDS)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(TEMPLATE_KINDS)}"
        raise CatalogError(Diagnostic("CC501", f"there is no template of {kind!r}", hint=hint))
    name = entry_id or f"my-{known}"
    if not is_entry_id(name, known):
        hint = "small letters, digits, `.`, `+` and `-`, first a letter or digit"
        raise CatalogError(Diagnostic("CC503", f"{name!r} is not an id", hint=hint))
    write_new(template(known, name, date.today()), output, force=force)


def write_new(text: str, output: Path | None, *, force: bool) -> None:
    """Print a text, or write it to a file that is not there yet.

    Raises
    ------
    UsageError
        CC104, when the file is there and `force` is not given, or it cannot be written.
    """
    from computecalc.cli.answers import write_atomically

    if output is None:
        sys.stdout.write(text)
        return
    if output.exists() and not force:
        raise UsageError(Diagnostic("CC104", f"{output} is there already", hint="--force overwrites it"))
    write_atomically(output, text)
