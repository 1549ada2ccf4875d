"""`computecalc catalog import model`: a Hugging Face config.json as a catalog file."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["import_model"]

_USUAL_NAME = "config"
"""Stem of most configurations, which says nothing: their folder is named after the model."""


def import_model(
    path: Annotated[str, typer.Argument(metavar="PATH", help="The config.json.")],
    name: Annotated[
        str | None, typer.Option("--id", help="Id of the entry; else from the file's or folder's name.")
    ] = None,
    output: Annotated[str | None, typer.Option("-o", "--output", help="File to write; else standard output.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Date of the configuration; else that of the file.", metavar="DATE")
    ] = None,
) -> None:
    """Turn a model's config.json into a catalog file."""
    from computecalc.catalog.importers.huggingface import load_config
    from computecalc.catalog.importers.writing import catalog_text, slug
    from computecalc.catalog.sources import is_date
    from computecalc.cli.answers import write_atomically
    from computecalc.errors import Diagnostic, UsageError

    if as_of is not None and not is_date(as_of):
        hint = "write 2024-03-01, 2024-03 or 2024"
        raise UsageError(Diagnostic("CC101", f"--as-of is not a date: {as_of!r}", hint=hint))
    entry_id = slug(_default_name(Path(path)) if name is None else name)
    if not entry_id or (name is not None and entry_id != name):
        hint = f"such as --id {entry_id or 'my-model'}: lower case, digits, dots and hyphens"
        message = "the file's name gives no id" if name is None else f"--id {name!r} is no id"
        raise UsageError(Diagnostic("CC101", message, hint=hint))
    text = catalog_text(
        load_config(path), entry_id=entry_id, publication=path, as_of=as_of or _modified(Path(path)).isoformat()[:10]
    )
    if output is None:
        sys.stdout.write(text)
    else:
        write_atomically(Path(output), text)


def _default_name(path: Path) -> str:
    stem = path.stem.removesuffix("_config")
    return path.resolve().parent.name if stem == _USUAL_NAME else stem


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
