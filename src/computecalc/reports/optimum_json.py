"""JSON of a search: its runs in canonical units."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from computecalc import __version__
from computecalc.estimators.inference.candidates import ServedCandidate
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.training.ranking import Candidate
from computecalc.reports.document import Failure, ReportStyle
from computecalc.reports.json_document import diagnostics_json
from computecalc.reports.optimum import AnyOptimum, OptimumDocument, reason_texts
from computecalc.reports.places import place_json
from computecalc.reports.service_optimum import ServedOptimum

__all__ = ["render_json", "search_json"]

SCHEMA_VERSION = 1


def render_json(document: OptimumDocument, style: ReportStyle) -> str:  # noqa: ARG001
    """Return all searches as indented JSON."""
    return json.dumps(search_json(document), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def search_json(document: OptimumDocument) -> dict[str, Any]:
    """Return all searches as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "computecalc", "version": __version__},
        "catalog": {"version": document.catalog_version, "digest": document.catalog_digest},
        "searches": [_outcome(outcome) for outcome in document.outcomes],
        "summary": {
            "errors": sum(isinstance(outcome, Failure) for outcome in document.outcomes),
            "exit_code": document.exit_code,
        },
    }


def _outcome(outcome: AnyOptimum | Failure) -> dict[str, Any]:
    if isinstance(outcome, Failure):
        return {
            "name": outcome.name,
            "status": "error",
            "source": place_json(outcome.source),
            "diagnostics": diagnostics_json(outcome.diagnostics),
        }
    told = reason_texts(outcome)
    best: Sequence[Candidate | ServedCandidate] = outcome.best
    space = (
        {"searched": dict(outcome.searched), "held": dict(outcome.held)} if isinstance(outcome, ServedOptimum) else {}
    )
    return {
        "name": outcome.name,
        "kind": "infer" if isinstance(outcome, ServedOptimum) else "train",
        "status": "ok",
        "source": place_json(outcome.source),
        **space,
        "by": outcome.by,
        "limits": list(outcome.limits),
        "held": dict(outcome.held),
        "considered": outcome.considered,
        "fitting": outcome.fitting,
        "best": [
            _candidate(candidate) | ({"reason": told[i]} if i < len(told) else {}) for i, candidate in enumerate(best)
        ],
        "front": {"metrics": list(outcome.axes), "runs": [_candidate(candidate) for candidate in outcome.front]},
        "diagnostics": diagnostics_json(outcome.diagnostics),
    }


def _candidate(candidate: Candidate | ServedCandidate) -> dict[str, Any]:
    known = [name for name in METRICS if name in candidate.metrics]
    return {
        "accelerator": candidate.accelerator,
        "layout": {field.name: getattr(candidate.layout, field.name) for field in fields(candidate.layout)},
        "outputs": {
            name: {"value": _number(candidate.metrics[name]), "unit": _unit(METRICS[name].unit)} for name in known
        },
    }


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be written as JSON")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
