"""Which keys a pydantic model allows at a place, found by walking annotations along pydantic's locations."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

__all__ = ["Step", "field_keys", "is_label", "models_at", "nested_place"]

Step = tuple[str | int, bool]
"""A part of a pydantic location, and whether it is a real key or index, not the label of a branch."""


def models_at(model: type[BaseModel], steps: Iterable[Step]) -> tuple[type[BaseModel], ...]:
    """Return the models that can stand at a location.

    Parameters
    ----------
    model : type[BaseModel]
        The model at the root.
    steps : iterable of Step
        The location, with the labels that pydantic adds for unions and validators.

    Returns
    -------
    tuple of type[BaseModel]
        Empty where no model can stand.
    """
    candidates: list[Any] = [model]
    for part, is_real in steps:
        candidates = _descend(candidates, part) if is_real else _branch(candidates, part)
    return tuple(c for c in candidates if _is_model(c))


def field_keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model under the keys that users write."""
    keys = {}
    for name, info in model.model_fields.items():
        alias = info.validation_alias if isinstance(info.validation_alias, str) else info.alias
        keys[alias or name] = info
    return keys


def nested_place(models: Iterable[type[BaseModel]], key: str) -> str:
    """Return ``outer.key`` when a mapping directly below one of the models allows `key`, else nothing."""
    for model in models:
        for outer, info in field_keys(model).items():
            if any(_is_model(member) and key in field_keys(member) for member in _members(info.annotation)):
                return f"{outer}.{key}"
    return ""


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _members(annotation: Any) -> Iterator[Any]:
    """Yield the alternatives of an annotation, without unions, `Annotated` and type aliases around them."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _members(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for member in get_args(annotation):
            yield from _members(member)
    elif hasattr(annotation, "__value__"):
        yield from _members(annotation.__value__)
    else:
        yield annotation


def _descend(candidates: Iterable[Any], part: str | int) -> list[Any]:
    found: list[Any] = []
    for candidate in candidates:
        if _is_model(candidate):
            info = field_keys(candidate).get(str(part))
            if info is not None:
                found.extend(_members(info.annotation))
            continue
        origin, arguments = get_origin(candidate), get_args(candidate)
        if not isinstance(origin, type) or not arguments:
            continue
        if issubclass(origin, Mapping) and isinstance(part, str):
            found.extend(_members(arguments[1]))
        elif issubclass(origin, Sequence | set | frozenset) and isinstance(part, int):
            is_row = origin is tuple and arguments[-1] is not Ellipsis and part < len(arguments)
            found.extend(_members(arguments[part if is_row else 0]))
    return found


def _branch(candidates: list[Any], label: str | int) -> list[Any]:
    """Keep the candidates that the label of a union's branch means; all when it means none of them."""
    meant = [c for c in candidates if _is_model(c) and is_label(c, label)]
    return meant or candidates


def is_label(model: type[BaseModel], label: str | int) -> bool:
    """Tell whether the label of a union's branch means the model: its name, or a value of its discriminator."""
    if model.__name__ in re.findall(r"\w+", str(label)):
        return True
    annotations = (info.annotation for info in model.model_fields.values())
    return any(get_origin(a) is Literal and label in get_args(a) for a in annotations)
