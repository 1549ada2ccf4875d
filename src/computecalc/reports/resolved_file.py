"""A scenario file with everything resolved: each value with its origin as a comment, and valid input again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from computecalc import __version__
from computecalc.estimators.inputs import Choice, Origin
from computecalc.reports.escapes import terminal_text
from computecalc.scenario.pinning import Pinned, quantity_text
from computecalc.yamlio.core_schema import resolve
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["resolved_text"]

_COMMENT_COLUMN = 56
_INDENT = "  "
_PLAIN = re.compile(r"[A-Za-z0-9$](?:[A-Za-z0-9_.+%/*^ -]*[A-Za-z0-9%])?")
_YAML_1_1 = frozenset({"y", "n", "yes", "no", "on", "off"})
"""Words that older readers of YAML take for booleans."""


def resolved_text(scenarios: Sequence[Pinned], *, catalog_version: str, catalog_digest: str) -> str:
    """Return the file.

    Parameters
    ----------
    scenarios : sequence of Pinned
        Of different names.
    catalog_version, catalog_digest : str
        The catalog that they were resolved with.
    """
    lines = [
        f"# Resolved by computecalc {__version__} with catalog {catalog_version} ({catalog_digest}).",
        "# Behind each value stands where it came from. Running this file gives the same numbers.",
        "version: 1",
        "scenarios:",
    ]
    for scenario in scenarios:
        lines += _scenario(scenario)
    return "\n".join(lines) + "\n"


def _scenario(scenario: Pinned) -> Iterator[str]:
    origin = scenario.raw.span
    place = origin.label.rpartition(":")[0] if origin.document.kind == "file" else "flags"
    yield _with_comment(f"{_INDENT}{_scalar(scenario.raw.name)}:", place)
    yield from _mapping(scenario, scenario.node, "", _INDENT * 2)
    if scenario.left:
        yield f"{_INDENT * 2}# Without a key of their own, and found again in the same way:"
    for found in scenario.left:
        value = found.value if isinstance(found, Choice) else quantity_text(found.range, found.unit)
        yield _with_comment(f"{_INDENT * 2}# {found.path}: {terminal_text(value)}", _origin(found.origin))


def _mapping(scenario: Pinned, node: MappingNode, prefix: str, indent: str) -> Iterator[str]:
    for key, entry in node.entries.items():
        path, below = f"{prefix}{key}", entry.node
        head = f"{indent}{_scalar(key)}:"
        if isinstance(below, MappingNode) and below.entries:
            yield head
            yield from _mapping(scenario, below, f"{path}.", indent + _INDENT)
        elif isinstance(below, SequenceNode) and below.items:
            yield head
            for item in below.items:
                yield _with_comment(f"{indent}{_INDENT}- {_flow(item)}", _place(item))
        else:
            yield _with_comment(f"{head} {_flow(below)}", _said(scenario, path, below))


def _said(scenario: Pinned, path: str, node: Node) -> str:
    """Where a value stands, and, for a name, what it was found to mean."""
    if path in scenario.added:
        return _origin(scenario.added[path])
    found = scenario.origin(path)
    meant = "" if found is None or found.kind in ("scenario", "flag") else f"; {_origin(found)}"
    return _place(node) + meant


def _place(node: Node) -> str:
    span = node.span
    return span.document.name if span.document.kind == "flag" else f"{span.document.name}:{span.line}"


def _origin(origin: Origin) -> str:
    if origin.kind in ("scenario", "flag", "search"):
        return origin.text
    if origin.kind == "default":
        return origin.text if origin.text.startswith("default") else f"default: {origin.text}"
    # Several entries together are told by their number, one by its id and figure.
    named = origin.text if "," in origin.entry or not origin.entry else origin.entry.replace("/", " ", 1)
    kind = "" if named.startswith(f"{origin.kind} ") else f"{origin.kind} "
    return ", ".join(part for part in (kind + named, origin.certainty, origin.as_of) if part)


def _with_comment(text: str, comment: str) -> str:
    return f"{text:<{_COMMENT_COLUMN}}  # {terminal_text(comment)}"


def _flow(node: Node) -> str:
    if isinstance(node, ScalarNode):
        return _value(node)
    if isinstance(node, SequenceNode):
        return "[" + ", ".join(map(_flow, node.items)) + "]"
    return "{" + ", ".join(f"{_scalar(key)}: {_flow(entry.node)}" for key, entry in node.entries.items()) + "}"


def _value(node: ScalarNode) -> str:
    if isinstance(node.value, str):
        return _scalar(node.value)
    if node.value is None:
        return "null"
    return node.text.strip() if resolve(node.text.strip()) == node.value else str(node.value).lower()


def _scalar(text: str) -> str:
    """Return a text that is read back as this text, by readers of YAML 1.1 too."""
    is_plain = _PLAIN.fullmatch(text) is not None and text.casefold() not in _YAML_1_1
    return text if is_plain and resolve(text) == text else f'"{"".join(map(_quoted, text))}"'


def _quoted(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
