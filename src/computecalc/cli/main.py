"""The program: its commands, each imported only when it is about to run."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from computecalc.cli.completing import asked_command
from computecalc.records import record

__all__ = ["COMMANDS", "Command", "build_app", "main"]

# pydantic looks through every installed distribution for plugins, which this program does not use.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

_ARGUMENT_ERRORS: Any = typer.BadParameter.__mro__[1]
"""Base of typer's errors about arguments; which package defines it depends on typer's version."""


@record
class Command:
    """Where a command is defined, and what it does."""

    target: str
    """``module:object``, a function or, for a command with commands of its own, a typer app."""
    help: str


COMMANDS: dict[str, Command] = {
    "train": Command("train:train", "Estimate one training run from flags."),
    "infer": Command("infer:infer", "Estimate one served workload from flags."),
    "run": Command("run:run", "Estimate the scenarios of YAML files (files, folders, or -)."),
    "compare": Command("compare:compare", "Compare accelerators, regions, providers or scenarios side by side."),
    "optimize": Command("optimize:optimize", "Search layouts, accelerators and counts for the best run or service."),
    "sweep": Command("sweep:sweep", "Evaluate a design space of up to 1e8 cases, as Parquet."),
    "check": Command("check:check", "Evaluate budgets; exit 1 on a broken one."),
    "diff": Command("diff:diff", "Show what changed against a lock, a git revision or a saved result, and by what."),
    "lock": Command("lock:lock", "Write what scenarios come to into a lock file, or check that it is fresh."),
    "verify": Command("verify:verify", "Recompute a saved result from its own inputs; exit 1 on a difference."),
    "explain": Command("explain:explain", "Explain a metric of a scenario, a formula, or a diagnostic code."),
    "catalog": Command("catalog:catalog_app", "Look into the catalog, every figure with its source."),
    "validate": Command("validate:validate", "Compare predictions with published and measured figures."),
    "units": Command("units:units_app", "Convert and read quantities."),
    "render": Command("render:render", "Show a saved JSON result in any other format."),
    "schema": Command("schema:schema", "Print the JSON Schema of a file format."),
    "init": Command("init:init", "Write a commented starter file, or a workflow for CI."),
}
"""All commands by name, in the order that help shows them."""


def build_app(only: str | None = None) -> typer.Typer:
    """Build the program with all its commands, or with the one that is about to run.

    Parameters
    ----------
    only : str, optional
        Name of the one command that is wanted: importing and building the others takes longer than an estimate.
    """
    app = typer.Typer(
        name="computecalc",
        help="What AI compute takes, in time, memory, energy, carbon and money, with a source for every number.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_program)
    for name, command in COMMANDS.items():
        if only is not None and name != only:
            continue
        found = _load(command)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name, help=command.help)
        else:
            app.command(name, help=command.help)(found)
    return app


def _load(command: Command) -> Any:
    module, _, name = command.target.partition(":")
    return getattr(import_module(f"computecalc.cli.{module}"), name)


def _print_version(wanted: bool) -> None:
    if wanted:
        from computecalc import __version__
        from computecalc.catalog.locating import indexed_version, shipped_folder

        typer.echo(f"computecalc {__version__}, catalog {indexed_version(shipped_folder())}")
        raise typer.Exit


def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program; always ends in SystemExit with the exit code.

    Exit codes: 0 answered, 1 answered with a finding, 2 could not answer, 130 interrupted.
    """
    from computecalc.cli.failures import guarded

    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(guarded(lambda: _run(given)))


def _run(given: list[str]) -> int:
    """Run the command; what typer finds wrong with the arguments becomes a diagnostic like any other."""
    from computecalc.cli.failures import INTERRUPTED

    wanted = asked_command() or (given[0] if given else None)
    only = wanted if wanted in COMMANDS else None
    try:
        code = build_app(only)(args=given, prog_name="computecalc", standalone_mode=False)
    except typer.Abort as stop:
        raise KeyboardInterrupt from stop
    except _ARGUMENT_ERRORS as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()
            return 2
        from computecalc.errors import Diagnostic, UsageError

        path = error.ctx.command_path if error.ctx is not None else "computecalc"
        message = error.format_message().rstrip(".")
        hint = f"`{path} --help` lists the arguments"
        raise UsageError(Diagnostic("CC101", message, hint=hint)) from error
    if code == INTERRUPTED:  # what typer makes of an interruption
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0
