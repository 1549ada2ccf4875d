"""The candidates of `computecalc optimize`: one scenario over accelerators, counts and all layouts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, EstimateError, ScenarioError, Span
from computecalc.estimators.inputs import Resolved, TrainInputs, train_inputs
from computecalc.estimators.training.automatic import counts_between, fastest
from computecalc.estimators.training.grids import Stated
from computecalc.estimators.training.ranking import Candidate, ranked_runs
from computecalc.estimators.training.search import leading, search
from computecalc.formulas.buffers import usable_memory
from computecalc.records import record
from computecalc.scenario.files import RawScenario
from computecalc.scenario.layout_checks import multiples, product_of
from computecalc.scenario.resolve import resolve
from computecalc.scenario.searching import held_keys, held_text, stated_layout
from computecalc.units.ranges import Range
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, child, get, locate, mapping_from_paths, merge

__all__ = ["Pool", "Scope", "pool"]

_RANKS = ("tensor", "pipeline", "context")
"""Degrees whose product must divide a count."""

_BEYOND = 4
"""Times the least count that meets a deadline, up to which more accelerators are looked at."""


@record
class Scope:
    """What a search goes over."""

    accelerators: tuple[Node, ...] = ()
    """Catalog ids as the user wrote them; empty: the scenario's own."""
    counts: tuple[int, ...] = ()
    """Numbers of accelerators; empty: the scenario's own, or those that meet its deadline."""
    count_range: Range | None = None
    """Ends between which sensible counts are looked at, in place of `counts`."""
    is_thorough: bool = True
    most: int = 10
    """Sets of degrees of each accelerator and count that are estimated as whole runs."""
    has_front: bool = False
    """Whether the front of time and memory is estimated as well."""
    memory: float | None = None
    """What a run may need at its peak, where that is less than an accelerator has. [byte/accelerator]"""


@record
class Pool:
    """Estimated runs, and how many layouts they are out of."""

    candidates: tuple[Candidate, ...]
    considered: int
    fitting: int
    counts: tuple[int, ...]
    deadline: float | None
    """Time that the scenario gives the run. [s]"""
    held: Mapping[str, int | str | bool]
    """What is stated of the layout, by key; all layouts have it."""
    diagnostics: tuple[Diagnostic, ...]


def pool(raw: RawScenario, catalog: Catalog, scope: Scope, *, today: date) -> Pool:
    """Search a scenario, and estimate its best candidates as whole runs.

    Parameters
    ----------
    raw : RawScenario
        The merged scenario; what it states of the layout holds, its MFU is left out of account.
    catalog : Catalog
        Where figures come from.
    scope : Scope
        Accelerators, counts, and how much is looked at.
    today : date
        The day against which the age of prices is judged.

    Raises
    ------
    ScenarioError
        When the scenario is wrong; CC311, when stated degrees divide none of the counts.
    EstimateError
        CC612, when no step time can be predicted or there is none; CC608, when nothing fits.
    """
    kind = getattr(child(raw.node, "kind"), "value", "train")
    if kind in ("campus", "silicon"):
        message = f"{raw.name} is of kind {kind}, which has no layout: nothing of it is searched"
        hint = "`computecalc compare` puts its variants side by side, such as with --over accelerator=A,B"
        if kind == "silicon":
            hint = "`computecalc compare` puts scenarios side by side, and --over varies any path"
        raise EstimateError(Diagnostic("CC612", message, span=_place(raw), hint=hint))
    pools = [_of_one(_with_hardware(raw, scope, node), catalog, scope, today) for node in scope.accelerators or (None,)]
    found = Pool(
        candidates=tuple(candidate for each in pools for candidate in each.candidates),
        considered=sum(each.considered for each in pools),
        fitting=sum(each.fitting for each in pools),
        counts=tuple(sorted({count for each in pools for count in each.counts})),
        deadline=pools[0].deadline,
        held=pools[0].held,
        diagnostics=tuple(dict.fromkeys(diagnostic for each in pools for diagnostic in each.diagnostics)),
    )
    if not found.candidates:
        clash = _clash(raw, found)
        raise ScenarioError(clash) if clash else EstimateError(_nothing(raw, found))
    return found


def _clash(raw: RawScenario, found: Pool) -> Diagnostic | None:
    """Say which stated degrees divide none of the counts; None where that is not what is wrong."""
    degrees = {key: value for key, value in found.held.items() if key in _RANKS and isinstance(value, int)}
    ways = math.prod(degrees.values())
    if not found.counts or any(count % ways == 0 for count in found.counts):
        return None
    counts = ", ".join(map(str, found.counts))
    least, most = found.counts[0], found.counts[-1]
    near = dict.fromkeys(f"{multiples(ways, least)} or {multiples(ways, most)}".split(" or "))
    which = "does not divide the count" if len(found.counts) == 1 else "divides none of the counts"
    message = f"{product_of(degrees)} {which} {counts}"
    stated = locate(raw.node, ["layout", next(iter(degrees))] if len(degrees) == 1 else ["layout"])
    return Diagnostic("CC311", message, span=stated, hint=f"nearest counts: {' or '.join(near)}")


def _nothing(raw: RawScenario, found: Pool) -> Diagnostic:
    counts = ", ".join(f"{count:,}" for count in found.counts) or "any number of"
    held = held_text(found.held)
    aside = f" with {held}" if held else ""
    if not found.considered:
        message = f"no layout{aside} spreads the global batch evenly over {counts} accelerators"
        return Diagnostic(
            "CC608", message, span=_place(raw), hint="a larger global batch, or counts that divide better"
        )
    message = f"none of {found.considered:,} layouts{aside} on {counts} accelerators fits into memory"
    return Diagnostic("CC608", message, span=_place(raw), hint="more accelerators (--count), or more memory each")


def _place(raw: RawScenario) -> Span | None:
    """Where a scenario stands; one from flags stands nowhere."""
    return None if raw.span.document.kind == "flag" else raw.span


def _with_hardware(raw: RawScenario, scope: Scope, accelerator: Node | None) -> RawScenario:
    """Lay an accelerator over a scenario, and a count over the deadline that it would contradict."""
    over: dict[str, Node] = {}
    if accelerator is not None:
        over["cluster.accelerator"] = accelerator
    counts = scope.counts or (() if scope.count_range is None else (round(scope.count_range.low),))
    if counts:
        over["cluster.count"] = ScalarNode(counts[0], str(counts[0]), raw.span)
        if not _is_stated(raw, "cluster.count"):  # beside a count the time says how large the run is
            over["cluster.wall_time"] = ScalarNode(None, "null", raw.span)
    if not over:
        return raw
    node = merge(raw.node, mapping_from_paths(over))
    return replace(raw, node=node) if isinstance(node, MappingNode) else raw


def _is_stated(raw: RawScenario, path: str) -> bool:
    found = get(raw.node, path.split("."))
    return found is not None and not (isinstance(found, ScalarNode) and found.value is None)


def _of_one(raw: RawScenario, catalog: Catalog, scope: Scope, today: date) -> Pool:
    resolved = resolve(raw, catalog, today=today, has_open_layout=True)
    if "layout" in resolved.unknown or "step.sustained" not in resolved.inputs:
        reason = resolved.unknown.get("layout", "the time of a step cannot be predicted")
        hint = "a global batch (--global-batch), one count, and a model known by its layers"
        message = f"layouts cannot be compared: {reason}"
        raise EstimateError(Diagnostic("CC612", message, span=_place(raw), hint=hint))
    inputs = train_inputs(resolved, lambda given: given.range.mid)
    stated = stated_layout(resolved)
    counts = _counts(inputs, scope, stated)
    batch = 0.0 if inputs.global_batch is None else float(inputs.global_batch)
    if scope.memory is not None:
        usable = float(usable_memory(capacity=inputs.memory, reserve=inputs.reserve))
        inputs = replace(inputs, memory=min(scope.memory, usable), reserve=0.0)
    found = search(inputs, batch, counts, thorough=scope.is_thorough, stated=stated)
    leaders = leading(found, scope.most, with_front=scope.has_front)
    name = resolved.choices["cluster.accelerator"].value
    return Pool(
        candidates=tuple(ranked_runs(inputs, leaders, name)) if leaders.size else (),
        considered=found.considered,
        fitting=found.fitting,
        counts=tuple(counts),
        deadline=_deadline(resolved),
        held=held_keys(resolved),
        diagnostics=resolved.diagnostics,
    )


def _counts(inputs: TrainInputs, scope: Scope, stated: Stated) -> list[int]:
    node = round(float(inputs.accelerators_per_node))
    if scope.count_range is not None:
        return counts_between(node, round(scope.count_range.low), round(scope.count_range.high))
    if scope.counts:
        return list(scope.counts)
    if inputs.count is not None:
        return [round(float(inputs.count))]
    least = fastest(inputs, stated).count
    return counts_between(node, least, _BEYOND * least)


def _deadline(resolved: Resolved) -> float | None:
    given = resolved.inputs.get("cluster.wall_time")
    return None if given is None or "cluster.count" in resolved.inputs else given.range.mid
