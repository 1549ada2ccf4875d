"""A global batch, which users give in sequences or in tokens."""

from __future__ import annotations

from typing import Literal

from pydantic_core import PydanticCustomError

from computecalc.records import record
from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.units.specs import QuantitySpec

__all__ = ["Batch", "parse_batch"]

_SEQUENCES = QuantitySpec("sequence", bare="count", minimum=0.0, exclusive_minimum=True, integer=True)
_TOKENS = QuantitySpec("token", minimum=0.0, exclusive_minimum=True)


@record
class Batch:
    """A range of sequences or of tokens."""

    range: Range
    unit: Literal["sequence", "token"]


def parse_batch(raw: object) -> Batch:
    """Read ``2048``, ``2048 sequences`` or ``16M tokens``.

    Raises
    ------
    PydanticCustomError
        Typed by the code of the problem, when it is neither.
    """
    try:
        return Batch(_SEQUENCES.parse(raw), "sequence")
    except QuantityProblem as as_sequences:
        problem = as_sequences
    if problem.code == "CC404":
        try:
            return Batch(_TOKENS.parse(raw), "token")
        except QuantityProblem as as_tokens:
            if as_tokens.code != "CC404":
                problem = as_tokens
    hint = problem.hint or "a batch is a number of sequences (2048) or of tokens (16M tokens)"
    raise PydanticCustomError(
        problem.code,
        "{message}",
        {"hint": hint, "offset": problem.offset, "length": problem.length, "message": problem.message},
    )
