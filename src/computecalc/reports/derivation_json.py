"""A metric's derivation as JSON: the same tree, for programs."""

from __future__ import annotations

import json
from typing import Any

from computecalc import __version__
from computecalc.estimators.metrics import Metric
from computecalc.estimators.results import Estimate
from computecalc.estimators.trace import InputNode, LiteralNode, Node, StepNode
from computecalc.formulas.references import REFERENCES
from computecalc.reports.json_document import origin_json, output_json
from computecalc.reports.tornado import swings_json, tornado_of

__all__ = ["render_derivation_json"]


def render_derivation_json(estimate: Estimate, metric: Metric) -> str:
    """Return the derivation of one metric as JSON.

    Each step has its formula, its value and unit, and the steps of its arguments; a step that stands in the tree twice
    is there once, by its number. Leaves have the path of an input and where it came from.

    Parameters
    ----------
    estimate : Estimate
        The scenario.
    metric : Metric
        What to explain.
    """
    value = estimate.outputs.get(metric.id)
    whole: dict[str, Any] = {
        "schema_version": 1,
        "tool": {"name": "computecalc", "version": __version__},
        "scenario": estimate.name,
        "metric": metric.id,
        "meaning": metric.meaning,
    }
    if value is None or value.mid is None:
        whole["reason"] = value.reason if value is not None else "this estimate does not have it"
        return _text(whole)
    numbers: dict[int, int] = {}
    cited: dict[str, str] = {}
    whole |= {
        "value": output_json(value),
        "derivation": _node(estimate.nodes[metric.id], numbers, cited),
        "sensitivity": swings_json(tornado_of(estimate, metric)),
        "references": cited,
    }
    return _text(whole)


def _text(whole: dict[str, Any]) -> str:
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _node(node: Node, numbers: dict[int, int], cited: dict[str, str]) -> dict[str, Any]:
    match node:
        case LiteralNode(value=value):
            return {"value": value}
        case InputNode(input=given):
            return {
                "input": given.path,
                "low": given.range.low,
                "value": node.value,
                "high": given.range.high,
                "unit": given.formula_unit or given.unit,
                "source": origin_json(given.origin),
            }
        case StepNode(formula=formula):
            if id(node) in numbers:
                return {"step": numbers[id(node)]}
            numbers[id(node)] = len(numbers) + 1
            cited.update({key: str(REFERENCES[key]) for key in formula.cite})
            found: dict[str, Any] = {
                "step": numbers[id(node)],
                "formula": formula.reference,
                "body": formula.body,
                "value": node.value,
                "unit": formula.returns,
                "cite": list(formula.cite),
            }
            if node.label:
                found["label"] = node.label
            found["arguments"] = {
                name: [_node(each, numbers, cited) for each in argument]
                if isinstance(argument, tuple)
                else _node(argument, numbers, cited)
                for name, argument in node.arguments.items()
            }
            return found
