"""JSON Schema (draft-07) of catalog files, made from the table of labels and figures that reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from computecalc.catalog.attributes import ANY_UNIT, KINDS, Attribute, Kind, Label
from computecalc.catalog.entry_reading import id_pattern
from computecalc.catalog.provenance import VALUE_KINDS

__all__ = ["catalog_schema"]

_Schema = dict[str, Any]

_TEXT: _Schema = {"type": ["string", "number"]}
"""What is read as a text: `2024` is one too."""
_TEXTS: _Schema = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1}]}


def catalog_schema(architecture: _Schema) -> _Schema:
    """Return the schema of a catalog file.

    Parameters
    ----------
    architecture : dict
        Schema of the architecture of a model; its `definitions` are taken out.
    """
    definitions: _Schema = dict(architecture.pop("definitions", {}))
    definitions |= {"Architecture": architecture, "Source": _source(), "Provenance": _provenance(), "Figure": _figure()}
    definitions |= {kind.name: _entry(kind) for kind in KINDS.values()}
    return {
        "type": "object",
        "description": "One file of a catalog: entries of one kind, with the sources of their figures.",
        "additionalProperties": False,
        "required": ["version", "kind", "sources", "entries"],
        "properties": {
            "version": {"const": 1},
            "kind": {"enum": list(KINDS), "description": "What the entries are."},
            "sources": {"type": "object", "additionalProperties": _reference("Source")},
            "entries": {"type": "object"},
        },
        "allOf": [_entries_of(kind) for kind in KINDS.values()],
        "definitions": definitions,
    }


def _entries_of(kind: Kind) -> _Schema:
    entries = {
        "propertyNames": {"pattern": f"^{id_pattern(kind.name)}$"},
        "additionalProperties": _reference(kind.name),
    }
    return {
        "if": {"properties": {"kind": {"const": kind.name}}, "required": ["kind"]},
        "then": {"properties": {"entries": entries}},
    }


def _entry(kind: Kind) -> _Schema:
    """Return the schema of an entry: its labels and figures, nested by their dotted paths."""
    schema = _object(f"{kind.title[:1].upper()}{kind.title[1:]}.")
    schema["properties"] |= {
        "name": {**_TEXT, "description": "Name for readers."},
        "aliases": {**_TEXTS, "description": "Other names that it is found by."},
        "provenance": _reference("Provenance"),
        "notes": {**_TEXT, "description": "What readers should know."},
    }
    schema["required"].append("name")
    for path, label in kind.labels.items():
        _place(schema, path, _label(label), required=label.required)
    for path, attribute in kind.figures.items():
        figure = {"allOf": [_reference("Figure")], "description": _description(attribute)}
        _place(schema, path, figure, required=attribute.required)
    if kind.at_least_one:
        schema["properties"][kind.at_least_one]["minProperties"] = 1
        schema["required"].append(kind.at_least_one)
    if kind.name == "model":
        schema["properties"]["architecture"] = _reference("Architecture")
        schema["anyOf"] = [
            {"required": ["architecture", "provenance"]},
            {"required": ["parameters", "active_parameters"]},
        ]
    return schema


def _place(schema: _Schema, path: str, value: _Schema, *, required: bool) -> None:
    *above, last = path.split(".")
    for part in above:
        if required and part not in schema["required"]:
            schema["required"].append(part)
        schema = schema["properties"].setdefault(part, _object(""))
    schema["properties"][last] = value
    if required:
        schema["required"].append(last)


def _object(description: str) -> _Schema:
    about = {"description": description} if description else {}
    return {"type": "object", **about, "additionalProperties": False, "properties": {}, "required": []}


def _description(attribute: Attribute) -> str:
    unit = "any unit" if attribute.unit == ANY_UNIT else attribute.fact_unit
    return f"{attribute.description} [{unit}]"


def _label(label: Label) -> _Schema:
    word: _Schema = {"enum": list(label.allowed)} if label.allowed else dict(_TEXT)
    if label.several:
        word = {"anyOf": [word, {"type": "array", "items": word}]}
    return {**word, "description": label.description}


def _figure() -> _Schema:
    quantity: _Schema = {"type": ["string", "number"], "examples": ["700 W", "1.60..1.80..2.10 USD/accelerator/h"]}
    whole = _object("A quantity with an origin of its own.")
    whole["properties"] = {"value": quantity, **_provenance()["properties"]}
    whole["required"] = ["value"]
    return {"anyOf": [quantity, whole]}


def _provenance() -> _Schema:
    schema = _object("Where figures come from.")
    schema["properties"] = {
        "source": {**_TEXTS, "description": "Name of one or more of `sources`."},
        "kind": {"enum": list(VALUE_KINDS), "description": "How firm the figure is."},
        "locator": {**_TEXT, "description": "Where in the source: page, table, section."},
        "as_of": _date(),
        "note": _TEXT,
    }
    return schema


def _source() -> _Schema:
    schema = _object("A document that figures are taken from.")
    schema["properties"] = {**_texts(("title", "url", "publication", "licence")), "as_of": _date()}
    schema["required"] = ["title", "as_of"]
    schema["anyOf"] = [{"required": ["url"]}, {"required": ["publication"]}]
    return schema


def _texts(names: Iterable[str]) -> _Schema:
    return {name: dict(_TEXT) for name in names}


def _date() -> _Schema:
    return {
        "type": ["string", "integer"],
        "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
        "description": "Date at which it was valid or read: 2024, 2024-03 or 2024-03-01.",
    }


def _reference(name: str) -> _Schema:
    return {"$ref": f"#/definitions/{name}"}
