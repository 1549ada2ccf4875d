"""JSON Schemas (draft-07) of what goes in and what comes out, made from the types that read and write it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from computecalc.errors import Diagnostic, UsageError, did_you_mean

__all__ = ["SCHEMAS", "json_schema"]

_DRAFT = "http://json-schema.org/draft-07/schema#"

SCHEMAS = ("scenario", "budget", "result", "lock", "catalog")
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
    if name == "lock":
        from computecalc.checks.locks import LockJson

        return _draft_07(TypeAdapter(LockJson), "computecalc lock file")
    if name == "budget":
        from computecalc.checks.budgets import BudgetForm

        return _draft_07(TypeAdapter(BudgetForm), "computecalc budget")
    if name == "catalog":
        from computecalc.catalog.architecture import Architecture
        from computecalc.reports.catalog_schema import catalog_schema

        architecture = _draft_07(TypeAdapter(Architecture), "architecture")
        for key in ("$schema", "title"):
            architecture.pop(key)
        return {"$schema": _DRAFT, "title": "computecalc catalog file", **catalog_schema(architecture)}
    near = did_you_mean(name, SCHEMAS)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(SCHEMAS)}"
    raise UsageError(Diagnostic("CC101", f"there is no schema {name!r}", hint=hint))


def _scenario_schema() -> dict[str, Any]:
    """Schema of a scenario file; fragments may leave out what they inherit, so nothing is required in them."""
    from computecalc.checks.budgets import BudgetForm
    from computecalc.scenario.campus_schema import CampusScenario
    from computecalc.scenario.money_schema import PaidTrainScenario
    from computecalc.scenario.own_chip_schema import SiliconScenario
    from computecalc.scenario.schema import ScenarioFile
    from computecalc.scenario.serving.schema import InferScenario

    file = _draft_07(TypeAdapter(ScenarioFile), "computecalc scenario file")
    definitions: dict[str, Any] = {}
    form = _reference("TrainScenario")
    definitions |= _fragment("TrainScenario", PaidTrainScenario)
    # What inherits its kind is known by its sections; of sections that several kinds have, any form will do.
    for name, other, signs in (
        ("CampusScenario", CampusScenario, _signs_of("campus", "campus")),
        ("SiliconScenario", SiliconScenario, _signs_of("silicon", "silicon")),
        ("InferScenario", InferScenario, _signs_of_serving()),
    ):
        definitions |= _fragment(name, other)
        form = {"if": {"anyOf": list(signs)}, "then": _reference(name), "else": form}
    definitions["Scenario"] = form
    reference = _reference("Scenario")
    budget = _draft_07(TypeAdapter(BudgetForm), "budget")
    definitions |= budget.pop("definitions", {})
    for key in ("$schema", "title"):
        budget.pop(key, None)
    definitions["Budget"] = budget
    file["definitions"] = definitions
    file["properties"]["budgets"] = {"type": "array", "items": {"$ref": "#/definitions/Budget"}}
    file["properties"]["defaults"] = reference
    for key in ("profiles", "scenarios"):
        file["properties"][key] = {"type": "object", "additionalProperties": reference}
    return file


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/definitions/{name}"}


def _signs_of(kind: str, *sections: str) -> Iterator[dict[str, Any]]:
    """What only a scenario of a kind has: its kind, or a section of its own."""
    yield {"properties": {"kind": {"const": kind}}, "required": ["kind"]}
    yield from ({"required": [section]} for section in sections)


def _signs_of_serving() -> Iterator[dict[str, Any]]:
    """What only a scenario of kind infer has."""
    yield from _signs_of("infer", "traffic", "serving", "targets")
    yield {"properties": {"money": {"required": ["api_price"]}}, "required": ["money"]}


_WHOLE_SECTIONS = ("Cluster", "Traffic", "Serving", "CampusCluster", "OwnChip", "StaffGroup")
"""Sections with keys that a scenario must state, but a fragment need not."""


def _fragment(name: str, form: type[BaseModel]) -> dict[str, Any]:
    """Return the definitions of a scenario that may leave out what it inherits."""
    fragment = _draft_07(TypeAdapter(form), "scenario")
    definitions: dict[str, Any] = fragment.pop("definitions", {})
    for section in _WHOLE_SECTIONS:
        definitions.get(section, {}).pop("required", None)
    for key in ("$schema", "title", "required"):
        fragment.pop(key, None)
    names = {"type": "string"}
    fragment["properties"]["extends"] = {"anyOf": [names, {"type": "array", "items": names}]}
    fragment["properties"] |= _matrix_keys()
    return {**definitions, name: fragment}


def _matrix_keys() -> dict[str, Any]:
    """Keys that make one scenario stand for many."""
    from computecalc.scenario.axes import Steps
    from computecalc.scenario.sampling import Sample

    steps, sample = (_draft_07(TypeAdapter(form), "axis") for form in (Steps, Sample))
    for key in ("$schema", "title"):
        steps.pop(key, None)
        sample.pop(key, None)
    points = {"type": "array", "items": {"type": "object", "minProperties": 1}}
    axis = {"anyOf": [{"type": "array", "minItems": 1}, steps]}
    return {
        "matrix": {
            "type": "object",
            "additionalProperties": axis,
            "description": "Paths with the values they take; every combination is a scenario.",
        },
        "include": {**points, "description": "Points beside the combinations."},
        "exclude": {**points, "description": "Combinations that are left out."},
        "name": {"type": "string", "description": "Names of the points, such as `{scenario}-{cluster.precision}`."},
        "sample": {**sample, "description": "Cases drawn for `computecalc sweep`; every point takes all of them."},
    }


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
