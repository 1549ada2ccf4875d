"""A diagnostic as plain text: the place, what is wrong, the line with a caret, and the way out.

What users wrote may hold control characters that a terminal would obey; they are shown escaped.
"""

from __future__ import annotations

import unicodedata

from computecalc.errors import Diagnostic, Note, Span

__all__ = ["render_diagnostic"]

_WIDTH = 100
_INDENT = "   "
_CUT = "..."
# Characters without a width would never fill a line.
_MOST_CHARACTERS = 4 * _WIDTH
# Control and format characters (terminal escapes, reversed text), lone surrogates, and breaks of lines.
_ESCAPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_ZERO_WIDTH_CATEGORIES = frozenset({"Mn", "Me"})


def render_diagnostic(diagnostic: Diagnostic) -> str:
    """Return a diagnostic as lines of plain text, without a line break at the end.

    Parameters
    ----------
    diagnostic : Diagnostic
        The finding; the message of a note is followed by the place of the note.

    Returns
    -------
    str
        Lines of source text have at most 100 columns.
    """
    place = f"{diagnostic.place}: " if diagnostic.place else ""
    lines = [_escaped(f"{place}{diagnostic.severity} {diagnostic.code}: {diagnostic.message}")]
    if diagnostic.span is not None:
        lines += _excerpt(diagnostic.span)
    if diagnostic.hint:
        lines.append(_escaped(f"{_INDENT}hint: {diagnostic.hint}"))
    lines += [_note_line(note) for note in diagnostic.notes]
    return "\n".join(lines)


def _note_line(note: Note) -> str:
    label = f" {note.span.label}" if note.span is not None else ""
    return _escaped(f"{_INDENT}note: {note.message}{label}")


def _excerpt(span: Span) -> list[str]:
    """Return the source line and the line with the caret; nothing for an empty source line."""
    text = span.document.line(span.line)
    if not text.strip():
        return []
    number = "" if span.document.kind == "flag" else str(span.line)
    gutter = f"{_INDENT}{number} | "
    margin = f"{_INDENT}{' ' * len(number)} | "
    start = min(span.column - 1, len(text))
    end = max(min(span.end_column - 1, len(text)), start + 1)
    shown, indent, length = _window(text, start, end, _WIDTH - len(gutter))
    return [f"{gutter}{shown}".rstrip(), f"{margin}{' ' * indent}{'^' * length}"]


def _window(text: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """Return the part of a line to show, the blanks before the caret and the caret's length.

    Parameters
    ----------
    text : str
        The whole line.
    start, end : int
        The characters to mark, `end` exclusive; `start` may be one behind the last character.
    width : int
        Columns to fill at most.
    """
    first = 0
    if _filled(text, 0, width) < len(text):
        # Cut at the left only where the mark would otherwise be cut off.
        wanted = min(end, start + width // 3)
        first = 0 if _filled(text, 0, width - len(_CUT)) >= wanted else _first_shown(text, start, width // 3)
    prefix = _CUT if first else ""
    room = width - len(prefix)
    last = _filled(text, first, room)
    suffix = "" if last == len(text) else _CUT
    if suffix:
        last = _filled(text, first, room - len(suffix))
    shown = "".join(map(_shown, text[first:last]))
    indent = len(prefix) + sum(map(_width, text[first:start]))
    length = sum(map(_width, text[start : min(end, last)]))
    return prefix + shown + suffix, indent, max(length, 1)


def _filled(text: str, first: int, room: int) -> int:
    """Return the end of what fits into `room` columns from the character `first` on."""
    last, most = first, min(len(text), first + _MOST_CHARACTERS)
    while last < most and _width(text[last]) <= room:
        room -= _width(text[last])
        last += 1
    return last


def _first_shown(text: str, start: int, before: int) -> int:
    """Return the first character to show so that about `before` columns stand before `start`."""
    first, least = start, max(0, start - _WIDTH)
    while first > least and _width(text[first - 1]) <= before:
        first -= 1
        before -= _width(text[first])
    return first


def _shown(character: str) -> str:
    return " " if character == "\t" else _escaped(character)


def _escaped(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c.encode("unicode_escape").decode("ascii") if unicodedata.category(c) in _ESCAPED_CATEGORIES else c
        for c in text
    )


def _width(character: str) -> int:
    """Return the columns that a character takes on a terminal, as it is shown here."""
    if character.isascii():
        return len(_shown(character))
    category = unicodedata.category(character)
    if category in _ESCAPED_CATEGORIES:
        return len(_escaped(character))
    if category in _ZERO_WIDTH_CATEGORIES:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
