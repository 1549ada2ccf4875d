"""JSON as text: one input and one metric a line, written scenario by scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from computecalc.estimators.inputs import ResolvedInput
from computecalc.estimators.results import Estimate
from computecalc.reports.check_json import verdicts_json
from computecalc.reports.document import Failure, Pieces, ReportDocument, ReportStyle
from computecalc.reports.json_document import (
    InputJson,
    OutputJson,
    ResultJson,
    ScenarioJson,
    input_json,
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
            scenarios = ",\n".join("".join(texts.lines(each, _entries(each["inputs"]))) for each in value)
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
        if isinstance(outcome, Estimate):
            self._formulas |= outcome.formulas
        found = scenario_json(outcome, self._layers)
        yield from self.lines(found, self._inputs(outcome, found))

    def lines(self, found: ScenarioJson, inputs: str) -> Iterator[str]:
        """Yield the lines of a scenario whose inputs are lines already."""
        yield "    {\n"
        last = list(found)[-1]
        for key, value in found.items():
            end = "\n" if key == last else ",\n"
            if key in ("inputs", "outputs") and value:
                lines = inputs if key == "inputs" else _entries(found["outputs"])
                yield f'      "{key}": {{\n{lines}\n      }}{end}'
            else:
                yield f'      "{key}": {self._model(value) if key == "architecture" else _dumped(value)}{end}'
        yield "    }"

    def _inputs(self, outcome: Estimate | Failure, found: ScenarioJson) -> str:
        given = outcome.inputs if isinstance(outcome, Estimate) else {}
        return ",\n".join(
            f"        {_quoted(path)}: {self._input(given[path]) if path in given else _dumped(value)}"
            for path, value in found["inputs"].items()
        )

    def _model(self, described: object) -> str:
        known = self._models.get(id(described))
        if known is None:  # `_layers` holds what is described, so that no other can take its place in memory
            known = self._models[id(described)] = _dumped(described)
        return known

    def _input(self, given: ResolvedInput) -> str:
        if given.origin.kind not in _SHARED:
            return _dumped(input_json(given))
        known = self._known.get(id(given))
        if known is None:
            # Held beside its text, so that no other input can take its place in memory.
            known = self._known[id(given)] = (given, _dumped(input_json(given)))
        return known[1]


_SHARED = ("catalog", "prior")
"""Origins of inputs that scenarios share as one object."""


def _entries(outputs: Mapping[str, OutputJson] | Mapping[str, InputJson]) -> str:
    return ",\n".join(f"        {_quoted(name)}: {_dumped(value)}" for name, value in outputs.items())


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _dumped(value: object) -> str:
    return _encode(value)


def _quoted(text: str) -> str:
    return _encode(text)


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
