"""JUnit XML: one suite a file, one case a scenario and one a limit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from computecalc import __version__
from computecalc.checks.verdicts import Verdict
from computecalc.errors import Diagnostic
from computecalc.records import record
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.escapes import xml_text
from computecalc.reports.findings import file_of, level_of, verdict_message

__all__ = ["render_junit"]

_NO_FILE = "command line"
"""Suite of what stands in no file."""

_INSTANT = "%Y-%m-%dT%H:%M:%S"


@record
class _Case:
    suite: str
    scenario: str
    name: str
    result: str = ""
    """Element of a case that did not simply pass: failure, error or skipped."""
    kind: str = ""
    message: str = ""
    remark: str = ""
    """What a case that passes has to say: a limit that is broken or at risk, and only warns."""


def render_junit(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return the document as JUnit XML; the time of its suites is that of SOURCE_DATE_EPOCH, else now."""
    suites: dict[str, list[_Case]] = {}
    for case in _cases(document):
        suites.setdefault(case.suite, []).append(case)
    root, instant = Element("testsuites"), _now().strftime(_INSTANT)
    for number, (name, cases) in enumerate(suites.items()):
        root.append(_suite(number, name, cases, instant, document))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _cases(document: ReportDocument) -> Iterable[_Case]:
    files = {outcome.name: file_of(outcome.source) or _NO_FILE for outcome in document.outcomes}
    for outcome in document.outcomes:
        suite = files[outcome.name]
        if isinstance(outcome, Failure):
            text = "\n".join(_told(diagnostic) for diagnostic in outcome.diagnostics)
            yield _Case(suite, outcome.name, "estimate", "error", outcome.diagnostics[0].code, text)
        else:
            remark = "\n".join(_told(each) for each in outcome.diagnostics if each.severity == "warning")
            yield _Case(suite, outcome.name, "estimate", remark=remark)
    for verdict in document.verdicts:
        suite = file_of(verdict.limit.span) or files.get(verdict.scenario, _NO_FILE)
        yield _verdict(verdict, suite)
    for each in document.diagnostics:
        suite, result = file_of(each.span) or _NO_FILE, "error" if each.severity == "error" else ""
        name = f"{each.code} {each.place}".rstrip()
        yield _Case(suite, "computecalc", name, result, each.code, _told(each), "" if result else _told(each))


def _verdict(verdict: Verdict, suite: str) -> _Case:
    case = (suite, verdict.scenario, verdict.limit.check.text)
    message = verdict_message(verdict)
    if verdict.state == "ERROR":
        return _Case(*case, "error", verdict.state, message)
    if verdict.state == "SKIP" or verdict.is_waived:
        return _Case(*case, "skipped", verdict.state, verdict.reason)
    level = level_of(verdict)
    if level == "error":
        return _Case(*case, "failure", verdict.state, message)
    return _Case(*case, remark=f"{verdict.scenario}: {message}" if level == "warning" else "")


def _told(diagnostic: Diagnostic) -> str:
    place = f"{diagnostic.place}: " if diagnostic.place else ""
    hint = f"\nhint: {diagnostic.hint}" if diagnostic.hint else ""
    return f"{place}{diagnostic.severity} {diagnostic.code}: {diagnostic.message}{hint}"


def _suite(number: int, name: str, cases: Sequence[_Case], instant: str, document: ReportDocument) -> Element:
    counts = {result: sum(case.result == result for case in cases) for result in ("failure", "error", "skipped")}
    suite = Element("testsuite", name=xml_text(name), package="computecalc", id=str(number), timestamp=instant)
    suite.attrib |= {"hostname": "localhost", "tests": str(len(cases)), "time": "0"}
    suite.attrib |= {"failures": str(counts["failure"]), "errors": str(counts["error"])}
    if counts["skipped"]:  # Ant's schema has no such attribute, and no case that is skipped
        suite.set("skipped", str(counts["skipped"]))
    properties = SubElement(suite, "properties")
    for key, value in (
        ("computecalc.version", document.tool_version or __version__),
        ("catalog.version", document.catalog_version),
        ("catalog.digest", document.catalog_digest),
    ):
        SubElement(properties, "property", name=key, value=value)
    for case in cases:
        _append(suite, case)
    SubElement(suite, "system-out").text = xml_text("\n".join(case.remark for case in cases if case.remark))
    SubElement(suite, "system-err").text = ""
    return suite


def _append(suite: Element, case: _Case) -> None:
    element = SubElement(
        suite, "testcase", classname=xml_text(case.scenario), name=xml_text(case.name) or "-", time="0"
    )
    if not case.result:
        return
    told = SubElement(element, case.result, message=xml_text(case.message.partition("\n")[0]))
    if case.result != "skipped":
        told.set("type", case.kind)
    told.text = xml_text(case.message)


def _now() -> datetime:
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed.isdecimal() else datetime.now(UTC)
