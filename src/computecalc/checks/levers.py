"""The biggest levers on a broken limit: what each input would have to be, all others as they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import get_args

from pydantic import BaseModel

from computecalc.checks.expressions import Check
from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.records import record
from computecalc.units.fields import Quantity

__all__ = ["Lever", "Outcome", "levers", "scalar_keys"]

_MOST = 5
"""Levers that are told."""

_REACH = 1e4
"""Factor within which a value is looked for."""

_ROUNDS = 8
"""Estimates for one lever at most, besides the two it starts from."""

_CLOSE = 1e-4
"""Relative distance from the limit at which a value is found."""

_PULL = 1.05
"""Factor of the first step away from the value as it is."""

_TOO_LITTLE = "it moves the metric too little"

Outcome = float | str
"""The metric with one input changed, in its canonical unit; a text says why there is none."""


class _OutOfReach(Exception):  # noqa: N818 - no error of a user's: a finding about one input
    """No value of an input brings the metric to its bound."""


@record
class Lever:
    """One input, and the value at which the limit would hold."""

    path: str
    unit: str
    now: float
    needed: float | None
    """In the unit; None where no value does it."""
    why_not: str = ""
    """What stands against the value that is needed, or why there is none."""

    @property
    def factor(self) -> float:
        """How many times the value as it is, up or down."""
        if self.needed is None or self.needed <= 0.0 or self.now <= 0.0:
            return math.inf
        return max(self.needed / self.now, self.now / self.needed)


def levers(
    resolved: Resolved, check: Check, tested: float, keys: Mapping[str, Quantity], at: Callable[[str, float], Outcome]
) -> tuple[Lever, ...]:
    """Find the inputs that could mend a broken limit, the smallest change first.

    Parameters
    ----------
    resolved : Resolved
        The scenario.
    check : Check
        The limit, which `tested` breaks.
    tested : float
        The metric at the end of the range that the limit looks at.
    keys : mapping
        Keys of a scenario that hold one number, each with what it accepts; see `scalar_keys`.
    at : callable
        Gives the metric when one input is another value, in the input's unit.

    Returns
    -------
    tuple of Lever
        Those that do it first, then those that would, were it not for a limit of their own.
    """
    bound = _bound(check, tested)
    found = [
        lever
        for path, accepted in keys.items()
        if (given := resolved.inputs.get(path)) is not None and given.range.mid > 0.0
        if (lever := _lever(given, accepted, check, tested, bound, at)) is not None
    ]
    ranked = sorted(found, key=lambda lever: (bool(lever.why_not), lever.factor, lever.path))
    return tuple(ranked[:_MOST])


def scalar_keys(form: type[BaseModel], prefix: str = "") -> dict[str, Quantity]:
    """Return the keys of a scenario that hold a quantity, by dotted path."""
    return dict(_scalar_keys(form, prefix))


def _scalar_keys(form: type[BaseModel], prefix: str) -> Iterator[tuple[str, Quantity]]:
    for name, field in form.model_fields.items():
        path = f"{prefix}{name}"
        marks = [mark for mark in _parts(field.annotation, field.metadata) if isinstance(mark, Quantity)]
        if marks:
            yield path, marks[0]
            continue
        for part in _parts(field.annotation, ()):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from _scalar_keys(part, f"{path}.")


def _parts(annotation: object, metadata: object) -> Iterator[object]:
    """Walk the members of a union and the marks of what is annotated."""
    yield annotation
    if isinstance(metadata, list | tuple):
        yield from metadata
    for part in get_args(annotation):
        yield from _parts(part, getattr(part, "__metadata__", ()))


def _bound(check: Check, tested: float) -> float:
    """The end of the limit that is broken."""
    if check.operator == "in":
        return check.bound.low if tested < check.bound.low else check.bound.high
    return check.bound.mid


def _lever(
    given: ResolvedInput,
    accepted: Quantity,
    check: Check,
    tested: float,
    bound: float,
    at: Callable[[str, float], Outcome],
) -> Lever | None:
    """Find the value of one input; None where the input does not move the metric."""
    now = given.range.mid
    blank = Lever(given.path, accepted.unit, now, None)
    grid = _grid(given.path, now, at) if accepted.integer else 0.0
    first = _first(now, accepted, grid)
    moved = at(given.path, first)
    if isinstance(moved, str):
        return None
    if tested == 0.0 or abs(moved / tested - 1.0) < _CLOSE * abs(first / now - 1.0):
        return None
    try:
        needed = _solved(given.path, (now, tested), (first, moved), bound, accepted, grid, at)
    except _OutOfReach as reason:
        return replace(blank, why_not=str(reason))
    side = 1.0 if needed > now else -1.0
    # Rounding may leave the limit just broken: a little further, or the next whole number.
    for value in (needed, needed + side * (grid or 1e-6 * needed), needed + side * (2.0 * grid or 1e-3 * needed)):
        outcome = at(given.path, value) if value > 0.0 else "it would have to be nothing"
        if isinstance(outcome, str):
            return replace(blank, needed=value, why_not=outcome)
        if check.holds(outcome):
            return replace(blank, needed=value, why_not=_forbidden(value, accepted))
    return replace(blank, why_not="no value was found at which it holds")


def _grid(path: str, now: float, at: Callable[[str, float], Outcome]) -> float:
    """Smallest step of a whole number that the plan can take: a layout takes counts of its own multiples only."""
    step = 1.0
    while step < now and isinstance(at(path, now + step), str):
        step *= 2.0
    return step


def _first(now: float, accepted: Quantity, grid: float) -> float:
    if grid:
        return now + grid * max(1.0, math.floor(now * (_PULL - 1.0) / grid))
    return now * _PULL if accepted.maximum is None or now * _PULL <= accepted.maximum else now / _PULL


def _solved(
    path: str,
    start: tuple[float, float],
    second: tuple[float, float],
    bound: float,
    accepted: Quantity,
    grid: float,
    at: Callable[[str, float], Outcome],
) -> float:
    """Secant steps on logarithms, in which most metrics are straight lines of most inputs.

    Raises
    ------
    _OutOfReach
        When no value of the input brings the metric to the bound.
    """
    (x0, y0), (x1, y1) = start, second
    for _ in range(_ROUNDS):
        if min(bound, y0, y1) <= 0.0 or y1 == y0 or x1 == x0:
            raise _OutOfReach(_TOO_LITTLE)
        slope = math.log(y1 / y0) / math.log(x1 / x0)
        target = x1 * math.exp(_clipped(math.log(bound / y1) / slope if slope else math.inf))
        if grid:
            target = start[0] + grid * round((target - start[0]) / grid)
        if not start[0] / _REACH <= target <= start[0] * _REACH:
            raise _OutOfReach(_TOO_LITTLE)
        refusal = _forbidden(target, accepted)
        if refusal:
            raise _OutOfReach(f"it would have to be about {target:.4g}, and {refusal}")
        if abs(target / x1 - 1.0) < _CLOSE * 1e-2:
            return target
        reached = at(path, target)
        if isinstance(reached, str):
            raise _OutOfReach(reached)
        (x0, y0), (x1, y1) = (x1, y1), (target, reached)
    if grid or abs(y1 / bound - 1.0) < _CLOSE:
        return x1
    raise _OutOfReach(_TOO_LITTLE)


def _clipped(power: float) -> float:
    return max(-20.0, min(20.0, power))


def _forbidden(value: float, accepted: Quantity) -> str:
    if accepted.maximum is not None and value > accepted.maximum:
        return f"at most {accepted.maximum:g} is possible"
    if accepted.minimum is not None and value < accepted.minimum:
        return f"at least {accepted.minimum:g} is possible"
    return ""
