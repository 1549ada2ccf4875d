"""Pydantic's error types in the words of people who write YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode
from computecalc.yamlio.problems import Problem

__all__ = ["any_of", "described", "expected", "limit", "offered_words", "quoted"]

_EXPECTED = {
    "bool": "`true` or `false`",
    "dataclass": "a mapping (`key: value`)",
    "date": "a date such as 2026-01-31",
    "datetime": "a time such as 2026-01-31T12:00:00",
    "decimal": "a number",
    "dict": "a mapping (`key: value`)",
    "float": "a number",
    "frozen_set": "a list",
    "int": "a whole number",
    "iterable": "a list",
    "list": "a list",
    "mapping": "a mapping (`key: value`)",
    "model": "a mapping (`key: value`)",
    "none": "nothing (`null`)",
    "path": "a path",
    "set": "a list",
    "string": "a text",
    "time_delta": "a duration",
    "tuple": "a list",
    "url": "a web address",
}
_LIMITS = {
    "finite_number": "must be a finite number",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "int_parsing_size": "has too many digits",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_pattern_mismatch": "must match the pattern {pattern}",
    "string_too_long": "must have {max_length} characters or fewer",
    "string_too_short": "must have {min_length} characters or more",
    "too_long": "must have {max_length} items or fewer",
    "too_short": "must have {min_length} items or more",
}
_LONGEST_QUOTE = 60


def expected(problem: Problem) -> str:
    """Return what a problem's value should have been, such as ``a number``; empty when not known."""
    words = offered_words(problem)
    if words:
        return any_of([f"`{word}`" for word in words])
    stem = problem.type
    while stem and stem not in _EXPECTED:
        stem = stem.rpartition("_")[0]
    return _EXPECTED.get(stem, "")


def limit(problem: Problem) -> str:
    """Return which limit a value breaks, such as ``must be greater than 0``; empty when it is not that."""
    template = _LIMITS.get(problem.type, "")
    return template.format_map(problem.context)


def offered_words(problem: Problem) -> list[str]:
    """Return the words that a problem's value could have been, in their order; empty when any could."""
    listed = problem.context.get("expected_tags") or (
        problem.context.get("expected", "") if problem.type in {"literal_error", "enum"} else ""
    )
    # Pydantic lists them as 'a', 'b' or 1.
    matches = re.finditer(r"'((?:[^'\\]|\\.)*)'|([^\s,']+)", str(listed))
    return [m[1] if m[1] is not None else m[2] for m in matches if m[2] != "or"]


def described(node: Node) -> str:
    """Return what a node is, as written: ``the text `abc```, ``a list``."""
    if isinstance(node, MappingNode):
        return "a mapping"
    if not isinstance(node, ScalarNode):
        return "a list"
    if node.value is None:
        return f"nothing (`{node.text}`)" if node.text else "nothing"
    if isinstance(node.value, bool):
        return quoted(node.text)
    kind = "text" if isinstance(node.value, str) else "number"
    return f"the {kind} {quoted(node.text)}"


def quoted(text: str) -> str:
    """Return a text in backticks, cut when long."""
    return f"`{text}`" if len(text) <= _LONGEST_QUOTE else f"`{text[: _LONGEST_QUOTE - 3]}...`"


def any_of(words: Iterable[str]) -> str:
    """Join words as ``a, b or c``, each once."""
    unique: Sequence[str] = list(dict.fromkeys(words))
    return " or ".join(filter(None, (", ".join(unique[:-1]), *unique[-1:])))
