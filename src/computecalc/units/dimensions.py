"""Dimensions: products of base units, as text and in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

__all__ = ["BASE_UNITS", "Dimension", "combined", "dimension_text", "dimension_words"]

Dimension: TypeAlias = tuple[tuple[str, int], ...]
"""Base units with their exponents, sorted by name, none of them zero; empty for a plain number."""

BASE_UNITS: Mapping[str, str] = {
    "FLOP": "computation",
    "byte": "data",
    "s": "time",
    "J": "energy",
    "token": "tokens",
    "parameter": "parameters",
    "accelerator": "accelerators",
    "node": "nodes",
    "replica": "replicas",
    "request": "requests",
    "sequence": "sequences",
    "USD": "money",
    "gCO2e": "carbon",
    "L": "water",
    "m": "length",
}
"""The coherent base units, each with the word for what it measures."""

_WORDS: Mapping[Dimension, str] = {
    (): "a plain number",
    (("J", 1), ("s", -1)): "power",
    (("m", 2),): "area",
    (("FLOP", 1), ("s", -1)): "computation per time (a rate)",
    (("FLOP", 1),): "computation (an amount)",
}


def combined(factors: Iterable[tuple[str, int]]) -> Dimension:
    """Return the product of base units with exponents as a dimension."""
    exponents: dict[str, int] = {}
    for name, exponent in factors:
        exponents[name] = exponents.get(name, 0) + exponent
    return tuple(sorted((name, exponent) for name, exponent in exponents.items() if exponent))


def _by_side(dimension: Dimension) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    order = list(BASE_UNITS)
    # USD/accelerator/s and accelerator*s: time stands last, except in rates of work and data (FLOP/s/accelerator).
    rate = not {"FLOP", "byte"}.isdisjoint(name for name, exponent in dimension if exponent > 0)
    ranked = sorted(dimension, key=lambda item: (item[0] == "s" and not rate, order.index(item[0])))
    above = [(name, exponent) for name, exponent in ranked if exponent > 0]
    below = [(name, -exponent) for name, exponent in ranked if exponent < 0]
    return above, below


def dimension_text(dimension: Dimension) -> str:
    """Return the unit expression of a dimension, such as ``USD/accelerator/s``.

    Examples
    --------
    >>> dimension_text((("USD", 1), ("accelerator", -1), ("s", -1)))
    'USD/accelerator/s'
    """

    def power(name: str, exponent: int) -> str:
        return name if exponent == 1 else f"{name}^{exponent}"

    above, below = _by_side(dimension)
    return "/".join(["*".join(power(*item) for item in above) or "1", *(power(*item) for item in below)])


def dimension_words(dimension: Dimension) -> str:
    """Return what a dimension measures, in words.

    Examples
    --------
    >>> dimension_words((("USD", 1), ("accelerator", -1), ("s", -1)))
    'money per accelerator and time'
    """
    if dimension in _WORDS:
        return _WORDS[dimension]

    def word(name: str, exponent: int) -> str:
        return BASE_UNITS[name] + (f" to the power of {exponent}" if exponent > 1 else "")

    above, below = _by_side(dimension)
    numerator = " times ".join(word(*item) for item in above) or "a number"
    # One divides by an accelerator, not by accelerators; the other words have no plural.
    denominator = " and ".join(word(*item).removesuffix("s") for item in below)
    return f"{numerator} per {denominator}" if below else numerator
