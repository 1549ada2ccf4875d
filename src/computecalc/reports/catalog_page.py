"""A catalog entry as a page for a terminal: figures in a table, long sources and notes once below it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from computecalc.catalog.entries import Entry
from computecalc.reports.catalog_entry import entry_listing
from computecalc.reports.document import ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.terminal import printed

__all__ = ["entry_page"]

_LONGEST_WHOLE = 26
"""Characters up to which values are not folded."""


def entry_page(entry: Entry, style: ReportStyle, *, regulations: Sequence[Entry] = ()) -> str:
    """Return an entry for a terminal of `style.width` columns.

    Parameters
    ----------
    entry : Entry
        What to show.
    style : ReportStyle
        Width, digits and colour.
    regulations : sequence of Entry
        What an accelerator is held against.
    """
    listing = entry_listing(entry, style, regulations=regulations)
    labels = [(row[0], row[1]) for row in listing.rows if not row[2] and row[0] not in ("id", "name", "notes")]
    figures = [row for row in listing.rows if row[2]]
    references: dict[str, int] = {}
    cells = [_references(entry, row, references) for row in figures]
    parts: list[RenderableType] = [_title(entry), *_pairs(labels)]
    parts += [_figures(figures, cells, entry.kind)] if figures else []
    parts += _legend("sources", [(f"[{number}]", text) for text, number in references.items()])
    parts += _legend("remarks", [(row[0], row[5]) for row in figures if row[5]])
    parts += _legend("notes", [("", " ".join(entry.notes.split()))] if entry.notes else [])
    return printed(parts, style)


def _references(entry: Entry, row: tuple[str, ...], known: dict[str, int]) -> str:
    """Return the numbers of a figure's sources, new ones entered in `known`, and the locator."""
    fact = entry.get(row[0])
    if fact is None:
        return str(known.setdefault(row[4], len(known) + 1)) if row[4] else ""
    texts = [f"{source.title} ({source.as_of}) {source.reference}" for source in fact.sources]
    numbers = " ".join(str(known.setdefault(text, len(known) + 1)) for text in texts)
    return f"{numbers}, {fact.locator}" if fact.locator else numbers


def _title(entry: Entry) -> Text:
    title = Text()
    title.append(terminal_text(entry.id), style="bold")
    title.append(f"  {terminal_text(entry.name)}")
    title.append(f"  {entry.kind}", style="dim")
    return title


def _pairs(pairs: list[tuple[str, str]]) -> list[RenderableType]:
    if not pairs:
        return []
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for name, text in pairs:
        table.add_row(name, terminal_text(text))
    return [Padding(table, (0, 0, 1, 0))]


def _figures(rows: list[tuple[str, ...]], references: list[str], kind: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, pad_edge=False)
    values = [_per_entry(row[1], kind) for row in rows]
    # A number and its unit stay on one line: rather a long path of a model is folded.
    table.add_column("figure", overflow="fold")
    table.add_column("value", overflow="fold", no_wrap=max(map(len, values)) <= _LONGEST_WHOLE)
    table.add_column("kind", no_wrap=True)
    table.add_column("as of", no_wrap=True)
    table.add_column("sources", overflow="fold", style="dim", min_width=len("sources") + 1)
    for row, value, cell in zip(rows, values, references, strict=True):
        table.add_row(*(terminal_text(text) for text in (row[0], value, row[2], row[3], cell)))
    return table


def _per_entry(value: str, kind: str) -> str:
    """Leave out what every figure of an accelerator is counted for."""
    return value.removesuffix("/accelerator") if kind == "accelerator" else value


def _legend(heading: str, lines: list[tuple[str, str]]) -> list[RenderableType]:
    if not lines:
        return []
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=bool(lines[0][0]), style="dim")
    table.add_column(overflow="fold")
    for mark, text in lines:
        table.add_row(mark, terminal_text(text))
    return [Text(f"\n{heading}", style="bold"), table]
