"""Values in base units to numbers and units that people read; `format_range` writes what `parse_quantity` reads."""

from __future__ import annotations

import math
from decimal import Decimal

from computecalc.records import record
from computecalc.units.ranges import Range
from computecalc.units.readable import Rung, Style, rung_for

__all__ = ["Shown", "ShownRange", "display", "display_range", "format_range"]

_LARGEST_PLAIN = 15  # powers of ten
_SMALLEST_PLAIN = -4


@record
class Shown:
    """A value as people read it; numbers carry thousands separators and count multipliers."""

    number: str
    unit: str
    """Empty for plain numbers."""

    def __str__(self) -> str:
        return f"{self.number} {self.unit}".rstrip()


@record
class ShownRange:
    """Low, middle and high value in one unit."""

    low: str
    mid: str
    high: str
    unit: str


def display(value: float, unit: str, *, digits: int = 4, target: str | None = None) -> Shown:
    """Return a value as people read it.

    Parameters
    ----------
    value : float
        In `unit`.
    unit : str
        Coherent unit, such as a metric's canonical one.
    digits : int
        Significant figures. Counts keep all digits before the point.
    target : str, optional
        Unit wanted; else the size of the value decides.

    Raises
    ------
    QuantityProblem
        When `target` is no unit (CC401, CC403) or measures something else (CC404).
    ValueError
        When the value is not finite.

    Examples
    --------
    >>> str(display(6.48e6, "s"))
    '75.00 d'
    >>> str(display(405.853e9, "parameter"))
    '405.9B parameter'
    """
    rung = _rung(value, unit, digits, target)
    return Shown(_number(value, rung, digits), rung.unit)


def display_range(
    low: float, mid: float, high: float, unit: str, *, digits: int = 4, target: str | None = None
) -> ShownRange:
    """Return three values in the unit that suits the middle one; see `display`."""
    rung = _rung(mid or max(abs(low), abs(high)), unit, digits, target)
    low_text, mid_text, high_text = (_number(value, rung, digits) for value in (low, mid, high))
    return ShownRange(low_text, mid_text, high_text, rung.unit)


def format_range(values: Range, unit: str, *, digits: int = 4) -> str:
    """Return a range as users write it in a scenario, such as ``60..75..90 d``.

    Parameters
    ----------
    values : Range
        In `unit`.
    unit : str
        Coherent unit.
    digits : int
        Significant figures; zeros at the end are left out.

    Examples
    --------
    >>> format_range(Range(0.35, 0.4, 0.45), "1")
    '0.35..0.40..0.45'
    """
    low, mid, high = values.low, values.mid, values.high
    rung = _rung(mid or max(abs(low), abs(high)), unit, digits, None)
    numbers = [_trimmed(_rounded(value, rung, digits)) for value in (low, mid, high)]
    if len(set(numbers)) == 1:
        numbers = numbers[:1]
    texts = [_plain(number, rung.style) for number in _aligned(numbers, digits)]
    return f"{'..'.join(text + rung.suffix for text in texts)} {rung.unit}".rstrip()


def _rung(value: float, unit: str, digits: int, target: str | None) -> Rung:
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be shown")
    if target is None:
        return rung_for(unit, value, digits=digits)
    # Here because it loads pint, which a plain table does not need.
    from computecalc.units.registry import conversion_factor

    return Rung(0.0, conversion_factor(target, unit), target)


def _rounded(value: float, rung: Rung, digits: int) -> Decimal:
    """Return a value in the unit of the rung, as the decimal number that is printed."""
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be shown")
    scaled = value / rung.factor
    if scaled == 0:
        return Decimal(0)  # also for -0.0
    if rung.style != "whole" or abs(scaled) >= 10**_LARGEST_PLAIN:
        return Decimal(f"{scaled:.{digits - 1}e}")
    if scaled == round(scaled):
        return Decimal(round(scaled))
    return Decimal(f"{scaled:.{max(digits - 1 - Decimal(scaled).adjusted(), 0)}f}")


def _is_scientific(number: Decimal, style: Style) -> bool:
    fits = _SMALLEST_PLAIN <= number.adjusted() < _LARGEST_PLAIN
    return number != 0 and (style == "scientific" or not fits)


def _scientific(number: Decimal) -> str:
    mantissa, _, exponent = f"{number:e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def _number(value: float, rung: Rung, digits: int) -> str:
    number = _rounded(value, rung, digits)
    if number == 0:
        return "0"
    text = _scientific(number) if _is_scientific(number, rung.style) else f"{number:,f}"
    return text + rung.suffix


def _plain(number: Decimal, style: Style) -> str:
    return _scientific(number) if _is_scientific(number, style) else f"{number:f}"


def _trimmed(number: Decimal) -> Decimal:
    return number.normalize() if number else Decimal(0)


def _aligned(numbers: list[Decimal], digits: int) -> list[Decimal]:
    """Give all numbers the decimals of the most precise one, unless they differ too much in size for that."""
    places = max(-int(number.as_tuple().exponent) for number in numbers)
    if not 0 <= places <= digits or any(number.adjusted() + places > _LARGEST_PLAIN for number in numbers):
        return numbers
    return [number.quantize(Decimal(1).scaleb(-places)) for number in numbers]
