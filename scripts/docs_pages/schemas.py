"""The JSON Schemas that editors read."""

from __future__ import annotations

import json

from computecalc.reports.schemas import json_schema

__all__ = ["budget_schema", "catalog_schema", "lock_schema", "result_schema", "scenario_schema"]


def scenario_schema() -> str:
    """Return the schema of scenario files."""
    return _text("scenario")


def result_schema() -> str:
    """Return the schema of JSON results."""
    return _text("result")


def lock_schema() -> str:
    """Return the schema of lock files."""
    return _text("lock")


def budget_schema() -> str:
    """Return the schema of one budget of a scenario file."""
    return _text("budget")


def catalog_schema() -> str:
    """Return the schema of catalog files."""
    return _text("catalog")


def _text(name: str) -> str:
    return json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n"
