"""Rich renderables as text of a given width."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.table import Table

from computecalc.records import record
from computecalc.reports.document import ReportStyle

__all__ = ["Whole", "printed"]

_UNLIMITED = 10_000


@record
class Whole:
    """A table whose numbers must not be cut, however narrow the terminal is."""

    table: Table
    needed: Table
    """The part of it that must be whole: its narrowest rendering is the least that `table` gets."""
    tight: Table | None = None
    """What stands in for both where the terminal has no room for `needed`; its numbers are whole as well."""


def printed(parts: Iterable[RenderableType | Whole], style: ReportStyle) -> str:
    """Return renderables as text of `style.width` columns; nothing in them is taken for markup.

    A `Whole` gets more columns where it needs them: a line that the terminal folds is still right, a number cut
    short is not.
    """
    text = io.StringIO()
    for part in parts:
        if isinstance(part, Whole):
            table, needed = part.table, _least(part.needed)
            if part.tight is not None and needed > style.width:
                table, needed = part.tight, _least(part.tight)
            _console(text, max(style.width, needed), color=style.color).print(table)
        else:
            _console(text, style.width, color=style.color).print(part)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def _least(table: Table) -> int:
    """Columns without which something of a table is cut."""
    widest = _console(io.StringIO(), _UNLIMITED, color=False)
    return Measurement.get(widest, widest.options, table).minimum


def _console(text: io.StringIO, width: int, *, color: bool) -> Console:
    return Console(
        file=text,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
