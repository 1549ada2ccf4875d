from __future__ import annotations

import enum
import time
from typing import Annotated, Any, Literal

import pytest
from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, field_validator, model_validator
from pydantic_core import PydanticCustomError

from computecalc.errors import Diagnostic, ScenarioError
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import Node, from_flag, mapping_from_paths, merge
from computecalc.yamlio.render import render_diagnostic
from computecalc.yamlio.validation import validate


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


def _fraction(value: str) -> str:
    if value.endswith("!"):
        context = {"text": value, "hint": "did you mean 40 %?", "offset": len(value) - 1, "length": 1}
        raise PydanticCustomError("CC405", "{text} is not a fraction", context)
    return value


Fraction = Annotated[str, AfterValidator(_fraction)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Inline(Strict):
    layers: int
    hidden: int = 1

    @model_validator(mode="after")
    def _check(self) -> Inline:
        if self.layers == 3:
            raise PydanticCustomError("CC304", "three", {"key": "layers", "hint": None})
        if self.layers == 4:
            raise PydanticCustomError("CC304", "four")
        if self.layers == 5:
            raise ValueError("five is right out")
        return self


class Train(Strict):
    kind: Literal["train"]
    tokens: int
    kind_of_model: str = Field(default="", alias="model-kind")


class Infer(Strict):
    kind: Literal["infer"]
    infer: int = 0
    rate: float


class Alone(Strict):
    left: int
    both: int = 0


class Other(Strict):
    right: int
    both: int = 0
    more: int = 0


def _tag(value: Any) -> str:
    return "small" if "left" in value else "large"


class Model(Strict):
    model: str | Inline = ""
    color: Color = Color.RED
    layout: Literal["auto"] | Inline = "auto"
    mfu: Fraction | Literal["auto"] = "auto"
    names: dict[Annotated[str, Field(pattern="^[a-z]+$")], int] = {}
    numbers: list[int] = []
    runs: dict[str, Annotated[Train | Infer, Discriminator("kind")]] = {}
    plain_union: Alone | Other | None = None
    tagged: Annotated[Annotated[Alone, Tag("small")] | Annotated[Other, Tag("large")], Discriminator(_tag)] | None = (
        None
    )
    pair: tuple[int, Inline] | None = None
    price: float | None = None
    text: str = ""
    flag: bool = False
    count: int = Field(default=1, gt=0, le=8)
    site: Inline | None = None
    few: list[int] | dict[str, int] | None = Field(default=None, max_length=2)
    derived: int = 0
    made: list[int] = []

    @field_validator("text")
    @classmethod
    def _no_empty(cls, value: str) -> str:
        if value == "bad":
            raise ValueError("bad is bad")
        if value == "nested":
            Alone.model_validate({"left": value})
        if value == "own":
            raise PydanticCustomError("own_type", "own words")
        return value

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("text") == "derive":
            return {**values, "derived": "x", "made": ["y"]}
        return values


def problems(text: str | Node) -> tuple[Diagnostic, ...]:
    with pytest.raises(ScenarioError) as caught:
        validate(Model, load_text(text, "s.yaml") if isinstance(text, str) else text)
    for diagnostic in caught.value.diagnostics:
        shown = render_diagnostic(diagnostic)
        assert "Input should" not in shown
        assert "pydantic" not in shown
        assert "http" not in shown
    return caught.value.diagnostics


def only(text: str) -> tuple[str, str, str, str]:
    (diagnostic,) = problems(text)
    span = diagnostic.span
    assert span is not None
    assert span.line == 1
    return (diagnostic.code, f"{span.column}-{span.end_column}", diagnostic.message, diagnostic.hint)


def test_a_valid_document() -> None:
    model = validate(Model, load_text("model: {layers: 80}\ncolor: blue\nruns: {a: {kind: infer, rate: 2}}", "s"))
    assert model.model == Inline(layers=80)
    assert model.color is Color.BLUE
    assert model.runs["a"] == Infer(kind="infer", rate=2.0)


def test_unknown_keys() -> None:
    assert only("colr: red") == ("CC301", "1-5", "unknown key `colr`", "did you mean `color`?")
    assert only("site: {layers: 1, hiden: 2}") == (
        "CC301",
        "19-24",
        "unknown key `hiden` in `site`",
        "did you mean `hidden`?",
    )
    assert only("site: {layers: 1, zzz: 2}")[3] == "allowed: layers, hidden"
    assert only("layers: 2")[3] == "did you mean `model.layers`?"


def test_unknown_keys_below_unions_tags_and_lists() -> None:
    code, place, message, hint = only("runs: {a: {kind: train, tokens: 1, model_kind: x}}")
    assert (code, place) == ("CC301", "36-46")
    assert message == "unknown key `model_kind` in `runs.a`"
    assert hint == "did you mean `model-kind`?"
    assert only("runs: {a: {kind: infer, rate: 1, zzz: 1}}")[3] == "allowed: kind, infer, rate"
    assert only("pair: [1, {layers: 1, zzz: 1}]")[2:] == ("unknown key `zzz` in `pair[1]`", "allowed: layers, hidden")
    assert only("tagged: {left: 1, zzz: 2}")[3] == "allowed: left, both, right, more"


def test_missing_keys() -> None:
    assert only("site: {hidden: 1}") == ("CC302", "1-5", "the key `layers` is missing in `site`", "")
    assert only("runs: {a: {kind: train}}") == ("CC302", "8-9", "the key `tokens` is missing in `runs.a`", "")
    assert only("runs: {a: {tokens: 1}}") == ("CC302", "8-9", "the key `kind` is missing in `runs.a`", "")
    assert only("pair: [1, {hidden: 2}]") == ("CC302", "11-22", "the key `layers` is missing in `pair[1]`", "")


def test_a_key_missing_at_the_root_is_shown_at_the_first_line() -> None:
    with pytest.raises(ScenarioError) as caught:
        validate(Alone, load_text("# c\nboth: 1\n", "s.yaml"))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.place) == ("CC302", "s.yaml:2:1")
    assert diagnostic.message == "the key `left` is missing"


def test_a_label_that_is_also_a_key() -> None:
    # The location is (runs, a, infer, rate), and the mapping has a key `infer` too.
    assert only("runs: {a: {kind: infer, infer: 1, rate: x}}")[:2] == ("CC303", "41-42")
    assert only("runs: {a: {kind: infer, infer: x, rate: 1}}")[:2] == ("CC303", "32-33")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("count: x", "8-9", "expected a whole number, found the text `x`"),
        ("count: 1.5", "8-11", "expected a whole number, found the number `1.5`"),
        ("count: 12:30", "8-13", "expected a whole number, found the text `12:30`"),
        ("count:", "7-8", "expected a whole number, found nothing"),
        ("count: ~", "8-9", "expected a whole number, found nothing (`~`)"),
        ("price: [1]", "8-11", "expected a number, found a list"),
        ("price: {a: 1}", "8-14", "expected a number, found a mapping"),
        ("text: TRUE", "7-11", "expected a text, found `TRUE`"),
        ("flag: maybe", "7-12", "expected `true` or `false`, found the text `maybe`"),
        ("numbers: 5", "10-11", "expected a list, found the number `5`"),
        ("numbers: [1, 'x']", "14-17", "expected a whole number, found the text `x`"),
        ("site: big", "7-10", "expected a mapping (`key: value`), found the text `big`"),
        ("runs: {a: 5}", "11-12", "expected a mapping (`key: value`), found the number `5`"),
        ("model: 5", "8-9", "expected a text or a mapping (`key: value`), found the number `5`"),
        ("few: 5", "6-7", "expected a list or a mapping (`key: value`), found the number `5`"),
        ("count: 0", "8-9", "the number `0` must be greater than 0"),
        ("count: 9", "8-9", "the number `9` must be 8 or less"),
        ("few: [1, 2, 3]", "6-15", "a list must have 2 items or fewer"),
        ("text: bad", "7-10", "bad is bad"),
        ("text: own", "7-10", "own words"),
        ("text: nested", "7-13", "expected a whole number, found the text `nested`"),
        ("names: {A: 1}", "9-10", "the key `A` must match the pattern ^[a-z]+$"),
        ("site: {layers: 5}", "1-5", "five is right out"),
    ],
)
def test_wrong_values(text: str, place: str, message: str) -> None:
    assert only(text)[:3] == ("CC303", place, message)


def test_numbers_where_a_text_is_wanted() -> None:
    assert only("text: 007") == (
        "CC303",
        "7-10",
        "expected a text, found the number `007`",
        'put it in quotes: "007"',
    )


def test_long_values_are_cut() -> None:
    assert only(f"count: {'x' * 70}")[2] == f"expected a whole number, found the text `{'x' * 57}...`"


def test_words() -> None:
    assert only("color: rde") == (
        "CC306",
        "8-11",
        "expected `red` or `blue`, found the text `rde`",
        "did you mean `red`?",
    )
    assert only("color: pink")[3] == ""
    assert only("color: 5")[2] == "expected `red` or `blue`, found the number `5`"
    assert only("color: [red]")[:3] == ("CC303", "8-13", "expected `red` or `blue`, found a list")
    assert only("runs: {a: {kind: trian, tokens: 1}}") == (
        "CC306",
        "18-23",
        "expected `train` or `infer`, found the text `trian`",
        "did you mean `train`?",
    )


def test_a_union_of_words_and_a_mapping() -> None:
    assert only("layout: atuo") == ("CC306", "9-13", "expected `auto`, found the text `atuo`", "did you mean `auto`?")
    assert only("layout: zz")[2] == "expected `auto` or a mapping (`key: value`), found the text `zz`"
    assert only("layout: {layers: x}")[:2] == ("CC303", "18-19")
    assert [(d.code, d.place) for d in problems("layout: {layrs: 1}")] == [
        ("CC302", "s.yaml:1:1"),
        ("CC301", "s.yaml:1:10"),
    ]


def test_a_union_of_mappings_reports_the_nearest_only() -> None:
    # Alone misses `left` and does not know `right` and `more`; Other has only a wrong value.
    assert only("plain_union: {right: x, more: 1}")[:2] == ("CC303", "22-23")


def test_codes_of_validators_keep_their_place_in_the_text() -> None:
    assert only("mfu: 40!") == ("CC405", "8-9", "40! is not a fraction", "did you mean 40 %?")
    assert only("mfu: '40!'")[:2] == ("CC405", "9-10")
    assert only('mfu: "40!"')[:2] == ("CC405", "9-10")


def test_codes_of_validators_where_the_text_is_not_written_as_it_is() -> None:
    # \x21 is the exclamation mark: the offset in the text says nothing about the column.
    assert only('mfu: "40\\x21"')[:2] == ("CC405", "6-14")
    assert only("mfu: 4\n  0!")[:2] == ("CC405", "6-7")
    assert only("mfu: >-\n  40!")[:2] == ("CC405", "6-8")


def test_codes_of_validators_of_mappings() -> None:
    assert only("site: {layers: 3}") == ("CC304", "16-17", "three", "")
    assert only("site: {layers: 4}") == ("CC304", "1-5", "four", "")


def test_values_that_validators_put_in_have_the_place_of_their_mapping() -> None:
    diagnostics = problems("color: red\ntext: derive\n")
    assert [(d.code, d.place) for d in diagnostics] == [("CC303", "s.yaml:1:1"), ("CC303", "s.yaml:1:1")]
    assert [d.message for d in diagnostics] == [
        "expected a whole number, found another value in `derived`",
        "expected a whole number, found another value in `made[0]`",
    ]


def test_all_problems_in_the_order_of_the_document() -> None:
    text = """\
zzz: 1
mfu: 40!
numbers:
- x
- 1
- y
runs:
  a: {kind: train}
  b: {kind: infer, rate: q}
color: pink
"""
    assert [(d.code, d.place) for d in problems(text)] == [
        ("CC301", "s.yaml:1:1"),
        ("CC405", "s.yaml:2:8"),
        ("CC303", "s.yaml:4:3"),
        ("CC303", "s.yaml:6:3"),
        ("CC302", "s.yaml:8:3"),
        ("CC303", "s.yaml:9:26"),
        ("CC306", "s.yaml:10:8"),
    ]


def test_inherited_values_have_their_own_place() -> None:
    base = load_text("color: pink\nmfu: 40!\nsite: {hidden: 1}\n", "base.yaml")
    over = load_text("count: x\nsite: {hidden: 2}\n", "s.yaml")
    flags = mapping_from_paths({"runs.a.kind": from_flag("--set", "trian")})
    diagnostics = problems(merge(merge(flags, base), over))
    assert [(d.code, d.place) for d in diagnostics] == [
        ("CC303", "s.yaml:1:8"),
        ("CC302", "s.yaml:2:1"),
        ("CC306", "--set"),
        ("CC306", "base.yaml:1:8"),
        ("CC405", "base.yaml:2:8"),
    ]


def test_a_value_shown_twice_by_an_alias_is_reported_once() -> None:
    assert [d.place for d in problems("numbers: [&x bad, *x, *x]")] == ["s.yaml:1:14"]


def test_a_root_that_is_no_mapping() -> None:
    assert only("[1]")[:3] == ("CC303", "1-4", "expected a mapping (`key: value`), found a list")


class Recursive(Strict):
    a: Recursive | int | None = None


@pytest.mark.parametrize("levels", [1, 30])
def test_keys_of_the_same_name_below_each_other(levels: int) -> None:
    text = "{a: " * levels + "x" + "}" * levels
    with pytest.raises(ScenarioError) as caught:
        validate(Recursive, load_text(text, "s.yaml"))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.place == f"s.yaml:1:{4 * levels + 1}"


def test_many_problems_are_quick() -> None:
    node = load_text("numbers:\n" + "- x\n" * 2000 + "".join(f"key{i}: 1\n" for i in range(2000)), "s.yaml")
    begun = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        validate(Model, node)
    assert len(caught.value.diagnostics) == 4000
    assert time.perf_counter() - begun < 10
