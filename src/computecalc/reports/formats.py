"""The output formats by name; a renderer is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import cast

from computecalc.reports.document import Pieces, ReportDocument, ReportStyle

__all__ = ["CHECK_FORMATS", "FORMATS", "PICTURES", "PIECEWISE", "PLOTTED", "pieces", "render", "render_check"]

FORMATS: dict[str, tuple[str, str]] = {
    "table": ("computecalc.reports.table", "render_table"),
    "plain": ("computecalc.reports.plain", "render_plain"),
    "json": ("computecalc.reports.json_text", "render_json"),
    "jsonl": ("computecalc.reports.json_text", "render_jsonl"),
    "csv": ("computecalc.reports.csv_document", "render_csv"),
    "md": ("computecalc.reports.markdown", "render_markdown"),
    "html": ("computecalc.reports.html.estimates", "render_html"),
    "github": ("computecalc.reports.github", "render_github"),
    "junit": ("computecalc.reports.junit", "render_junit"),
    "sarif": ("computecalc.reports.sarif", "render_sarif"),
}
"""Module and function of each renderer."""

CHECK_FORMATS: dict[str, tuple[str, str]] = {
    "table": ("computecalc.reports.check_table", "render_check_table"),
    "plain": ("computecalc.reports.check_text", "render_check_plain"),
    "json": ("computecalc.reports.json_text", "render_json"),
    "jsonl": ("computecalc.reports.json_text", "render_check_jsonl"),
    "csv": ("computecalc.reports.check_text", "render_check_csv"),
    "md": ("computecalc.reports.check_text", "render_check_markdown"),
    "html": ("computecalc.reports.html.check_page", "render_check_html"),
    "github": ("computecalc.reports.github", "render_github"),
    "junit": ("computecalc.reports.junit", "render_junit"),
    "sarif": ("computecalc.reports.sarif", "render_sarif"),
}
"""The same of what became of budgets."""

PICTURES = ("png", "svg")
"""Formats of pictures, which are written to files alone."""

PLOTTED = ("table", "plain")
"""Formats that `--plot` adds charts to."""

Renderer = Callable[[ReportDocument, ReportStyle], str]


def render(name: str, document: ReportDocument, style: ReportStyle) -> str:
    """Return a document in one of `FORMATS`."""
    module, function = FORMATS[name]
    text = cast("Renderer", getattr(import_module(module), function))(document, style)
    if (document.verdicts or document.measured) and name in ("table", "plain", "md"):
        from computecalc.reports.appended import appendix

        text += appendix(name, document, style)
    return text


PIECEWISE = ("json", "jsonl", "csv", "plain", "md", "table")
"""Formats that can be written scenario by scenario; the others are of what is wrong, and not of scenarios."""


def pieces(name: str, document: ReportDocument, style: ReportStyle, *, is_sampled: bool = False) -> Pieces:
    """Return a document in one of `PIECEWISE`, to be written scenario by scenario.

    Parameters
    ----------
    name : str
        The format.
    document : ReportDocument
        What is known before the first scenario.
    style : ReportStyle
        How it is shown.
    is_sampled : bool
        Whether any of the scenarios is sampled, on which the columns of CSV hang.
    """
    if name == "json":
        from computecalc.reports.json_text import json_pieces

        return json_pieces(document, style)
    if name == "csv":
        from computecalc.reports.csv_document import csv_pieces

        return csv_pieces(document, is_sampled=is_sampled)
    between = "" if name == "jsonl" else "\n"
    return Pieces("", lambda outcome: render(name, replace(document, outcomes=(outcome,)), style), between, _nothing)


def _nothing(document: ReportDocument) -> str:  # noqa: ARG001
    return ""


def render_check(name: str, document: ReportDocument, style: ReportStyle) -> str:
    """Return the verdicts of a document in one of `CHECK_FORMATS`."""
    module, function = CHECK_FORMATS[name]
    return cast("Renderer", getattr(import_module(module), function))(document, style)
