"""What became of budgets: states, values, and the levers that would mend a broken limit."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.checks.verdicts import Verdict
from computecalc.reports.check_rows import check_rows, summary_line
from computecalc.reports.document import ReportStyle
from computecalc.reports.html.markup import Markup, element, stacked
from computecalc.reports.html.page import Section, section

__all__ = ["checks_section", "state_badge"]

_COLUMNS = (
    ("state", ""),
    ("limit", "wide limit"),
    ("scenario", "wide"),
    ("value", "wide value"),
    ("notes and levers", "wide"),
)

_TONES = {"PASS": "good", "FAIL": "bad", "ERROR": "bad", "RISK": "warn", "SKIP": ""}


def checks_section(verdicts: Sequence[Verdict], style: ReportStyle, *, level: int = 2) -> Section:
    """Return the table of all limits."""
    rows = [
        (
            None,
            (
                state_badge(row.state),
                element("span", row.check, class_="code"),
                row.scenario,
                row.value.replace("..", " .. "),
                _notes(row.notes),
            ),
        )
        for row in check_rows(verdicts, style)
    ]
    lead = (
        f"{summary_line(verdicts)}. RISK: the limit holds at the tested point, but not over the whole range. A lever "
        "is what one input would have to be, all others as they are."
    )
    inner = stacked("Budget checks", _COLUMNS, rows)
    return section("checks", "Checks", inner, level=level, lead=lead)


def state_badge(state: str) -> Markup:
    """Return the state of a limit, which says itself what its colour says."""
    tone = "" if "waived" in state else _TONES.get(state.partition(" ")[0], "")
    if state.startswith("FAIL (warn)"):
        tone = "warn"
    return element("span", state, class_=f"badge {tone}".strip())


def _notes(notes: Sequence[str]) -> Markup | str:
    return element("ul", *(element("li", each) for each in notes), class_="notes small") if notes else ""
