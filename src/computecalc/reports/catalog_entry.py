"""A catalog entry as rows: labels, figures with unit, kind, source and date, and what is derived from them."""

from __future__ import annotations

from collections.abc import Sequence

from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.provenance import Source
from computecalc.estimators.balance import balance_figures
from computecalc.estimators.export_control import control_bands, control_figures
from computecalc.estimators.layers import count_model
from computecalc.estimators.shapes import model_shape, shape_numbers
from computecalc.estimators.silicon import manufacturing_figures
from computecalc.reports.document import ReportStyle
from computecalc.reports.listing import Listing
from computecalc.units.display import display, format_range

__all__ = ["entry_listing"]

Row = tuple[str, str, str, str, str, str]

_HEADER = ("figure", "value", "kind", "as of", "source", "note")


def entry_listing(entry: Entry, style: ReportStyle, *, regulations: Sequence[Entry] = ()) -> Listing:
    """Return everything an entry says, one row a label or figure; an accelerator is held against `regulations`."""
    rows: list[Row] = [("id", entry.id, "", "", "", ""), ("name", entry.name, "", "", "", "")]
    if entry.aliases:
        rows.append(("aliases", ", ".join(entry.aliases), "", "", "", ""))
    rows += [(name, text, "", "", "", "") for name, text in entry.labels.items()]
    for path, fact in entry.facts.items():
        source = "; ".join(source.title for source in fact.sources)
        if fact.locator:
            source = f"{source}, {fact.locator}"
        value = format_range(fact.value, fact.unit, digits=style.digits)
        rows.append((path, value, fact.kind, fact.as_of, source, fact.note))
    if isinstance(entry, ModelEntry):
        rows += _architecture_rows(entry, style)
    if entry.kind == "accelerator":
        rows += _balance_rows(entry, style) + _manufacturing_rows(entry, style)
        rows += _control_rows(entry, style, regulations)
    if entry.kind == "regulation":
        rows += [("link", source.reference, "", "", "", "") for source in _sources(entry)]
    if entry.notes:
        rows.append(("notes", " ".join(entry.notes.split()), "", "", "", ""))
    return Listing(_HEADER, rows)


def _architecture_rows(entry: ModelEntry, style: ReportStyle) -> list[Row]:
    architecture = entry.architecture
    if architecture is None:
        return []
    numbers = shape_numbers(architecture)
    kind: str = entry.provenance.kind or ""
    source = "; ".join(source.title for source in entry.architecture_sources)
    rows: list[Row] = [
        (path, f"{value:g}" if value < 1e6 else f"{value:.0f}", kind, "", source, "")
        for path, value in numbers.items()
        if value
    ]
    counted = count_model(model_shape(architecture, numbers.__getitem__), 1.0)
    for name, value in (("parameters", counted.parameters), ("active_parameters", counted.active)):
        shown = str(display(float(value), "parameter", digits=style.digits))
        rows.append((f"derived.{name}", shown, "derived", "", "counted from the architecture", ""))
    return rows


def _manufacturing_rows(entry: Entry, style: ReportStyle) -> list[Row]:
    rows: list[Row] = []
    for figure in manufacturing_figures(entry):
        value = format_range(figure.value, figure.unit, digits=style.digits) if figure.value is not None else "-"
        rows.append((figure.path, value, "derived", "", figure.formula, figure.body))
    return rows


def _control_rows(entry: Entry, style: ReportStyle, regulations: Sequence[Entry]) -> list[Row]:
    rows: list[Row] = []
    for figure in control_figures(entry):
        value = format_range(figure.value, figure.unit, digits=style.digits)
        rows.append((figure.path, value, "derived", "", figure.formula, figure.rule))
    for band in control_bands(entry, regulations):
        rule = band.regulation
        source = "; ".join(source.title for source in _sources(rule)[:1])
        as_of = next(iter(rule.facts.values())).as_of
        remark = "; ".join(filter(None, (band.reason, _standing(rule))))
        rows.append((rule.id, band.position, "derived", as_of, source, remark))
    return rows


def _standing(rule: Entry) -> str:
    days = [rule.labels[key] for key in ("in_force", "ended") if key in rule.labels]
    return f"{rule.labels['status']}, {' to '.join(days)}"


def _sources(entry: Entry) -> list[Source]:
    """The sources of all figures of an entry, each once."""
    return list({source.id: source for fact in entry.facts.values() for source in fact.sources}.values())


def _balance_rows(entry: Entry, style: ReportStyle) -> list[Row]:
    return [
        (figure.path, format_range(figure.value, figure.unit, digits=style.digits), "derived", "", figure.rule, "")
        for figure in balance_figures(entry)
    ]
