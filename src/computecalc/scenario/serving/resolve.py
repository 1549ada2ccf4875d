"""From a merged scenario of kind infer and the catalog to resolved inputs."""

from __future__ import annotations

from datetime import date

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, EstimateError, ScenarioError
from computecalc.estimators.inference.inputs import SERVING_INPUTS
from computecalc.estimators.inference.recipe import unserved
from computecalc.estimators.input_units import INPUTS
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.shapes import model_shape, shape_numbers
from computecalc.records import changed, record
from computecalc.scenario.collector import Collector
from computecalc.scenario.context import in_context, kept
from computecalc.scenario.embodied import resolve_embodied
from computecalc.scenario.files import RawScenario
from computecalc.scenario.footprint import resolve_site
from computecalc.scenario.models import ResolvedModel, resolve_model
from computecalc.scenario.overlooked import unknown_names
from computecalc.scenario.serving.bill import resolve_service_money, resolve_service_power
from computecalc.scenario.serving.planning import resolve_plan
from computecalc.scenario.serving.replica import ResolvedReplica, resolve_replica, resolve_speed
from computecalc.scenario.serving.resolved import resolved_so_far
from computecalc.scenario.serving.schema import InferScenario, NamedInferScenario
from computecalc.scenario.serving.speculation import resolve_speculation
from computecalc.scenario.serving.traffic import resolve_traffic, traffic_problems
from computecalc.yamlio.nodes import child, locate
from computecalc.yamlio.validation import validate

__all__ = ["CollectedService", "collect_service", "resolve_service"]

_UNITS = INPUTS | SERVING_INPUTS

_TELLING = 30
"""Measured rows of a generation from which on its predictions count as validated."""


def resolve_service(raw: RawScenario, catalog: Catalog, *, today: date) -> Resolved:
    """Resolve a scenario of kind infer.

    Parameters
    ----------
    raw : RawScenario
        The merged scenario.
    catalog : Catalog
        Where ids and missing figures are looked up.
    today : date
        The day against which the age of prices is judged.

    Raises
    ------
    ScenarioError
        With every problem that was found, in one pass.
    """
    collected = collect_service(raw, catalog, today=today)
    collector, scenario, model, draft = collected.collector, collected.scenario, collected.model, collected.draft
    try:
        resolve_plan(collector, scenario, model, draft)
    except ScenarioError as error:
        raise ScenarioError(*in_context(error.diagnostics, raw)) from error
    except EstimateError as error:
        raise EstimateError(*in_context(error.diagnostics, raw)) from error
    collector.diagnostics += collected.notes(raw)
    return changed(resolved_so_far(collector, model, draft), name=raw.name, source=raw.span)


@record
class CollectedService:
    """A service but for its plan: layout, batch and replicas."""

    collector: Collector
    scenario: InferScenario
    model: ResolvedModel
    draft: Architecture | None
    """What drafts tokens, where its layers are counted."""
    replica: ResolvedReplica

    def notes(self, raw: RawScenario) -> list[Diagnostic]:
        """Say where nothing was measured, and what is stated in vain."""
        return [*raw.notes, *_remarks(self.collector, self.scenario, self.replica)]


def collect_service(raw: RawScenario, catalog: Catalog, *, today: date) -> CollectedService:
    """Take all that a scenario of kind infer states but its plan; `resolve_service` describes the parameters.

    Raises
    ------
    ScenarioError
        With every problem that was found, in one pass.
    """
    collector = Collector(raw.node, catalog, units=_UNITS)
    try:
        scenario = validate(_form(raw), raw.node)
    except ScenarioError as error:
        found = [*error.diagnostics, *unknown_names(raw.node, catalog), *traffic_problems(collector)]
        raise ScenarioError(*in_context(found, raw)) from error
    errors: list[Diagnostic] = []
    model: ResolvedModel | None = None
    with kept(errors):
        model = _model(collector, scenario)
    with kept(errors):
        resolve_site(collector, scenario.site)
    with kept(errors):
        resolve_traffic(collector, scenario)
    with kept(errors):
        replica = resolve_replica(collector, scenario)
    if errors or model is None:
        raise ScenarioError(*in_context(errors, raw))
    draft: Architecture | None = None
    with kept(errors):
        resolve_speed(collector, scenario, replica, model.structure)
        if scenario.serving.calibration is not None:
            # Imported here: most services are not measured.
            from computecalc.scenario.serving.calibration import calibrate

            calibrate(collector, scenario, model, lambda row: resolve_service(row, catalog, today=today))
    with kept(errors):
        draft = resolve_speculation(collector, scenario.serving.speculative, model)
    with kept(errors):
        resolve_service_power(collector, scenario, replica)
    with kept(errors):
        resolve_embodied(collector, scenario.embodied, replica.accelerator)
    with kept(errors):
        resolve_service_money(collector, scenario, replica, today)
    if errors:
        raise ScenarioError(*in_context(errors, raw))
    return CollectedService(collector, scenario, model, draft, replica)


def _remarks(collector: Collector, scenario: InferScenario, replica: ResolvedReplica) -> list[Diagnostic]:
    """Say where nothing was measured, and what is stated in vain."""
    found = []
    if scenario.serving.calibration is None:
        found += _unvalidated(collector, replica)
    if scenario.money.commitment == "spot":
        message = "the price is of spot instances, but replicas that are taken away are not counted"
        place = collector.place("money.commitment")
        hint = "state serving.spare for them"
        found.append(Diagnostic("CC646", message, severity="note", span=place, hint=hint))
    unused = [] if "site.electricity_price" in collector.inputs else ["site.electricity_price"]
    unused = [key for key in unused if collector.is_stated(key)]
    if scenario.traffic.rate is None and scenario.traffic.tokens is None and scenario.traffic.users is None:
        keys = ["traffic.peak_to_mean", "serving.spare", "serving.prefill.spare"]
        if scenario.serving.prefill is None:
            keys.append("serving.utilization")  # else prompts wait by it
        unused += [key for key in keys if collector.is_stated(key)]
    if scenario.traffic.output.mean.high <= 0.0:
        unused += [key for key in ("targets.tpot", "serving.speculative") if collector.is_stated(key)]
    if unused:
        message = f"stated, but the estimate does not depend on it: {', '.join(unused)}"
        found.append(Diagnostic("CC606", message, severity="note", span=collector.place(unused[0])))
    return found


def _unvalidated(collector: Collector, replica: ResolvedReplica) -> list[Diagnostic]:
    """Say that nothing, or next to nothing, was measured on the kind of an accelerator."""
    generation, catalog = replica.accelerator.labels.get("generation", ""), collector.catalog
    entries = [row.id for row in catalog.prior_rows("serving.measured_rows") if row.labels["generation"] == generation]
    count = catalog.find("prior", entries[0]).fact("value").value.mid if entries else 0.0
    if count >= _TELLING:
        return []
    message = f"serving on {replica.accelerator.id} is unvalidated: nothing measured on its kind was compared"
    if count:
        what = "one measured row" if count == 1.0 else f"{count:.0f} measured rows"
        message = f"serving on {replica.accelerator.id} is hardly validated: {what} of its kind in all"
    hint = "the ranges are those of other accelerators; measure on it and name the table with --calibrate"
    place = collector.place("serving.accelerator")
    return [Diagnostic("CC616", message, severity="note", span=place, hint=hint)]


def _form(raw: RawScenario) -> type[InferScenario]:
    model = child(raw.node, "model")
    return NamedInferScenario if isinstance(getattr(model, "value", None), str) else InferScenario


def _model(collector: Collector, scenario: InferScenario) -> ResolvedModel:
    """Find the model, and refuse one that cannot be served.

    Raises
    ------
    CatalogError
        CC501 for an unknown id.
    ScenarioError
        CC303 for a model known by its counts alone, or one that does not write token by token.
    """
    place = locate(collector.node, ["model"])
    model = resolve_model(scenario.model, collector.catalog, place)
    architecture = model.architecture
    if architecture is None:
        message = f"{model.label} is known by its counts alone, which do not say what a step reads and computes"
        hint = "describe it by its layers, such as {hidden: 8192, layers: 80, heads: 64, kv_heads: 8, ffn: 28672, ...}"
        raise ScenarioError(Diagnostic("CC303", message, span=place, hint=hint))
    # Held beside the model that it is said of, so that no other can take its place in memory.
    _, reason = collector.remember(("unserved", id(architecture)), lambda: (architecture, _why_unserved(architecture)))
    if reason is not None:
        message = f"{model.label} is not served token by token: {reason}"
        hint = "this version estimates decoders; state one of them"
        raise ScenarioError(Diagnostic("CC303", message, span=place, hint=hint))
    collector.inputs.update(model.inputs)
    collector.choose("model", model.label, model.origin)
    return model


def _why_unserved(architecture: Architecture) -> str | None:
    return unserved(model_shape(architecture, shape_numbers(architecture).__getitem__))
