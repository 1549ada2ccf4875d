from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace

import pytest

from computecalc.records import changed, record


@record
class Point:
    """A record with every kind of field."""

    across: float
    up: float = 2.0
    names: list[str] = field(default_factory=list)
    text: str = field(default="t", repr=False)
    length: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", self.across + self.up)


@record
class Often:
    first: int
    second: int = 7
    late: list[int] = field(default_factory=list)
    state: str = "a name that the initializer might use"
    doubled: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "doubled", 2 * self.second)


@record
class Pair:
    first: int
    second: int = 0


def test_values_come_by_place_by_name_and_by_default() -> None:
    point = Point(1.0, names=["a"])
    assert (point.across, point.up, point.names, point.text, point.length) == (1.0, 2.0, ["a"], "t", 3.0)
    assert Point(1.0).names is not Point(1.0).names


@pytest.mark.parametrize(
    ("values", "named", "message"),
    [
        ((), {}, "Pair needs 'first'"),
        ((1, 2, 3), {}, "Pair takes 2 values, not 3"),
        ((1,), {"first": 1}, "Pair got 'first' twice"),
        ((1,), {"third": 1}, "Pair got 'third' unexpectedly"),
        ((), {"first": 1, "second": 2, "third": 3}, "Pair got 'third' unexpectedly"),
    ],
)
def test_wrong_values_are_refused(values: tuple[int, ...], named: dict[str, int], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Pair(*values, **named)


def test_a_record_is_a_frozen_dataclass_to_others() -> None:
    point = Point(1.0)
    assert is_dataclass(point)
    assert [each.name for each in fields(point)] == ["across", "up", "names", "text", "length"]
    assert replace(Pair(1), second=5) == Pair(1, 5)
    with pytest.raises(FrozenInstanceError):
        point.up = 3.0  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.up
    match Pair(1, 2):
        case Pair(first, second):
            assert (first, second) == (1, 2)


def test_a_changed_record_is_what_replace_makes_of_it() -> None:
    point = Point(1.0, names=["a"])
    moved = changed(point, across=5.0, text="there")
    assert moved == replace(point, across=5.0, text="there")
    assert (moved.length, point.length, moved.names is point.names) == (7.0, 3.0, True)
    with pytest.raises(TypeError, match="Point has no down, left"):
        changed(point, left=1, down=2)
    with pytest.raises(TypeError, match="Point has no length"):
        changed(point, length=1.0)


def test_records_compare_and_show_by_value() -> None:
    assert Pair(1, 2) == Pair(1, 2)
    assert Pair(1, 2) != Pair(2, 1)
    assert hash(Pair(1, 2)) == hash(Pair(1, 2))
    assert Pair(1, 2).__eq__((1, 2)) is NotImplemented
    assert repr(Point(1.0)) == "Point(across=1.0, up=2.0, names=[], length=3.0)"
    assert pickle.loads(pickle.dumps(Pair(1, 2))) == Pair(1, 2)


def test_one_that_is_made_often_stays_what_it_is() -> None:
    # From the two hundredth on, instances are made by an initializer of their own.
    made = [Often(each, late=[each]) for each in range(300)]
    assert [each.first for each in made] == list(range(300))
    assert {(each.second, each.doubled) for each in made} == {(7, 14)}
    assert made[250] == Often(first=250, second=7, late=[250])
    assert made[250] != made[249]
    assert Often(1).late == []
    assert Often(1, state="x").state == "x"
    assert Often(1).late is not Often(1).late
    assert replace(made[299], second=8).doubled == 16
    with pytest.raises(FrozenInstanceError):
        made[299].second = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        Often()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Often(1, wrong=2)  # type: ignore[call-arg]
