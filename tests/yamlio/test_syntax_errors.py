from __future__ import annotations

import pytest
import yaml

from computecalc.errors import Diagnostic, Document, DocumentError
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.syntax_errors import syntax_diagnostic


def refused(text: str) -> Diagnostic:
    with pytest.raises(DocumentError) as caught:
        load_text(text, "s.yaml")
    return caught.value.diagnostics[-1]


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        ("a: [1, 2", 1, 4, "`[` is never closed", "close the list with `]`"),
        ("a: {b: 1", 1, 4, "`{` is never closed", "close the mapping with `}`"),
        ("a: [1, 2\nb: 3\n", 2, 2, "expected `,` or `]`", "close the list"),
        ("a: {b: 1\nc: 3\n", 2, 2, "expected `,` or `}`", "close the mapping"),
        ("a: 'x\nb: 1\n", 1, 4, "`'` is never closed", "closing quote"),
        ('a: "x\nb: 1\n', 1, 4, '`"` is never closed', "closing quote"),
        ("[[", 1, 3, "a value is missing", "close the bracket"),
        ("a: @high", 1, 4, 'cannot start with "@"', "in quotes"),
        ("a: %5", 1, 4, 'cannot start with "%"', "in quotes"),
        ("a: `x`", 1, 4, 'cannot start with "`"', "in quotes"),
        ("\ta: 1", 1, 1, "a tab cannot indent", "spaces"),
        ("a:\n\tb: 1", 2, 1, "a tab cannot indent", "spaces"),
        ("a: b: c", 1, 5, "a second `: `", "must stand in quotes"),
        ("a: 1\n b: 2", 2, 3, "a second `: `", "check the indentation"),
        ("a: *\n", 1, 5, "`*` must be followed by a name", "quotes"),
        ("a: &\n", 1, 5, "`&` must be followed by a name", "quotes"),
        ("a: 1\nb\nc: 3", 2, 1, "a `:` is missing", "`key: value`"),
        ("- a\nb: 1", 2, 1, "a list item", "indentation"),
        ("a:\n  - b\n c: 1", 3, 2, "`key: value`", "indentation"),
        ('a: "x" y', 1, 8, "`key: value`", "quotes"),
        ('a: "\\q"', 1, 5, "escape is unknown", "single quotes"),
        ("a: - b", 1, 4, "a list cannot start here", "lines of their own"),
        ("%FOO\n---\na: 1", 1, 5, "`%` line is not accepted", "remove it"),
        ("%YAML 3.0\n---\na: 1", 1, 1, "version of YAML", "1.2"),
        ("a: |0\n x", 1, 5, "block of text", "quotes"),
        ("a: !<x", 1, 7, "tags", "quotes"),
        ("a: !foo!bar x", 1, 4, "tags", "quotes"),
        ("{a: 1}}", 1, 7, "the document ends before this", "bracket"),
    ],
)
def test_place_words_and_hint(text: str, line: int, column: int, message: str, hint: str) -> None:
    diagnostic = refused(text)
    assert diagnostic.code == "CC201"
    assert diagnostic.place == f"s.yaml:{line}:{column}"
    assert message in diagnostic.message
    assert hint in diagnostic.hint


def test_where_an_open_list_began_is_noted() -> None:
    (note,) = refused("a: [1, 2\nb: 3\n").notes
    assert note.message == "the list starts at"
    assert note.span is not None
    assert note.span.label == "s.yaml:1:4"


def test_columns_count_characters() -> None:
    # Three bytes and two columns each, but one character: the second colon is the seventh character.
    assert refused("a: 中文 b: c").place == "s.yaml:1:8"
    assert refused("a: 中文b: c").place == "s.yaml:1:7"


def test_the_parsers_own_words_where_there_are_no_better() -> None:
    mark = yaml.Mark("s.yaml", 0, 0, 0, None, 0)
    error = yaml.MarkedYAMLError(problem="found nothing known", problem_mark=mark)
    diagnostic = syntax_diagnostic(Document("s.yaml", "a: 1"), error)
    assert diagnostic.message == "this is not YAML: found nothing known"
    assert diagnostic.place == "s.yaml:1:1"


def test_an_error_without_a_place() -> None:
    diagnostic = syntax_diagnostic(Document("s.yaml", "a: 1"), yaml.YAMLError())
    assert (diagnostic.code, diagnostic.place) == ("CC201", "s.yaml:1:1")
