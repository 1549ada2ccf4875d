"""SARIF 2.1.0: findings for code scanning, each with its rule, level and place."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import quote

from computecalc import __version__
from computecalc.error_codes import CODES
from computecalc.estimators.metrics import METRICS
from computecalc.reports.document import ReportDocument, ReportStyle
from computecalc.reports.escapes import terminal_text
from computecalc.reports.findings import Finding, file_of, findings

__all__ = ["render_sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return the findings as one run; a waived limit is a suppressed result."""
    found = findings(document)
    rules = list(dict.fromkeys(finding.rule for finding in found))
    driver = {
        "name": "computecalc",
        "version": document.tool_version or __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": document.exit_code < 2, "exitCode": document.exit_code}],
        "results": [_result(finding, rules.index(finding.rule)) for finding in found],
        "properties": {"catalogVersion": document.catalog_version, "catalogDigest": document.catalog_digest},
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _rule(name: str) -> dict[str, Any]:
    """Describe a rule: a diagnostic code by its cause and remedy, a metric by its meaning."""
    if name in CODES:
        code = CODES[name]
        return {
            "id": name,
            "shortDescription": {"text": code.title},
            "fullDescription": {"text": code.cause},
            "help": {"text": code.remedy},
        }
    meaning = METRICS[name].meaning if name in METRICS else name
    return {
        "id": name,
        "shortDescription": {"text": f"limit on {name}"},
        "fullDescription": {"text": meaning},
        "help": {"text": f"`computecalc explain {name}` says what the metric follows from."},
    }


def _result(finding: Finding, index: int) -> dict[str, Any]:
    message = "\n".join(terminal_text(line) for line in finding.message.split("\n"))
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.level,
        "message": {"text": f"{terminal_text(finding.scenario)}: {message}" if finding.scenario else message},
        "partialFingerprints": {"computecalc/v1": _fingerprint(finding)},
    }
    location = _location(finding)
    if location:
        result["locations"] = [location]
    if finding.waiver:
        text = terminal_text(finding.waiver)
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": text}]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {}
    file = file_of(finding.span)
    if file is not None and finding.span is not None:
        uri = quote(file, safe="/") if not file.startswith("/") else f"file://{quote(file, safe='/')}"
        region = {"startLine": finding.span.line, "startColumn": finding.span.column}
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}, "region": region}
    if finding.scenario:
        location["logicalLocations"] = [{"name": terminal_text(finding.scenario), "kind": "object"}]
    return location


def _fingerprint(finding: Finding) -> str:
    """Digest what stays when lines move: the rule, the scenario, and the limit without its value."""
    limit = finding.message.partition(":")[0].partition(" ")[2]
    return hashlib.sha256("\0".join((finding.rule, finding.scenario, limit)).encode()).hexdigest()
