"""Where a value or a finding stands, as JSON."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from computecalc.errors import Span

__all__ = ["SourceJson", "place_json"]


class SourceJson(TypedDict):
    """Where a value stands; of the keys those that apply."""

    kind: NotRequired[str]
    file: NotRequired[str]
    line: NotRequired[int]
    column: NotRequired[int]
    flag: NotRequired[str]
    entry: NotRequired[str]
    title: NotRequired[str]
    as_of: NotRequired[str]
    certainty: NotRequired[str]
    note: NotRequired[str]


def place_json(span: Span | None) -> SourceJson:
    """Return a place as JSON: file and line, or flag."""
    if span is None:
        return {}
    if span.document.kind == "flag":
        return {"flag": span.document.name}
    return {"file": span.document.name, "line": span.line}
