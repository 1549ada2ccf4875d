"""From the parser's events to the located tree, within limits and without recursion.

The parser reports events one by one, so nesting that is too deep and aliases that expand too far are refused
as soon as they are read. An alias shares the node it names; what it would expand to is only counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from computecalc.errors import Diagnostic, Document, DocumentError, Note, Span, did_you_mean
from computecalc.yamlio.core_schema import Scalar, resolve
from computecalc.yamlio.nodes import (
    MAXIMUM_DEPTH,
    MappingEntry,
    MappingNode,
    Node,
    ScalarNode,
    ScalarStyle,
    SequenceNode,
)
from computecalc.yamlio.syntax_errors import syntax_diagnostic

__all__ = ["MAXIMUM_ALIASED_NODES", "MAXIMUM_VALUES", "compose"]

MAXIMUM_VALUES = 600_000
"""Values written out in one document; a hostile file of tiny values would take a hundred times its size."""

MAXIMUM_ALIASED_NODES = 200_000
"""Nodes that all aliases of a document may add when they are expanded."""

_MAXIMUM_DIAGNOSTICS = 100
# libyaml's parser is much the faster; PyYAML can be built without it.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_QUOTE_HINT = "put it in quotes to make it a text"


class _Measured(NamedTuple):
    """A finished node with its expanded number of nodes and its levels of nesting."""

    node: Node
    size: int
    height: int


class _Key(NamedTuple):
    text: str
    span: Span


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is still open."""

    event: yaml.CollectionStartEvent
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, MappingEntry] = field(default_factory=dict)
    key: _Key | None = None
    size: int = 1
    height: int = 1


def compose(document: Document) -> Node:
    """Return the tree of a document's only YAML document.

    Raises
    ------
    DocumentError
        CC201 not YAML, CC202 empty, CC205 nested too deep, CC206 aliases, CC207 duplicate keys, CC208 keys,
        tags, numbers and documents that are not accepted. Duplicate and wrong keys are reported together.
    """
    composer = _Composer(document)
    try:
        composer.read()
    except yaml.YAMLError as error:
        raise DocumentError(*composer.problems, syntax_diagnostic(document, error)) from error
    except OverflowError as error:  # an escape beyond Unicode, from PyYAML's own scanner
        raise DocumentError(*composer.problems, syntax_diagnostic(document, yaml.YAMLError())) from error
    return composer.result()


class _Composer:
    """The state while reading one document's events."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines = document.text.splitlines()
        self.frames: list[_Frame] = []
        self.anchors: dict[str, _Measured | _Frame] = {}
        self.root: Node | None = None
        self.documents = 0
        self.nodes_written = 0
        self.problems: list[Diagnostic] = []
        self.problems_left_out = 0

    def read(self) -> None:
        """Read all events of the document."""
        readers: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
            yaml.MappingEndEvent: self._close,
            yaml.MappingStartEvent: self._open,
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceEndEvent: self._close,
            yaml.SequenceStartEvent: self._open,
        }
        for event in yaml.parse(self.document.text, Loader=_LOADER):
            reader = readers.get(type(event))
            if reader is not None:
                reader(event)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            hint = "remove the `---`, or put the documents in files of their own"
            raise self._error("CC208", "a second document starts here", self._span(event), hint)

    def result(self) -> Node:
        """Return the root once all events are read."""
        root = self.root
        if root is None or (isinstance(root, ScalarNode) and root.style == "plain" and not root.text):
            message = f"{self.document.name} is empty"
            hint = "it holds nothing but blanks and comments"
            raise self._error("CC202", message, Span(self.document, 1, 1, 2), hint)
        if self.problems:
            if self.problems_left_out:
                message = f"{self.problems_left_out} more problems with keys and values"
                self.problems.append(Diagnostic("CC208", message, span=root.span))
            raise DocumentError(*self.problems)
        return root

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        span = self._span(event)
        if event.tag is not None:
            raise self._tag_error(span)
        text = event.value
        value: Scalar = text
        style: ScalarStyle = "plain"
        if event.style:
            style = "block" if event.style in "|>" else "quoted"
        else:
            try:
                value = resolve(text)
            except ValueError as error:
                self._problem(Diagnostic("CC208", str(error), span=span, hint=_QUOTE_HINT))
        node = ScalarNode(value, text, span, style)
        self.nodes_written += 1
        if event.anchor is not None:
            self.anchors[event.anchor] = _Measured(node, 1, 0)
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.is_mapping and frame.key is None:
            frame.key = self._key(frame, node)
        else:
            self._add(node, 1, 0)

    def _key(self, frame: _Frame, node: ScalarNode) -> _Key:
        text, span = node.text, node.span
        if not isinstance(node.value, str):
            message = f"the key `{text}` is not a text" if text else "a key is missing before the `:`"
            hint = f'put it in quotes: "{text}"' if text else ""
            self._problem(Diagnostic("CC208", message, span=span, hint=hint))
        elif text == "<<" and node.style == "plain":
            hint = "YAML 1.2 has none; in a scenario use `extends` or `defaults`"
            self._problem(Diagnostic("CC208", "merge keys (`<<`) are not accepted", span=span, hint=hint))
        elif text in frame.entries:
            notes = (Note("first written at", frame.entries[text].key_span),)
            message = f"the key `{text}` is written twice"
            self._problem(Diagnostic("CC207", message, span=span, hint="keep one of them", notes=notes))
        return _Key(text, span)

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        span = self._span(event)
        if event.tag is not None:
            raise self._tag_error(span)
        self._refuse_as_key(span)
        if len(self.frames) >= MAXIMUM_DEPTH:
            raise self._too_deep(span)
        frame = _Frame(event, is_mapping=isinstance(event, yaml.MappingStartEvent))
        if event.anchor is not None:
            self.anchors[event.anchor] = frame
        self.nodes_written += 1
        self.frames.append(frame)

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        frame = self.frames.pop()
        span = self._span(frame.event, event)
        node = MappingNode(frame.entries, span) if frame.is_mapping else SequenceNode(tuple(frame.items), span)
        anchor = frame.event.anchor
        if anchor is not None and self.anchors[anchor] is frame:
            self.anchors[anchor] = _Measured(node, frame.size, frame.height)
        self._add(node, frame.size, frame.height)

    def _alias(self, event: yaml.AliasEvent) -> None:
        span = self._span(event)
        self._refuse_as_key(span)
        name = str(event.anchor)
        target = self.anchors.get(name)
        if target is None:
            near = did_you_mean(name, self.anchors, most=1)
            hint = f"did you mean `*{near[0]}`?" if near else f'if it is a text, put it in quotes: "*{name}"'
            raise self._error("CC208", f"there is no anchor `&{name}` above this", span, hint)
        if isinstance(target, _Frame):
            raise self._error("CC206", f"`*{name}` stands inside of what it refers to", span)
        if len(self.frames) + target.height > MAXIMUM_DEPTH:
            raise self._too_deep(span)
        self._add(*target, alias=span)

    def _add(self, node: Node, size: int, height: int, alias: Span | None = None) -> None:
        if self.nodes_written > MAXIMUM_VALUES:
            message = f"{self.document.name} holds more than {MAXIMUM_VALUES} values"
            raise self._error("CC204", message, node.span, "split it into several files")
        if not self.frames:
            self.root = node
            return
        frame = self.frames[-1]
        frame.size += size
        if height >= frame.height:
            frame.height = height + 1
        if frame.size > MAXIMUM_ALIASED_NODES + self.nodes_written:
            message = f"the aliases expand to more than {MAXIMUM_ALIASED_NODES} values"
            raise self._error("CC206", message, alias or node.span)
        if frame.key is None:
            frame.items.append(node)
        else:
            text, span = frame.key
            frame.entries.setdefault(text, MappingEntry(span, node))
            frame.key = None

    def _tag_error(self, span: Span) -> DocumentError:
        hint = "remove it; a text that starts with `!` must stand in quotes"
        return self._error("CC208", "tags (`!name`) are not accepted", span, hint)

    def _refuse_as_key(self, span: Span) -> None:
        if self.frames and self.frames[-1].is_mapping and self.frames[-1].key is None:
            hint = "a text that starts with `{`, `[`, `*` or `?` must stand in quotes"
            raise self._error("CC208", "a key must be a text", span, hint)

    def _too_deep(self, span: Span) -> DocumentError:
        return self._error("CC205", f"this is nested more than {MAXIMUM_DEPTH} levels deep", span)

    def _problem(self, diagnostic: Diagnostic) -> None:
        # A file of nothing but wrong keys must not turn into a million diagnostics.
        if len(self.problems) < _MAXIMUM_DIAGNOSTICS:
            self.problems.append(diagnostic)
        else:
            self.problems_left_out += 1

    def _error(self, code: str, message: str, span: Span, hint: str = "") -> DocumentError:
        return DocumentError(*self.problems, Diagnostic(code, message, span=span, hint=hint))

    def _span(self, start: yaml.Event, end: yaml.Event | None = None) -> Span:
        """Return the place of an event, or from one to another; its first line where there are more."""
        first: Any = start.start_mark
        last: Any = (start if end is None else end).end_mark
        line, column = first.line, first.column
        if isinstance(start, yaml.ScalarEvent | yaml.CollectionStartEvent) and start.anchor is not None:
            column += self._anchor_width(first.index, start.anchor)
        end_column = last.column
        if last.line != line:
            end_column = len(self.lines[line].rstrip()) if line < len(self.lines) else column
        if end_column <= column:  # what is empty is marked where it would stand
            end_column = column + 1
        return Span(self.document, line + 1, column + 1, end_column + 1)

    def _anchor_width(self, index: int, anchor: str) -> int:
        """Return the columns from an anchor to its value, 0 where the value is not on the anchor's line."""
        text = self.document.text
        end = index + len("&") + len(anchor)
        while text[end : end + 1] in {" ", "\t"}:
            end += 1
        has_value = text[end : end + 1] not in {"", "#", "\n", "\r", "\x85", "\u2028", "\u2029"}
        return end - index if has_value else 0
