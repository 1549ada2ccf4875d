"""JSON as text: one input and one metric a line, written scenario by scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from computecalc.estimators.inputs import ResolvedInput
from computecalc.estimators.results import Estimate, MetricValue
from computecalc.reports.check_json import verdicts_json
from computecalc.reports.document import Failure, Pieces, ReportDocument, ReportStyle
from computecalc.reports.json_document import (
    InputJson,
    OutputJson,
    ResultJson,
    ScenarioJson,
    choice_json,
    input_json,
    number_json,
    output_json,
    result_json,
    scenario_json,
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
        self._heads: dict[str, str] = {}
        self._tails: dict[tuple[str, str | None, str | None], str] = {}
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
        lines = {path: _line(path, choice_json(choice)) for path, choice in outcome.choices.items()}
        lines |= {path: self._input(given) for path, given in outcome.inputs.items()}
        return ",\n".join(lines.values())

    def _model(self, described: object) -> str:
        known = self._models.get(id(described))
        if known is None:  # `_layers` holds what is described, so that no other can take its place in memory
            known = self._models[id(described)] = _dumped(described)
        return known

    def _input(self, given: ResolvedInput) -> str:
        if given.origin.kind not in _SHARED:
            return _line(given.path, input_json(given))
        known = self._known.get(id(given))
        if known is None:
            # Held beside its text, so that no other input can take its place in memory.
            known = self._known[id(given)] = (given, _line(given.path, input_json(given)))
        return known[1]

    def _output(self, value: MetricValue) -> str:
        """Write a metric as `output_json` has it; most of the text of a scenario, so without data in between."""
        if value.percentiles is not None or value.override is not None:
            return _line(value.id, output_json(value))
        head = self._heads.get(value.id)
        if head is None:
            head = self._heads[value.id] = f"        {_dumped(value.id)}: {{"
        tail = self._tails.get((value.unit, value.formula, value.driver))
        if tail is None:
            rest = {key: each for key, each in output_json(value).items() if key not in ("low", "value", "high")}
            tail = self._tails[value.unit, value.formula, value.driver] = _dumped(rest)[1:]
        low, mid, high = _digits(value.low), _digits(value.mid), _digits(value.high)
        return f'{head}"low": {low}, "value": {mid}, "high": {high}, {tail}'


_SHARED = ("catalog", "prior")
"""Origins of inputs that scenarios share as one object."""


def _entries(members: Mapping[str, OutputJson] | Mapping[str, InputJson]) -> str:
    return ",\n".join([_line(name, value) for name, value in members.items()])


def _line(name: str, value: object) -> str:
    return f"        {_dumped(name)}: {_dumped(value)}"


def _digits(value: float | None) -> str:
    return "null" if value is None else repr(number_json(value))


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
