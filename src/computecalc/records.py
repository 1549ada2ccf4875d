"""Frozen dataclasses that are cheap to define.

``dataclasses.dataclass`` writes and compiles source for every method of every class. The program defines some
eighty small classes before it can answer, and compiling their methods took a quarter of a whole estimate. A
`record` is a dataclass with the same fields, defaults, ``replace``, ``fields`` and matching, whose ``__init__``,
``__eq__``, ``__hash__`` and ``__repr__`` are shared functions. What is made by the thousand in one file (nodes,
spans) is a named tuple, which costs less still.
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
    made.__init__ = _initializer(fields(made))  # type: ignore[arg-type, method-assign]
    return made


def _initializer(known: tuple[Field[Any], ...]) -> Callable[..., None]:
    names = tuple(each.name for each in known if each.init)
    all_names = frozenset(names)
    defaults = {each.name: each for each in known if not (each.default is MISSING and each.default_factory is MISSING)}

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        state = self.__dict__
        if values:
            if len(values) > len(names):
                raise TypeError(f"{type(self).__name__} takes {len(names)} values, not {len(values)}")
            state.update(zip(names, values, strict=False))
        if named:
            if not (all_names.issuperset(named) and state.keys().isdisjoint(named)):
                wrong = next(name for name in named if name in state or name not in all_names)
                raise TypeError(f"{type(self).__name__} got {wrong!r} {'twice' if wrong in state else 'unexpectedly'}")
            state.update(named)
        if len(state) != len(names):
            for name in names:
                if name not in state:
                    state[name] = _default(self, name, defaults)
        after = getattr(self, "__post_init__", None)
        if after is not None:
            after()

    return __init__


def _default(instance: object, name: str, defaults: dict[str, Field[Any]]) -> Any:
    if name not in defaults:
        raise TypeError(f"{type(instance).__name__} needs {name!r}")
    found = defaults[name]
    return found.default if found.default is not MISSING else found.default_factory()  # type: ignore[operator]


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
