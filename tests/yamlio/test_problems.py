from __future__ import annotations

from computecalc.yamlio.loading import load_text
from computecalc.yamlio.model_fields import Step
from computecalc.yamlio.problems import Problem, align, kept_of_unions


def problem(kind: str, *steps: Step) -> Problem:
    return Problem(kind, kind, {}, steps)


def never(_: Problem) -> bool:
    return False


def test_labels_are_told_from_keys() -> None:
    node = load_text("a: {b: [1, {c: 2}]}", "s.yaml")
    assert align(node, ("a", "b", 1, "c")) == (True, True, True, True)
    assert align(node, ("a", "Label", "b", "list[int]", 1, "dict[str,int]", "c")) == (
        True, False, True, False, True, False, True,
    )  # fmt: skip
    assert align(node, ("a", "zzz")) == (True, False)
    assert align(node, ()) == ()


def test_a_label_with_the_name_of_a_key() -> None:
    node = load_text("{train: 1, tokens: 2}", "s.yaml")
    assert align(node, ("train", "tokens")) == (False, True)
    assert align(node, ("train",)) == (True,)
    assert align(load_text("{train: {train: 1}}", "s.yaml"), ("train", "train")) == (True, True)


def test_problems_outside_of_unions_are_kept() -> None:
    problems = [problem("missing", ("a", True)), problem("int_type", ("a", True), ("b", True))]
    assert kept_of_unions(problems, never) == problems


def test_the_branch_that_got_further_is_kept() -> None:
    text = problem("string_type", ("a", True), ("str", False))
    unknown = problem("extra_forbidden", ("a", True), ("Inline", False), ("b", True))
    assert kept_of_unions([text, unknown], never) == [unknown]


def test_of_branches_that_fit_the_one_with_fewer_problems_is_kept() -> None:
    first = problem("extra_forbidden", ("A", False), ("x", True))
    second = problem("extra_forbidden", ("A", False), ("y", True))
    third = problem("missing", ("B", False))
    assert kept_of_unions([first, second, third], never) == [third]


def test_mismatches_of_all_branches_become_alternatives() -> None:
    text = problem("string_type", ("a", True), ("str", False))
    number = problem("float_parsing", ("a", True), ("float", False))
    (kept,) = kept_of_unions([text, number], never)
    assert kept.type == "string_type"
    assert kept.path == ("a",)
    assert kept.alternatives == (number,)


def test_a_slip_wins() -> None:
    word = problem("literal_error", ("a", True), ("literal['auto']", False))
    own = problem("CC405", ("a", True), ("function-after[f(), str]", False))
    assert kept_of_unions([own, word], never) == [own]
    assert kept_of_unions([own, word], lambda p: p is word) == [word]


def test_unions_in_unions() -> None:
    number = problem("int_type", ("A", False), ("x", True), ("int", False))
    text = problem("string_type", ("A", False), ("x", True), ("str", False))
    missing = problem("missing", ("B", False))
    other = problem("extra_forbidden", ("B", False), ("x", True))
    (kept,) = kept_of_unions([number, text, missing, other], never)
    assert (kept.type, kept.path, kept.alternatives) == ("int_type", ("x",), (text,))
