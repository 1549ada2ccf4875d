"""What is wrong with a quantity, and where in its text."""

from __future__ import annotations

from typing import Literal

__all__ = ["ProblemCode", "QuantityProblem"]

ProblemCode = Literal["CC401", "CC402", "CC403", "CC404", "CC405", "CC406", "CC407"]
"""Not a quantity, unit missing, unit unknown, wrong dimension, outside the limits, not finite, range reversed."""


class QuantityProblem(ValueError):  # noqa: N818 - a finding about a text, turned into an error by whoever knows the file
    """A text that is not the quantity wanted.

    Parameters
    ----------
    code : str
        One of CC401 to CC407.
    message : str
        What is wrong.
    hint : str
        The way out, possibly empty.
    offset, length : int
        The wrong part of the text, in characters; a length of 0 means the whole value.
    """

    def __init__(self, code: ProblemCode, message: str, *, hint: str = "", offset: int = 0, length: int = 0) -> None:
        super().__init__(message)
        self.code: ProblemCode = code
        self.message = message
        self.hint = hint
        self.offset = offset
        self.length = length

    def moved(self, by: int) -> QuantityProblem:
        """Return the same problem for a text in which ours starts `by` characters in."""
        return QuantityProblem(
            self.code, self.message, hint=self.hint, offset=max(self.offset + by, 0), length=self.length
        )
