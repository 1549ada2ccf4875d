"""Schemas are draft-07, and accept what the program accepts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from computecalc.errors import UsageError
from computecalc.reports.schemas import SCHEMAS, json_schema
from computecalc.yamlio.loading import load_path
from computecalc.yamlio.nodes import plain
from tests.conftest import TESTS

EXAMPLES = [*sorted((TESTS.parent / "examples").glob("*.yaml")), TESTS / "data" / "golden-scenarios.yaml"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_draft_07(name: str) -> None:
    schema = json_schema(name)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    jsonschema.Draft7Validator.check_schema(schema)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_valid(path: Path) -> None:
    jsonschema.Draft7Validator(json_schema("scenario")).validate(plain(load_path(path)))


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
