"""The parts of a quantity's text: what is refused at sight, where it divides, and one number with what follows it."""

from __future__ import annotations

import math
import re
import unicodedata

from computecalc.records import record
from computecalc.units.problems import ProblemCode, QuantityProblem
from computecalc.units.suggestions import is_currency_sign

__all__ = ["LONGEST_TEXT", "Part", "check_text", "read_part", "split_text"]

LONGEST_TEXT = 200
_EXAMPLE = "a quantity is written like `60 d`, `15.6T tokens` or `0.35..0.40..0.45`"
_SEPARATOR = re.compile(r"\.\.|±|\+/-|\+-")
_MULTIPLIERS = {"": 0, "K": 3, "k": 3, "M": 6, "B": 9, "T": 12}
_DIGITS = "[0-9]+(?:_[0-9]+)*"
_PART = re.compile(
    rf"""\s*(?P<dollar>\$?)\s*
    (?P<mantissa>[+-]?{_DIGITS}(?:\.{_DIGITS})?)
    (?:[eE](?P<exponent>[+-]?[0-9]+))?
    (?P<multiplier>[KkMBT](?![^\W\d_]))?
    (?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
_NOT_FINITE = re.compile(r"\s*\$?\s*[+-]?\.?(?:nan|inf(?:inity)?|∞)(?![^\W\d_])", re.IGNORECASE)
_REFUSED_CATEGORIES = frozenset(["Cc", "Cf", "Cs", "Co", "Zl", "Zp"])


@record
class Part:
    """One number, its multiplier, and the unit text that follows."""

    number: float
    """With its multiplier."""
    written: float
    """Without its multiplier."""
    multiplier: str
    dollar: bool
    unit: str
    """What follows the number, without white space around it; not looked into yet."""
    unit_offset: int
    offset: int
    length: int

    def problem(self, code: ProblemCode, message: str, hint: str = "") -> QuantityProblem:
        """Return a problem that points at this part."""
        return QuantityProblem(code, message, hint=hint, offset=self.offset, length=self.length)


def check_text(text: str) -> None:
    """Refuse what nobody needs to look into.

    Raises
    ------
    QuantityProblem
        CC401 for empty texts, texts of over 200 characters, and invisible characters.
    """
    if len(text) > LONGEST_TEXT:
        message = f"a text of {len(text)} characters is no quantity"
        raise QuantityProblem("CC401", message, hint=_EXAMPLE, offset=0, length=LONGEST_TEXT)
    for offset, character in enumerate("" if text.isascii() and text.isprintable() else text):
        if unicodedata.category(character) in _REFUSED_CATEGORIES:
            message = f"the quantity holds the invisible character U+{ord(character):04X}"
            raise QuantityProblem("CC401", message, hint="delete it", offset=offset, length=1)
    if not text.strip():
        raise QuantityProblem("CC401", "the quantity is empty", hint=_EXAMPLE, length=len(text))


def split_text(text: str) -> tuple[list[tuple[str, int]], list[str]]:
    """Divide a text at ``..`` and ``±``.

    Returns
    -------
    tuple
        The pieces with their offsets, and the separators between them with ``+-`` and ``+/-`` read as ``±``.
    """
    pieces, separators, start = [], [], 0
    for found in _SEPARATOR.finditer(text):
        pieces.append((text[start : found.start()], start))
        separators.append(".." if found.group() == ".." else "±")
        start = found.end()
    pieces.append((text[start:], start))
    return pieces, separators


def read_part(text: str, offset: int) -> Part:
    """Read one number and what follows it.

    Parameters
    ----------
    text : str
        The piece between separators.
    offset : int
        Where it starts in the whole text.

    Raises
    ------
    QuantityProblem
        CC401 when it does not start with a number, CC406 when the number is not finite.
    """
    stripped = text.strip()
    start = offset + len(text) - len(text.lstrip())
    found = _PART.fullmatch(text)
    if found is None:
        raise _no_number(stripped, start)
    rest = found["rest"]
    unit_offset = offset + found.start("rest") + len(rest) - len(rest.lstrip())
    if rest[:1] in (",", ".", "_", "'"):
        hint = "decimals take a point and thousands nothing or an underscore: `1.5`, `1500`, `1_500`"
        message = f"`{stripped}` is not a number that we read"
        raise QuantityProblem("CC401", message, hint=hint, offset=start, length=len(stripped))
    multiplier = found["multiplier"] or ""
    mantissa, exponent = found["mantissa"].replace("_", ""), int(found["exponent"] or 0)
    # One conversion from text: 15.6T is the double nearest to 15.6e12.
    part = Part(
        number=float(f"{mantissa}e{exponent + _MULTIPLIERS[multiplier]}"),
        written=float(f"{mantissa}e{exponent}"),
        multiplier=multiplier,
        dollar=bool(found["dollar"]),
        unit=rest.strip(),
        unit_offset=unit_offset,
        offset=start,
        length=len(stripped),
    )
    if not math.isfinite(part.number) or (part.number == 0 and mantissa.strip("+-0.")):
        size = "small" if part.number == 0 else "large"
        raise part.problem("CC406", f"`{stripped}` is too {size} for a number")
    return part


def _no_number(piece: str, offset: int) -> QuantityProblem:
    code: ProblemCode = "CC401"
    message, hint = f"`{piece}` does not start with a number", _EXAMPLE
    if _NOT_FINITE.match(piece):
        code, message, hint = "CC406", f"`{piece}` is not a finite number", "leave the key out if it is unknown"
    elif any(map(is_currency_sign, piece[:2])):
        code, hint = "CC403", "only USD is known: convert to US dollars first, as in `$2.50/accelerator/h`"
        message = f"`{piece}` is in a currency that we do not know"
    elif piece.lstrip("+-$").startswith("."):
        hint = "write a digit before the decimal point: `0.5`"
    elif piece[:1] in ("<", ">", "~", "≈", "≤", "≥"):
        hint = "what is uncertain is a range, as in `60..75..90 d` or `75 d ± 10 %`"
    return QuantityProblem(code, message, hint=hint, offset=offset, length=max(len(piece), 1))
