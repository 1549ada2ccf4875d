"""The model of a scenario: a catalog entry, a configuration, a cut of either, or an inline description."""

from __future__ import annotations

from dataclasses import replace

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.lookup import Catalog
from computecalc.catalog.shorthand import ModelCut, ModelShorthand, cut
from computecalc.errors import Diagnostic, ScenarioError, Span, UsageError
from computecalc.estimators.input_units import input_unit
from computecalc.estimators.inputs import Choice, Origin, ResolvedInput
from computecalc.estimators.shapes import shape_numbers
from computecalc.records import record
from computecalc.scenario.origins import defaulted, figure_origin, stated_origin
from computecalc.scenario.question import COMPUTE_OPTIMAL
from computecalc.scenario.schema import CoarseModel, CutModel, OptimalModel
from computecalc.units.ranges import Range

__all__ = ["ResolvedModel", "is_configuration", "resolve_model"]

DEFAULT_LAW = "epoch2024"
"""The law that is taken then: fitted to the same runs as its predecessor, but to the end."""

_LOSS = ("irreducible", "parameter_term", "token_term", "parameter_exponent", "token_exponent")
_ALLOCATION = {"reference_compute": "compute", "reference_parameters": "parameters", "exponent": "exponent"}


@record
class ResolvedModel:
    """A model with its numbers and where they came from."""

    label: str
    architecture: Architecture | None
    inputs: dict[str, ResolvedInput]
    origin: Origin
    entry: ModelEntry | None
    """Catalog entry behind it, if any: its published training tokens and sequence length."""
    law: Choice | None = None
    """The scaling law that finds the model, if one does."""

    @property
    def structure(self) -> str:
        """``moe`` for a mixture of experts, else ``dense``; priors are kept by it."""
        if self.law is not None:
            return "dense"  # the laws were fitted on dense models
        if self.architecture is None:
            total, active = (self.inputs[f"model.{name}"].range.mid for name in ("parameters", "active_parameters"))
            return "moe" if active < total else "dense"
        return "moe" if any(shape.type == "moe" for shape in self.architecture.feed_forwards.values()) else "dense"


def is_configuration(name: str) -> bool:
    """Whether what stands for a model is the path of a ``config.json`` rather than an id of the catalog."""
    return name.casefold().endswith(".json")


def resolve_model(
    field: str | CutModel | ModelShorthand | CoarseModel | OptimalModel | Architecture, catalog: Catalog, span: Span
) -> ResolvedModel:
    """Find the numbers of a model.

    Raises
    ------
    CatalogError
        CC501 for an unknown id.
    ScenarioError
        CC303 for a cut that the base does not allow, more active parameters than there are, or a configuration
        outside the folder of the scenario; what is wrong with a configuration.
    UsageError
        CC103 for a configuration that cannot be read.
    """
    match field:
        case str():
            return _named(field, catalog, span)
        case OptimalModel():
            return _optimal(field.compute_optimal, stated_origin(span), catalog, span)
        case CutModel():
            return _cut(field, catalog, span)
        case CoarseModel():
            return _coarse(field, span)
        case ModelShorthand():
            return _inline(field.architecture(), span)
        case Architecture():
            return _inline(field, span)


def _named(name: str, catalog: Catalog, span: Span) -> ResolvedModel:
    if name == COMPUTE_OPTIMAL:
        origin = defaulted(f"no scaling law is stated: {DEFAULT_LAW}")
        return _optimal(DEFAULT_LAW, origin, catalog, span)
    return (
        _from_file(name, span)
        if is_configuration(name)
        else _from_entry(catalog.find("model", name, span=span), catalog)
    )


def _optimal(name: str, origin: Origin, catalog: Catalog, span: Span) -> ResolvedModel:
    """Take the constants of a scaling law; those of a fit of loss in their middle, because they hang together."""
    entry = catalog.find("scaling-law", name, span=span)
    figures = {key: f"loss.{key}" for key in _LOSS}
    if entry.get("loss.irreducible") is None:
        figures = {key: f"allocation.{figure}" for key, figure in _ALLOCATION.items()}
    inputs = {}
    for key, figure in figures.items():
        fact = entry.fact(figure)
        value = Range.exact(fact.value.mid) if key in _LOSS else fact.value
        inputs[f"scaling.{key}"] = _input(f"scaling.{key}", value, figure_origin(entry, figure, fact))
    deviation = entry.get("ratio.deviation")
    if deviation is not None:
        shift = figure_origin(entry, "ratio.deviation", deviation)
        inputs["scaling.deviation"] = _input("scaling.deviation", deviation.value, shift)
    law = Choice("model.law", entry.id, origin)
    return ResolvedModel(COMPUTE_OPTIMAL, None, inputs, stated_origin(span), None, law)


def _from_file(name: str, span: Span) -> ResolvedModel:
    # Imported here: most scenarios name a model of the catalog.
    from computecalc.catalog.importers.huggingface import load_config
    from computecalc.scenario.paths import named_path

    try:
        model = load_config(named_path(name, span, flag="--set model=PATH"))
    except UsageError as error:
        raise UsageError(*(replace(each, span=each.span or span) for each in error.diagnostics)) from error
    stated = stated_origin(span)
    note = " ".join(model.notes)
    text = f"{stated.text}, config.json of model_type {model.model_type}"
    origin = replace(stated, text=text, source=f"{name}, model_type {model.model_type}", note=note)
    return ResolvedModel(name, model.architecture, _shape_inputs(model.architecture, origin), origin, None)


def _from_entry(entry: ModelEntry, catalog: Catalog) -> ResolvedModel:
    known = catalog.remembered.get(("model", entry.id))
    if not isinstance(known, ResolvedModel):
        # Scenarios of one file take the same few models.
        known = catalog.remembered["model", entry.id] = _resolved_entry(entry)
    return known


def _resolved_entry(entry: ModelEntry) -> ResolvedModel:
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
    base = _named(field.base, catalog, span)
    if base.architecture is None:
        raise ScenarioError(
            Diagnostic("CC303", f"{base.label} is known by its parameter counts alone and cannot be cut", span=span)
        )
    changes = field.model_dump(exclude={"base"}, exclude_none=True)
    architecture = cut(base.architecture, ModelCut.model_validate(changes), span=span)
    changed = shape_numbers(base.architecture)
    stated = stated_origin(span)
    inputs = {
        path: _input(path, Range.exact(value), base.origin if changed.get(path) == value else stated)
        for path, value in shape_numbers(architecture).items()
    }
    said = ", ".join(f"{key} {value}" for key, value in changes.items())
    label = f"{base.label} cut to {said}" if said else base.label
    return ResolvedModel(label, architecture, inputs, base.origin, base.entry)


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
        works=tuple((source.title, source.reference) for source in provenance.sources),
    )
