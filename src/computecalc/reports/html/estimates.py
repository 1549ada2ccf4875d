"""The page of estimates: `run`, `train`, `infer`, `render`, and the scenarios below a check or a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from computecalc.estimators.results import Estimate
from computecalc.reports.document import Failure, ReportDocument, ReportStyle
from computecalc.reports.html.assumptions import assumptions
from computecalc.reports.html.checks import checks_section
from computecalc.reports.html.derivation import derivation
from computecalc.reports.html.diagnostics import diagnostic_list, diagnostics_section, failure_section
from computecalc.reports.html.markup import Markup, element
from computecalc.reports.html.page import Origin, Section, page, section
from computecalc.reports.html.parts import breakdown_section
from computecalc.reports.html.regulation import regulation_section
from computecalc.reports.html.sources import Sources
from computecalc.reports.html.summary import all_figures, summary
from computecalc.reports.html.tornado import tornado_section

__all__ = ["Explored", "catalog_of", "exploring", "render_html", "scenario_sections"]

MOST_IN_FULL = 24
"""Scenarios that are shown with derivation and assumptions; of more the comparison alone is shown."""

_MOST_EXPLORED = 8
_MOST_NUMBERS = 28_000
"""Figures for sliders that one page carries: some 8 bytes each."""


@dataclass
class Explored:
    """What the sliders of a page need: its scenarios that have any, by their place, and their data."""

    found: dict[int, Any] = field(default_factory=dict)
    """Exploration by the identity of its estimate."""
    places: dict[int, int] = field(default_factory=dict)
    data: list[dict[str, Any]] = field(default_factory=list)


def exploring(estimates: Sequence[Estimate]) -> Explored:
    """Lay out sliders for the first scenarios of a page, each with its share of what a page may carry."""
    from computecalc.checks.exploring import explored
    from computecalc.reports.html.explore import exploration_data

    made = Explored()
    able = [each for each in estimates if each.resolved is not None][:_MOST_EXPLORED]
    for each in able:
        if each.resolved is None:
            continue
        found = explored(each.resolved, each.outputs, most=_MOST_NUMBERS // len(able))
        if found is not None:
            made.found[id(each)] = found
            made.places[id(each)] = len(made.data)
            made.data.append(exploration_data(found))
    return made


def catalog_of(document: ReportDocument) -> Origin:
    """Return what the footer says of a document."""
    return Origin(
        document.catalog_version, document.catalog_digest, document.tool_version, is_saved=bool(document.tool_version)
    )


def render_html(document: ReportDocument, style: ReportStyle) -> str:
    """Return the page of all scenarios of a document, with the verdicts on limits where there are any."""
    estimates = [each for each in document.outcomes if isinstance(each, Estimate)]
    explored = exploring(estimates)
    sections = [*_common(document, style)]
    single = len(document.outcomes) == 1
    if len(estimates) > 1:
        sections += _overview(estimates, style)
    sections += scenario_sections(document.outcomes, style, explored, is_folded=not single)
    title, lead = _title(document)
    return page(title, "Estimate", lead, sections, catalog_of(document), data=explored.data)


def _common(document: ReportDocument, style: ReportStyle) -> list[Section]:
    """Return what is said of the whole document: limits, measured runs, files that could not be read."""
    found: list[Section] = []
    if document.verdicts:
        found.append(checks_section(document.verdicts, style))
    if document.measured:
        from computecalc.reports.html.measured import measured_section

        found.append(measured_section(document.measured, style))
    told = diagnostics_section("page-", document.diagnostics, level=2)
    return [*found, told] if told is not None else found


def _overview(estimates: Sequence[Estimate], style: ReportStyle) -> list[Section]:
    # Imported here: one scenario is compared with nothing.
    from computecalc.checks.comparing import SHOWN, compared
    from computecalc.reports.html.comparison import comparison_sections

    found = comparison_sections(compared(estimates, SHOWN, varied=()), [each.name for each in estimates], style)
    return [each for each in found if each.anchor != "best"]


def _title(document: ReportDocument) -> tuple[str, str]:
    if len(document.outcomes) == 1:
        (only,) = document.outcomes
        kind = {"train": "Training run", "infer": "Service", "campus": "Campus", "silicon": "Chip of one's own"}
        what = kind[only.kind] if isinstance(only, Estimate) else "Not estimated"
        is_file = only.source is not None and only.source.document.kind == "file" and only.source.document.text
        place = f", {only.source.document.name}:{only.source.line}" if is_file and only.source is not None else ""
        model = f" of {only.choices['model'].value}" if isinstance(only, Estimate) and "model" in only.choices else ""
        return only.name, f"{what}{model}{place}"
    failed = f", {document.errors} could not be estimated" if document.errors else ""
    return f"{len(document.outcomes)} scenarios", f"{len(document.outcomes) - document.errors} estimated{failed}"


def scenario_sections(
    outcomes: Sequence[Estimate | Failure], style: ReportStyle, explored: Explored, *, is_folded: bool
) -> list[Section]:
    """Return the parts of each scenario; several are folded under their names, the first open."""
    if not is_folded and len(outcomes) == 1:
        return _parts("", outcomes[0], style, explored, level=2)
    found = []
    for number, outcome in enumerate(outcomes[:MOST_IN_FULL], 1):
        anchor = f"s{number}-"
        parts = _parts(anchor, outcome, style, explored, level=3)
        inside = element(
            "details",
            element("summary", element("h2", outcome.name), " ", element("span", _kind(outcome), class_="small")),
            *(part.content for part in parts),
            open=number == 1 and len(outcomes) < 4,
        )
        content = element("div", inside, class_="scenario", id=f"{anchor}scenario")
        found.append(Section(f"{anchor}scenario", outcome.name, content))
    if len(outcomes) > MOST_IN_FULL:
        text = (
            f"{len(outcomes) - MOST_IN_FULL} more scenarios are in the table above alone: a page shows {MOST_IN_FULL} "
            "in full. JSON and CSV hold every figure of all of them."
        )
        found.append(section("rest", "Further scenarios", element("p", text)))
    return found


def _kind(outcome: Estimate | Failure) -> str:
    return outcome.kind if isinstance(outcome, Estimate) else "not estimated"


def _parts(
    anchor: str, outcome: Estimate | Failure, style: ReportStyle, explored: Explored, *, level: int
) -> list[Section]:
    if isinstance(outcome, Failure):
        return [failure_section(anchor, outcome, level=level)]
    found: list[Section | None] = [summary(anchor, outcome, style, level=level)]
    urgent = [each for each in outcome.diagnostics if each.severity != "note"]
    if urgent:
        found.append(section(f"{anchor}warnings", "Warnings", diagnostic_list(urgent), level=level))
    if id(outcome) in explored.found:
        from computecalc.reports.html.explore import explore_section

        found.append(
            explore_section(anchor, outcome, explored.found[id(outcome)], explored.places[id(outcome)], level=level)
        )
    found += [
        breakdown_section(anchor, outcome, style, level=level),
        tornado_section(anchor, outcome, style, level=level),
        all_figures(anchor, outcome, style, level=level),
        assumptions(anchor, outcome, Sources(anchor), style, level=level),
        derivation(anchor, outcome, style, level=level) or _underived(anchor, level),
        regulation_section(anchor, outcome, style, level=level),
        diagnostics_section(anchor, [each for each in outcome.diagnostics if each.severity == "note"], level=level),
    ]
    return [each for each in found if each is not None]


def _underived(anchor: str, level: int) -> Section:
    text: Markup = element(
        "p",
        "A saved result holds no derivation, no sources' addresses and nothing to explore: "
        "run the scenario with -o html=PATH for those.",
    )
    return section(f"{anchor}derivation", "Derivation", text, level=level)
