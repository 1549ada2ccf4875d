"""HTML by small functions that escape whatever is no markup: a text can only come out as a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from computecalc.reports.escapes import terminal_text

__all__ = ["Cell", "Markup", "breakable", "element", "joined", "link", "stacked", "table", "void"]


class Markup(str):
    """Text that is HTML already; everything else is escaped."""

    __slots__ = ()


Child = str | None
Cell = str
"""What stands in a table: a text, or markup."""


def _safe(text: str) -> str:
    return text if isinstance(text, Markup) else escape(terminal_text(text), quote=True)


def joined(children: Iterable[Child], between: str = "") -> Markup:
    """Return children one after the other, escaped where they are no markup."""
    return Markup(between.join(_safe(child) for child in children if child))


def element(tag: str, *children: Child, **attributes: str | bool | None) -> Markup:
    """Return an element; attributes are named as in HTML, with ``class_`` and ``for_``, and ``_`` for ``-``."""
    return Markup(f"<{tag}{_attributes(attributes)}>{joined(children)}</{tag}>")


def void(tag: str, **attributes: str | bool | None) -> Markup:
    """Return an element that has no content."""
    return Markup(f"<{tag}{_attributes(attributes)}>")


def _attributes(attributes: dict[str, str | bool | None]) -> str:
    found = []
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        name = name.rstrip("_").replace("_", "-")  # noqa: PLW2901 - as HTML spells it
        found.append(f" {name}" if value is True else f' {name}="{_safe(value)}"')
    return "".join(found)


def link(address: str, text: str) -> Markup:
    """Return a link where an address is one of the web, else its text alone; nothing is loaded before a click."""
    if not address.startswith(("https://", "http://")):
        return joined([text])
    return element("a", text, href=address, rel="noopener noreferrer")


def table(
    caption: str,
    header: Sequence[Cell],
    rows: Iterable[Sequence[Cell]],
    *,
    numbers: Iterable[int] = (),
    wide: Iterable[int] = (),
    is_captioned: bool = False,
) -> Markup:
    """Return a table that scrolls by itself where it is wider than the screen.

    Parameters
    ----------
    caption : str
        What it holds, for those who hear it.
    header : sequence of str
        Heads of the columns.
    rows : iterable
        The first cell of each heads its row.
    numbers : iterable of int
        Columns that are aligned at their right end.
    wide : iterable of int
        Columns of sentences, which may break.
    is_captioned : bool
        Whether the caption is shown.
    """
    marks = dict.fromkeys(numbers, "number") | dict.fromkeys(wide, "wide")
    heads = [element("th", each, scope="col", class_=marks.get(place)) for place, each in enumerate(header)]
    body = [
        element(
            "tr",
            *(
                element("th", cell, scope="row", class_=marks.get(0))
                if place == 0
                else element("td", cell, class_=marks.get(place))
                for place, cell in enumerate(row)
            ),
        )
        for row in rows
    ]
    inner = element(
        "table",
        element("caption", caption, class_=None if is_captioned else "unseen"),
        element("thead", element("tr", *heads)),
        element("tbody", *body),
    )
    return element("div", inner, class_="scrolls", role="region", aria_label=caption, tabindex="0")


def stacked(
    caption: str, columns: Sequence[tuple[str, str]], rows: Iterable[tuple[str | None, Sequence[Cell]]]
) -> Markup:
    """Return a table whose rows become blocks on a narrow screen; their roles are said, because blocks have none.

    Parameters
    ----------
    caption : str
        What it holds, for those who hear it.
    columns : sequence of tuple
        Head of each column, and the class of its cells.
    rows : iterable
        Anchor of each row, or None, and its cells; the first cell heads the row.
    """
    heads = [element("th", head, scope="col", role="columnheader", class_=kind or None) for head, kind in columns]
    body = []
    for anchor, cells in rows:
        parts = [
            element("td", cell, role="cell", class_=kind or None)
            if place
            else element("th", cell, scope="row", role="rowheader", class_=kind or None)
            for place, (cell, (_, kind)) in enumerate(zip(cells, columns, strict=True))
        ]
        body.append(element("tr", *parts, role="row", id=anchor))
    return element(
        "table",
        element("caption", caption, class_="unseen"),
        element("thead", element("tr", *heads, role="row"), role="rowgroup"),
        element("tbody", *body, role="rowgroup"),
        role="table",
        class_="stack",
    )


def breakable(name: str) -> Markup:
    """Return a long dotted name that may be broken at its dots and underscores."""
    text = _safe(name)
    if len(name) > _LONG:
        for sign in "._":
            text = text.replace(sign, f"{sign}<wbr>")
    return Markup(text)


_LONG = 20
