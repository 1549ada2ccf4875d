"""An imported model as the text of a catalog file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from computecalc.catalog.importers.huggingface import ImportedModel
from computecalc.catalog.loading import parse_file
from computecalc.yamlio.loading import load_text

__all__ = ["catalog_text", "slug"]

_WIDTH = 120

_PLAIN = re.compile(r"[a-z][a-z0-9_-]*")
_RESERVED = {"true", "false", "null"}


def slug(text: str) -> str:
    """Return a text as an id: lower case, hyphens between words.

    Examples
    --------
    >>> slug("Llama 3.1_8B (mine)")
    'llama-3.1-8b-mine'
    """
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")


def catalog_text(model: ImportedModel, *, entry_id: str, publication: str, as_of: str) -> str:
    """Return a catalog file with the model as its only entry.

    Parameters
    ----------
    model : ImportedModel
        The model.
    entry_id : str
        Id of the entry.
    publication : str
        Where the configuration was found.
    as_of : str
        Date at which the configuration was valid.

    Returns
    -------
    str
        YAML that `computecalc.catalog.loading` accepts.

    Raises
    ------
    CatalogError
        When the id or the date is none.
    """
    source = {"title": f"config.json, model_type {model.model_type}", "publication": publication, "as_of": as_of}
    entry: dict[str, Any] = {
        "name": entry_id,
        "provenance": {"source": "config", "kind": "published"},
        "architecture": model.fields,
    }
    if model.context_length is not None:
        entry["context_length"] = f"{model.context_length} tokens"
    if model.notes:
        entry["notes"] = " ".join(model.notes)
    document = {"version": 1, "kind": "model", "sources": {"config": source}, "entries": {entry_id: entry}}
    text = "\n".join(_lines(document, 0)) + "\n"
    parse_file(load_text(text, "<catalog file>")).entries()  # what would not load is not given out
    return text


def _lines(value: Mapping[str, Any], indent: int) -> list[str]:
    """Return a mapping one key a line; what fits on a line is written in flow style."""
    pad = " " * indent
    lines: list[str] = []
    for key, item in value.items():
        flat = f"{pad}{_scalar(key)}: {_flow(item)}"
        if not isinstance(item, Mapping | list) or (len(flat) <= _WIDTH and indent > 0):
            lines.append(flat)
        elif isinstance(item, list):
            lines += [f"{pad}{_scalar(key)}:", *(f"{pad}  - {_flow(one)}" for one in item)]
        else:
            lines += [f"{pad}{_scalar(key)}:", *_lines(item, indent + 2)]
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _RESERVED:
        return value
    return json.dumps(value, ensure_ascii=False)
