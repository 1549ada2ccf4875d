"""The output formats by name; a renderer is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from computecalc.reports.document import ReportDocument, ReportStyle

__all__ = ["FORMATS", "render"]

FORMATS: dict[str, tuple[str, str]] = {
    "table": ("computecalc.reports.table", "render_table"),
    "plain": ("computecalc.reports.plain", "render_plain"),
    "json": ("computecalc.reports.json_document", "render_json"),
    "jsonl": ("computecalc.reports.json_document", "render_jsonl"),
    "csv": ("computecalc.reports.csv_document", "render_csv"),
    "md": ("computecalc.reports.markdown", "render_markdown"),
}
"""Module and function of each renderer."""

Renderer = Callable[[ReportDocument, ReportStyle], str]


def render(name: str, document: ReportDocument, style: ReportStyle) -> str:
    """Return a document in one of `FORMATS`."""
    module, function = FORMATS[name]
    return cast("Renderer", getattr(import_module(module), function))(document, style)
