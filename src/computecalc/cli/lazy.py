"""Groups of commands of which each is imported only when it is about to run or to print its help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

__all__ = ["lazy_app"]


class _Commands(MutableMapping[str, Any]):
    """Commands by name, each built when it is first asked for."""

    def __init__(self, targets: Mapping[str, tuple[str, str]]) -> None:
        self._targets = targets
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            target, help_text = self._targets[name]
            self._built[name] = _built(name, target, help_text)
        return self._built[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._built[name] = command

    def __delitem__(self, name: str) -> None:
        del self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._targets)

    def __len__(self) -> int:
        return len(self._targets)


def lazy_app(targets: Mapping[str, tuple[str, str]]) -> typer.Typer:
    """Return a group of commands.

    Parameters
    ----------
    targets : mapping
        For each command where it is, ``module:object``, a function or an app of its own, and what it does.
    """

    class Group(TyperGroup):
        """The group whose commands `targets` names."""

        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands = _Commands(targets)

    app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False, cls=Group)
    app.callback()(_nothing)
    return app


def _nothing() -> None:
    """Take no options: a group without commands of its own must have a callback."""


def _built(name: str, target: str, help_text: str) -> Any:
    # `Any`: the class of commands is click's or typer's own, depending on typer's version.
    module, _, attribute = target.partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        found.info.help = help_text
        command = typer.main.get_command(found)
    else:
        single = typer.Typer(rich_markup_mode=None, add_completion=False)
        single.command(name, help=help_text)(found)
        command = typer.main.get_command(single)
    command.name = name
    return command
