"""The configurations of a service that `computecalc optimize` goes over: one space an accelerator and number format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, EstimateError, ScenarioError
from computecalc.estimators.inference.planning import Question, ReplicaLayout
from computecalc.estimators.inference.searching import DEGREES
from computecalc.estimators.inference.service import ServiceInputs
from computecalc.records import changed, record
from computecalc.scenario.context import in_context
from computecalc.scenario.files import RawScenario
from computecalc.scenario.serving.planning import open_plan
from computecalc.scenario.serving.prefill import check_prompt_room
from computecalc.scenario.serving.resolve import CollectedService, collect_service
from computecalc.scenario.serving.search_space import searched_layouts, searched_precisions
from computecalc.yamlio.nodes import MappingNode, Node, from_flag, mapping_from_paths, merge

__all__ = ["ServiceScope", "Space", "search_notes", "service_spaces", "spanned"]

_PRECISION = "serving.precision"


@record
class ServiceScope:
    """What a search goes over beside what the scenario states."""

    accelerators: tuple[Node, ...] = ()
    """Catalog ids as the user wrote them; empty: the scenario's own."""
    precisions: tuple[Node, ...] = ()
    """Number formats; empty: the scenario's own, or those that each accelerator multiplies as they are."""


@record
class Space:
    """What one accelerator and number format leave open."""

    accelerator: str
    precision: str
    service: ServiceInputs
    """The workload at the middle of its ranges; layout and batch are open."""
    layouts: tuple[ReplicaLayout, ...]
    question: Question
    is_closed_loop: bool
    diagnostics: tuple[Diagnostic, ...]
    stated: frozenset[str]
    """Keys below `serving` that the scenario states."""


def service_spaces(raw: RawScenario, catalog: Catalog, scope: ServiceScope, *, today: date) -> list[Space]:
    """Open a scenario of kind infer for a search.

    Parameters
    ----------
    raw : RawScenario
        The merged scenario.
    catalog : Catalog
        Where figures come from.
    scope : ServiceScope
        Accelerators and number formats.
    today : date
        The day against which the age of prices is judged.

    Raises
    ------
    ScenarioError
        When the scenario is wrong.
    EstimateError
        CC614 where the accelerators that are stated for prompts have room for none, whichever they are.
    """
    if raw.errors:
        raise ScenarioError(*in_context(raw.errors, raw))
    spaces: list[Space] = []
    roomless: list[Diagnostic] = []
    for accelerator in scope.accelerators or (None,):
        on_it = _laid(raw, "serving.accelerator", accelerator)
        first = collect_service(on_it, catalog, today=today)
        precisions = scope.precisions or _open_precisions(first)
        for precision in precisions:
            with_it = _laid(on_it, _PRECISION, precision)
            collected = first if precision is None else collect_service(with_it, catalog, today=today)
            space = _space(with_it, collected)
            is_open = precision is not None and not scope.precisions
            found = _without_prompts(collected, space)
            if found is None:
                spaces.append(changed(space, stated=space.stated - {"precision"}) if is_open else space)
            else:
                roomless.append(found)
    if not spaces:
        raise EstimateError(*in_context(roomless, raw))
    return [changed(spaces[0], diagnostics=(*spaces[0].diagnostics, *map(_as_note, roomless))), *spaces[1:]]


def _without_prompts(collected: CollectedService, space: Space) -> Diagnostic | None:
    """Say that the accelerators stated for prompts have room for none; those that are not stated are as the others."""
    if "serving.prefill.tensor" not in collected.collector.inputs:
        return None
    try:
        check_prompt_room(collected.collector, collected.scenario, lambda: space.service)
    except EstimateError as error:
        (found,) = error.diagnostics
        return changed(found, message=f"{space.accelerator} in {space.precision}: {found.message}")
    return None


def _as_note(diagnostic: Diagnostic) -> Diagnostic:
    return changed(diagnostic, severity="note", message=f"left out: {diagnostic.message}")


def _laid(raw: RawScenario, path: str, value: Node | None) -> RawScenario:
    if value is None:
        return raw
    node = merge(raw.node, mapping_from_paths({path: value}))
    return replace(raw, node=node) if isinstance(node, MappingNode) else raw


def _open_precisions(collected: CollectedService) -> Sequence[Node | None]:
    """Return the formats to search; None stands for what the scenario states."""
    if collected.scenario.serving.precision is not None:
        return (None,)
    names = searched_precisions(collected.replica.accelerator)
    return tuple(from_flag(_PRECISION, name, resolve=False) for name in names) or (None,)


def _space(raw: RawScenario, collected: CollectedService) -> Space:
    collector, scenario, model = collected.collector, collected.scenario, collected.model
    serving = scenario.serving
    try:
        layouts = searched_layouts(collector, serving, model)
        service, question = open_plan(collector, scenario, model, collected.draft, layouts[0])
    except ScenarioError as error:
        raise ScenarioError(*in_context(error.diagnostics, raw)) from error
    stated = {key for key in (*DEGREES, "batch", "per_replica", "precision") if getattr(serving, key) is not None}
    return Space(
        accelerator=collected.replica.accelerator.id,
        precision=collected.replica.precision.id,
        service=service,
        layouts=tuple(layouts),
        question=question,
        is_closed_loop=scenario.traffic.concurrency is not None,
        diagnostics=(*collector.diagnostics, *collected.notes(raw)),
        stated=frozenset(stated),
    )


def spanned(spaces: Sequence[Space]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is searched and what is held, each key with its values in words."""
    values: dict[str, list[str]] = {
        "accelerator": [space.accelerator for space in spaces],
        "precision": [space.precision for space in spaces],
    }
    for name in DEGREES:
        numbers = sorted({getattr(layout, name) for space in spaces for layout in space.layouts})
        values[name] = [str(number) for number in numbers]
    searched, held = {}, {}
    for name, found in values.items():
        different = list(dict.fromkeys(found))
        if len(different) == 1:
            held[name] = different[0]
        else:
            searched[name] = f"{different[0]} to {different[-1]}" if name in DEGREES else ", ".join(different)
    batch = spaces[0].question.batch
    if batch is None:
        searched["batch"] = "1 to what fits"
    else:
        held["batch"] = f"{batch:.0f}"
    return searched, held


def search_notes(spaces: Sequence[Space]) -> tuple[Diagnostic, ...]:
    """Return what readers of a search must be told, each once."""
    notes = [note for space in spaces for note in space.diagnostics]
    precisions = list(dict.fromkeys(space.precision for space in spaces))
    if len(precisions) > 1 and not any("precision" in space.stated for space in spaces):
        message = f"number formats were searched ({', '.join(precisions)}): those of fewer bits may change the answers"
        hint = "--precision bf16, or serving.precision in a file, holds one"
        notes.append(Diagnostic("CC623", message, severity="note", hint=hint))
    return tuple(dict.fromkeys(notes))
