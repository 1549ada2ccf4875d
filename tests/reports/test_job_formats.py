"""Annotations, JUnit and SARIF: read back as the readers of jobs read them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from computecalc.checks.budgets import Budget, Limit, Waived
from computecalc.checks.expressions import parse_check
from computecalc.checks.verdicts import judged
from computecalc.errors import Diagnostic, Document, Span
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.github import render_github
from computecalc.reports.junit import render_junit
from computecalc.reports.sarif import render_sarif
from tests.reports.conftest import HOSTILE
from tests.reports.job_formats import check_junit, check_sarif, junit_schema, sarif_schema

STYLE = ReportStyle()
PLAN = Document("plans/a b,c.yaml", "")


def at(line: int, column: int = 3, document: Document = PLAN) -> Span:
    return Span(document, line, column, column + 1)


def document(*budgets: Budget, name: str = "run", failed: str = "", warnings: int = 0) -> ReportDocument:
    """A scenario that costs 70..80..100 USD, and one that failed."""
    cost = MetricValue("cost.total", "USD", 70.0, 80.0, 100.0)
    said = tuple(Diagnostic("CC603", f"w{i}", severity="warning", span=at(50 + i)) for i in range(warnings))
    outcomes: list[Estimate | Failure] = [Estimate(name, "train", at(2), {}, {}, {"cost.total": cost}, {}, said)]
    if failed:
        problem = Diagnostic("CC501", "no such model", span=at(7, 12), hint="did you mean x?")
        outcomes.append(Failure(failed, at(6), (problem,)))
    estimates = [outcome for outcome in outcomes if isinstance(outcome, Estimate)]
    verdicts, told = judged(budgets, estimates, [failed] if failed else [], today=date(2026, 3, 1))
    return ReportDocument(tuple(outcomes), "1", "sha256:0", 2 if failed else 1, tuple(verdicts), tuple(told))


def budget(*checks: str, on: str = "run", line: int = 20, **keys: object) -> Budget:
    limits = tuple(Limit(parse_check(text), at(line + i)) for i, text in enumerate(checks))
    return replace(Budget(((on, at(line - 1)),), "error", "warn", limits), **keys)  # type: ignore[arg-type]


WAIVED = Waived(date(2026, 12, 31), "signed before", None)
MIXED = document(
    budget("cost.total <= 90 USD", "cost.total <= 75 USD"),  # 100 > 90: at risk; 80 > 75: broken
    budget("cost.total <= 60 USD", line=30, waived=WAIVED),
    budget("cost.total <= 75 USD", line=40, severity="warn"),
    budget("cost.total <= 1 USD", line=45, severity="off"),
    failed="other",
)


# GitHub's runner: `::command key=value,key=value::message`, then these escapes, `%` last.
_COMMAND = re.compile(r"::(\w+) ([^:]*)::(.*)")


def unescaped(text: str, *, in_property: bool) -> str:
    escapes = {"%0D": "\r", "%0A": "\n"} | ({"%3A": ":", "%2C": ","} if in_property else {})
    for escape, character in escapes.items():
        text = text.replace(escape, character)
    return text.replace("%25", "%")


def parsed(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read annotations as GitHub does; the last line is no command."""
    *commands, summary = text.splitlines()
    assert not summary.startswith("::")
    found = []
    for command in commands:
        match = _COMMAND.fullmatch(command)
        assert match is not None, command
        level, properties, message = match.groups()
        keys = dict(pair.split("=", 1) for pair in properties.split(","))
        texts = {key: unescaped(value, in_property=True) for key, value in keys.items()}
        found.append((level, texts, unescaped(message, in_property=False)))
    return found


def test_annotations_stand_at_their_lines_causes_first() -> None:
    found = parsed(render_github(MIXED, STYLE))
    assert [(level, keys["line"], keys["col"]) for level, keys, _ in found] == [
        ("error", "7", "12"),  # the failure
        ("error", "21", "3"),  # the broken limit
        ("warning", "20", "3"),
        ("warning", "40", "3"),
        ("notice", "30", "3"),
    ]
    assert {keys["file"] for _, keys, _ in found} == {"plans/a b,c.yaml"}
    assert found[0][2] == "no such model\ndid you mean x?"
    assert found[1][1]["title"] == "run: FAIL cost.total"
    assert found[1][2] == "FAIL cost.total <= 75 USD: 70.00..80.00..100.0 USD"
    assert "signed before" in found[4][2]


def test_at_most_ten_annotations_of_a_level_and_the_last_counts_the_others() -> None:
    many = document(budget(*(f"cost.total <= {i} USD" for i in range(1, 14))), warnings=10)
    found = parsed(render_github(many, STYLE))
    levels = [level for level, _, _ in found]
    assert (levels.count("error"), levels.count("warning")) == (10, 10)
    errors = [keys for level, keys, _ in found if level == "error"]
    assert errors[8]["line"] == "28"
    assert errors[9] == {"title": "computecalc: 4 more"}  # 13 broken, 9 of them shown


@pytest.mark.parametrize(
    "name", [HOSTILE, "::error::x", "a\r\n::set-output name=x::y", "100%0A::", "]]>&<", "\ufffe\x00"]
)
def test_no_name_escapes_its_place(name: str) -> None:
    attacked = document(
        budget("cost.total <= 60 USD", on="*", message=name, owner=name), name=name, failed=f"{name}2", warnings=1
    )
    for level, keys, message in parsed(render_github(attacked, STYLE)):
        assert level in ("error", "warning", "notice")
        assert keys.keys() <= {"file", "line", "col", "title"}
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", message)
    root = check_junit(render_junit(attacked, STYLE))
    assert len(root) == 1
    check_sarif(render_sarif(attacked, STYLE))
    assert "\x1b" not in render_sarif(attacked, STYLE)


def test_junit_has_a_case_a_scenario_and_a_limit() -> None:
    (suite,) = check_junit(render_junit(MIXED, STYLE))
    assert suite.get("name") == "plans/a b,c.yaml"
    results = {
        (case.get("classname"), case.get("name")): [child.tag for child in case] for case in suite.findall("testcase")
    }
    assert results == {
        ("run", "estimate"): [],
        ("other", "estimate"): ["error"],
        ("run", "cost.total <= 90 USD"): [],
        ("run", "cost.total <= 75 USD"): [],  # the later one, which only warns
        ("run", "cost.total <= 60 USD"): ["skipped"],
        ("run", "cost.total <= 1 USD"): ["skipped"],
    }
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["7", "1", "1", "2"]
    remarks = suite.findtext("system-out") or ""
    assert "RISK cost.total <= 90 USD" in remarks
    assert "FAIL (warn) cost.total <= 75 USD" in remarks


def test_junit_has_a_suite_a_file_and_one_for_what_has_no_file() -> None:
    other = Document("b.yaml", "")
    flag = Document("--check", "cost.total <= 1 USD", kind="flag")
    unread = Diagnostic("CC103", "c.yaml does not exist")
    base = document(budget("cost.total <= 60 USD"))
    moved = replace(base.verdicts[0], limit=replace(base.verdicts[0].limit, span=at(4, document=other)))
    stated = replace(base.verdicts[0], limit=replace(base.verdicts[0].limit, span=at(1, document=flag)))
    root = check_junit(render_junit(replace(base, verdicts=(moved, stated), diagnostics=(unread,)), STYLE))
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [
        ("plans/a b,c.yaml", "2"),  # the estimate, and the limit from the flag on it
        ("b.yaml", "1"),
        ("command line", "1"),
    ]


def test_junit_takes_its_time_from_the_epoch_of_reproducible_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert 'timestamp="1970-01-02T00:00:00"' in render_junit(MIXED, STYLE)


def test_sarif_has_rules_levels_places_and_suppressions() -> None:
    log = check_sarif(render_sarif(MIXED, STYLE))
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["CC501", "cost.total"]
    results = run["results"]
    assert [(result["level"], result["ruleId"]) for result in results] == [
        ("error", "CC501"),
        ("error", "cost.total"),
        ("warning", "cost.total"),
        ("warning", "cost.total"),
        ("note", "cost.total"),
    ]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in results)
    place = results[0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "plans/a%20b%2Cc.yaml"},
        "region": {"startLine": 7, "startColumn": 12},
    }
    assert results[4]["suppressions"][0]["justification"] == "waived until 2026-12-31: signed before"
    assert run["invocations"] == [{"executionSuccessful": False, "exitCode": 2}]


def test_without_a_case_that_is_skipped_a_report_keeps_to_both_schemas_of_junit() -> None:
    plain = etree.fromstring(render_junit(document(budget("cost.total <= 75 USD"), failed="other"), STYLE).encode())
    assert [junit_schema(name).validate(plain) for name in ("jenkins", "ant")] == [True, True]
    mixed = etree.fromstring(render_junit(MIXED, STYLE).encode())
    assert [junit_schema(name).validate(mixed) for name in ("jenkins", "ant")] == [True, False]


def test_the_schemas_refuse_what_is_wrong() -> None:
    junit = render_junit(document(budget("cost.total <= 75 USD")), STYLE)
    for right, wrong, refusing in (
        ('name="estimate"', 'title="estimate"', ("jenkins", "ant")),
        ("failure", "broken", ("jenkins", "ant")),
        ('hostname="localhost"', "", ("ant",)),
        ('time="0" failures', 'time="0 s" failures', ("jenkins", "ant")),
    ):
        assert right in junit
        root = etree.fromstring(junit.replace(right, wrong).encode())
        assert [name for name in ("jenkins", "ant") if not junit_schema(name).validate(root)] == list(refusing)
    sarif = render_sarif(MIXED, STYLE)
    for right, wrong in (
        ('"level"', '"grade"'),
        ('"error"', '"fatal"'),
        ('"version": "2.1.0"', '"version": "2.2"'),
        ('"startLine": 7', '"startLine": 0'),
    ):
        assert right in sarif
        assert not sarif_schema().is_valid(json.loads(sarif.replace(right, wrong)))


def test_fingerprints_stay_when_lines_and_values_move() -> None:
    def prints(line: int, cost: float) -> list[str]:
        made = document(budget("cost.total <= 60 USD", line=line))
        verdict = replace(made.verdicts[0], mid=cost)
        log = json.loads(render_sarif(replace(made, verdicts=(verdict,)), STYLE))
        return [result["partialFingerprints"]["computecalc/v1"] for result in log["runs"][0]["results"]]

    assert prints(20, 80.0) == prints(33, 81.0)
