"""JSON as text: one input and one metric a line, written scenario by scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from computecalc.estimators.inputs import ResolvedInput
from computecalc.estimators.results import Estimate
from computecalc.reports.check_json import verdicts_json
from computecalc.reports.document import Failure, Pieces, ReportDocument, ReportStyle
from computecalc.reports.json_document import OutputJson, ScenarioJson, input_json, result_json, scenario_json

__all__ = ["json_pieces", "render_check_jsonl", "render_json", "render_jsonl"]


def render_json(document: ReportDocument, style: ReportStyle) -> str:
    """Return the result as JSON, one input and one metric a line."""
    whole = json_pieces(document, style)
    return whole.head + whole.between.join(map(whole.each, document.outcomes)) + whole.tail(document)


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
        each=lambda outcome: "".join(texts.scenario(scenario_json(outcome), outcome)),
        between=",\n",
        tail=_tail,
    )


def _tail(document: ReportDocument) -> str:
    found = result_json(replace(document, outcomes=(), failed=0))
    checks = ",\n".join(f"    {_dumped(check)}" for check in found["checks"])
    listed = f"[\n{checks}\n  ]" if checks else "[]"
    summary = {**found["summary"], "errors": found["summary"]["errors"] + document.errors}
    return f'\n  ],\n  "checks": {listed},\n  "summary": {_dumped(summary)}\n}}\n'


class _Texts:
    """JSON of scenarios as text; that of an input which many scenarios share is made once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[ResolvedInput, str]] = {}

    def scenario(self, found: ScenarioJson, outcome: Estimate | Failure) -> Iterator[str]:
        """Yield the lines of a scenario."""
        yield "    {\n"
        last = list(found)[-1]
        for key, value in found.items():
            end = "\n" if key == last else ",\n"
            if key in ("inputs", "outputs") and value:
                lines = self._inputs(outcome, found) if key == "inputs" else _entries(found["outputs"])
                yield f'      "{key}": {{\n{lines}\n      }}{end}'
            else:
                yield f'      "{key}": {_dumped(value)}{end}'
        yield "    }"

    def _inputs(self, outcome: Estimate | Failure, found: ScenarioJson) -> str:
        given = outcome.inputs if isinstance(outcome, Estimate) else {}
        return ",\n".join(
            f"        {_quoted(path)}: {self._input(given[path]) if path in given else _dumped(value)}"
            for path, value in found["inputs"].items()
        )

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


def _entries(outputs: Mapping[str, OutputJson]) -> str:
    return ",\n".join(f"        {_quoted(name)}: {_dumped(value)}" for name, value in outputs.items())


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _dumped(value: object) -> str:
    return _encode(value)


def _quoted(text: str) -> str:
    return _encode(text)


def render_jsonl(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return one line of JSON a scenario."""
    return "".join(f"{_dumped(scenario_json(outcome))}\n" for outcome in document.outcomes)


def render_check_jsonl(document: ReportDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return one line of JSON a verdict."""
    lines = (json.dumps(each, ensure_ascii=False, allow_nan=False) for each in verdicts_json(document.verdicts))
    return "".join(f"{line}\n" for line in lines)
