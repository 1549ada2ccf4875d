"""Where a value or a finding stands, as JSON."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from computecalc.errors import Span

__all__ = ["SourceJson", "place_json", "source_text"]


class SourceJson(TypedDict):
    """Where a value stands; of the keys those that apply. `text`: what readers see, where it is more than they say."""

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
    text: NotRequired[str]


def place_json(span: Span | None) -> SourceJson:
    """Return a place as JSON: file and line, or flag."""
    if span is None:
        return {}
    if span.document.kind == "flag":
        return {"flag": span.document.name}
    return {"file": span.document.name, "line": span.line}


def source_text(source: SourceJson) -> str:
    """Return what readers are shown of where a value came from."""
    if "text" in source:
        return source["text"]
    match source.get("kind"):
        case "scenario":
            return f"{source.get('file', '')}:{source.get('line', '')}"
        case "flag":
            return source.get("flag", "")
        case "override":
            return source["flag"] if "flag" in source else f"{source.get('file', '')}:{source.get('line', '')}"
        case "default" | "search":
            return source.get("note", "")
    return source.get("entry", "").partition(" ")[0].replace("/", " ", 1)
