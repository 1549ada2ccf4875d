"""Budgets as users write them: which scenarios, which limits, how serious, who answers for them, what is waived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from computecalc.checks.expressions import Check, parse_check
from computecalc.errors import ComputecalcError, Diagnostic, ScenarioError, Span, UsageError
from computecalc.estimators.metrics import metric
from computecalc.records import record
from computecalc.scenario.schema import Section
from computecalc.units.fields import Quantity
from computecalc.units.ranges import Range
from computecalc.yamlio.nodes import Node, SequenceNode, child, get, locate, locate_key
from computecalc.yamlio.validation import validate

__all__ = ["Budget", "BudgetForm", "Limit", "Severity", "Waived", "WaiverForm", "read_budgets", "stated_limit"]

Severity = Literal["error", "warn", "off"]


class WaiverForm(Section):
    """Leave to break a budget until a day."""

    until: str
    """Last day on which it holds, such as `2026-12-31`."""
    reason: Annotated[str, Field(min_length=1)]
    """Why."""


class BudgetForm(Section):
    """Limits on the estimates of some scenarios."""

    on: str | Annotated[list[str], Field(min_length=1)] = "*"
    """Names of scenarios, with `*`, `?` and `[...]` as wildcards; absent: all of the file."""
    severity: Severity = "error"
    """What a broken limit is: an error ends with exit code 1, a warning does not, and off is not looked at."""
    risk: Severity = "warn"
    """The same of a limit that holds at the value, but not over the whole range."""
    checks: Annotated[list[str], Field(min_length=1)]
    """Limits: `cost.total <= 75 MUSD`, `time.wall in 60..90 d`, `change(cost.total) <= 5 %`."""
    tolerance: dict[str, Annotated[Range, Quantity("1", bare="count", minimum=0.0, maximum=1.0, ranged=False)]] = Field(
        default_factory=dict
    )
    """For a metric the share of the limit by which it may be passed."""
    message: str = ""
    """Said when a limit is broken."""
    owner: str = ""
    """Who answers for the budget."""
    waiver: WaiverForm | None = None


@record
class Limit:
    """One limit of a budget, and where it stands."""

    check: Check
    span: Span | None
    tolerance: float = 0.0


@record
class Waived:
    """Leave to break a budget."""

    until: date
    reason: str
    span: Span | None


@record
class Budget:
    """Limits that belong together."""

    patterns: tuple[tuple[str, Span | None], ...]
    severity: Severity
    risk: Severity
    limits: tuple[Limit, ...]
    message: str = ""
    owner: str = ""
    waived: Waived | None = None


def read_budgets(document: Node) -> list[Budget]:
    """Return the budgets of a scenario file.

    Raises
    ------
    ComputecalcError
        With every problem of all budgets, in one pass.
    """
    stated = child(document, "budgets")
    if not isinstance(stated, SequenceNode):
        return []
    found: list[Budget] = []
    errors: list[Diagnostic] = []
    for node in stated.items:
        try:
            found.append(_budget(node))
        except ComputecalcError as error:
            errors += error.diagnostics
    if errors:
        raise ScenarioError(*errors)
    return found


def stated_limit(text: str, name: str) -> Budget:
    """Return a limit from a flag as a budget on all scenarios.

    Raises
    ------
    ComputecalcError
        When it is no check.
    """
    from computecalc.yamlio.nodes import from_flag

    span = from_flag(name, text, resolve=False).span
    return Budget((("*", None),), "error", "warn", (Limit(parse_check(text, span), span),))


def _budget(node: Node) -> Budget:
    form = validate(BudgetForm, node)
    patterns = [form.on] if isinstance(form.on, str) else form.on
    where: Sequence[Any] = [["on"]] if isinstance(form.on, str) else [["on", i] for i in range(len(patterns))]
    tolerances = _tolerances(form, node)
    return Budget(
        tuple(
            (pattern, locate(node, path) if get(node, path) is not None else None)
            for pattern, path in zip(patterns, where, strict=True)
        ),
        form.severity,
        form.risk,
        tuple(_limits(form.checks, node, tolerances)),
        form.message,
        form.owner,
        _waived(form, node),
    )


def _limits(texts: Iterable[str], node: Node, tolerances: dict[str, float]) -> list[Limit]:
    found: list[Limit] = []
    errors: list[Diagnostic] = []
    for i, text in enumerate(texts):
        span = locate(node, ["checks", i])
        try:
            check = parse_check(text, span)
        except ComputecalcError as error:
            errors += error.diagnostics
            continue
        found.append(Limit(check, span, tolerances.get(check.metric, 0.0)))
    unused = set(tolerances) - {limit.check.metric for limit in found}
    if unused and not errors:
        name = sorted(unused)[0]
        span = locate_key(node, ["tolerance", name])
        message = f"there is a tolerance for {name}, but no check of it"
        errors.append(Diagnostic("CC303", message, span=span, hint="remove it, or add the check"))
    if errors:
        raise ScenarioError(*errors)
    return found


def _tolerances(form: BudgetForm, node: Node) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, share in form.tolerance.items():
        try:
            found[metric(name).id] = share.mid
        except UsageError as error:
            (problem,) = error.diagnostics
            span = locate_key(node, ["tolerance", name])
            raise ScenarioError(Diagnostic(problem.code, problem.message, span=span, hint=problem.hint)) from error
    return found


def _waived(form: BudgetForm, node: Node) -> Waived | None:
    if form.waiver is None:
        return None
    span = locate(node, ["waiver", "until"])
    try:
        until = date.fromisoformat(form.waiver.until)
    except ValueError as error:
        message = f"{form.waiver.until!r} is not a day"
        hint = "write year, month and day: until: 2026-12-31"
        raise ScenarioError(Diagnostic("CC303", message, span=span, hint=hint)) from error
    return Waived(until, form.waiver.reason, span)
