"""JSON as text: one input and one metric a line, written scenario by scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, cast

from computecalc.estimators.inputs import Choice, Origin, ResolvedInput
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.reports.check_json import verdicts_json
from computecalc.reports.document import Failure, Pieces, ReportDocument, ReportStyle
from computecalc.reports.json_document import (
    InputJson,
    OutputJson,
    ResultJson,
    ScenarioJson,
    input_json,
    number_json,
    origin_json,
    output_json,
    result_json,
    scenario_json,
    unit_json,
)

__all__ = ["json_pieces", "render_check_jsonl", "render_json", "render_jsonl"]


def render_json(document: ReportDocument, style: ReportStyle) -> str:
    """Return the result as JSON, one input and one metric a line."""
    if document.saved is not None:
        return _saved(document.saved)
    whole = json_pieces(document, style)
    return whole.head + whole.between.join(map(whole.each, document.outcomes)) + whole.tail(document)


def _saved(result: Mapping[str, Any]) -> str:
    """Return a saved result as it was written."""
    texts = _Texts()
    parts = []
    for key, value in result.items():
        if key == "scenarios":
            whole = [texts.lines(each, _entries(each["inputs"]), _entries(each["outputs"])) for each in value]
            scenarios = ",\n".join(map("".join, whole))
            parts.append(f'  "scenarios": [\n{scenarios}\n  ]')
        elif key == "checks" and value:
            checks = ",\n".join(f"    {_dumped(check)}" for check in value)
            parts.append(f'  "checks": [\n{checks}\n  ]')
        else:
            parts.append(f'  "{key}": {_dumped(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def json_pieces(document: ReportDocument, style: ReportStyle) -> Pieces:  # noqa: ARG001
    """Return the same piece by piece: the whole of ten thousand scenarios would fill the memory.

    Parameters
    ----------
    document : ReportDocument
        What is known before the first scenario: the catalog.
    style : ReportStyle
        Not looked at.
    """
    texts = _Texts()
    blank = result_json(replace(document, outcomes=(), verdicts=(), failed=0))
    start = {"schema_version": blank["schema_version"], "tool": blank["tool"], "catalog": blank["catalog"]}
    head = "".join(f'  "{key}": {_dumped(value)},\n' for key, value in start.items())
    return Pieces(
        head=f'{{\n{head}  "scenarios": [\n',
        each=lambda outcome: "".join(texts.scenario(outcome)),
        between=",\n",
        tail=texts.tail,
    )


class _Texts:
    """JSON of scenarios as text; that of an input which many scenarios share is made once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[ResolvedInput, str]] = {}
        self._layers: dict[int, dict[str, Any]] = {}
        self._models: dict[int, str] = {}
        self._ends: dict[tuple[str, str | None, str | None], str] = {}
        self._sources: dict[tuple[object, ...], str] = {}
        self._formulas: dict[str, int] = {}

    def tail(self, document: ReportDocument) -> str:
        """Return what comes after the last scenario."""
        found = result_json(replace(document, outcomes=(), failed=0))
        checks = ",\n".join(f"    {_dumped(check)}" for check in found["checks"])
        listed = f"[\n{checks}\n  ]" if checks else "[]"
        formulas = _dumped(dict(sorted(self._formulas.items())))
        summary = _dumped({**found["summary"], "errors": found["summary"]["errors"] + document.errors})
        more = "".join(
            f',\n  "{key}": {_dumped(value)}' for key, value in found.items() if key in ("measured", "diagnostics")
        )
        return f'\n  ],\n  "checks": {listed},\n  "formulas": {formulas},\n  "summary": {summary}{more}\n}}\n'

    def scenario(self, outcome: Estimate | Failure) -> Iterator[str]:
        """Yield the lines of a scenario."""
        found = scenario_json(outcome, self._layers, is_bare=True)
        if isinstance(outcome, Failure):
            return self.lines(found, "", "")
        self._formulas |= outcome.formulas
        outputs = ",\n".join([self._output(value) for value in outcome.outputs.values()])
        return self.lines(found, self._inputs(outcome), outputs)

    def lines(self, found: ScenarioJson, inputs: str, outputs: str) -> Iterator[str]:
        """Yield the lines of a scenario whose inputs and outputs are lines already."""
        yield "    {\n"
        last = list(found)[-1]
        for key, value in found.items():
            end = "\n" if key == last else ",\n"
            lines = {"inputs": inputs, "outputs": outputs}.get(key)
            if lines:
                yield f'      "{key}": {{\n{lines}\n      }}{end}'
            else:
                yield f'      "{key}": {self._model(value) if key == "architecture" else _dumped(value)}{end}'
        yield "    }"

    def _inputs(self, outcome: Estimate) -> str:
        known = self._known
        lines = {path: self._choice(choice) for path, choice in outcome.choices.items()}
        for path, given in outcome.inputs.items():
            found = known.get(id(given))
            lines[path] = self._input(given) if found is None else found[1]
        return ",\n".join(lines.values())

    def _model(self, described: object) -> str:
        known = self._models.get(id(described))
        if known is None:  # `_layers` holds what is described, so that no other can take its place in memory
            known = self._models[id(described)] = _dumped(described)
        return known

    def _choice(self, choice: Choice) -> str:
        """Write an option as `choice_json` has it."""
        value, source = _dumped(choice.value), self._source(choice.origin)
        return f'{_head(choice.path)}"value": {value}, "unit": "", "source": {source}}}'

    def _input(self, given: ResolvedInput) -> str:
        """Write an input as `input_json` has it."""
        if given.axis:
            line = _line(given.path, input_json(given))
        else:
            line = (
                f"{_head(given.path)}{_three(given.range.low, given.range.mid, given.range.high)}, "
                f'"unit": {_unit(given.unit)}, "source": {self._source(given.origin)}}}'
            )
        if given.origin.kind in _SHARED:
            # Held beside its text, so that no other input can take its place in memory.
            self._known[id(given)] = (given, line)
        return line

    def _source(self, origin: Origin) -> str:
        """Write an origin; those of one line of a file, and of one default, are written once."""
        span = origin.span
        place = None if span is None else (span.document.name, span.document.kind, span.line)
        key = (
            *(origin.kind, origin.text, origin.entry, origin.source),
            *(origin.certainty, origin.as_of, origin.note, place),
        )
        known = self._sources.get(key)
        if known is None:
            if len(self._sources) >= _MOST_SOURCES:
                self._sources.clear()
            known = self._sources[key] = _dumped(origin_json(origin))
        return known

    def _output(self, value: MetricValue) -> str:
        """Write a metric as `output_json` has it; most of the text of a scenario, so without data in between."""
        if value.percentiles is not None or value.override is not None:
            return _line(value.id, output_json(value))
        key = (value.unit, value.formula, value.driver)
        end = self._ends.get(key)
        if end is None:
            rest = {name: each for name, each in output_json(value).items() if name not in ("low", "value", "high")}
            end = self._ends[key] = _dumped(rest)[1:]
        return f"{_head(value.id)}{_three(value.low, value.mid, value.high)}, {end}"


_SHARED = ("catalog", "prior")
"""Origins of inputs that scenarios share as one object."""

_MOST_SOURCES = 4096
"""Origins whose text is kept: those of one scenario many times over, and not those of all of its file."""


def _entries(members: Mapping[str, OutputJson] | Mapping[str, InputJson]) -> str:
    return ",\n".join([_line(name, value) for name, value in members.items()])


def _line(name: str, value: object) -> str:
    return f"        {_dumped(name)}: {_dumped(value)}"


@cache
def _head(name: str) -> str:
    return f"        {_dumped(name)}: {{"


@cache
def _unit(unit: str) -> str:
    return _dumped(unit_json(unit))


def _three(low: float | None, mid: float | None, high: float | None) -> str:
    """Write low, value and high, most of which are the same where nothing is a range."""
    if low == mid == high:
        same = _digits(mid)
        return f'"low": {same}, "value": {same}, "high": {same}'
    return f'"low": {_digits(low)}, "value": {_digits(mid)}, "high": {_digits(high)}'


def _digits(value: float | None) -> str:
    if value is None:
        return "null"
    text = repr(value)
    # Nearly all numbers have a fraction, and the others are looked at more closely.
    return text if "." in text and text[-2:] != ".0" else repr(number_json(value))


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _dumped(value: object) -> str:
    return _encode(value)


def render_jsonl(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return one line of JSON a scenario."""
    result = result_json(document) if document.saved is None else cast("ResultJson", document.saved)
    scenarios: list[ScenarioJson] = result["scenarios"]
    if document.verdicts:
        for scenario in scenarios:
            scenario["checks"] = [check for check in result["checks"] if check["scenario"] == scenario["name"]]
    if document.measured:
        for scenario in scenarios:
            scenario["measured"] = [each for each in result["measured"] if each["scenario"] == scenario["name"]]
    return "".join(f"{_dumped(scenario)}\n" for scenario in scenarios)


def render_check_jsonl(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return one line of JSON a verdict."""
    lines = (json.dumps(each, ensure_ascii=False, allow_nan=False) for each in verdicts_json(document.verdicts))
    return "".join(f"{line}\n" for line in lines)
