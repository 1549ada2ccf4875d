"""What the YAML parser complains about, in plain words and with a way out."""

from __future__ import annotations

import yaml

from computecalc.errors import Diagnostic, Document, Note, Span
from computecalc.records import record

__all__ = ["syntax_diagnostic"]


@record
class _Rule:
    """Words for the parser's problems that contain `problem` in a context that contains `context`."""

    problem: str
    context: str
    message: str
    hint: str
    begun: str = ""
    """What began at the context's place; set where showing that place helps."""
    is_at_start: bool = False
    """Whether the context's place is the wrong one, not the place where the parser noticed."""


_QUOTE = "a text with `: `, ` #` or a special character in it must stand in quotes"
_INDENTATION = "check the indentation"
_EITHER = f"{_INDENTATION}; {_QUOTE}"
_NO_TAGS = "tags (`!name`) are not accepted"
_NO_DIRECTIVE = "this `%` line is not accepted"
# In the words of libyaml, and of PyYAML's own parser where they differ; the first that fits is taken.
_RULES = (
    _Rule("end of stream", "quoted", "this quote is never closed", "add the closing quote"),
    _Rule("escape", "quoted", "this escape is unknown in double quotes", "write `\\\\`, or use single quotes"),
    _Rule("", "quoted", "this text in quotes is not well formed", "check the quotes and escapes", "the text"),
    _Rule("']'", "", "expected `,` or `]`", "close the list with `]`, or put the text in quotes", "the list"),
    _Rule(
        "'}'",
        "",
        "expected `,` or `}`",
        "close the mapping with `}`, or put the text in quotes",
        "the mapping",
    ),
    _Rule("node content", "flow", "a value is missing here", "remove the extra comma, or close the bracket"),
    _Rule("mapping values", "", "a second `: ` cannot follow here", _EITHER),
    _Rule("expected ':'", "", "a `:` is missing after this key", "write `key: value`", is_at_start=True),
    _Rule("sequence entries", "", "a list cannot start here", "put its items on lines of their own"),
    _Rule("mapping keys", "", "a key cannot start here", _INDENTATION),
    _Rule("expected '-'", "block", "expected a list item that starts with `- `", _INDENTATION, "the list"),
    _Rule("expected key", "block", "expected a `key: value`", _EITHER, "the mapping"),
    _Rule("<block end>", "block", "this does not fit here", _EITHER, "the block"),
    _Rule("alphabetic", "alias", "`*` must be followed by a name", "put a text with `*` in quotes"),
    _Rule("alphabetic", "anchor", "`&` must be followed by a name", "put a text with `&` in quotes"),
    _Rule("", "tag", _NO_TAGS, "put a text that starts with `!` in quotes"),
    _Rule("tag handle", "", _NO_TAGS, "put a text that starts with `!` in quotes"),
    _Rule("", "block scalar", "this block of text is not well formed", "put a text with `|` or `>` in quotes"),
    _Rule("", "directive", _NO_DIRECTIVE, "remove it, or put the text in quotes"),
    _Rule("directive", "", _NO_DIRECTIVE, "remove it"),
    _Rule("incompatible YAML", "", "this version of YAML is not accepted", "remove the line, or write 1.2"),
    _Rule("document start", "", "the document ends before this", "is there a closing bracket too many?"),
)
_OPENING = frozenset("[{'\"")


def syntax_diagnostic(document: Document, error: yaml.YAMLError) -> Diagnostic:
    """Return the diagnostic (CC201) for an error of the YAML parser.

    Parameters
    ----------
    document : Document
        The text that was parsed.
    error : yaml.YAMLError
        What the parser raised.

    Returns
    -------
    Diagnostic
        At the parser's place, or at the bracket or quote that is still open at the end of the text.
    """
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return Diagnostic("CC201", "this is not YAML", span=Span(document, 1, 1, 2))
    problem = error.problem or ""
    place = _span(document, error.problem_mark)
    line_start = document.line(place.line)[: place.column]
    if "\t" in line_start and not line_start.strip():
        return Diagnostic("CC201", "a tab cannot indent", span=place, hint="indent with spaces")
    if "cannot start any token" in problem:
        if line_start.endswith("\t"):  # PyYAML's own parser wants spaces after a colon
            return Diagnostic("CC201", "a tab cannot stand here", span=place, hint="use spaces")
        message = f'a text cannot start with "{line_start[-1:]}"'
        return Diagnostic("CC201", message, span=place, hint="put the text in quotes")
    rule = _rule(problem, error.context or "")
    if rule is None:
        return Diagnostic("CC201", f"this is not YAML: {problem}", span=place)
    return _ruled(rule, document, place, error)


def _ruled(rule: _Rule, document: Document, place: Span, error: yaml.MarkedYAMLError) -> Diagnostic:
    """Return the diagnostic of a rule, with what the parser knows about where the wrong thing began."""
    if error.context_mark is None or error.problem_mark is None:
        return Diagnostic("CC201", rule.message, span=place, hint=rule.hint)
    start = _span(document, error.context_mark)
    opening = document.text[error.context_mark.index : error.context_mark.index + 1]
    if opening in _OPENING and not document.text[error.problem_mark.index :].strip():
        return Diagnostic("CC201", f"this `{opening}` is never closed", span=start, hint=rule.hint)
    notes = (Note(f"{rule.begun} starts at", start),) if rule.begun else ()
    span = start if rule.is_at_start else place
    return Diagnostic("CC201", rule.message, span=span, hint=rule.hint, notes=notes)


def _rule(problem: str, context: str) -> _Rule | None:
    for rule in _RULES:
        if rule.problem in problem and rule.context in context:
            return rule
    return None


def _span(document: Document, mark: yaml.Mark) -> Span:
    """Return one character at `mark`; the parser may place the end of the text below its last line."""
    if mark.index < len(document.text):
        return Span(document, mark.line + 1, mark.column + 1, mark.column + 2)
    lines = document.text.splitlines() or [""]
    end = len(lines[-1]) + 1
    return Span(document, len(lines), end, end + 1)
