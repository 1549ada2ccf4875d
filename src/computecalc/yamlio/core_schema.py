"""Plain scalars by the core schema of YAML 1.2.

Unlike YAML 1.1 only ``true`` and ``false`` are booleans (``NO`` and ``on`` are texts), ``1.5e12`` is a
number, and ``12:30``, ``1_000`` and ``2026-01-31`` are texts.
"""

from __future__ import annotations

import math
import re
from typing import TypeAlias

__all__ = ["MAXIMUM_NUMBER_LENGTH", "Scalar", "resolve"]

Scalar: TypeAlias = str | int | float | bool | None

MAXIMUM_NUMBER_LENGTH = 400
"""Digits of the longest number accepted; converting longer ones takes quadratic time."""

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_NUMBER_START = frozenset("+-.0123456789")
# Possessive quantifiers, so that a long run of digits followed by a letter is read once.
_DECIMAL = re.compile(r"[-+]?[0-9]++")
_OCTAL = re.compile(r"0o[0-7]++")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]++")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]++|[0-9]++(?:\.[0-9]*+)?)(?:[eE][-+]?[0-9]++)?")


def resolve(text: str) -> Scalar:
    """Return the value of an unquoted scalar.

    Parameters
    ----------
    text : str
        The scalar as written, without surrounding blanks.

    Returns
    -------
    str, int, float, bool or None
        The text itself when it is no other value.

    Raises
    ------
    ValueError
        For a number of more than 400 characters, or one beyond the range of a float.

    Examples
    --------
    >>> resolve("1.5e12"), resolve("0x1F"), resolve("12:30"), resolve("NO"), resolve("true")
    (1500000000000.0, 31, '12:30', 'NO', True)
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START:
        return text
    for pattern, base in ((_DECIMAL, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if pattern.fullmatch(text):
            _refuse_long(text)
            return int(text if base == 10 else text[2:], base)
    if _FLOAT.fullmatch(text):
        _refuse_long(text)
        value = float(text)
        if math.isinf(value):
            raise ValueError("this number is too large: the largest is about 1.8e308")
        return value
    return text


def _refuse_long(text: str) -> None:
    if len(text) > MAXIMUM_NUMBER_LENGTH:
        raise ValueError(f"a number of {len(text)} characters is too long: the limit is {MAXIMUM_NUMBER_LENGTH}")
