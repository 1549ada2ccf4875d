"""What may be written as a unit: names, products, quotients, small powers, one pair of parentheses.

Everything is read here before anything is computed, so that no text can cost time or memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from computecalc.records import record
from computecalc.units.definitions import NamedUnit, spellings
from computecalc.units.problems import QuantityProblem
from computecalc.units.suggestions import hint_for_unit

__all__ = ["Factor", "read_expression"]

_LONGEST = 80
_MOST_FACTORS = 12
_LARGEST_EXPONENT = 4
_SUPERSCRIPTS = {"²": 2, "³": 3}
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<name>[^\W\d_²³][^\W_²³]*|%|[€£¥₩₹₽])
      | (?P<power>\*\*|\^)
      | (?P<times>[*·⋅])
      | (?P<over>/)
      | (?P<number>-?[0-9]+)
      | (?P<superscript>[²³])
      | (?P<open>\()
      | (?P<close>\))
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


@record
class Factor:
    """A known unit to a power."""

    unit: NamedUnit
    exponent: int


@record
class _Token:
    kind: str
    text: str
    offset: int
    spaced: bool
    """Whether white space stands before it."""

    def problem(self, message: str, hint: str = "") -> QuantityProblem:
        return QuantityProblem("CC401", message, hint=hint, offset=self.offset, length=len(self.text))


def read_expression(expression: str) -> tuple[Factor, ...]:
    """Read a unit expression.

    Parameters
    ----------
    expression : str
        Such as ``USD/accelerator/h`` or ``kW*h``; ``1`` is the unit of plain numbers.

    Returns
    -------
    tuple of Factor
        Each unit once, in the order written.

    Raises
    ------
    QuantityProblem
        CC401 for what is not an expression or goes beyond the limits (80 characters, 12 factors, exponents from
        -4 to 4), CC403 for unknown units.
    """
    if len(expression) > _LONGEST:
        message = f"a unit of {len(expression)} characters is too long"
        raise QuantityProblem("CC401", message, hint=f"{_LONGEST} characters are enough", length=len(expression))
    reader = _Reader(list(_tokens(expression)), len(expression))
    factors = _merged(reader.product(within_parentheses=False))
    for factor in factors:
        if abs(factor.exponent) > _LARGEST_EXPONENT:
            raise QuantityProblem(
                "CC401",
                f"`{factor.unit.symbol}` to the power of {factor.exponent} is beyond what units need",
                hint=f"exponents go from -{_LARGEST_EXPONENT} to {_LARGEST_EXPONENT}",
                length=len(expression),
            )
    return factors


def _tokens(expression: str) -> Iterator[_Token]:
    spaced = False
    for found in _TOKEN.finditer(expression):
        kind = str(found.lastgroup)
        if kind != "space":
            yield _Token(kind, found.group(), found.start(), spaced)
        spaced = kind == "space"


def _merged(factors: list[Factor]) -> tuple[Factor, ...]:
    exponents: dict[NamedUnit, int] = {}
    for factor in factors:
        exponents[factor.unit] = exponents.get(factor.unit, 0) + factor.exponent
    return tuple(Factor(unit, exponent) for unit, exponent in exponents.items() if exponent)


class _Reader:
    """Reads tokens from left to right."""

    def __init__(self, tokens: list[_Token], length: int) -> None:
        self.tokens = tokens
        self.position = 0
        self.end = _Token("end", "", length, False)
        self.factors = 0
        self.parentheses = 0

    @property
    def current(self) -> _Token:
        return self.tokens[self.position] if self.position < len(self.tokens) else self.end

    def take(self) -> _Token:
        token = self.current
        self.position += 1
        return token

    def product(self, *, within_parentheses: bool) -> list[Factor]:
        factors = self.operand()
        while self.current.kind != "end":
            token = self.current
            if token.kind == "close" and within_parentheses:
                break
            if token.kind in ("times", "over"):
                self.take()
            elif not (token.spaced and token.kind in ("name", "open")):
                raise _misplaced(token)
            sign = -1 if token.kind == "over" else 1
            factors += [Factor(factor.unit, sign * factor.exponent) for factor in self.operand()]
        return factors

    def operand(self) -> list[Factor]:
        token = self.take()
        self.factors += 1
        if self.factors > _MOST_FACTORS:
            raise token.problem(f"a unit of more than {_MOST_FACTORS} factors is not one we read")
        if token.kind == "open":
            factors = self.group(token)
        elif token.kind == "name":
            factors = [Factor(_known(token), 1)]
        elif token.kind == "number" and token.text == "1":
            factors = []
        else:
            raise _misplaced(token)
        exponent = self.exponent()
        return [Factor(factor.unit, factor.exponent * exponent) for factor in factors]

    def group(self, opening: _Token) -> list[Factor]:
        self.parentheses += 1
        if self.parentheses > 1:
            raise opening.problem("a unit may hold one pair of parentheses")
        factors = self.product(within_parentheses=True)
        if self.current.kind != "close":
            raise opening.problem("the parenthesis is not closed")
        self.take()
        return factors

    def exponent(self) -> int:
        if self.current.kind == "superscript" and not self.current.spaced:
            return _SUPERSCRIPTS[self.take().text]
        if self.current.kind != "power":
            return 1
        operator = self.take()
        token = self.take()
        if token.kind != "number":
            raise operator.problem("a whole number must follow the power sign", "as in `mm^2`")
        # The length is looked at first: the text may hold a number of eighty digits.
        if len(token.text) > 2 or not 1 <= abs(int(token.text)) <= _LARGEST_EXPONENT:
            raise token.problem(
                f"the exponent {token.text} is beyond what units need",
                f"exponents go from -{_LARGEST_EXPONENT} to {_LARGEST_EXPONENT} and are not 0",
            )
        return int(token.text)


def _known(token: _Token) -> NamedUnit:
    unit = spellings().get(token.text)
    if unit is None:
        raise QuantityProblem(
            "CC403",
            f"unknown unit `{token.text}`",
            hint=hint_for_unit(token.text),
            offset=token.offset,
            length=len(token.text),
        )
    return unit


def _misplaced(token: _Token) -> QuantityProblem:
    if token.kind == "end":
        return token.problem("the unit ends too early", "a unit is written like `FLOP/s` or `USD/accelerator/h`")
    if token.kind == "number":
        return token.problem(f"`{token.text}` is not a unit", "a quantity is one number and its unit, as in `60 d`")
    if token.text == "-":
        return token.problem("`-` does not join units", "multiply with `*`, as in `accelerator*h`")
    return token.problem(
        f"`{token.text}` is not expected in a unit", "a unit is written like `FLOP/s` or `USD/accelerator/h`"
    )
