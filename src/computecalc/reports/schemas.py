"""JSON Schemas (draft-07) of what goes in and what comes out, made from the types that read and write it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from computecalc.errors import Diagnostic, UsageError, did_you_mean

__all__ = ["SCHEMAS", "json_schema"]

_DRAFT = "http://json-schema.org/draft-07/schema#"

SCHEMAS = ("scenario", "result")
"""Names of the schemas."""


def json_schema(name: str) -> dict[str, Any]:
    """Return a schema.

    Raises
    ------
    UsageError
        CC101 when there is none of this name.
    """
    if name == "scenario":
        return _scenario_schema()
    if name == "result":
        from computecalc.reports.json_document import ResultJson

        return _draft_07(TypeAdapter(ResultJson), "computecalc result")
    near = did_you_mean(name, SCHEMAS)
    hint = f"did you mean {near[0]}?" if near else f"there are {' and '.join(SCHEMAS)}"
    raise UsageError(Diagnostic("CC101", f"there is no schema {name!r}", hint=hint))


def _scenario_schema() -> dict[str, Any]:
    """Schema of a scenario file; fragments may leave out what they inherit, so nothing is required in them."""
    from computecalc.scenario.schema import ScenarioFile, TrainScenario

    file = _draft_07(TypeAdapter(ScenarioFile), "computecalc scenario file")
    fragment = _draft_07(TypeAdapter(TrainScenario), "scenario")
    definitions = fragment.pop("definitions", {})
    definitions["Cluster"].pop("required", None)
    for key in ("$schema", "title", "required"):
        fragment.pop(key, None)
    names = {"type": "string"}
    fragment["properties"]["extends"] = {"anyOf": [names, {"type": "array", "items": names}]}
    definitions["Scenario"] = fragment
    reference = {"$ref": "#/definitions/Scenario"}
    file["definitions"] = definitions
    file["properties"]["defaults"] = reference
    for key in ("profiles", "scenarios"):
        file["properties"][key] = {"type": "object", "additionalProperties": reference}
    return file


def _draft_07(adapter: TypeAdapter[Any], title: str) -> dict[str, Any]:
    schema = adapter.json_schema(ref_template="#/definitions/{model}", schema_generator=GenerateJsonSchema)
    schema.pop("title", None)
    text = json.dumps({"$schema": _DRAFT, "title": title, **schema})
    renamed: dict[str, Any] = json.loads(text)
    if "$defs" in renamed:
        renamed["definitions"] = renamed.pop("$defs")
    clean: dict[str, Any] = _without_discriminators(renamed)
    return clean


def _without_discriminators(schema: Any) -> Any:
    """Drop `discriminator`, which is OpenAPI's and not draft-07's; `oneOf` says the same."""
    if isinstance(schema, dict):
        return {key: _without_discriminators(value) for key, value in schema.items() if key != "discriminator"}
    if isinstance(schema, list):
        return [_without_discriminators(item) for item in schema]
    return schema
