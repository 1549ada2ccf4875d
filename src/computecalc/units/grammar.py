"""The grammar of quantities: ``405B params``, ``60..75..90 d``, ``$2.50/accelerator/h``, ``700 W ± 5 %``.

Texts come from strangers: nothing is evaluated, and every text ends at once in a `Range` or a `QuantityProblem`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from computecalc.records import record
from computecalc.units.parts import Part, check_text, read_part, split_text
from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.units.readable import example
from computecalc.units.registry import Unit, mismatch
from computecalc.units.registry import unit as unit_of

__all__ = ["Bare", "parse_any", "parse_quantity"]

Bare = Literal["never", "count", "always"]
"""Whether a number may stand without a unit: no; yes, K, M, B and T included; yes, but only a plain number."""

_WORDS = {"K": "thousand", "k": "thousand", "M": "million", "B": "billion", "T": "trillion"}


@record
class _Amount:
    """A number with the unit that was written for it, if one was."""

    part: Part
    expression: str = ""
    expression_offset: int = 0
    percent: bool = False
    """The number is a share of the one before it."""

    def read_unit(self) -> Unit:
        if self.expression.startswith(("/", "*")):
            raise self._headless()
        try:
            return unit_of(self.expression)
        except QuantityProblem as problem:
            raise problem.moved(self.expression_offset) from None

    def _headless(self) -> QuantityProblem:
        hint = "name what is counted or measured, as in `50 request/s`"
        if self.part.multiplier == "B":
            bytes_text = f"{self.part.written:.15g} B{self.expression}"
            hint = f"a glued B counts billions; for bytes put a space before it: `{bytes_text}`"
        message = f"a unit is missing before `{self.expression}`"
        return QuantityProblem("CC402", message, hint=hint, offset=self.expression_offset, length=len(self.expression))


@record
class _Target:
    """What the field wants; no unit where any will do."""

    unit: Unit | None
    bare: Bare

    @property
    def example(self) -> str:
        return example(self.unit.text) if self.unit else "60 d"


def parse_quantity(text: str, *, unit: str, bare: Bare = "never") -> Range:
    """Read a quantity.

    Parameters
    ----------
    text : str
        What the user wrote.
    unit : str
        Unit of the field, which a bare number is in; ``1`` for plain numbers, which may always be bare.
    bare : {"never", "count", "always"}
        Whether the unit may be left out; see `Bare`.

    Returns
    -------
    Range
        In the coherent base units of `unit`.

    Raises
    ------
    QuantityProblem
        CC401 not a quantity, CC402 unit missing, CC403 unit unknown, CC404 wrong dimension, CC406 not finite,
        CC407 range reversed.

    Examples
    --------
    >>> parse_quantity("1.60..1.80..2.00 USD", unit="USD")
    Range(low=1.6, mid=1.8, high=2.0)
    """
    return _parsed(text, unit, bare)


@lru_cache(maxsize=4096)
def _parsed(text: str, unit: str, bare: Bare) -> Range:
    """Read a quantity once: prices and defaults are the same texts in every estimate."""
    return _read(text, _Target(unit_of(unit), bare))[0]


def parse_any(text: str) -> tuple[Range, Unit]:
    """Read a quantity of any dimension; return it in coherent base units, and the unit that was written.

    Raises
    ------
    QuantityProblem
        As `parse_quantity`, except CC402: a bare number is a plain number.
    """
    return _read(text, _Target(None, "count"))


def _read(text: str, target: _Target) -> tuple[Range, Unit]:
    check_text(text)
    pieces, separators = split_text(text)
    _check_form(pieces, separators)
    parts = [read_part(*piece) for piece in pieces]
    amounts = _with_dollars(parts, relative="±" in separators)
    if "±" in separators:
        return _deviation(amounts[0], amounts[1], target)
    return _range(amounts, target)


def _check_form(pieces: list[tuple[str, int]], separators: list[str]) -> None:
    if separators not in ([], [".."], ["..", ".."], ["±"]):
        last_piece, last_offset = pieces[-1]
        raise QuantityProblem(
            "CC401",
            f"too many `..` or `±`: {len(separators)}",
            hint="a range is `low..high`, `low..mid..high`, `x ± y` or `x ± p %`",
            length=last_offset + len(last_piece),
        )
    for (piece, offset), name in zip(pieces, _names(separators), strict=True):
        if not piece.strip():
            message = f"{name} is missing"
            raise QuantityProblem("CC401", message, hint="write `60..90 d`", offset=max(offset - 1, 0), length=1)


def _names(separators: list[str]) -> list[str]:
    if separators == ["±"]:
        return ["the value before `±`", "the deviation after `±`"]
    ends = ["the low end of the range", "the high end of the range"]
    return [ends[0], "the middle of the range", ends[1]] if len(separators) == 2 else ends[: len(separators) + 1]


def _with_dollars(parts: list[Part], *, relative: bool) -> list[_Amount]:
    """Find the unit of each part; a dollar sign anywhere means USD, and the rest of the unit may follow the last."""
    dollar = any(part.dollar for part in parts)
    unit_stands_early = any(part.unit for part in parts[:-1])
    amounts = []
    for part in parts:
        expression, offset = part.unit, part.unit_offset
        percent = relative and part is parts[-1] and expression.startswith("%")
        if percent:
            offset += 1 + len(expression[1:]) - len(expression[1:].lstrip())
            expression = expression[1:].strip()
        if dollar and expression and not expression.startswith(("/", "*")):
            hint = "write `$2.50/accelerator/h` or `2.50 USD/accelerator/h`"
            raise part.problem("CC401", f"a dollar sign and the unit `{expression}` do not go together", hint)
        if dollar and (expression or (part is parts[-1] and not unit_stands_early)):
            expression, offset = f"USD{expression}", offset - len("USD")
        amounts.append(_Amount(part, expression, offset, percent))
    return amounts


def _range(amounts: list[_Amount], target: _Target) -> tuple[Range, Unit]:
    last = amounts[-1]
    written = [amount for amount in amounts if amount.expression]
    if written and len(written) < len(amounts) and written != [last]:
        hint = "write the unit once at the end, or after every number"
        raise next(a for a in amounts if not a.expression).part.problem(
            "CC402", "one number of the range has no unit", hint
        )
    for amount in amounts[:-1]:
        if not amount.expression:
            _refuse_lone_multiplier(amount.part, last.part)
    shared = last.read_unit() if last.expression else _unit_of_bare(amounts, target)
    values = []
    for amount in amounts:
        its_unit = amount.read_unit() if amount.expression else shared
        _check_dimension(amount, its_unit, target.unit or shared, target)
        values.append(_in_base(amount.part, its_unit))
    for (low, high), (lower, higher) in zip(pairwise(values), pairwise(amounts), strict=True):
        if low > high:
            raise _reversed(lower.part, higher.part)
    low, high = values[0], values[-1]
    mid = values[1] if len(values) == 3 else _mean(low, high)
    return Range(low, mid, high), shared


def _deviation(middle: _Amount, deviation: _Amount, target: _Target) -> tuple[Range, Unit]:
    if middle.expression in ("%", "percent") and (deviation.percent or deviation.expression in ("%", "percent")):
        hint = "write both ends, as in `25..35 %`"
        raise deviation.part.problem("CC401", "percent of percent, or percentage points?", hint)
    if deviation.part.number < 0:
        raise deviation.part.problem("CC407", "the deviation after `±` is negative", "leave the sign out")
    if middle.expression and deviation.expression and deviation.percent:
        raise deviation.part.problem("CC401", "the unit stands twice", "write `700 W ± 5 %`")
    if not deviation.percent:
        if middle.expression and not deviation.expression:
            hint = "write `700 ± 20 W`, or `700 W ± 5 %` for a share"
            raise deviation.part.problem("CC402", "the deviation after `±` has no unit", hint)
        if not middle.expression and bool(middle.part.multiplier) != bool(deviation.part.multiplier):
            raise _multiplier_problem(middle.part, deviation.part)
    written = [amount for amount in (middle, deviation) if amount.expression]
    shared = written[-1].read_unit() if written else _unit_of_bare([middle, deviation], target)
    middle_unit = middle.read_unit() if middle.expression else shared
    for amount in written or [middle]:
        its_unit = amount.read_unit() if amount.expression else shared
        _check_dimension(amount, its_unit, target.unit or shared, target)
    mid = _in_base(middle.part, middle_unit)
    share = deviation.part.number / 100
    half = abs(mid) * share if deviation.percent else _in_base(deviation.part, shared)
    if not (math.isfinite(mid - half) and math.isfinite(mid + half)):
        raise deviation.part.problem("CC406", "the range is too large for numbers")
    return Range(mid - half, mid, mid + half), middle_unit


def _unit_of_bare(amounts: list[_Amount], target: _Target) -> Unit:
    """Return the unit of numbers that carry none."""
    wanted = target.unit
    if wanted is None or not wanted.dimension:
        return wanted or unit_of("1")
    part = next((amount.part for amount in amounts if amount.part.multiplier), amounts[-1].part)
    glued = f"{part.written:.15g}{part.multiplier}"
    if part.multiplier == "B" and ("byte", 1) in wanted.dimension:
        hint = f"put a space or a prefix before B for bytes: `{glued[:-1]} B`, `{glued[:-1]} GB`"
        message = f"`{glued}` counts {glued[:-1]} billion; it is not a number of bytes"
        raise part.problem("CC402", message, f"{hint}; `405B params` is a count")
    if target.bare == "never" or (target.bare == "always" and part.multiplier):
        counted = f" ({part.multiplier} is {_WORDS[part.multiplier]})" if part.multiplier else ""
        raise part.problem(
            "CC402", f"`{glued}`{counted} has no unit", f"write it with its unit, as in `{target.example}`"
        )
    return wanted


def _check_dimension(amount: _Amount, found: Unit, wanted: Unit, target: _Target) -> None:
    if found.dimension == wanted.dimension:
        return
    hint = f"write it like `{target.example}`" if target.unit else "all numbers of a range measure the same"
    if found.text.startswith("B ") and ("byte", 1) in found.dimension:
        hint = "a B that is not glued to the number is bytes: `405B params` counts billions"
    problem = mismatch(found, wanted, hint=hint)
    if amount.part.unit.endswith(amount.expression):
        raise problem.moved(amount.expression_offset or amount.part.offset)
    # The unit is not in the text as such: `USD` stands for a dollar sign.
    raise amount.part.problem(problem.code, problem.message, problem.hint)


def _refuse_lone_multiplier(lower: Part, last: Part) -> None:
    # 500..1K is clear, since 500K..1K would fall; but nobody who writes 15..16T means fifteen.
    if last.multiplier and not lower.multiplier and 0 < abs(lower.written) <= abs(last.written):
        raise _multiplier_problem(lower, last)


def _multiplier_problem(first: Part, second: Part) -> QuantityProblem:
    multiplier = first.multiplier or second.multiplier
    number = f"{(second if first.multiplier else first).written:.15g}"
    bare = second if first.multiplier else first
    return bare.problem(
        "CC401",
        f"does the {multiplier} belong to `{number}` too?",
        f"write `{number}{multiplier}`; if not, give each number its own unit",
    )


def _reversed(lower: Part, higher: Part) -> QuantityProblem:
    problem = lower.problem("CC407", "the range runs downwards", "write the smaller number first")
    if lower.multiplier and not higher.multiplier:
        problem.hint = f"glue {lower.multiplier} to both numbers: `{higher.written:.15g}{lower.multiplier}`"
    problem.length = higher.offset + higher.length - lower.offset
    return problem


def _in_base(part: Part, its_unit: Unit) -> float:
    value = its_unit.to_base(part.number)
    if not math.isfinite(value) or (value == 0 and part.number != 0):
        size = "small" if value == 0 else "large"
        raise part.problem("CC406", f"the quantity is too {size} for a number")
    return value


def _mean(low: float, high: float) -> float:
    # Halves first: the sum of the two largest numbers is infinite. Clamped: halves of the smallest round.
    return min(max(low / 2 + high / 2, low), high)
