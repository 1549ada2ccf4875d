"""The page of all diagnostic codes."""

from __future__ import annotations

from itertools import groupby

from computecalc.error_codes import CODES
from docs_pages.markdown import page

__all__ = ["errors_page"]

_GROUPS = {
    "CC1": "Flags and files (UsageError)",
    "CC2": "YAML documents (DocumentError)",
    "CC3": "Scenarios (ScenarioError)",
    "CC4": "Quantities (QuantityError)",
    "CC5": "Catalog (CatalogError)",
    "CC6": "Estimates (EstimateError, warnings and notes)",
    "CC7": "Checks (UsageError, warnings)",
    "CC9": "Internal",
}

_INTRODUCTION = """\
Every error, warning and note carries one of these codes. `computecalc explain CC405` prints an entry. Exit codes:
0 answered; 1 answered, and there is a finding; 2 could not answer; 130 interrupted."""


def errors_page() -> str:
    """Return the page."""
    parts = []
    for prefix, members in groupby(CODES.values(), key=lambda code: code.id[:3]):
        parts.append(f"## {_GROUPS[prefix]}")
        parts += [f"### {code.id}: {code.title}\n\nCause: {code.cause}\n\nRemedy: {code.remedy}" for code in members]
    return page("Diagnostic codes", _INTRODUCTION, *parts)
