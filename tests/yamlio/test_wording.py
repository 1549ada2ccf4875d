from __future__ import annotations

import pytest

from computecalc.yamlio.loading import load_text
from computecalc.yamlio.problems import Problem
from computecalc.yamlio.wording import any_of, described, expected, limit, offered_words, quoted


def problem(kind: str, **context: object) -> Problem:
    return Problem(kind, "", context, ())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("string_type", "a text"),
        ("int_parsing", "a whole number"),
        ("int_from_float", "a whole number"),
        ("float_parsing", "a number"),
        ("model_attributes_type", "a mapping (`key: value`)"),
        ("frozen_set_type", "a list"),
        ("date_from_datetime_parsing", "a date such as 2026-01-31"),
        ("none_required", "nothing (`null`)"),
        ("value_error", ""),
    ],
)
def test_expected(kind: str, words: str) -> None:
    assert expected(problem(kind)) == words


def test_offered_words() -> None:
    assert offered_words(problem("literal_error", expected="'a b', 'or' or 1")) == ["a b", "or", "1"]
    assert offered_words(problem("enum", expected="'x'")) == ["x"]
    assert offered_words(problem("union_tag_invalid", expected_tags="'t', 'u'")) == ["t", "u"]
    assert offered_words(problem("is_instance_of", expected="x")) == []


def test_limits() -> None:
    assert limit(problem("less_than", lt=2.5)) == "must be less than 2.5"
    assert limit(problem("too_short", min_length=1)) == "must have 1 items or more"
    assert limit(problem("int_type")) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 007", "the number `007`"),
        ("a: 12:30", "the text `12:30`"),
        ("a: '1'", "the text `1`"),
        ("a: True", "`True`"),
        ("a: ~", "nothing (`~`)"),
        ("a:", "nothing"),
        ("a: []", "a list"),
        ("a: {}", "a mapping"),
    ],
)
def test_described(text: str, words: str) -> None:
    node = load_text(text, "s.yaml")
    assert described(node.entries["a"].node) == words  # type: ignore[union-attr]


def test_quoted() -> None:
    assert quoted("x" * 60) == f"`{'x' * 60}`"
    assert quoted("x" * 61) == f"`{'x' * 57}...`"


def test_any_of() -> None:
    assert any_of([]) == ""
    assert any_of(["a"]) == "a"
    assert any_of(["a", "b", "a", "c"]) == "a, b or c"
