"""`computecalc init`: starter files that run as they are, and workflows for CI."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CI_SYSTEMS", "KINDS", "init"]

KINDS = ("train", "infer", "budget")
"""Kinds of starter files."""

CI_SYSTEMS = ("github", "gitlab", "pre-commit")
"""What there is a workflow for."""

_STARTERS = Path(__file__).parent / "starters"


def init(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[train|infer|budget] [PATH]", help="What to start, and the file to write."),
    ] = None,
    ci: Annotated[
        str | None, typer.Option("--ci", help="A workflow in place of a scenario: github, gitlab or pre-commit.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file where it is there already.")] = False,
) -> None:
    """Write a commented starter file, or a workflow for CI; without PATH, or with -, to standard output."""
    name, path = _wanted(list(words or ()), ci)
    text = (_STARTERS / f"{name}.yaml").read_text(encoding="utf-8")
    if path in (None, "-"):
        typer.echo(text, nl=False)
        return
    _write(Path(str(path)), text, force=force)
    if ci is None:
        verb = "check" if name == "budget" else "run"
        typer.echo(f"wrote {path}; next: computecalc {verb} {path}", err=True)
    else:
        typer.echo(f"wrote {path}", err=True)


def _wanted(words: list[str], ci: str | None) -> tuple[str, str | None]:
    """Return what to start and where it is to be written.

    Raises
    ------
    UsageError
        CC101 for what there is no file of, and for too many arguments.
    """
    from computecalc.errors import Diagnostic, UsageError, did_you_mean

    known = KINDS if ci is None else CI_SYSTEMS
    name = ci if ci is not None else (words.pop(0) if words else "")
    if name not in known:
        near = did_you_mean(name, known)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
        what = f"no starter file {name!r}" if ci is None else f"no workflow for {name!r}"
        raise UsageError(Diagnostic("CC101", f"there is {what}" if name else "init wants a kind", hint=hint))
    if ci is not None and words[:1] and words[0] in KINDS:
        message = f"--ci writes a workflow in place of a starter file, and {words[0]!r} is a kind of those"
        hint = f"`computecalc init {words[0]}` for the one, `computecalc init --ci {ci} PATH` for the other"
        raise UsageError(Diagnostic("CC101", message, hint=hint))
    if len(words) > 1:
        raise UsageError(Diagnostic("CC101", f"init writes one file, not {len(words)}", hint="name one PATH"))
    return name, words[0] if words else None


def _write(path: Path, text: str, *, force: bool) -> None:
    from computecalc.cli.answers import write_atomically
    from computecalc.errors import Diagnostic, UsageError

    if path.exists() and not force:
        raise UsageError(Diagnostic("CC732", f"{path} is there already", hint="name another file, or --force"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}"
        raise UsageError(Diagnostic("CC104", message, hint="check the folder and its rights")) from error
    write_atomically(path, text)
