"""The formats of a diff by name; a renderer is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from computecalc.checks.changes import Changes
from computecalc.reports.document import ReportStyle

__all__ = ["CHANGES_FORMATS", "render_changes"]

CHANGES_FORMATS: dict[str, tuple[str, str]] = {
    "table": ("computecalc.reports.changes_table", "render_changes_table"),
    "plain": ("computecalc.reports.changes_text", "render_changes_plain"),
    "json": ("computecalc.reports.changes_json", "render_changes_json"),
    "csv": ("computecalc.reports.changes_text", "render_changes_csv"),
    "md": ("computecalc.reports.changes_text", "render_changes_markdown"),
}
"""Module and function of each renderer."""


def render_changes(name: str, changes: Changes, style: ReportStyle) -> str:
    """Return a diff in one of `CHANGES_FORMATS`."""
    module, function = CHANGES_FORMATS[name]
    return cast("Callable[[Changes, ReportStyle], str]", getattr(import_module(module), function))(changes, style)
