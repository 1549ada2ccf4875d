"""The model of a scenario: a catalog entry, a cut of one, or an inline description."""

from __future__ import annotations

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.lookup import Catalog
from computecalc.catalog.shorthand import ModelCut, ModelShorthand, cut
from computecalc.errors import Diagnostic, ScenarioError, Span
from computecalc.estimators.inputs import Origin, ResolvedInput, input_unit
from computecalc.estimators.shapes import shape_numbers
from computecalc.records import record
from computecalc.scenario.origins import figure_origin, stated_origin
from computecalc.scenario.schema import CoarseModel, CutModel
from computecalc.units.ranges import Range

__all__ = ["ResolvedModel", "resolve_model"]


@record
class ResolvedModel:
    """A model with its numbers and where they came from."""

    label: str
    architecture: Architecture | None
    inputs: dict[str, ResolvedInput]
    origin: Origin
    entry: ModelEntry | None
    """Catalog entry behind it, if any: its published training tokens and sequence length."""

    @property
    def structure(self) -> str:
        """``moe`` for a mixture of experts, else ``dense``; priors are kept by it."""
        if self.architecture is None:
            total, active = (self.inputs[f"model.{name}"].range.mid for name in ("parameters", "active_parameters"))
            return "moe" if active < total else "dense"
        return "moe" if any(shape.type == "moe" for shape in self.architecture.feed_forwards.values()) else "dense"


def resolve_model(
    field: str | CutModel | ModelShorthand | CoarseModel | Architecture, catalog: Catalog, span: Span
) -> ResolvedModel:
    """Find the numbers of a model.

    Raises
    ------
    CatalogError
        CC501 for an unknown id.
    ScenarioError
        CC303 for a cut that the base does not allow, or more active parameters than there are.
    """
    match field:
        case str():
            return _from_entry(catalog.find("model", field, span=span))
        case CutModel():
            return _cut(field, catalog, span)
        case CoarseModel():
            return _coarse(field, span)
        case ModelShorthand():
            return _inline(field.architecture(), span)
        case Architecture():
            return _inline(field, span)


def _from_entry(entry: ModelEntry) -> ResolvedModel:
    architecture = entry.architecture
    if architecture is not None:
        origin = _entry_origin(entry)
        return ResolvedModel(entry.id, architecture, _shape_inputs(architecture, origin), origin, entry)
    inputs = {}
    for name in ("parameters", "active_parameters"):
        fact = entry.get(name) or entry.fact("parameters")
        path = f"model.{name}"
        inputs[path] = _input(path, fact.value, figure_origin(entry, name, fact))
    return ResolvedModel(entry.id, None, inputs, inputs["model.parameters"].origin, entry)


def _cut(field: CutModel, catalog: Catalog, span: Span) -> ResolvedModel:
    entry = catalog.find("model", field.base, span=span)
    if entry.architecture is None:
        raise ScenarioError(
            Diagnostic("CC303", f"{entry.id} is known by its parameter counts alone and cannot be cut", span=span)
        )
    changes = field.model_dump(exclude={"base"}, exclude_none=True)
    architecture = cut(entry.architecture, ModelCut.model_validate(changes), span=span)
    origin = _entry_origin(entry)
    changed = shape_numbers(entry.architecture)
    stated = stated_origin(span)
    inputs = {
        path: _input(path, Range.exact(value), origin if changed.get(path) == value else stated)
        for path, value in shape_numbers(architecture).items()
    }
    said = ", ".join(f"{key} {value}" for key, value in changes.items())
    return ResolvedModel(f"{entry.id} cut to {said}" if said else entry.id, architecture, inputs, origin, entry)


def _coarse(field: CoarseModel, span: Span) -> ResolvedModel:
    origin = stated_origin(span)
    active = field.active_parameters or field.parameters
    if active.high > field.parameters.low and active is not field.parameters:
        message = "the active parameters can be more than all parameters"
        hint = "active_parameters counts what one token uses; state a range that stays below parameters"
        raise ScenarioError(Diagnostic("CC303", message, span=span, hint=hint))
    inputs = {
        "model.parameters": _input("model.parameters", field.parameters, origin),
        "model.active_parameters": _input("model.active_parameters", active, origin),
    }
    return ResolvedModel("inline counts", None, inputs, origin, None)


def _inline(architecture: Architecture, span: Span) -> ResolvedModel:
    origin = stated_origin(span)
    return ResolvedModel("inline", architecture, _shape_inputs(architecture, origin), origin, None)


def _shape_inputs(architecture: Architecture, origin: Origin) -> dict[str, ResolvedInput]:
    return {path: _input(path, Range.exact(value), origin) for path, value in shape_numbers(architecture).items()}


def _input(path: str, value: Range, origin: Origin) -> ResolvedInput:
    unit = input_unit(path)
    return ResolvedInput(path, value, unit.unit, origin, formula_unit=unit.formula_unit)


def _entry_origin(entry: Entry) -> Origin:
    provenance = entry.provenance
    return Origin(
        "catalog",
        f"{entry.kind} {entry.id}",
        entry.span,
        entry=f"{entry.kind}/{entry.id} architecture",
        source="; ".join(source.title for source in provenance.sources),
        certainty=provenance.kind or "",
        as_of=provenance.as_of or (provenance.sources[0].as_of if provenance.sources else ""),
    )
