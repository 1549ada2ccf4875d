"""What a user wrote of a scenario, kept so that it can be resolved again later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from computecalc.catalog.describing import described
from computecalc.errors import Document, Span
from computecalc.estimators.inputs import Resolved
from computecalc.scenario.files import RawScenario
from computecalc.yamlio.nodes import MappingNode, Plain, from_plain

__all__ = ["restated", "statement", "statement_changes"]


def statement(resolved: Resolved) -> dict[str, Any]:
    """Return what was stated of a scenario as plain data, all layers merged.

    A model read from a `config.json` is replaced by its layers: the file may be another one when this is read.
    """
    if resolved.stated is None:
        raise ValueError("a scenario that was resolved from nothing stated")
    stated = dict(resolved.stated)
    if resolved.architecture is not None and _is_file(stated.get("model")):
        stated["model"] = described(resolved.architecture)
    return stated


def _is_file(model: Any) -> bool:
    name = model.get("base") if isinstance(model, dict) else model
    return isinstance(name, str) and name.casefold().endswith(".json")


def restated(name: str, stated: dict[str, Any], file: str) -> RawScenario:
    """Return a statement as a scenario that can be resolved; `file` is where it was kept."""
    span = Span(Document(file, ""), 1, 1, 2)
    node = from_plain(stated, span)
    if not isinstance(node, MappingNode):
        raise TypeError("a statement is a mapping")
    return RawScenario(name, node, span)


def statement_changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[tuple[str, Plain, Plain]]:
    """Yield the dotted paths that differ, each with what was and what is stated there; None: nothing."""
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old == new and type(old) is type(new):
            continue
        if isinstance(old, dict) and isinstance(new, dict) and key != "model":
            for path, was, now in statement_changes(old, new):
                yield f"{key}.{path}", was, now
        elif isinstance(old, dict) != isinstance(new, dict) and key != "model" and (old is None or new is None):
            for path, was, now in statement_changes(old or {}, new or {}):
                yield f"{key}.{path}", was, now
        else:
            yield key, old, new
