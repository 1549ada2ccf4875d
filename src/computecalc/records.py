"""Frozen dataclasses that are cheap to define.

``dataclasses.dataclass`` writes and compiles source for every method of every class, and looks at every annotation for
what it might mean. The program defines some hundred small classes before it can answer, and that was a quarter of a
whole estimate. A `record` is a dataclass with the same fields, defaults, ``replace``, ``fields`` and matching, whose
methods are shared functions, and whose fields are described to ``dataclasses`` when they are first asked for. One that
is made by the hundred, as where a file holds many scenarios, gets an initializer of its own. What is made by the
thousand in one file (nodes, spans) is a named tuple, which costs less still.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from inspect import get_annotations
from typing import Any, TypeVar, cast, dataclass_transform

__all__ = ["changed", "record"]

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


def changed(instance: T, /, **changes: Any) -> T:
    """Return what `dataclasses.replace` does of a record, at a tenth of its cost.

    Raises
    ------
    TypeError
        For a name that is no field.
    """
    cls: Any = type(instance)
    if not set(changes) <= set(cls.__match_args__):
        raise TypeError(f"{cls.__name__} has no {', '.join(sorted(set(changes) - set(cls.__match_args__)))}")
    found, state = object.__new__(cls), instance.__dict__
    # The fields alone: what a property has kept beside them may be another's now.
    found.__dict__.update({name: state[name] for name in cls.__match_args__})
    found.__dict__.update(changes)
    after = getattr(cls, "__post_init__", None)
    if after is not None:
        after(found)
    return cast("T", found)


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
    count = 0

    def __init__(self: Any, *values: Any, **named: Any) -> None:  # noqa: N807
        nonlocal count
        count += 1
        if count == _MANY:
            type(self).__init__ = _own_initializer(names, plain, made, after)
        state = self.__dict__
        if values:
            if len(values) > len(names):
                raise TypeError(f"{type(self).__name__} takes {len(names)} values, not {len(values)}")
            state.update(zip(names, values, strict=False))
        if named:
            if not (wanted.issuperset(named) and state.keys().isdisjoint(named)):
                raise _refused(self, named, wanted)
            state.update(named)
        if len(state) != len(names):
            state.update({name: _default(self, name, plain, made) for name in names if name not in state})
        if after is not None:
            after(self)

    return __init__


def _refused(instance: object, named: dict[str, Any], wanted: frozenset[str]) -> TypeError:
    state = instance.__dict__
    wrong = next(name for name in named if name in state or name not in wanted)
    return TypeError(f"{type(instance).__name__} got {wrong!r} {'twice' if wrong in state else 'unexpectedly'}")


_MANY = 200
"""Instances from which on compiling an initializer for the class has paid."""


def _own_initializer(
    names: tuple[str, ...],
    plain: dict[str, Any],
    made: dict[str, Callable[[], Any]],
    after: Callable[[Any], None] | None,
) -> Callable[..., None]:
    """Write out what the shared initializer does for one class, as ``dataclasses`` does for every class."""
    scope: dict[str, Any] = {"_missing": MISSING, "_after": after}
    arguments, lines = [], ["_state = self.__dict__"]  # a field may be called `state`
    for name in names:
        if name in made:
            scope[f"_make_{name}"] = made[name]
            arguments.append(f"{name}=_missing")
            lines.append(f"_state[{name!r}] = _make_{name}() if {name} is _missing else {name}")
            continue
        if name in plain:
            scope[f"_plain_{name}"] = plain[name]
        arguments.append(f"{name}=_plain_{name}" if name in plain else name)
        lines.append(f"_state[{name!r}] = {name}")
    if after is not None:
        lines.append("_after(self)")
    body = "\n    ".join(lines)
    exec(f"def __init__(self, {', '.join(arguments)}):\n    {body}", scope)  # noqa: S102 - names of fields, no text of users
    found: Callable[..., None] = scope["__init__"]
    return found


def _default(instance: object, name: str, plain: dict[str, Any], made: dict[str, Callable[[], Any]]) -> Any:
    if name in plain:
        return plain[name]
    if name not in made:
        raise TypeError(f"{type(instance).__name__} needs {name!r}")
    return made[name]()


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
