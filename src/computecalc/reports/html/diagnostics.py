"""What must be known of an estimate: errors, warnings and notes, each with its code, its place and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from computecalc.errors import Diagnostic
from computecalc.reports.document import Failure
from computecalc.reports.html.markup import Markup, element
from computecalc.reports.html.page import Section, section

__all__ = ["diagnostic_list", "diagnostics_section", "failure_section"]

_TONES = {"error": "bad", "warning": "warn", "note": ""}
_ORDER = ("error", "warning", "note")


def diagnostics_section(anchor: str, found: Sequence[Diagnostic], *, level: int) -> Section | None:
    """Return the findings of one estimate or of a whole page; None where there is nothing to say."""
    if not found:
        return None
    return section(f"{anchor}diagnostics", "Diagnostics", diagnostic_list(found), level=level)


def diagnostic_list(found: Iterable[Diagnostic]) -> Markup:
    """Return findings, the gravest first, each said once."""
    told = list({(each.code, each.message): each for each in found}.values())
    told.sort(key=lambda each: _ORDER.index(each.severity))
    return element("ul", *(_item(each) for each in told), class_="plain-list")


def _item(found: Diagnostic) -> Markup:
    badge = element("span", found.severity, class_=f"badge {_TONES[found.severity]}".strip())
    place = found.span.label if found.span is not None else ""
    return element(
        "li",
        badge,
        " ",
        element("code", found.code),
        " ",
        found.message,
        element("div", f"at {place}", class_="small") if place else None,
        element("div", f"Way out: {found.hint}", class_="small") if found.hint else None,
    )


def failure_section(anchor: str, failure: Failure, *, level: int) -> Section:
    """Return why a scenario could not be estimated."""
    return section(
        f"{anchor}failure",
        "Not estimated",
        element("p", "This scenario has no figures; here is why."),
        diagnostic_list(failure.diagnostics),
        level=level,
    )
