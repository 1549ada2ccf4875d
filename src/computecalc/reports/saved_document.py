"""A saved JSON result read back, so that every other format can be made of it without estimating again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from pydantic import TypeAdapter, ValidationError

from computecalc.checks.budgets import Limit, Severity
from computecalc.checks.expressions import parse_check
from computecalc.checks.levers import Lever
from computecalc.checks.verdicts import State, Verdict
from computecalc.errors import ComputecalcError, Diagnostic, Document, Span, UsageError
from computecalc.errors import Severity as DiagnosticSeverity
from computecalc.estimators.inputs import Choice, ResolvedInput
from computecalc.estimators.method import Method
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.origins import Origin
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.estimators.swings import Swing
from computecalc.reports.document import Failure, ReportDocument
from computecalc.reports.json_document import DiagnosticJson, InputJson, OutputJson, ResultJson, ScenarioJson
from computecalc.reports.measured_json import measured_from_json
from computecalc.reports.places import SourceJson, source_text
from computecalc.units.ranges import Range

if TYPE_CHECKING:
    from computecalc.estimators.thresholds import Crossing
    from computecalc.reports.check_json import CheckJson
    from computecalc.reports.json_document import RegulationJson

__all__ = ["SCHEMA_VERSION", "read_document"]

SCHEMA_VERSION = 1
"""Of the results that can be read."""

_WAY_OUT = "write one with `computecalc run ... -o json=PATH` or `check ... -o json=PATH`"


def read_document(text: str, name: str) -> ReportDocument:
    """Read a result that was written as JSON.

    Parameters
    ----------
    text : str
        The file.
    name : str
        What the user calls it, for errors.

    Raises
    ------
    UsageError
        CC730 when it is no result, CC731 when it is one of another schema version.
    """
    file = Document(name, text)
    try:
        found = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        span = Span(file, error.lineno, error.colno, error.colno + 1)
        raise _unusable(f"it is not JSON: {error.msg}", span) from error
    except (ValueError, RecursionError) as error:
        raise _unusable(f"it is not JSON that we write: {error}", _place(file)) from error
    _check_version(found, file)
    try:
        result = TypeAdapter(ResultJson).validate_python(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(map(str, first["loc"]))
        raise _unusable(f"{path}: {first['msg']}", _place(file, *first["loc"])) from error
    try:
        return _document(result, found)
    except (KeyError, ValueError, ComputecalcError) as error:  # a metric or check of another version of the program
        raise _unusable(f"a value in it is unknown here: {error}", _place(file)) from error


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


def _check_version(found: Any, file: Document) -> None:
    version = found.get("schema_version") if isinstance(found, dict) else None
    if version is None or "scenarios" not in found:
        raise _unusable("it has no schema_version or no scenarios", _place(file))
    if version != SCHEMA_VERSION:
        message = f"the result has schema version {version!r}, and this program reads {SCHEMA_VERSION}"
        hint = "render it with the version of computecalc that wrote it, or estimate again"
        raise UsageError(Diagnostic("CC731", message, span=_place(file, "schema_version"), hint=hint))


def _place(file: Document, *path: str | int) -> Span:
    """Return where the last key of a path first stands; the start of the file where none does."""
    for key in reversed(path):
        match = re.search(rf'"{re.escape(str(key))}"\s*:', file.text)
        if match is not None:
            line = file.text.count("\n", 0, match.start()) + 1
            column = match.start() - file.text.rfind("\n", 0, match.start())
            return Span(file, line, column, column + len(str(key)) + 2)
    return Span(file, 1, 1, 2)


def _unusable(why: str, span: Span) -> UsageError:
    return UsageError(Diagnostic("CC730", f"this is no saved result: {why}", span=span, hint=_WAY_OUT))


def _document(result: ResultJson, saved: Mapping[str, Any]) -> ReportDocument:
    return ReportDocument(
        saved=saved,
        outcomes=tuple(_outcome(scenario) for scenario in result["scenarios"]),
        catalog_version=result["catalog"]["version"],
        catalog_digest=result["catalog"]["digest"],
        exit_code=result["summary"]["exit_code"],
        verdicts=tuple(_verdict(check) for check in result["checks"]),
        diagnostics=tuple(_diagnostic(each) for each in result.get("diagnostics", [])),
        measured=tuple(measured_from_json(each) for each in result.get("measured", [])),
        tool_version=result["tool"]["version"],
    )


def _outcome(scenario: ScenarioJson) -> Estimate | Failure:
    name, place = scenario["name"], _span(scenario["source"])
    if scenario["status"] != "ok":
        return Failure(name, place, tuple(_diagnostic(each) for each in scenario["diagnostics"]))
    reasons = {each["metric"]: each["message"] for each in scenario["diagnostics"] if "metric" in each}
    inputs = {path: _input(path, each) for path, each in scenario["inputs"].items() if "low" in each}
    return Estimate(
        name=name,
        kind=scenario["kind"],
        source=place,
        inputs=inputs,
        choices={path: _choice(path, each) for path, each in scenario["inputs"].items() if path not in inputs},
        outputs={path: _output(path, each, reasons) for path, each in scenario["outputs"].items()},
        nodes={},
        diagnostics=tuple(_diagnostic(each) for each in scenario["diagnostics"] if "metric" not in each),
        crossings=tuple(_crossing(each) for each in scenario.get("regulation", [])),
        method=_method(scenario),
    )


def _method(scenario: ScenarioJson) -> Method:
    found = scenario.get("uncertainty")
    if found is None:
        return Method()
    given = {key: value for key, value in found.items() if key != "method"}
    return Method(**{"name": found["method"], **given})  # type: ignore[arg-type]


def _input(path: str, given: InputJson) -> ResolvedInput:
    ends = (float(given["low"]), float(given["value"]), float(given["high"]))
    unit = given["unit"] or "1"
    return ResolvedInput(path, Range(*ends), unit, _origin(given["source"]))


def _choice(path: str, given: InputJson) -> Choice:
    return Choice(path, str(given["value"]), _origin(given["source"]))


def _origin(source: SourceJson) -> Origin:
    kind = cast("Any", source.get("kind", "scenario"))
    note = source.get("note", "")
    text = source_text(source)
    return Origin(
        kind,
        text,
        _span(source),
        entry=source.get("entry", ""),
        source=source.get("title", ""),
        certainty=source.get("certainty", ""),
        as_of=source.get("as_of", ""),
        note="" if kind in ("default", "search") and note == text else note,
    )


def _output(path: str, value: OutputJson, reasons: Mapping[str, str]) -> MetricValue:
    if path not in METRICS:
        raise ValueError(f"there is no metric {path}")
    low, mid, high = (None if each is None else float(each) for each in (value["low"], value["value"], value["high"]))
    swings: tuple[Swing, ...] = ()
    if value["driver"] and low is not None and high is not None:
        swings = (Swing(value["driver"], low, high),)
    reason = reasons.get(path, "").removeprefix(f"{path} is unknown: ")
    found = MetricValue(path, value["unit"] or "1", low, mid, high, value["formula"], swings, reason)
    if "source" in value:
        found = replace(found, override=_origin(value["source"]))
    percentiles = [value.get("p5"), value.get("p50"), value.get("p95")]
    if all(each is not None for each in percentiles):
        from computecalc.estimators.sampling import Percentiles

        found = replace(found, percentiles=Percentiles(*(float(each) for each in percentiles if each is not None)))
    return found


def _crossing(found: RegulationJson) -> Crossing:
    from computecalc.estimators.thresholds import MEASURED, Crossing, Threshold

    measured = {unit: name for name, unit in MEASURED.items()}[found["unit"] or "1"]
    threshold = Threshold(
        id=found["id"],
        name=found["name"],
        jurisdiction=found["jurisdiction"],
        status=found["status"],
        in_force=found.get("in_force", ""),
        ended=found.get("ended", ""),
        measured=measured,
        value=float(found["threshold"]),
        as_of=found["as_of"],
    )
    low, mid, high, ratio = (
        None if each is None else float(each) for each in (found["low"], found["value"], found["high"], found["ratio"])
    )
    verdict = cast("Any", found["verdict"])
    return Crossing(threshold, verdict, low, mid, high, ratio, found.get("reason", ""))


def _diagnostic(found: DiagnosticJson) -> Diagnostic:
    severity = cast("DiagnosticSeverity", found["severity"])
    return Diagnostic(found["code"], found["message"], severity, _span(found.get("source", {})), found.get("hint", ""))


def _verdict(found: CheckJson) -> Verdict:
    place = _span(found.get("source", {}))
    return Verdict(
        scenario=found["scenario"],
        limit=Limit(parse_check(found["check"]), place),
        state=cast("State", found["state"].upper()),
        severity=cast("Severity", found["severity"]),
        low=found["low"],
        mid=found["value"],
        high=found["high"],
        baseline=found.get("baseline"),
        reason=found.get("reason", ""),
        message=found.get("message", ""),
        owner=found.get("owner", ""),
        is_waived=found["waived"],
        levers=tuple(
            Lever(each["path"], each["unit"] or "1", each["value"], each["needed"], each.get("obstacle", ""))
            for each in found.get("levers", [])
        ),
    )


def _span(source: SourceJson) -> Span | None:
    if "flag" in source:
        return Span(Document(source["flag"], "", kind="flag"), 1, 1, 2)
    if "file" not in source:
        return None
    column = source.get("column", 1)
    return Span(Document(source["file"], ""), source.get("line", 1), column, column + 1)
