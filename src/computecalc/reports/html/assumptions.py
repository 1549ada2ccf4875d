"""Every input and choice of a scenario: value, unit, where it came from, how firm it is, and its source."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.catalog.calibrated import STEP_CONSTANTS
from computecalc.estimators.inputs import Origin, ResolvedInput
from computecalc.estimators.results import Estimate
from computecalc.records import record
from computecalc.reports.document import ReportStyle
from computecalc.reports.html.markup import Markup, breakable, element, joined, stacked
from computecalc.reports.html.page import Section, section
from computecalc.reports.html.sources import Sources
from computecalc.reports.rows import section_order
from computecalc.units.display import format_range

__all__ = ["assumptions", "input_anchor"]

_MODEL_COUNTS = ("model.parameters", "model.active_parameters")

_KINDS = {
    "scenario": "stated",
    "flag": "stated",
    "catalog": "catalog",
    "prior": "prior",
    "default": "default",
    "search": "searched",
    "override": "override",
}


@record
class _Row:
    path: str
    value: str
    origin: Origin


def assumptions(anchor: str, estimate: Estimate, sources: Sources, style: ReportStyle, *, level: int) -> Section:
    """Return the tables: what a reader may want to change, and the shapes and constants below."""
    shown = [_Row(choice.path, choice.value, choice.origin) for choice in estimate.choices.values()]
    constants: list[_Row] = []
    for path, given in estimate.inputs.items():
        row = _Row(path, _value(given, style), given.origin)
        (constants if _is_constant(path, given) else shown).append(row)
    lead = (
        "Every number that went in, with its range where it has one. Stated: by whoever asked. Catalog and prior: a "
        "sourced figure, with its kind and date. Default: chosen by the program, with the reason."
    )
    parts: list[Markup | None] = [_table(anchor, f"Assumptions of {estimate.name}", shown, sources)]
    if constants:
        inner = _table(anchor, f"Model shape and fitted constants of {estimate.name}", constants, sources)
        title = f"{len(constants)} more: the shape of the model and fitted constants"
        parts.append(element("details", element("summary", title), inner, class_="fold"))
    parts.append(sources.listed())
    return section(f"{anchor}assumptions", "Assumptions and sources", *parts, level=level, lead=lead)


def input_anchor(anchor: str, path: str) -> str:
    """Return the anchor of an input's row."""
    return f"{anchor}in-{path}"


_COLUMNS = (("assumption", "code"), ("value", "number"), ("from", "wide"), ("kind", "kind"), ("source", "wide source"))


def _table(anchor: str, caption: str, rows: Sequence[_Row], sources: Sources) -> Markup:
    ordered = sorted(rows, key=lambda row: section_order(row.path))
    return stacked(caption, _COLUMNS, ((input_anchor(anchor, row.path), _cells(row, sources)) for row in ordered))


def _cells(row: _Row, sources: Sources) -> tuple[str, ...]:
    origin = row.origin
    note = origin.note if origin.note and origin.note != origin.text else ""
    firmness = ", ".join(part for part in (origin.certainty, origin.as_of) if part)
    kind = _KINDS.get(origin.kind, origin.kind)
    where = _locator(origin)
    return (
        breakable(row.path),
        row.value,
        joined([origin.text, element("div", note, class_="small") if note else None]),
        f"{kind}: {firmness}" if firmness else kind,
        joined([sources.marks(origin), f" {where}" if where else None]),
    )


def _locator(origin: Origin) -> str:
    """Return where in its source a figure stands."""
    if not origin.works:
        return ""
    titles = "; ".join(title for title, _ in origin.works)
    return origin.source.removeprefix(titles).removeprefix(", ") if origin.source.startswith(titles) else ""


def _is_constant(path: str, given: ResolvedInput) -> bool:
    if path.startswith("model.") and path not in _MODEL_COUNTS:
        return True
    return path.removeprefix("step.") in STEP_CONSTANTS or given.origin.entry.startswith(("calibration/", "engine/"))


def _value(given: ResolvedInput, style: ReportStyle) -> str:
    if given.unit == "1" and given.range.is_exact and given.range.mid.is_integer():
        return f"{given.range.mid:,.0f}"
    return format_range(given.range, given.formula_unit or given.unit, digits=style.digits).replace("..", " .. ")
