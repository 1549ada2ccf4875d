"""Schemas are draft-07, and accept what the program accepts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from computecalc.errors import UsageError
from computecalc.reports.schemas import SCHEMAS, json_schema
from computecalc.yamlio.loading import load_path
from computecalc.yamlio.nodes import plain
from tests.conftest import TESTS, Ran

EXAMPLES = [*sorted((TESTS.parent / "examples").glob("*.yaml")), TESTS / "data" / "golden-scenarios.yaml"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_draft_07(name: str) -> None:
    schema = json_schema(name)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_valid(path: Path) -> None:
    jsonschema.Draft7Validator(json_schema("scenario")).validate(plain(load_path(path)))


CATALOGS = [
    *sorted(path for path in (TESTS.parent / "catalogs").rglob("*.yaml") if path.name != "catalog.yaml"),
    *sorted((TESTS.parent / "examples" / "custom-catalog").glob("*.yaml")),
]


@pytest.fixture(scope="module")
def catalog_validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(json_schema("catalog"))


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_catalog_files_are_valid(path: Path, catalog_validator: jsonschema.Draft7Validator) -> None:
    catalog_validator.validate(plain(load_path(path)))


CATALOG: dict[str, Any] = {
    "version": 1,
    "kind": "price",
    "sources": {"list": {"title": "A list", "url": "https://example.org", "as_of": 2024}},
    "entries": {
        "one": {
            "name": "One",
            "provider": "X",
            "accelerator": "h100-sxm",
            "commitment": "spot",
            "provenance": {"source": "list", "kind": "published"},
            "price": {"value": "2 USD/accelerator/h", "as_of": "2024-03"},
        }
    },
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "1 was expected"),
        ({"kind": "prices"}, "'prices' is not one of"),
        ({"sources": {"list": {"title": "A list", "as_of": 2024}}}, "is not valid under any of the given schemas"),
        ({"sources": {"list": {"title": "A", "url": "u", "as_of": "May"}}}, "'May' does not match"),
        ({"entries": {"One": CATALOG["entries"]["one"]}}, "'One' does not match"),
        ({"entries": {"one": CATALOG["entries"]["one"] | {"prize": 1}}}, "'prize' was unexpected"),
        ({"entries": {"one": CATALOG["entries"]["one"] | {"commitment": "2y"}}}, "'2y' is not one of"),
        ({"entries": {"one": {"name": "One"}}}, "'provider' is a required property"),
        ({"kind": "model", "entries": {"one": {"name": "One"}}}, "is not valid under any of the given schemas"),
    ],
)
def test_what_the_catalog_refuses_editors_mark_too(
    change: dict[str, Any], message: str, catalog_validator: jsonschema.Draft7Validator
) -> None:
    assert list(catalog_validator.iter_errors(CATALOG)) == []
    assert message in " ".join(error.message for error in catalog_validator.iter_errors(CATALOG | change))


def test_budgets_of_examples_are_valid() -> None:
    validator = jsonschema.Draft7Validator(json_schema("budget"))
    budgets: list[Any] = []
    for path in EXAMPLES:
        document: Any = plain(load_path(path))
        budgets += document.get("budgets", [])
    assert len(budgets) >= 3
    for budget in budgets:
        validator.validate(budget)
    (error,) = validator.iter_errors({"on": "*", "checks": ["cost.total <= 1 USD"], "severety": "warn"})
    assert "'severety' was unexpected" in error.message


@pytest.mark.usefixtures("golden_catalog")
def test_results_are_valid(tmp_path: Path, program: Callable[..., Ran]) -> None:
    validator = jsonschema.Draft7Validator(json_schema("result"))
    run = program("run", str(TESTS / "data" / "golden-scenarios.yaml"), "--format", "json")
    checked = program(
        "check", str(TESTS / "data" / "golden-scenarios.yaml"), "--check", "mfu >= 1 %", "--format", "json"
    )
    for ran in (run, checked):
        validator.validate(json.loads(ran.out))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_fresh(name: str) -> None:
    committed = TESTS.parent / "schemas" / f"{name}.v1.json"
    assert json.loads(committed.read_text(encoding="utf-8")) == json_schema(name)


FILE: dict[str, Any] = {"version": 1, "scenarios": {"a": {"kind": "train", "cluster": {"count": 8}}}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "1 was expected"),
        ({"scenarios": []}, "[] is not of type 'object'"),
        ({"scenarios": {"a": {"sight": {}}}}, "'sight' was unexpected"),
        ({"scenarios": {"a": {"kind": "trian"}}}, "'train' was expected"),
        ({"scenarios": {"a": {"cluster": {"coutn": 8}}}}, "'coutn' was unexpected"),
    ],
)
def test_what_the_program_refuses_editors_mark_too(change: dict[str, Any], message: str) -> None:
    validator = jsonschema.Draft7Validator(json_schema("scenario"))
    assert list(validator.iter_errors(FILE)) == []
    (error,) = validator.iter_errors(FILE | change)
    assert message in error.message


def test_there_is_no_other() -> None:
    with pytest.raises(UsageError) as caught:
        json_schema("scenarios")
    assert caught.value.diagnostics[0].hint == "did you mean scenario?"
