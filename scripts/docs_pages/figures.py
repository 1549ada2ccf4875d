"""The page of labels and figures that catalog entries may hold."""

from __future__ import annotations

from computecalc.catalog.attributes import ANY_UNIT, KINDS, Attribute, Kind, Label
from docs_pages.markdown import page, table
from docs_pages.shapes import shapes_section

__all__ = ["figures_page"]

_INTRODUCTION = """\
What an entry of each kind may state, by dotted path; [the catalog format](../catalog-format.md) shows how files
write it. Besides these every entry has a `name`, and may have `aliases`, `provenance` and `notes`."""


def figures_page() -> str:
    """Return the page."""
    kinds = (_kind(kind) for kind in KINDS.values())
    return page("Labels and figures of the catalog", _INTRODUCTION, *kinds, shapes_section())


def _kind(kind: Kind) -> str:
    labels = [
        (path, _label_form(label), _demand(label.required), label.description) for path, label in kind.labels.items()
    ]
    figures = [
        (path, _unit(figure), _demand(figure.required), f"{figure.description}{_limits(figure)}")
        for path, figure in kind.figures.items()
    ]
    parts = [f"## {kind.name}", "", f"Folder `{kind.folder}/`."]
    if kind.at_least_one:
        parts.append(f"At least one figure below `{kind.at_least_one}` must be stated.")
    if labels:
        parts += ["", table(("label", "form", "", "meaning"), labels)]
    parts += ["", table(("figure", "unit", "", "meaning"), figures)]
    return "\n".join(parts)


def _demand(required: bool) -> str:
    return "required" if required else ""


def _label_form(label: Label) -> str:
    if label.allowed:
        return " | ".join(label.allowed)
    if label.date:
        return "date"
    return "list of words" if label.several else "text"


def _unit(figure: Attribute) -> str:
    return "any" if figure.unit == ANY_UNIT else figure.fact_unit


def _limits(figure: Attribute) -> str:
    words = []
    if figure.minimum:
        words.append(f"at least {figure.minimum:g}")
    if figure.maximum is not None:
        words.append(f"at most {figure.maximum:g}")
    if not figure.ranged:
        words.append("no range")
    return f" {', '.join(words).capitalize()}." if words else ""
