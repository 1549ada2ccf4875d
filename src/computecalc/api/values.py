"""One number of a result: low, middle and high with a unit, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from computecalc.api.telling import told
from computecalc.errors import Diagnostic, EstimateError, QuantityError
from computecalc.estimators.inputs import Choice, ResolvedInput
from computecalc.estimators.results import MetricValue
from computecalc.units.display import display, format_range
from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.units.registry import Unit, mismatch
from computecalc.units.registry import unit as unit_of

__all__ = ["Input", "Swing", "Value", "input_of", "refuse", "value_of"]

_PLAIN = "1"
_DIGITS = 6
"""Of inputs, which are shown as they were written: widths and vocabularies have up to six."""


@dataclass(frozen=True, slots=True)
class Swing:
    """What one ranged input does to a metric alone, all others in the middle."""

    input: str
    """Path of the input, such as ``efficiency.mfu``."""
    low: float
    """The metric with the input at its low end."""
    high: float
    """The metric with the input at its high end."""


@dataclass(frozen=True, repr=False, slots=True)
class Value:
    """One metric, in `unit`; its numbers are None where nobody knows it, and `reason` says why."""

    id: str
    unit: str
    """Empty for plain numbers."""
    low: float | None
    """None where the range is not known; `mid` may be."""
    mid: float | None
    high: float | None
    formula: str | None = None
    """Last formula of its derivation, such as ``rental_cost@1``; None for an input taken as it is."""
    reason: str = ""
    """Why it is unknown."""
    swings: tuple[Swing, ...] = ()
    """What each ranged input does to it, widest first."""
    percentiles: tuple[float, float, float] | None = None
    """5th, 50th and 95th over the samples, where ``uncertainty="mc"`` asked for them."""

    @property
    def is_known(self) -> bool:
        """Whether there is a number."""
        return self.mid is not None

    @property
    def driver(self) -> str | None:
        """Path of the input that drives the range, if there is a range."""
        return self.swings[0].input if self.swings else None

    def to(self, unit: str) -> Value:
        """Return the same in another unit, such as ``MUSD``, ``d`` or ``accelerator*h``.

        Raises
        ------
        QuantityError
            When `unit` is no unit (CC401, CC403), or measures something else (CC404).
        """
        with told():
            source, target = _units(self, unit)

        def converted(number: float) -> float:
            return target.from_base(source.to_base(number))

        def maybe(number: float | None) -> float | None:
            return None if number is None else converted(number)

        shares = self.percentiles
        return replace(
            self,
            unit="" if unit == _PLAIN else unit,
            low=maybe(self.low),
            mid=maybe(self.mid),
            high=maybe(self.high),
            swings=tuple(Swing(each.input, converted(each.low), converted(each.high)) for each in self.swings),
            percentiles=None if shares is None else (converted(shares[0]), converted(shares[1]), converted(shares[2])),
        )

    def __float__(self) -> float:
        """Return the middle.

        Raises
        ------
        EstimateError
            CC782 where it is unknown.
        """
        if self.mid is None:
            with told():
                raise EstimateError(Diagnostic("CC782", f"{self.id} is unknown: {self.reason}"))
        return self.mid

    def __str__(self) -> str:
        if self.mid is None:
            return "unknown"
        unit = self.unit or _PLAIN
        if _is_coherent(unit):
            if self.low is None or self.high is None:
                return str(display(self.mid, unit)).strip()
            return format_range(Range(self.low, self.mid, self.high), unit)
        ends = [self.mid] if self.low is None or self.high is None else [self.low, self.mid, self.high]
        numbers = [f"{number:.4g}" for number in ends]
        return f"{'..'.join(numbers if len(set(numbers)) > 1 else numbers[:1])} {self.unit}".strip()

    def __repr__(self) -> str:
        why = f": {self.reason}" if self.mid is None and self.reason else ""
        return f"<{self.id} = {self}{why}>"


def _units(value: Value, unit: str) -> tuple[Unit, Unit]:
    """Return the unit of a metric and the one that is wanted, which measure the same."""
    try:
        source, target = unit_of(value.unit or _PLAIN), unit_of(unit or _PLAIN)
        if source.dimension != target.dimension:
            raise mismatch(source, target)
    except QuantityProblem as problem:
        message = f"{value.id}: {problem.message}"
        raise QuantityError(Diagnostic(problem.code, message, hint=problem.hint)) from problem
    return source, target


def _is_coherent(unit: str) -> bool:
    """Tell whether a unit is one that values are shown from, as metrics are before they are converted."""
    return unit_of(unit).base == unit


@dataclass(frozen=True, repr=False, slots=True)
class Input:
    """One input of an estimate: a number with its range, or a named option, and where it came from."""

    path: str
    unit: str
    low: float | None
    """None for a named option; so are the next two."""
    mid: float | None
    high: float | None
    text: str | None
    """The named option, such as ``bf16``; None for a number."""
    kind: str
    """Where it came from: scenario, flag, catalog, prior, default, search or override."""
    source: str
    """The place or the entry that it came from."""
    title: str = ""
    """Source of a figure of the catalog, with its locator."""
    as_of: str = ""
    """Date of that figure."""
    certainty: str = ""
    """What kind of figure it is: vendor-claim, measured, published, derived or assumed."""

    def __str__(self) -> str:
        if self.low is None or self.mid is None or self.high is None:
            return self.text or ""
        return format_range(Range(self.low, self.mid, self.high), self.unit or _PLAIN, digits=_DIGITS)

    def __repr__(self) -> str:
        return f"<{self.path} = {self}, from {self.source}>"


def refuse(self: object, name: str, value: object = None) -> None:  # noqa: ARG001
    """Refuse to change a result, in the place of the methods that would."""
    raise AttributeError(f"{type(self).__name__} cannot be changed: {name!r}")


def value_of(found: MetricValue) -> Value:
    """Return a metric of an estimate as callers see it."""
    shares = found.percentiles
    return Value(
        id=found.id,
        unit="" if found.unit == _PLAIN else found.unit,
        low=found.low,
        mid=found.mid,
        high=found.high,
        formula=found.formula,
        reason=found.reason,
        swings=tuple(Swing(each.path, each.low, each.high) for each in found.swings),
        percentiles=None if shares is None else (shares.p5, shares.p50, shares.p95),
    )


def input_of(given: ResolvedInput | Choice) -> Input:
    """Return an input of an estimate as callers see it."""
    origin = given.origin
    ends = None if isinstance(given, Choice) else given.range
    unit = _PLAIN if isinstance(given, Choice) else given.unit
    return Input(
        path=given.path,
        unit="" if unit == _PLAIN else unit,
        low=None if ends is None else ends.low,
        mid=None if ends is None else ends.mid,
        high=None if ends is None else ends.high,
        text=given.value if isinstance(given, Choice) else None,
        kind=origin.kind,
        source=origin.text,
        title=origin.source,
        as_of=origin.as_of,
        certainty=origin.certainty,
    )
