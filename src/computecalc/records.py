"""Frozen dataclasses that are cheap to define.

``dataclasses.dataclass`` writes and compiles source for every method of every class, and looks at every annotation for
what it might mean. The program defines some hundred small classes before it can answer, and that was a quarter of a
whole estimate. A `record` is a dataclass with the same fields, defaults, ``replace``, ``fields`` and matching, whose
methods are shared functions, and whose fields are described to ``dataclasses`` when they are first asked for. Making
an instance is a little slower, so what is made by the thousand (nodes, spans) stays an ordinary frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from inspect import get_annotations
from typing import Any, TypeVar, dataclass_transform

__all__ = ["record"]

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """Make a class a frozen dataclass; it has no other record among its bases."""
    names = tuple(get_annotations(cls))
    stated = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    described = {name: value for name, value in stated.items() if isinstance(value, Field)}
    plain = {name: value for name, value in stated.items() if name not in described}
    plain |= {name: value.default for name, value in described.items() if value.default is not MISSING}
    made = {name: value.default_factory for name, value in described.items() if value.default_factory is not MISSING}
    given = tuple(name for name in names if name not in described or described[name].init)
    for name, method in _METHODS.items():
        setattr(cls, name, method)
    cls.__init__ = _initializer(given, plain, made, getattr(cls, "__post_init__", None))  # type: ignore[method-assign]
    cls.__match_args__ = given  # type: ignore[misc, attr-defined]
    cls.__record_names__ = names  # type: ignore[attr-defined]
    cls.__dataclass_fields__ = _Described()  # type: ignore[attr-defined]
    return cls


class _Described:
    """The fields of a record as ``dataclasses`` knows them, worked out when they are first asked for."""

    def __get__(self, instance: object, owner: type) -> dict[str, Field[Any]]:
        dataclass(init=False, repr=False, eq=False, match_args=False)(owner)
        found: dict[str, Field[Any]] = owner.__dict__["__dataclass_fields__"]
        return found


def _initializer(
    names: tuple[str, ...],
    plain: dict[str, Any],
    made: dict[str, Callable[[], Any]],
    after: Callable[[Any], None] | None,
) -> Callable[..., None]:
    wanted = frozenset(names)

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        first = dict(zip(names, values, strict=False)) if values else {}
        given = {**plain, **first, **named}
        for name, factory in made.items():
            if name not in given:
                given[name] = factory()
        if given.keys() != wanted or len(values) > len(names) or (first and not first.keys().isdisjoint(named)):
            raise TypeError(_wrong(type(self).__name__, names, given, values, named))
        self.__dict__.update(given)
        if after is not None:
            after(self)

    return __init__


def _wrong(
    label: str, names: tuple[str, ...], given: dict[str, Any], values: tuple[Any, ...], named: dict[str, Any]
) -> str:
    """Say what is wrong with the values of a record."""
    if len(values) > len(names):
        return f"{label} takes {len(names)} values, not {len(values)}"
    twice = next((name for name in names[: len(values)] if name in named), None)
    if twice is not None:
        return f"{label} got {twice!r} twice"
    unexpected = next((name for name in given if name not in names), None)
    if unexpected is not None:
        return f"{label} got {unexpected!r} unexpectedly"
    return f"{label} needs {next(name for name in names if name not in given)!r}"


def _values(instance: Any) -> tuple[Any, ...]:
    return tuple(getattr(instance, name) for name in instance.__record_names__)


def _repr(self: Any) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _equal(self: Any, other: object) -> bool:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash((type(self), _values(self)))


def _refuse_set(self: Any, name: str, value: object) -> None:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(self: Any, name: str) -> None:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _reduce(self: Any) -> tuple[type[Any], tuple[Any, ...]]:
    return type(self), tuple(getattr(self, name) for name in self.__match_args__)


_METHODS: dict[str, Callable[..., Any]] = {
    "__repr__": _repr,
    "__eq__": _equal,
    "__hash__": _hash,
    "__setattr__": _refuse_set,
    "__delattr__": _refuse_delete,
    "__reduce__": _reduce,
}
