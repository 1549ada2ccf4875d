"""From a merged scenario and the catalog to resolved inputs: every value found, with its origin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from computecalc.catalog.lookup import Catalog
from computecalc.catalog.provenance import Fact
from computecalc.errors import Diagnostic, ScenarioError, did_you_mean
from computecalc.estimators.inputs import Resolved
from computecalc.records import changed
from computecalc.scenario.cluster import ResolvedCluster, resolve_cluster
from computecalc.scenario.collector import Collector
from computecalc.scenario.context import in_context, kept
from computecalc.scenario.efficiency import resolve_efficiency
from computecalc.scenario.embodied import resolve_embodied
from computecalc.scenario.files import RawScenario, named_tables, stated_plainly
from computecalc.scenario.footprint import resolve_money, resolve_site
from computecalc.scenario.layout import resolve_layout
from computecalc.scenario.models import ResolvedModel, resolve_model
from computecalc.scenario.origins import defaulted
from computecalc.scenario.overlooked import open_keys, unknown_names, unused_keys
from computecalc.scenario.power import resolve_power
from computecalc.scenario.question import question_problems, sizing_keys
from computecalc.scenario.regulation import resolve_regulation
from computecalc.scenario.reliability import resolve_reliability
from computecalc.scenario.schema import NamedTrainScenario, TrainScenario
from computecalc.scenario.searching import with_layout
from computecalc.scenario.tasks import resolve_task
from computecalc.units.display import format_range
from computecalc.units.ranges import Range
from computecalc.yamlio.nodes import child, get, locate
from computecalc.yamlio.validation import validate

if TYPE_CHECKING:
    from computecalc.estimators.thresholds import Threshold

__all__ = ["resolve"]

_KINDS = ("train", "infer", "campus", "silicon")

FALLBACK_SEQUENCE_LENGTH = 4096.0
"""Sequence length where neither the scenario nor the catalog states one. [token]"""


def resolve(raw: RawScenario, catalog: Catalog, *, today: date, has_open_layout: bool = False) -> Resolved:
    """Resolve a scenario.

    Parameters
    ----------
    raw : RawScenario
        The merged scenario.
    catalog : Catalog
        Where ids and missing figures are looked up.
    today : date
        The day against which the age of prices is judged.
    has_open_layout : bool
        Whether the caller searches what is not stated of the layout, and predicts the MFU even where it is stated.

    Raises
    ------
    ScenarioError
        With every problem that was found, in one pass.
    EstimateError
        CC608, when a layout is to be searched and none fits.
    """
    if raw.errors:
        raise ScenarioError(*in_context(raw.errors, raw))
    found = _of_its_kind(raw, catalog, today, has_open_layout=has_open_layout)
    found = changed(found, stated=stated_plainly(raw), files=named_tables(raw))
    if not any(key in raw.node.entries for key in ("uncertainty", "overrides")):
        return found
    # Imported here: few scenarios state these.
    from computecalc.scenario.reckoning import with_reckoning

    return with_reckoning(found, raw, has_open_layout=has_open_layout)


def _of_its_kind(raw: RawScenario, catalog: Catalog, today: date, *, has_open_layout: bool) -> Resolved:
    # Imported here: a training run needs nothing of the other kinds.
    match _kind(raw):
        case "infer":
            from computecalc.scenario.serving.resolve import resolve_service

            return resolve_service(raw, catalog, today=today)
        case "campus":
            from computecalc.scenario.campus import resolve_campus

            return resolve_campus(raw, catalog)
        case "silicon":
            from computecalc.scenario.own_chip import resolve_chip

            return resolve_chip(raw, catalog)
    return _resolve_training(raw, catalog, today, has_open_layout=has_open_layout)


def _kind(raw: RawScenario) -> str:
    """Return the kind of a scenario; one without is taken for training, whose form then tells that it is missing.

    Raises
    ------
    ScenarioError
        CC306 for a kind that there is none of.
    """
    kind = child(raw.node, "kind")
    value = getattr(kind, "value", None)
    if kind is None or not isinstance(value, str) or value in _KINDS:
        return str(value)
    near = did_you_mean(value, _KINDS)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_KINDS)}"
    wrong = Diagnostic("CC306", f"there is no kind of scenario called {value!r}", span=kind.span, hint=hint)
    raise ScenarioError(*in_context([wrong], raw))


def _resolve_training(raw: RawScenario, catalog: Catalog, today: date, *, has_open_layout: bool) -> Resolved:
    """Resolve a scenario of kind train."""
    collector = Collector(raw.node, catalog)
    try:
        scenario = validate(_form(raw), raw.node)
    except ScenarioError as error:
        # What is wrong beside the form is told in the same pass.
        found = [*error.diagnostics, *unknown_names(raw.node, catalog), *question_problems(collector)]
        raise ScenarioError(*in_context(found, raw)) from error
    errors: list[Diagnostic] = []
    model: ResolvedModel | None = None
    with kept(errors):
        model = resolve_model(scenario.model, catalog, locate(raw.node, ["model"]))
    with kept(errors):
        resolve_site(collector, scenario.site)
    with kept(errors):
        cluster = resolve_cluster(collector, scenario)
    if model is not None:
        collector.inputs.update(model.inputs)
        collector.choose("model", model.label, model.origin)
        if model.law is not None:
            collector.choose(model.law.path, model.law.value, model.law.origin)
        with kept(errors):
            resolve_task(collector, scenario, model)
        with kept(errors):
            _resolve_data(collector, scenario, model)
    if errors or model is None:
        raise ScenarioError(*in_context(errors, raw))
    waits = False
    with kept(errors):
        waits = resolve_layout(collector, scenario, model, cluster.accelerator, is_open=has_open_layout)
    resolve_efficiency(collector, scenario, cluster, model, is_open=has_open_layout)
    resolve_reliability(collector, scenario, cluster)
    _resolve_hardware(collector, scenario, cluster, errors)
    with kept(errors):
        resolve_money(collector, scenario, cluster, today)
    with kept(errors):
        _resolve_bill(collector, scenario, cluster)
    thresholds: tuple[Threshold, ...] = ()
    with kept(errors):
        thresholds = resolve_regulation(collector, scenario)
    if errors:
        raise ScenarioError(*in_context(errors, raw))
    collector.diagnostics += [*raw.notes, *unused_keys(collector), *(open_keys(collector) if has_open_layout else ())]
    resolved = _taken(raw, collector, model, thresholds)
    return with_layout(resolved) if waits and not has_open_layout else resolved


def _taken(raw: RawScenario, collector: Collector, model: ResolvedModel, thresholds: tuple[Threshold, ...]) -> Resolved:
    return Resolved(
        name=raw.name,
        kind="train",
        architecture=model.architecture,
        model_origin=model.origin,
        inputs=collector.inputs,
        choices=collector.choices,
        source=raw.span,
        diagnostics=tuple(collector.diagnostics),
        unknown=collector.unknown,
        thresholds=thresholds,
    )


def _resolve_hardware(
    collector: Collector, scenario: TrainScenario, cluster: ResolvedCluster, errors: list[Diagnostic]
) -> None:
    with kept(errors):
        resolve_power(collector, scenario, cluster)
    with kept(errors):
        resolve_embodied(collector, scenario.embodied, cluster.accelerator)


def _resolve_bill(collector: Collector, scenario: TrainScenario, cluster: ResolvedCluster) -> None:
    """Take what is paid besides rent, where anything is."""
    owned, programme = scenario.money.ownership, scenario.programme
    if owned is None and programme is None:
        return
    # Imported here: a run that is rented needs nothing of it.
    from computecalc.scenario.bill import resolve_bill

    resolve_bill(collector, owned, programme, cluster.accelerator, scenario.site)


def _form(raw: RawScenario) -> type[TrainScenario]:
    is_named = isinstance(getattr(child(raw.node, "model"), "value", None), str)
    if get(raw.node, ("money", "ownership")) is None and child(raw.node, "programme") is None:
        return NamedTrainScenario if is_named else TrainScenario
    # Imported here: a run that is rented needs nothing of it.
    from computecalc.scenario.money_schema import NamedPaidTrainScenario, PaidTrainScenario

    return NamedPaidTrainScenario if is_named else PaidTrainScenario


def _resolve_data(collector: Collector, scenario: TrainScenario, model: ResolvedModel) -> None:
    data = scenario.data
    _resolve_tokens(collector, scenario, model)
    length = model.entry.get("training.sequence_length") if model.entry else None
    if data.sequence_length is not None:
        collector.stated("data.sequence_length", data.sequence_length)
    elif length is not None and model.entry is not None:
        collector.figure("data.sequence_length", model.entry, "training.sequence_length")
    else:
        fallback = defaulted("no sequence length is stated or published: 4096 tokens")
        collector.found("data.sequence_length", Range.exact(FALLBACK_SEQUENCE_LENGTH), fallback)
    _resolve_batch(collector, scenario)


def _resolve_tokens(collector: Collector, scenario: TrainScenario, model: ResolvedModel) -> None:
    """Take the tokens that are stated, leave them to be solved, or take the catalog's count."""
    data = scenario.data
    # The catalog counts the tokens of pre-training, which say nothing of a fine-tuning run.
    is_pretraining = scenario.task == "pretrain"
    tokens = model.entry.get("training.tokens") if model.entry and is_pretraining else None
    solved_from = [key for key in sizing_keys(collector) if key != "data.tokens"]
    if data.tokens is not None:
        collector.stated("data.tokens", data.tokens)
    elif solved_from:
        if data.compute is not None:
            collector.stated("data.compute", data.compute)
        if tokens is not None and model.entry is not None:
            collector.diagnostics.append(_not_used(collector, model.entry.id, tokens, solved_from))
    elif model.law is not None:
        return  # what it lacks is told where the question is looked at
    elif tokens is not None and model.entry is not None:
        collector.figure("data.tokens", model.entry, "training.tokens")
    else:
        raise ScenarioError(
            Diagnostic(
                "CC302",
                "the key `data.tokens` is missing, and the catalog knows no token count of this model"
                if is_pretraining
                else f"the key `data.tokens` is missing, which task {scenario.task} needs",
                span=collector.place("data"),
                hint="state it: --tokens '15T tokens', or tokens: 15T tokens below data",
            )
        )


def _not_used(collector: Collector, model: str, tokens: Fact, solved_from: Sequence[str]) -> Diagnostic:
    """Say that the tokens of the catalog were set aside for a solution."""
    published = format_range(tokens.value, "token", digits=4)
    return Diagnostic(
        "CC607",
        f"the tokens are solved from {' and '.join(solved_from)}; "
        f"the catalog's count for {model} ({published}) is not used",
        severity="note",
        span=collector.place(solved_from[0]),
        hint="state data.tokens in its place to use them",
    )


def _resolve_batch(collector: Collector, scenario: TrainScenario) -> None:
    batch = scenario.data.global_batch
    if batch is None:
        collector.unknown["data.global_batch"] = "no global batch is stated"
        return
    length = collector.inputs["data.sequence_length"].range.mid
    sequences = batch.range if batch.unit == "sequence" else batch.range.map(lambda tokens: tokens / length)
    if sequences.low < 1.0:
        place = collector.place("data.global_batch")
        message = f"the batch is less than one sequence of {length:.0f} tokens"
        hint = "a batch is a number of sequences (2048) or of tokens (16M tokens)"
        raise ScenarioError(Diagnostic("CC405", message, span=place, hint=hint))
    collector.stated("data.global_batch", sequences)
