"""The page of the command line: the help text of every command, at a fixed width."""

from __future__ import annotations

from typing import Any

from typer.main import get_command

from computecalc.cli.main import build_app
from docs_pages.markdown import page

__all__ = ["commands_page"]

_WIDTH = 100

_INTRODUCTION = """\
The help of every command, as `--help` prints it. The answer goes to standard output; warnings, notes and errors go
to standard error. See [metrics](metrics.md) for what is printed and [codes](errors.md) for what can go wrong."""


def commands_page() -> str:
    """Return the page."""
    return page("Command line", _INTRODUCTION, *_helps(get_command(build_app()), "computecalc", None))


def _helps(command: Any, name: str, parent: Any) -> list[str]:
    # `Any`: the classes of commands and contexts are click's or typer's own, depending on typer's version.
    context = command.make_context(name.rpartition(" ")[2], [], parent=parent, resilient_parsing=True)
    context.terminal_width = context.max_content_width = _WIDTH
    found = [f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```"]
    for child, below in getattr(command, "commands", {}).items():
        found += _helps(below, f"{name} {child}", context)
    return found
