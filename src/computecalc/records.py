"""Frozen dataclasses that are cheap to define.

``dataclasses.dataclass`` writes and compiles source for every method of every class. The program defines some
eighty small classes before it can answer, and compiling their methods took a quarter of a whole estimate. A
`record` is a dataclass with the same fields, defaults, ``replace``, ``fields`` and matching, whose ``__init__``,
``__eq__``, ``__hash__`` and ``__repr__`` are shared functions. Making an instance is a little slower, so what is made
by the thousand (nodes, spans) is an ordinary frozen dataclass or a named tuple.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from typing import Any, TypeVar, dataclass_transform

__all__ = ["record"]

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """Make a class a frozen dataclass."""
    made = dataclass(init=False, repr=False, eq=False)(cls)
    for name, method in _METHODS.items():
        setattr(made, name, method)
    made.__init__ = _initializer(fields(made), has_checks=hasattr(made, "__post_init__"))  # type: ignore[arg-type, method-assign]
    return made


def _initializer(known: tuple[Field[Any], ...], *, has_checks: bool) -> Callable[..., None]:
    names = tuple(each.name for each in known if each.init)
    every = frozenset(names)
    defaults = {each.name: each.default for each in known if each.init and each.default is not MISSING}
    made = {each.name: each.default_factory for each in known if each.init and each.default_factory is not MISSING}

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        given = {**defaults, **dict(zip(names, values, strict=False)), **named} if values else {**defaults, **named}
        for name, factory in made.items():
            if name not in given:
                given[name] = factory()
        if given.keys() != every or len(values) > len(names) or (named and values and _twice(names, values, named)):
            raise TypeError(_complaint(type(self).__name__, names, values, named, given))
        self.__dict__.update(given)
        if has_checks:
            self.__post_init__()

    return __init__


def _twice(names: tuple[str, ...], values: tuple[Any, ...], named: dict[str, Any]) -> list[str]:
    return [name for name in names[: len(values)] if name in named]


def _complaint(
    kind: str, names: tuple[str, ...], values: tuple[Any, ...], named: dict[str, Any], given: dict[str, Any]
) -> str:
    """Say what is wrong with the arguments of a record."""
    if len(values) > len(names):
        return f"{kind} takes {len(names)} values, not {len(values)}"
    twice, unexpected = _twice(names, values, named), [name for name in named if name not in names]
    if twice or unexpected:
        return f"{kind} got {(twice or unexpected)[0]!r} {'twice' if twice else 'unexpectedly'}"
    return f"{kind} needs {next(name for name in names if name not in given)!r}"


def _values(instance: Any) -> tuple[Any, ...]:
    return tuple(getattr(instance, name) for name in instance.__dataclass_fields__)


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
    return type(self), tuple(getattr(self, each.name) for each in fields(self) if each.init)


_METHODS: dict[str, Callable[..., Any]] = {
    "__repr__": _repr,
    "__eq__": _equal,
    "__hash__": _hash,
    "__setattr__": _refuse_set,
    "__delattr__": _refuse_delete,
    "__reduce__": _reduce,
}
