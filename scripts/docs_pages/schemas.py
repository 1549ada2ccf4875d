"""The JSON Schemas that editors read."""

from __future__ import annotations

import json

from computecalc.reports.schemas import json_schema

__all__ = ["lock_schema", "result_schema", "scenario_schema"]


def scenario_schema() -> str:
    """Return the schema of scenario files."""
    return _text("scenario")


def result_schema() -> str:
    """Return the schema of JSON results."""
    return _text("result")


def lock_schema() -> str:
    """Return the schema of lock files."""
    return _text("lock")


def _text(name: str) -> str:
    return json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n"
