from __future__ import annotations

import time

import pytest
import yaml

from computecalc.errors import Diagnostic, DocumentError
from computecalc.yamlio import composing
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import MappingNode, ScalarNode, get, locate, locate_key, plain


def refused(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(DocumentError) as caught:
        load_text(text, "s.yaml")
    return caught.value.diagnostics


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "_LOADER", getattr(yaml, request.param))


@pytest.mark.usefixtures("_loader")
def test_values_of_all_kinds() -> None:
    text = """\
country: NO
on: yes
number: 1.5e12
quoted: "12"
single: '~'
time: 12:30
day: 2026-01-31
empty:
nothing: null
"true": true
block: |
  two
  lines
folded: >-
  one
  line
list:
- 1
- - x
  - {y: .5}
"""
    assert plain(load_text(text, "s.yaml")) == {
        "country": "NO",
        "on": "yes",
        "number": 1.5e12,
        "quoted": "12",
        "single": "~",
        "time": "12:30",
        "day": "2026-01-31",
        "empty": None,
        "nothing": None,
        "true": True,
        "block": "two\nlines\n",
        "folded": "one line",
        "list": [1, ["x", {"y": 0.5}]],
    }


@pytest.mark.parametrize(
    ("text", "path", "line", "column", "end_column"),
    [
        ("a: 007", ["a"], 1, 4, 7),
        ("a: 'x y'", ["a"], 1, 4, 9),
        ("a:", ["a"], 1, 3, 4),
        ("a: |\n  x\n", ["a"], 1, 4, 5),
        ("a: one\n  two\n", ["a"], 1, 4, 7),
        ("a: [1,\n  2]\n", ["a"], 1, 4, 7),
        ("a: [1,\n  2]\n", ["a", 1], 2, 3, 4),
        ("a:\n  b: 1\n  c: 2\n", ["a"], 2, 3, 7),
        ("a:\r\n  b: 1\r\n  c: 22\r\n", ["a", "c"], 3, 6, 8),
        ("a:\r  b: 1\r", ["a", "b"], 2, 6, 7),
        ("\ufeffa: 1", ["a"], 1, 4, 5),
        ("{é: 中, 文: x}", ["文"], 1, 11, 12),
        ("# c\n---\na: 1\n", ["a"], 3, 4, 5),
        ("a: &x 12", ["a"], 1, 7, 9),
        ("a: &x  {b: 1}", ["a"], 1, 8, 14),
        ("a: &x\n  b: 1", ["a"], 1, 4, 6),
        ("a: &x # c\n  b: 1", ["a"], 1, 4, 10),
        ("a: &x", ["a"], 1, 4, 6),
    ],
)
@pytest.mark.usefixtures("_loader")
def test_spans(text: str, path: list[str | int], line: int, column: int, end_column: int) -> None:
    span = locate(load_text(text, "s.yaml"), path)
    assert (span.line, span.column, span.end_column) == (line, column, end_column)


def test_tabs_count_as_one_column() -> None:
    span = locate(load_text("a:\t\tx", "s.yaml"), ["a"])
    assert (span.line, span.column, span.end_column) == (1, 5, 6)


def test_tabs_for_the_slower_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "_LOADER", yaml.SafeLoader)
    (diagnostic,) = refused("a:\tx")
    assert (diagnostic.code, diagnostic.place) == ("CC201", "s.yaml:1:3")
    assert diagnostic.message == "a tab cannot stand here"


def test_the_document_has_no_byte_order_mark() -> None:
    assert load_text("\ufeffa: 1", "s.yaml").span.document.text == "a: 1"


def test_scalars_keep_their_text_and_style() -> None:
    node = load_text("[007, '12:30', 12:30]", "s.yaml")
    items = [get(node, [index]) for index in range(3)]
    assert all(isinstance(item, ScalarNode) for item in items)
    assert [(i.value, i.text, i.style) for i in items if isinstance(i, ScalarNode)] == [
        (7, "007", "plain"),
        ("12:30", "12:30", "quoted"),
        ("12:30", "12:30", "plain"),
    ]


@pytest.mark.parametrize("text", ["", "  \n\n", "# only this\n", "---\n", "--- # c\n...\n"])
def test_empty(text: str) -> None:
    (diagnostic,) = refused(text)
    assert (diagnostic.code, diagnostic.place) == ("CC202", "s.yaml:1:1")


def test_a_written_null_is_not_empty() -> None:
    assert plain(load_text("null", "s.yaml")) is None
    assert plain(load_text("''", "s.yaml")) == ""


def test_a_second_document() -> None:
    (diagnostic,) = refused("a: 1\n---\nb: 2\n")
    assert (diagnostic.code, diagnostic.place) == ("CC208", "s.yaml:2:1")


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("a: !!python/object/apply:os.system [x]", 4),
        ("a: !foo x", 4),
        ("a: !!str 1", 4),
        ("a: ! 1", 4),
        ("!x a: 1", 1),
        ("!!map {a: 1}", 1),
    ],
)
@pytest.mark.usefixtures("_loader")
def test_tags(text: str, column: int) -> None:
    (diagnostic,) = refused(text)
    assert (diagnostic.code, diagnostic.place) == ("CC208", f"s.yaml:1:{column}")
    assert "tags" in diagnostic.message


@pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "~", ".inf"])
def test_keys_that_are_not_texts(key: str) -> None:
    (diagnostic,) = refused(f"a: 1\n{key}: 2\n")
    assert (diagnostic.code, diagnostic.place) == ("CC208", "s.yaml:2:1")
    assert diagnostic.message == f"the key `{key}` is not a text"
    assert diagnostic.hint == f'put it in quotes: "{key}"'


@pytest.mark.parametrize("text", ["? [a]\n: b", "{[a]: b}", "{{a: 1}: b}", "x: &x 1\n*x : 2"])
def test_keys_that_are_not_scalars(text: str) -> None:
    (diagnostic,) = refused(text)
    assert (diagnostic.code, diagnostic.message) == ("CC208", "a key must be a text")


def test_merge_keys_are_refused_but_not_the_quoted_text() -> None:
    (diagnostic,) = refused("a: &a {b: 1}\nc:\n  <<: *a\n")
    assert (diagnostic.code, diagnostic.place) == ("CC208", "s.yaml:3:3")
    assert plain(load_text("'<<': 1", "s.yaml")) == {"<<": 1}


def test_duplicate_keys_point_to_the_first() -> None:
    diagnostics = refused("a: 1\nb:\n  c: 1\n  'c': {d: 2}\na: 3\n")
    assert [(d.code, d.place) for d in diagnostics] == [("CC207", "s.yaml:4:3"), ("CC207", "s.yaml:5:1")]
    notes = [note for diagnostic in diagnostics for note in diagnostic.notes]
    assert [(n.message, n.span.label) for n in notes if n.span] == [
        ("first written at", "s.yaml:3:3"),
        ("first written at", "s.yaml:1:1"),
    ]


def test_wrong_keys_come_before_the_error_that_ends_the_reading() -> None:
    assert [d.code for d in refused("1: x\n2: y\na: [")] == ["CC208", "CC208", "CC201"]


def test_very_many_duplicates_are_counted() -> None:
    diagnostics = refused("a: 1\n" * 1001)
    assert len(diagnostics) == 101
    assert diagnostics[-1].message == "900 more problems with keys and values"


@pytest.mark.parametrize("number", ["9" * 401, "1e999"])
def test_numbers_out_of_bounds(number: str) -> None:
    (diagnostic,) = refused(f"a: {number}")
    assert (diagnostic.code, diagnostic.place) == ("CC208", "s.yaml:1:4")


def test_nesting_up_to_the_limit() -> None:
    node = plain(load_text("[" * 64 + "]" * 64, "s.yaml"))
    for _ in range(63):
        assert isinstance(node, list)
        (node,) = node
    assert node == []


@pytest.mark.parametrize(
    ("opening", "column"),
    # The 65th opening: columns 64 × 1 + 1, 64 × 4 + 1 and 64 × 2 + 1.
    [("[", 65), ("{a: ", 257), ("- ", 129)],
)
def test_nesting_beyond_the_limit(opening: str, column: int) -> None:
    begun = time.perf_counter()
    (diagnostic,) = refused(opening * 100_000)
    assert (diagnostic.code, diagnostic.place) == ("CC205", f"s.yaml:1:{column}")
    assert time.perf_counter() - begun < 2


def test_nesting_through_aliases() -> None:
    levels = ["a0: &a0 [x]", *(f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 100))]
    # a62 has 63 levels and stands in the mapping, which makes 64; the alias to it is one too many.
    (diagnostic,) = refused("\n".join(levels))
    assert (diagnostic.code, diagnostic.place) == ("CC205", "s.yaml:64:12")


def test_aliases_share_the_node() -> None:
    node = load_text("a: &x {b: 1}\nc: *x\nd: &k v\n", "s.yaml")
    assert isinstance(node, MappingNode)
    assert node.entries["a"].node is node.entries["c"].node
    assert plain(node) == {"a": {"b": 1}, "c": {"b": 1}, "d": "v"}
    assert locate_key(node, ["c"]).line == 2
    assert locate(node, ["c", "b"]).line == 1


def test_anchors_may_be_named_again() -> None:
    assert plain(load_text("[&a 1, *a, &a 2, *a]", "s.yaml")) == [1, 1, 2, 2]
    # The anchor inside of the list begins after that of the list, so it is the last one.
    assert plain(load_text("[&a [&a 1, 2], *a]", "s.yaml")) == [[1, 2], 1]


@pytest.mark.parametrize(("text", "column"), [("a: &a [*a]", 8), ("&a {b: {c: *a}}", 12), ("&a [&b [*a], *b]", 9)])
def test_recursive_anchors(text: str, column: int) -> None:
    (diagnostic,) = refused(text)
    assert (diagnostic.code, diagnostic.place) == ("CC206", f"s.yaml:1:{column}")


def test_unknown_anchors() -> None:
    (diagnostic,) = refused("a: &spot 1\nb: *spott\n")
    assert (diagnostic.code, diagnostic.place) == ("CC208", "s.yaml:2:4")
    assert diagnostic.hint == "did you mean `*spot`?"
    (diagnostic,) = refused("on: *405b\n")
    assert diagnostic.hint == 'if it is a text, put it in quotes: "*405b"'


def test_billion_laughs_are_refused_at_once() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 40)]
    begun = time.perf_counter()
    (diagnostic,) = refused("\n".join(lines))
    # Sizes: a0 10, then 9 times the size before plus 1: a4 is 66,430, so the third alias in a5 passes 200,000
    # only with the rest of the list: 3 × 66,430 = 199,290 does not, the fourth does. `a5: &a5 [` is 9 long.
    assert diagnostic.code == "CC206"
    assert diagnostic.place == "s.yaml:6:22"
    assert time.perf_counter() - begun < 0.5


def test_many_anchors_are_fine() -> None:
    text = "".join(f"- &a{i} {i}\n- *a{i}\n" for i in range(5000))
    node = plain(load_text(text, "s.yaml"))
    assert isinstance(node, list)
    assert node[-2:] == [4999, 4999]


def test_alias_expansion_counts_only_what_aliases_add() -> None:
    # 199 aliases of a list with 1,000 items add 199 × 1,001 = 199,199 values; 201 of them add 201,201.
    first = f"- &a [{','.join(['1'] * 1000)}]\n"
    node = plain(load_text(first + "- *a\n" * 199, "s.yaml"))
    assert isinstance(node, list)
    assert len(node) == 200
    (diagnostic,) = refused(first + "- *a\n" * 201)
    assert diagnostic.code == "CC206"


def test_an_escape_beyond_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "_LOADER", yaml.SafeLoader)
    (diagnostic,) = refused('a: "\\UFFFFFFFF"')
    assert diagnostic.code == "CC201"


def test_a_file_of_countless_small_values_is_refused() -> None:
    """2.4 MB of text would become 1.2 million nodes."""
    with pytest.raises(DocumentError) as caught:
        load_text(f"[{'1,' * 1_200_000}]", "s.yaml")
    found = caught.value.diagnostics[0]
    assert (found.code, found.message) == ("CC204", "s.yaml holds more than 600000 values")
