"""A number that we do not know exactly: low, mid and high."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Range"]


@dataclass(frozen=True, slots=True)
class Range:
    """Low, middle and high value of a quantity, in coherent base units.

    Raises
    ------
    ValueError
        When a value is not finite, or the three are not in rising order.
    """

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.low, self.mid, self.high))):
            raise ValueError(f"a range holds finite numbers, not {self.low}, {self.mid}, {self.high}")
        if not self.low <= self.mid <= self.high:
            raise ValueError(f"a range rises, not {self.low}, {self.mid}, {self.high}")

    @classmethod
    def exact(cls, value: float) -> Range:
        """Return the range of one value."""
        return cls(value, value, value)

    @property
    def is_exact(self) -> bool:
        """Whether low, mid and high are the same."""
        return self.low == self.high

    def map(self, function: Callable[[float], float]) -> Range:
        """Return the range of `function`, which must rise with its argument."""
        return Range(function(self.low), function(self.mid), function(self.high))
