"""What a user wrote of a scenario, kept so that it can be resolved again later."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from computecalc.catalog.describing import described
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Document, Span
from computecalc.estimators.inputs import Resolved
from computecalc.scenario.files import RawScenario
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.nodes import MappingNode, Plain, from_plain

__all__ = ["described_text", "resolved_again", "restated", "statement", "statement_changes"]

_KEPT = "what was stated"
"""What diagnostics call a statement that was kept."""


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


def described_text(text: str | None) -> str:
    """Return what tells one text of a file from another; empty for none."""
    if text is None:
        return ""
    return f"{len(text.splitlines())} lines, sha256:{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def resolved_again(
    name: str, stated: dict[str, Any], files: Mapping[str, str], catalog: Catalog, today: date
) -> Resolved:
    """Resolve a statement with a catalog; the tables that it names are those that were kept with it.

    Raises
    ------
    ComputecalcError
        When the catalog does not have what is stated, or a table lies outside the folder of its scenario.
    """
    if not files:
        return resolve(restated(name, stated, _KEPT), catalog, today=today)
    with tempfile.TemporaryDirectory(prefix="computecalc-") as folder:
        top = Path(folder).resolve()
        for file, text in files.items():
            target = Path(os.path.normpath(top / file))
            if target.is_relative_to(top):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        return resolve(restated(name, stated, str(top / _KEPT)), catalog, today=today)


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
