"""The page of all rules of plausibility."""

from __future__ import annotations

from computecalc.catalog.plausibility_rules import RULES
from docs_pages.markdown import page, table

__all__ = ["plausibility_page"]

_INTRODUCTION = """\
`computecalc catalog validate` holds every entry against these rules. An error makes it exit 1; a warning is for you to
judge. An entry that is truly different names the rule in `exceptions` and says why in `notes`:
[how](../catalog-format.md#check-a-catalog)."""


def plausibility_page() -> str:
    """Return the page."""
    rows = [
        (rule.id, ", ".join(rule.kinds), rule.severity, _measured(rule.measures, rule.unit), rule.reason)
        for rule in RULES
    ]
    return page(
        "Rules of plausibility", _INTRODUCTION, table(("rule", "entries", "severity", "measured", "because"), rows)
    )


def _measured(words: str, unit: str) -> str:
    text = words.rstrip(",")
    return f"{text} [{unit}]" if unit else text
