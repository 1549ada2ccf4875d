"""JSON: the whole result in canonical units, the shape that other programs rely on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NotRequired

from typing_extensions import TypedDict

from computecalc import __version__
from computecalc.catalog.describing import described
from computecalc.checks.statements import statement
from computecalc.errors import Diagnostic
from computecalc.estimators.inputs import Choice, Origin, ResolvedInput
from computecalc.estimators.method import Method
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.reports.check_json import CheckJson, verdicts_json
from computecalc.reports.document import Failure, ReportDocument
from computecalc.reports.measured_json import MeasuredJson, measured_json
from computecalc.reports.places import SourceJson, place_json, source_text

if TYPE_CHECKING:
    from computecalc.estimators.thresholds import Crossing

__all__ = [
    "CatalogJson",
    "DiagnosticJson",
    "InputJson",
    "OutputJson",
    "RegulationJson",
    "ResultJson",
    "ScenarioJson",
    "SummaryJson",
    "ToolJson",
    "UncertaintyJson",
    "choice_json",
    "diagnostics_json",
    "input_json",
    "number_json",
    "origin_json",
    "output_json",
    "place_json",
    "result_json",
    "scenario_json",
    "unit_json",
]

_UNITLESS = "1"


class InputJson(TypedDict):
    """An input: a range of numbers with its unit, or a named option."""

    low: NotRequired[float]
    value: float | str
    high: NotRequired[float]
    unit: str
    axis: NotRequired[str]
    """Name of the uncertainty that it shares with others: they are low together and high together."""
    source: SourceJson


class OutputJson(TypedDict):
    """A metric; null where it is unknown, with a diagnostic that says why."""

    low: float | None
    value: float | None
    high: float | None
    unit: str
    formula: str | None
    driver: str | None
    p5: NotRequired[float | None]
    """Percentiles of Monte Carlo samples, where there are any; so are the next two."""
    p50: NotRequired[float | None]
    p95: NotRequired[float | None]
    source: NotRequired[SourceJson]
    """Where the metric was overridden."""


class DiagnosticJson(TypedDict):
    """A finding."""

    code: str
    severity: str
    message: str
    hint: NotRequired[str]
    metric: NotRequired[str]
    source: NotRequired[SourceJson]


class UncertaintyJson(TypedDict):
    """How ranges were found."""

    method: str
    samples: NotRequired[int]
    seed: NotRequired[int]
    distribution: NotRequired[str]


class RegulationJson(TypedDict):
    """A threshold of training compute, and where the range of the estimate lies."""

    id: str
    name: str
    jurisdiction: str
    status: str
    in_force: NotRequired[str]
    ended: NotRequired[str]
    as_of: str
    threshold: float
    unit: str
    verdict: str
    low: float | None
    value: float | None
    high: float | None
    ratio: float | None
    reason: NotRequired[str]


class ScenarioJson(TypedDict):
    """One scenario; `inputs` and `outputs` are empty when its status is error, JSON lines add its `checks`."""

    name: str
    kind: str
    status: str
    source: SourceJson
    inputs: dict[str, InputJson]
    outputs: dict[str, OutputJson]
    stated: NotRequired[dict[str, Any]]
    """What the user wrote, all layers merged."""
    architecture: NotRequired[dict[str, Any]]
    """Layers of the model, where they are known."""
    draft: NotRequired[dict[str, Any]]
    """Those of the model that drafts tokens for it."""
    files: NotRequired[dict[str, str]]
    """Text of the tables of measurements that are named in what is stated."""
    unknown: NotRequired[list[str]]
    """Inputs that nobody knows."""
    regulation: NotRequired[list[RegulationJson]]
    diagnostics: list[DiagnosticJson]
    uncertainty: NotRequired[UncertaintyJson]
    """Absent: corners."""
    checks: NotRequired[list[CheckJson]]
    measured: NotRequired[list[MeasuredJson]]


class ToolJson(TypedDict):
    """The program that wrote the result."""

    name: str
    version: str


class CatalogJson(TypedDict):
    """The catalog the result rests on."""

    version: str
    digest: str


class SummaryJson(TypedDict):
    """Counts over all scenarios and checks."""

    passed: int
    risk: int
    failed: int
    errors: int
    exit_code: int


class ResultJson(TypedDict):
    """A whole result."""

    schema_version: int
    tool: ToolJson
    catalog: CatalogJson
    scenarios: list[ScenarioJson]
    checks: list[CheckJson]
    formulas: NotRequired[dict[str, int]]
    """Formulas that were used, with their versions."""
    summary: SummaryJson
    diagnostics: NotRequired[list[DiagnosticJson]]
    measured: NotRequired[list[MeasuredJson]]


def result_json(document: ReportDocument) -> ResultJson:
    """Return the result as plain data."""
    counts = Counter(verdict.state for verdict in document.verdicts)
    formulas: dict[str, int] = {}
    layers: dict[int, dict[str, Any]] = {}
    for outcome in document.outcomes:
        formulas |= {} if isinstance(outcome, Failure) else outcome.formulas
    result: ResultJson = {
        "schema_version": 1,
        "tool": {"name": "computecalc", "version": document.tool_version or __version__},
        "catalog": {"version": document.catalog_version, "digest": document.catalog_digest},
        "scenarios": [scenario_json(outcome, layers) for outcome in document.outcomes],
        "checks": verdicts_json(document.verdicts),
        "formulas": dict(sorted(formulas.items())),
        "summary": {
            "passed": counts["PASS"],
            "risk": counts["RISK"],
            "failed": counts["FAIL"],
            "errors": document.errors + counts["ERROR"],
            "exit_code": document.exit_code,
        },
    }
    if document.measured:
        result["measured"] = measured_json(document.measured)
    if document.diagnostics:
        result["diagnostics"] = diagnostics_json(document.diagnostics)
    return result


def scenario_json(
    outcome: Estimate | Failure, layers: dict[int, dict[str, Any]], *, is_bare: bool = False
) -> ScenarioJson:
    """Return one scenario as plain data.

    Parameters
    ----------
    outcome : Estimate or Failure
        What became of it.
    layers : dict
        Keeps described models, which scenarios of one file share.
    is_bare : bool
        Whether inputs and outputs are left empty, for those who write them by themselves.
    """
    if isinstance(outcome, Failure):
        return _failure(outcome)
    return _estimate(outcome, layers, is_bare=is_bare)


def _estimate(estimate: Estimate, layers: dict[int, dict[str, Any]], *, is_bare: bool) -> ScenarioJson:
    inputs: dict[str, InputJson] = {}
    outputs: dict[str, OutputJson] = {}
    if not is_bare:
        inputs |= {path: choice_json(choice) for path, choice in estimate.choices.items()}
        inputs |= {path: input_json(given) for path, given in estimate.inputs.items()}
        outputs |= {name: output_json(value) for name, value in estimate.outputs.items()}
    scenario: ScenarioJson = {
        "name": estimate.name,
        "kind": estimate.kind,
        "status": "ok",
        "source": place_json(estimate.source),
        "inputs": inputs,
        "outputs": outputs,
        "diagnostics": [*diagnostics_json(estimate.diagnostics), *_gaps(estimate)],
    }
    resolved = estimate.resolved
    if resolved is not None and resolved.stated is not None:
        scenario["stated"] = statement(resolved)
        scenario["unknown"] = sorted(resolved.unknown)
        if resolved.architecture is not None:
            known = id(resolved.architecture)
            layers[known] = layers.get(known) or described(resolved.architecture)
            scenario["architecture"] = layers[known]
        if resolved.draft is not None:
            scenario["draft"] = described(resolved.draft)
        if resolved.files:
            scenario["files"] = dict(resolved.files)
    if estimate.crossings:
        scenario["regulation"] = [_crossing(crossing) for crossing in estimate.crossings]
    if estimate.method.name != "corners":
        scenario["uncertainty"] = _uncertainty(estimate.method)
    return scenario


def _uncertainty(method: Method) -> UncertaintyJson:
    found: UncertaintyJson = {"method": method.name}
    if method.name == "mc":
        found |= {"samples": method.samples, "seed": method.seed, "distribution": method.distribution}
    return found


def _failure(failure: Failure) -> ScenarioJson:
    return {
        "name": failure.name,
        "kind": "",
        "status": "error",
        "source": place_json(failure.source),
        "inputs": {},
        "outputs": {},
        "diagnostics": diagnostics_json(failure.diagnostics),
    }


def input_json(given: ResolvedInput) -> InputJson:
    """Return an input as plain data."""
    found: InputJson = {
        "low": number_json(given.range.low),
        "value": number_json(given.range.mid),
        "high": number_json(given.range.high),
        "unit": unit_json(given.unit),
        "source": origin_json(given.origin),
    }
    if given.axis:
        found["axis"] = given.axis
    return found


def choice_json(choice: Choice) -> InputJson:
    """Return a named option as plain data."""
    return {"value": choice.value, "unit": "", "source": origin_json(choice.origin)}


def output_json(value: MetricValue) -> OutputJson:
    """Return a metric as JSON."""
    found: OutputJson = {
        "low": None if value.low is None else number_json(value.low),
        "value": None if value.mid is None else number_json(value.mid),
        "high": None if value.high is None else number_json(value.high),
        "unit": unit_json(value.unit),
        "formula": value.formula,
        "driver": value.driver,
    }
    if value.percentiles is not None:
        shares = value.percentiles
        found |= {"p5": number_json(shares.p5), "p50": number_json(shares.p50), "p95": number_json(shares.p95)}
    if value.override is not None:
        found["source"] = origin_json(value.override)
    return found


def _crossing(crossing: Crossing) -> RegulationJson:
    threshold = crossing.threshold
    low, mid, high, ratio = (
        None if number is None else number_json(number)
        for number in (crossing.low, crossing.mid, crossing.high, crossing.ratio)
    )
    found: RegulationJson = {
        "id": threshold.id,
        "name": threshold.name,
        "jurisdiction": threshold.jurisdiction,
        "status": threshold.status,
        "as_of": threshold.as_of,
        "threshold": number_json(threshold.value),
        "unit": unit_json(threshold.unit),
        "verdict": crossing.verdict,
        "low": low,
        "value": mid,
        "high": high,
        "ratio": ratio,
    }
    if threshold.in_force:
        found["in_force"] = threshold.in_force
    if threshold.ended:
        found["ended"] = threshold.ended
    if crossing.reason:
        found["reason"] = crossing.reason
    return found


def number_json(value: float) -> float:
    """Return whole numbers as integers, so that JSON says 16384 and not 16384.0."""
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be written as JSON")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def unit_json(unit: str) -> str:
    """Return a unit as JSON has it: nothing where there is none."""
    return "" if unit == _UNITLESS else unit


def origin_json(origin: Origin) -> SourceJson:
    """Return where a value came from as JSON."""
    source: SourceJson = {
        "kind": origin.kind,
        **place_json(origin.span if origin.kind in ("scenario", "flag", "override") else None),
    }
    if origin.kind in ("default", "search"):
        source["note"] = origin.text
    if origin.entry:
        source["entry"] = origin.entry
    if origin.source:
        source["title"] = origin.source
    if origin.as_of:
        source["as_of"] = origin.as_of
    if origin.certainty:
        source["certainty"] = origin.certainty
    if origin.note:
        source["note"] = origin.note
    if source_text(source) != origin.text:
        source["text"] = origin.text
    return source


def diagnostics_json(diagnostics: Sequence[Diagnostic]) -> list[DiagnosticJson]:
    """Return diagnostics as JSON."""
    found: list[DiagnosticJson] = []
    for diagnostic in diagnostics:
        entry: DiagnosticJson = {
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "message": diagnostic.message,
        }
        if diagnostic.hint:
            entry["hint"] = diagnostic.hint
        if diagnostic.span is not None:
            entry["source"] = place_json(diagnostic.span)
            if diagnostic.span.document.kind == "file":
                entry["source"]["column"] = diagnostic.span.column
        found.append(entry)
    return found


def _gaps(estimate: Estimate) -> list[DiagnosticJson]:
    return [
        {"code": "CC602", "severity": "note", "message": f"{value.id} is unknown: {value.reason}", "metric": value.id}
        for value in estimate.outputs.values()
        if value.mid is None
    ]
