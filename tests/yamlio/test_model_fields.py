from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from computecalc.yamlio.model_fields import Step, field_keys, is_label, models_at, nested_place


class Dense(BaseModel):
    kind: Literal["dense", "plain"] = "dense"
    size: int = 0


class Sparse(BaseModel):
    kind: Literal["moe"] = "moe"
    expert_size: int = Field(default=0, validation_alias="experts")


Layer = TypeAliasType("Layer", Annotated[Dense | Sparse, Field(discriminator="kind")])


class Stack(BaseModel):
    layers: list[Layer] = []
    named: Mapping[str, Layer | None] = {}
    pair: tuple[int, Dense] | None = None
    many: tuple[Sparse, ...] = ()
    size: int = 0


def test_the_root() -> None:
    assert models_at(Stack, ()) == (Stack,)


def test_through_collections_unions_and_aliases() -> None:
    assert models_at(Stack, [("layers", True), (3, True)]) == (Dense, Sparse)
    assert models_at(Stack, [("named", True), ("any", True)]) == (Dense, Sparse)
    assert models_at(Stack, [("pair", True), (1, True)]) == (Dense,)
    assert models_at(Stack, [("pair", True), (0, True)]) == ()
    assert models_at(Stack, [("many", True), (7, True)]) == (Sparse,)


def test_labels_choose_a_branch() -> None:
    layer: list[Step] = [("layers", True), (0, True)]
    assert models_at(Stack, [*layer, ("moe", False)]) == (Sparse,)
    assert models_at(Stack, [*layer, ("plain", False)]) == (Dense,)
    assert models_at(Stack, [*layer, ("function-after[check(), Sparse]", False)]) == (Sparse,)
    assert models_at(Stack, [*layer, ("tagged-union[...]", False)]) == (Dense, Sparse)


def test_places_without_models() -> None:
    assert models_at(Stack, [("size", True)]) == ()
    assert models_at(Stack, [("size", True), ("below", True)]) == ()
    assert models_at(Stack, [("nothing", True)]) == ()


def test_keys_are_aliases() -> None:
    assert list(field_keys(Sparse)) == ["kind", "experts"]
    assert list(field_keys(Stack)) == ["layers", "named", "pair", "many", "size"]


def test_nested_place() -> None:
    class Outer(BaseModel):
        inner: Sparse | None = None

    assert nested_place([Dense, Outer], "experts") == "inner.experts"
    assert nested_place([Dense, Outer], "size") == ""


def test_is_label() -> None:
    assert is_label(Dense, "dense")
    assert is_label(Dense, "Dense")
    assert is_label(Dense, "list[Dense]")
    assert not is_label(Dense, "size")
    assert not is_label(Dense, "DenseMore")
