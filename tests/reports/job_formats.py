"""What readers of job formats accept, in our words: the parts of SARIF 2.1.0 and Ant's JUnit schema that we write."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

_TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}


def _closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


_STRING = {"type": "string", "minLength": 1}
_NATURAL = {"type": "integer", "minimum": 1}

SARIF: dict[str, Any] = _closed(
    ["version", "runs"],  # section 3.13
    **{"$schema": {"type": "string", "pattern": "/sarif-schema-2.1.0.json$"}},
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "minItems": 1,
        "items": _closed(
            ["tool"],  # 3.14
            tool=_closed(
                ["driver"],  # 3.18, 3.19
                driver=_closed(
                    ["name"],
                    name=_STRING,
                    version=_STRING,
                    rules={
                        "type": "array",
                        "uniqueItems": True,
                        "items": _closed(["id"], id=_STRING, shortDescription=_TEXT, fullDescription=_TEXT, help=_TEXT),
                    },
                ),
            ),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},  # 3.14.17
            invocations={
                "type": "array",
                "items": _closed(  # 3.20
                    ["executionSuccessful"], executionSuccessful={"type": "boolean"}, exitCode={"type": "integer"}
                ),
            },
            properties={"type": "object"},
            results={
                "type": "array",
                "items": _closed(
                    ["message"],  # 3.27
                    ruleId=_STRING,
                    ruleIndex={"type": "integer", "minimum": 0},
                    level={"enum": ["none", "note", "warning", "error"]},
                    message=_TEXT,
                    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
                    suppressions={
                        "type": "array",
                        "items": _closed(  # 3.35
                            ["kind"],
                            kind={"enum": ["inSource", "external"]},
                            status={"enum": ["accepted", "underReview", "rejected"]},
                            justification=_STRING,
                        ),
                    },
                    locations={
                        "type": "array",
                        "items": _closed(
                            [],  # 3.28 to 3.30, 3.33
                            physicalLocation=_closed(
                                ["artifactLocation"],
                                artifactLocation=_closed(
                                    ["uri"], uri={"type": "string", "pattern": r"^[A-Za-z0-9._~%/:-]+$"}
                                ),
                                region=_closed(["startLine"], startLine=_NATURAL, startColumn=_NATURAL),
                            ),
                            logicalLocations={"type": "array", "items": _closed([], name=_STRING, kind=_STRING)},
                        ),
                    },
                ),
            },
        ),
    },
)

_SUITE = {"name", "timestamp", "hostname", "tests", "failures", "errors", "time", "package", "id"}
"""Attributes that a suite within `testsuites` must have; `skipped` may stand beside them."""


def check_junit(text: str) -> ElementTree.Element:
    """Return the root of a document that keeps to the schema: elements, their order, attributes and counts."""
    root = ElementTree.fromstring(text)
    assert root.tag == "testsuites"
    for number, suite in enumerate(root):
        assert suite.tag == "testsuite"
        assert suite.attrib.keys() - {"skipped"} == _SUITE
        assert suite.get("id") == str(number)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", ""))
        cases = suite.findall("testcase")
        # In the schema's order, and nothing else.
        assert [child.tag for child in suite] == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
        assert int(suite.get("tests", "")) == len(cases)
        for result, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(attribute, "")) == len(suite.findall(f"testcase/{result}"))
        for case in cases:
            assert case.attrib.keys() == {"name", "classname", "time"}
            assert len(case) <= 1
            for told in case:
                assert told.attrib.keys() == {"message"} | ({"type"} if told.tag != "skipped" else set())
    return root
