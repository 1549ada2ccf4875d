"""A search from what was asked to its outcome: scope, limits, search, selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from computecalc.catalog.lookup import Catalog
from computecalc.checks.expressions import Check, parse_check
from computecalc.checks.selecting import best_of, measure, within
from computecalc.errors import ComputecalcError, Diagnostic, Document, Span, UsageError
from computecalc.estimators.training.ranking import front
from computecalc.records import record
from computecalc.reports.document import Failure
from computecalc.reports.optimum import AnyOptimum, Optimum
from computecalc.scenario.files import RawScenario
from computecalc.scenario.optimizing import Pool, Scope, pool
from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.units.specs import QuantitySpec
from computecalc.yamlio.nodes import Node, child, from_flag

__all__ = [
    "Request",
    "check_measure",
    "is_served",
    "limits_from",
    "precisions_from",
    "scope_from",
    "search_one",
    "searched",
]

_EVERY = 10_000
"""Sets of degrees that are estimated where limits may leave out the fastest."""

_COUNT = QuantitySpec("accelerator", bare="count", minimum=0.0, exclusive_minimum=True, integer=True)


@record
class Request:
    """What a user asked of a search."""

    by: str | None
    limits: tuple[Check, ...]
    top: int
    has_front: bool
    scope: Scope
    precisions: tuple[Node, ...] = ()
    """Number formats that a service is searched over."""


def limits_from(texts: Sequence[str]) -> tuple[Check, ...]:
    """Read the values of ``--limit``.

    Raises
    ------
    UsageError
        CC408 for another form, or one that needs a baseline or a range.
    """
    found = []
    for text in texts:
        span = Span(Document("--limit", text, kind="flag"), 1, 1, len(text) + 1)
        check = parse_check(text, span)
        if check.is_change or check.end not in (None, "mid"):
            message = "a search compares middle values: neither change(...) nor @low and @high mean anything here"
            raise UsageError(Diagnostic("CC408", message, span=span, hint=f"such as `{check.metric} <= ...`"))
        found.append(check)
    return tuple(found)


def scope_from(flags: dict[str, str | None], *, is_thorough: bool) -> Scope:
    """Read ``--accelerator a,b`` and ``--count 512,1024`` or ``512..4096``, leaving one of each in the flags.

    Raises
    ------
    UsageError
        CC101 for an empty part, or one of CC401 to CC407 for a count that is none.
    """
    accelerators = _parts("--accelerator", flags.get("accelerator"))
    counts = [_count(text) for text in _parts("--count", flags.get("count"))]
    ranged = next((count for count in counts if not count.is_exact), None)
    if ranged is not None and len(counts) > 1:
        raise UsageError(Diagnostic("CC101", "--count is either a list or a range", hint="--count 512..4096"))
    if accelerators:
        flags["accelerator"] = accelerators[0]
    if counts:
        flags["count"] = str(round(counts[0].low))
    return Scope(
        accelerators=tuple(from_flag("--accelerator", name, resolve=False) for name in accelerators),
        counts=() if ranged is not None else tuple(sorted({round(count.mid) for count in counts})),
        count_range=ranged,
        is_thorough=is_thorough,
    )


def precisions_from(flags: dict[str, str | None], *, is_searched: bool) -> tuple[Node, ...]:
    """Read ``--precision fp8,bf16`` of a service or a file, leaving nothing of it in the flags.

    Raises
    ------
    UsageError
        CC101 for an empty part.
    """
    if not is_searched:
        return ()
    names = _parts("--precision", flags.get("precision"))
    if names:
        flags["precision"] = None
    return tuple(from_flag("--precision", name, resolve=False) for name in names)


def _parts(flag: str, text: str | None) -> list[str]:
    if text is None:
        return []
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise UsageError(Diagnostic("CC101", f"{flag} has an empty part: {text!r}", hint="a list such as a,b"))
    return parts


def _count(text: str) -> Range:
    try:
        return _COUNT.parse(text)
    except QuantityProblem as problem:
        raise UsageError(Diagnostic(problem.code, f"--count: {problem.message}", hint=problem.hint)) from problem


def is_served(raw: RawScenario) -> bool:
    """Tell whether a scenario is of kind infer."""
    return getattr(child(raw.node, "kind"), "value", None) == "infer"


def check_measure(by: str, scenarios: Sequence[RawScenario]) -> None:
    """Check that scenarios can be ranked by a measure, before any of them is searched.

    Raises
    ------
    UsageError
        CC101 when there is none of that name.
    """
    if not all(is_served(raw) for raw in scenarios):
        measure(by)
    if any(is_served(raw) for raw in scenarios):
        from computecalc.checks.service_search import service_measure

        service_measure(by)


def search_one(raw: RawScenario, catalog: Catalog, request: Request) -> AnyOptimum:
    """Search one scenario.

    Raises
    ------
    ComputecalcError
        When the scenario is wrong, nothing fits, or nothing keeps the limits.
    """
    if is_served(raw):
        # Imported here: a search of training runs needs nothing of it.
        from computecalc.api.service_searching import searched_service

        return searched_service(raw, catalog, request)
    return _searched(raw, catalog, request)


def searched(raw: RawScenario, catalog: Catalog, request: Request) -> AnyOptimum | Failure:
    """Search one scenario; what is wrong with it is kept, so that others go on."""
    try:
        return search_one(raw, catalog, request)
    except ComputecalcError as error:
        return Failure(raw.name, raw.span, error.diagnostics)


def _searched(raw: RawScenario, catalog: Catalog, request: Request) -> Optimum:
    scope = replace(
        request.scope,
        most=_EVERY if request.limits else request.top + 1,
        has_front=request.has_front,
        memory=_memory(request.limits),
    )
    found = pool(raw, catalog, scope, today=date.today())
    by = measure(request.by or ("time" if found.deadline is None else "count"))
    kept = within(found.candidates, (*request.limits, *_deadline(found)))
    best = best_of(kept, by, request.top + 1)
    axes = _axes(found, by)
    return Optimum(
        name=raw.name,
        source=raw.span,
        by=by,
        limits=tuple(limit.text for limit in (*request.limits, *_deadline(found))),
        held=found.held,
        considered=found.considered,
        fitting=found.fitting,
        best=tuple(best[: request.top]),
        runner_up=best[request.top] if len(best) > request.top else None,
        front=tuple(front(kept, *axes)) if request.has_front else (),
        axes=axes,
        diagnostics=found.diagnostics,
    )


def _memory(limits: Sequence[Check]) -> float | None:
    """Return the tightest limit on memory: within it each search finds the fastest layouts by itself."""
    bounds = [
        limit.bound.high
        for limit in limits
        if limit.metric == "memory.per_accelerator" and limit.operator in ("<=", "<", "in", "==")
    ]
    return min(bounds, default=None)


def _deadline(found: Pool) -> tuple[Check, ...]:
    """Return the deadline of the scenario as the limit that it is."""
    if found.deadline is None:
        return ()
    bound = Range.exact(found.deadline)
    return (Check("time.wall", "<=", bound, "s", text="the deadline of the scenario"),)


def _axes(found: Pool, by: str) -> tuple[str, str]:
    """Return what the front weighs against each other: memory for one cluster, and what is paid over several."""
    clusters = {(candidate.accelerator, candidate.count) for candidate in found.candidates}
    if len(clusters) == 1:
        return ("time.step", "memory.per_accelerator")
    if by not in ("time.wall", "accelerators"):
        return ("time.wall", by)
    priced = all("cost.total" in candidate.metrics for candidate in found.candidates)
    return ("time.wall", "cost.total" if priced else "accelerators")
