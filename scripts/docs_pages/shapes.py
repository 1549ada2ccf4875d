"""The keys of a model's architecture, from the classes that read it."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise

from pydantic import BaseModel

from computecalc.catalog.architecture import Architecture, DenseFeedForward, ExpertFeedForward, LayerGroup
from computecalc.catalog.mixers import (
    Attention,
    CompressedAttention,
    GatedDelta,
    Indexer,
    KimiDelta,
    Lightning,
    Mamba,
    Mamba2,
    MultiLatentAttention,
)
from computecalc.catalog.shorthand import ModelShorthand
from docs_pages.markdown import table

__all__ = ["shapes_section"]

_SHAPES: dict[str, type[BaseModel]] = {
    "architecture": Architecture,
    "an entry of `layers`": LayerGroup,
    "an entry of `mixers` with `type: attention`": Attention,
    "an entry of `mixers` with `type: mla`": MultiLatentAttention,
    "an entry of `mixers` with `type: compressed`": CompressedAttention,
    "an entry of `mixers` with `type: gated_delta`": GatedDelta,
    "an entry of `mixers` with `type: kimi_delta`": KimiDelta,
    "an entry of `mixers` with `type: lightning`": Lightning,
    "an entry of `mixers` with `type: mamba`": Mamba,
    "an entry of `mixers` with `type: mamba2`": Mamba2,
    "the `indexer` of a mixer": Indexer,
    "an entry of `feed_forwards` with `type: dense`": DenseFeedForward,
    "an entry of `feed_forwards` with `type: moe`": ExpertFeedForward,
    "the short form of scenarios": ModelShorthand,
}


def shapes_section() -> str:
    """Return a table of keys for each shape."""
    parts = ["## Keys of an architecture"]
    for title, shape in _SHAPES.items():
        meanings = _meanings(shape)
        rows = [
            (name, "required" if field.is_required() else _default(field.get_default(call_default_factory=True)))
            for name, field in shape.model_fields.items()
        ]
        summary = (inspect.getdoc(shape) or "").partition("\n\n")[0].replace("\n", " ")
        keys = table(("key", "when absent", "meaning"), [(*row, meanings.get(row[0], "")) for row in rows])
        parts += [f"### {title[0].upper()}{title[1:]}", summary, keys.rstrip("\n")]
    return "\n\n".join(parts)


def _default(value: object) -> str:
    if value is None or value == {}:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _meanings(shape: type[BaseModel]) -> dict[str, str]:
    """Return the text below each field in the source, which Python itself does not keep."""
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(shape)))):
        if isinstance(node, ast.ClassDef):
            found |= _field_texts(node)
    return found


def _field_texts(definition: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, below in pairwise(definition.body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            found[field.target.id] = " ".join(str(below.value.value).split())
    return found
