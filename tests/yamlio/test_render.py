from __future__ import annotations

import time

import pytest

from computecalc.errors import Diagnostic, Document, Note, Span
from computecalc.yamlio.nodes import from_flag
from computecalc.yamlio.render import render_diagnostic


def rendered(text: str, column: int, end_column: int, *, line: int = 1, message: str = "m") -> list[str]:
    span = Span(Document("s.yaml", text), line, column, end_column)
    return render_diagnostic(Diagnostic("CC405", message, span=span)).split("\n")


def test_everything() -> None:
    document = Document("s.yaml", "\n" * 13 + "    mfu: 40\n")
    note = Note("inherited from", Span(Document("base.yaml", ""), 3, 5, 6))
    diagnostic = Diagnostic(
        "CC405",
        "40 is not a fraction between 0 and 1",
        span=Span(document, 14, 10, 12),
        hint="did you mean 40 %?",
        notes=(note, Note("fractions have no unit")),
    )
    assert render_diagnostic(diagnostic) == (
        "s.yaml:14:10: error CC405: 40 is not a fraction between 0 and 1\n"
        "   14 |     mfu: 40\n"
        "      |          ^^\n"
        "   hint: did you mean 40 %?\n"
        "   note: inherited from base.yaml:3:5\n"
        "   note: fractions have no unit"
    )


def test_flag() -> None:
    span = from_flag("--mfu", "40 apples").span.narrowed(3, 6)
    assert render_diagnostic(Diagnostic("CC402", "no such unit", severity="warning", span=span)) == (
        "--mfu: warning CC402: no such unit\n    | 40 apples\n    |    ^^^^^^"
    )


def test_no_place() -> None:
    assert render_diagnostic(Diagnostic("CC103", "x does not exist")) == "error CC103: x does not exist"


@pytest.mark.parametrize("text", ["", "   \n", "a\n"])
def test_no_excerpt_of_an_empty_line(text: str) -> None:
    assert rendered(text, 1, 2, line=2 if text == "a\n" else 1)[1:] == []


def test_caret_behind_the_end() -> None:
    assert rendered("a:", 3, 4)[1:] == ["   1 | a:", "     |   ^"]
    assert rendered("a:", 9, 12)[1:] == ["   1 | a:", "     |   ^"]


def test_caret_is_cut_at_the_end_of_the_line() -> None:
    assert rendered("a: xy", 4, 99)[1:] == ["   1 | a: xy", "     |    ^^"]


def test_tabs_are_one_space() -> None:
    assert rendered("\ta:\tx", 5, 6)[1:] == ["   1 |  a: x", "     |     ^"]


def test_wide_and_combining_characters() -> None:
    # The two ideographs take two columns each, the combining accent none: 1 + 2 + 2 + 1 + 0 + 1 = 7 columns.
    assert rendered("a中文e\u0301 x", 7, 8)[1:] == ["   1 | a中文e\u0301 x", "     |        ^"]
    assert rendered("a: 中文", 4, 6)[1:] == ["   1 | a: 中文", "     |    ^^^^"]


def test_control_characters_are_escaped() -> None:
    assert rendered("a\x1b[31m: x", 9, 10)[1:] == ["   1 | a\\x1b[31m: x", "     |            ^"]
    assert rendered("\u202ea", 2, 3)[1:] == ["   1 | \\u202ea", "     |       ^"]
    assert rendered("a", 1, 2, message="x\x1b]0;\x07\n::error::")[0] == (
        "s.yaml:1:1: error CC405: x\\x1b]0;\\x07\\n::error::"
    )


def test_escapes_in_names_hints_and_notes() -> None:
    span = Span(Document("\x1bs\udcff.yaml", "a"), 1, 1, 2)
    text = render_diagnostic(Diagnostic("CC405", "m", span=span, hint="\x07", notes=(Note("\x00", span),)))
    assert text.split("\n") == [
        "\\x1bs\\udcff.yaml:1:1: error CC405: m",
        "   1 | a",
        "     | ^",
        "   hint: \\x07",
        "   note: \\x00 \\x1bs\\udcff.yaml:1:1",
    ]


def test_a_line_of_exactly_the_width_is_whole() -> None:
    text = "x" * 93  # and seven columns of margin
    assert rendered(text, 93, 94)[1:] == [f"   1 | {text}", f"     | {' ' * 92}^"]


def test_a_long_line_is_cut_at_the_right() -> None:
    assert rendered("a: b" + "x" * 200, 1, 2)[1:] == ["   1 | a: b" + "x" * 86 + "...", "     | ^"]


def test_a_long_line_is_cut_at_both_sides() -> None:
    _, line, caret = rendered("x" * 200 + "HERE" + "y" * 200, 201, 205)
    # A third of the 93 columns stand before the mark: 31, behind three dots; 93 − 3 − 31 − 4 − 3 = 52 after it.
    assert line == "   1 | ..." + "x" * 31 + "HERE" + "y" * 52 + "..."
    assert caret == "     | " + " " * 34 + "^^^^"


def test_a_long_line_is_cut_at_the_left() -> None:
    _, line, caret = rendered("x" * 200 + "HERE", 201, 205)
    assert line == "   1 | ..." + "x" * 31 + "HERE"
    assert caret == "     | " + " " * 34 + "^^^^"


def test_a_long_mark_is_cut() -> None:
    _, line, caret = rendered("a: " + "9" * 500, 4, 504)
    assert line == "   1 | a: " + "9" * 87 + "..."
    assert caret == "     |    " + "^" * 87


def test_cutting_counts_wide_characters_and_escapes() -> None:
    for character, width in (("中", 2), ("\x01", 4)):
        _, line, caret = rendered(character * 300, 151, 152)
        indent = (31 // width) * width + 3
        assert caret == "     | " + " " * indent + "^" * width
        columns = sum(2 if c == "中" else 1 for c in line)
        assert 100 - width < columns <= 100


@pytest.mark.parametrize("character", ["x", "\u0301"])
def test_a_line_of_five_million_characters_is_quick(character: str) -> None:
    text = character * 5_000_000
    begun = time.perf_counter()
    lines = rendered(text, 2_500_000, 5_000_001)
    assert max(map(len, lines)) < 600
    assert time.perf_counter() - begun < 1
