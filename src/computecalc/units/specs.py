"""What one field accepts: its unit, its limits, whether it may be a range or bare."""

from __future__ import annotations

import math
from dataclasses import dataclass

from computecalc.units.display import display, format_range
from computecalc.units.grammar import Bare, parse_quantity
from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.units.readable import example
from computecalc.units.registry import unit

__all__ = ["QuantitySpec"]

_WHOLE_TOLERANCE = 1e-9
_LIMIT_DIGITS = 6


@dataclass(frozen=True)
class QuantitySpec:
    """How one field is read; `parse` does it."""

    unit: str
    """Coherent base unit; ``1`` for plain numbers."""
    bare: Bare = "never"
    minimum: float | None = None
    """Smallest value, itself allowed unless `exclusive_minimum`. [unit]"""
    maximum: float | None = None
    """Largest value, itself allowed unless `exclusive_maximum`. [unit]"""
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    ranged: bool = True
    """Whether the value may be uncertain."""
    integer: bool = False
    hint: str = ""
    """Said with every problem, besides the hint of the problem itself."""

    @property
    def allows_bare(self) -> bool:
        """Whether a number without a unit is accepted."""
        return self.bare != "never" or self.unit == "1"

    def parse(self, raw: object) -> Range:
        """Read a value as it stands in a file or flag.

        Parameters
        ----------
        raw : object
            A text or a number; anything else is refused.

        Returns
        -------
        Range
            In base units.

        Raises
        ------
        QuantityProblem
            CC401 to CC407; see `computecalc.units.problems.ProblemCode`.
        """
        try:
            values = self._read(raw)
            return self.check(values, text=str(raw))
        except QuantityProblem as problem:
            # A question needs no second hint: its answer is the way out.
            if self.hint and not problem.hint.endswith("?"):
                problem.hint = f"{problem.hint}; {self.hint}" if problem.hint else self.hint
            raise

    def check(self, values: Range, *, text: str = "") -> Range:
        """Apply the limits to values in base units; return them, whole numbers made exact.

        Raises
        ------
        QuantityProblem
            CC401 for a range where one value is wanted, CC405 outside the limits.
        """
        if not self.ranged and not values.is_exact:
            hint = f"write one value, as in `{format_range(Range.exact(values.mid), self.unit)}`"
            raise QuantityProblem("CC401", "one value is wanted here, not a range", hint=hint, length=len(text))
        self._check_limits(values, text)
        return self._whole(values, text) if self.integer else values

    def _read(self, raw: object) -> Range:
        if isinstance(raw, str):
            return parse_quantity(raw, unit=self.unit, bare=self.bare)
        if isinstance(raw, bool) or not isinstance(raw, int | float):
            kind = {"NoneType": "an empty value", "bool": "true or false", "dict": "a mapping", "list": "a list"}
            found = kind.get(type(raw).__name__, f"a value of type {type(raw).__name__}")
            message = f"a quantity is wanted here, not {found}"
            raise QuantityProblem("CC401", message, hint=f"write it like `{example(self.unit)}`")
        try:
            value = float(raw)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            hint = "leave the key out if it is unknown"
            raise QuantityProblem("CC406", "the number is not finite or too large", hint=hint)
        if not self.allows_bare:
            hint = f"write it with its unit, as in `{example(self.unit)}`"
            raise QuantityProblem("CC402", f"`{raw}` has no unit", hint=hint, length=len(str(raw)))
        return Range.exact(unit(self.unit).to_base(value))

    def _check_limits(self, values: Range, text: str) -> None:
        low, high, hint = values.low, values.high, ""
        if self.minimum is not None and (low < self.minimum or (self.exclusive_minimum and low == self.minimum)):
            words = "more than" if self.exclusive_minimum else "at least"
            value, limit = low, self.minimum
        elif self.maximum is not None and (high > self.maximum or (self.exclusive_maximum and high == self.maximum)):
            words = "less than" if self.exclusive_maximum else "at most"
            value, limit = high, self.maximum
            if self.unit == "1" and limit == 1 and low > 1 and high <= 100 and "%" not in text:
                hint = f"did you mean `{format_range(values, '1')} %`?"
        else:
            return
        message = f"the value must be {words} {self._shown(limit)}, not {self._shown(value)}"
        raise QuantityProblem("CC405", message, hint=hint, length=len(text))

    def _shown(self, value: float) -> str:
        shown = display(value, self.unit, digits=_LIMIT_DIGITS)
        # Zeros at the end say how exact a result is; a limit has no need of them.
        whole, point, decimals = shown.number.partition(".")
        if point and decimals.isdigit():
            return f"{whole}{point}{decimals}".rstrip("0").rstrip(".") + (f" {shown.unit}" if shown.unit else "")
        return str(shown)

    def _whole(self, values: Range, text: str) -> Range:
        for value in (values.low, values.mid, values.high):
            if abs(value - round(value)) > _WHOLE_TOLERANCE * abs(value):
                message = f"a whole number is wanted here, not {self._shown(value)}"
                hint = "" if values.is_exact else "the middle is whole too: write it out, as in `1..2..4`"
                raise QuantityProblem("CC405", message, hint=hint, length=len(text))
        return values.map(lambda value: float(round(value)))
