"""Lengths of prompts and outputs: one value, shares of several, or a distribution given by its mean and percentiles."""

from __future__ import annotations

import math
import re
from functools import partial
from statistics import NormalDist
from typing import Any

from pydantic_core import PydanticCustomError

from computecalc.records import record
from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.units.specs import QuantitySpec

__all__ = ["Lengths", "parse_input", "parse_output"]

_UNITS = ("token/request", "token")
_HINT = "a length is a number of tokens: 1500, or 1.5K tokens"
_MOST_SHARES = 64
_LONG = 0.9
"""Percentile of the lengths that a long request has."""

_PERCENTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
_FORMS = (
    "one length (1500), shares of several ([{share: 70 %, tokens: 500}, {share: 30 %, tokens: 8000}]), "
    "or two of mean, p50, p90, p95 and p99 ({mean: 1500, p90: 3000})"
)
_SHARE = QuantitySpec("1", bare="count", minimum=0.0, maximum=1.0, exclusive_minimum=True, ranged=False)


@record
class Lengths:
    """Tokens of the prompts or outputs of all requests."""

    mean: Range
    spread: float
    """Mean square over the square of the mean: 1 where all are equal."""
    long: float | None
    """The length that nine in ten are not longer than; None where all are equal."""
    text: str
    """How it was given, in words."""


def _refused(message: str, hint: str = f"state {_FORMS}") -> PydanticCustomError:
    return PydanticCustomError("CC626", "{message}", {"message": message, "hint": hint})


def _number(raw: object, *, at_least_one: bool, ranged: bool = True) -> Range:
    """Read ``1500``, ``1.5K tokens`` or ``1500 token/request``.

    Raises
    ------
    PydanticCustomError
        Typed by the code of the problem, when it is none of these.
    """
    found: list[QuantityProblem] = []
    for unit in _UNITS:
        try:
            return QuantitySpec(unit, bare="count", minimum=1.0 if at_least_one else 0.0, ranged=ranged).parse(raw)
        except QuantityProblem as wrong:
            found.append(wrong)
            if wrong.code != "CC404":
                break
    problem = found[-1]
    raise PydanticCustomError(
        problem.code,
        "{message}",
        {
            "hint": problem.hint or _HINT,
            "offset": problem.offset,
            "length": problem.length,
            "message": problem.message,
        },
    )


def _share(raw: object) -> float:
    try:
        return _SHARE.parse(raw).mid
    except QuantityProblem as wrong:
        raise _refused(f"a share of the requests is no {raw!r}: {wrong.message}") from wrong


_COMPACT = re.compile(r"(?P<share>[^,]+?)\s+x\s+(?P<tokens>[^,]+)")


def _parse(raw: object, *, at_least_one: bool) -> Lengths:
    """Read lengths in any of their forms; a flag writes shares as ``70 % x 500, 30 % x 8000``.

    Raises
    ------
    PydanticCustomError
        CC626 for what is none of the forms, or the code of what is wrong with a number.
    """
    if isinstance(raw, str) and " x " in raw:
        parts = [_COMPACT.fullmatch(part.strip()) for part in raw.split(",")]
        if any(part is None for part in parts):
            raise _refused("shares of lengths in a text are written as `70 % x 500, 30 % x 8000`")
        raw = [part.groupdict() for part in parts if part is not None]
    if isinstance(raw, list):
        return _mixture(raw)
    if isinstance(raw, dict):
        return _lognormal(raw)
    return Lengths(_number(raw, at_least_one=at_least_one), 1.0, None, "")


def _mixture(raw: list[Any]) -> Lengths:
    if not 2 <= len(raw) <= _MOST_SHARES:
        raise _refused(f"a distribution has 2 to {_MOST_SHARES} lengths, not {len(raw)}")
    parts: list[tuple[float, float]] = []
    for each in raw:
        if not isinstance(each, dict) or set(each) != {"share", "tokens"}:
            raise _refused("each length of a distribution has `share` and `tokens`, and nothing else")
        # An output of 0 among others would be a request of another kind.
        tokens = _number(each["tokens"], at_least_one=True, ranged=False)
        parts.append((tokens.mid, _share(each["share"])))
    total = math.fsum(share for _, share in parts)
    if abs(total - 1.0) > 1e-6:
        raise _refused(f"the shares add up to {100 * total:.6g} %, not to 100 %", "each share is of all requests")
    mean = math.fsum(tokens * share for tokens, share in parts) / total
    square = math.fsum(tokens**2 * share for tokens, share in parts) / total
    return Lengths(Range.exact(mean), square / mean**2, _percentile(parts), f"mean of {len(parts)} lengths")


def _percentile(parts: list[tuple[float, float]]) -> float:
    passed = 0.0
    for tokens, share in sorted(parts):
        passed += share
        if passed >= _LONG - 1e-9:
            return tokens
    return max(tokens for tokens, _ in parts)


def _lognormal(raw: dict[str, Any]) -> Lengths:
    """Take the lognormal distribution with two given figures, the usual shape of measured lengths."""
    known = {"mean", *_PERCENTILES}
    if len(raw) != 2 or not set(raw) <= known:
        raise _refused(f"a distribution is given by two of mean, p50, p90, p95 and p99, not by {', '.join(raw) or '-'}")
    values = {name: _number(value, at_least_one=True, ranged=False).mid for name, value in raw.items()}
    scores = {name: NormalDist().inv_cdf(_PERCENTILES[name]) for name in values if name != "mean"}
    (low, high) = sorted(scores, key=scores.__getitem__) if len(scores) == 2 else (None, next(iter(scores)))
    if low is not None:
        if values[high] < values[low]:
            raise _refused(f"{high} is below {low}", "a higher percentile is no smaller")
        sigma = math.log(values[high] / values[low]) / (scores[high] - scores[low])
        middle = math.log(values[low]) - scores[low] * sigma
    else:
        sigma = _sigma(math.log(values[high] / values["mean"]), scores[high], high)
        middle = math.log(values["mean"]) - sigma**2 / 2.0
    mean = math.exp(middle + sigma**2 / 2.0)
    long = math.exp(middle + NormalDist().inv_cdf(_LONG) * sigma)
    said = " and ".join(f"{name} {value:g}" for name, value in values.items())
    return Lengths(Range.exact(mean), math.exp(sigma**2), long, f"lognormal with {said}")


def _sigma(ratio: float, score: float, name: str) -> float:
    """Solve ln(percentile / mean) = score x sigma - sigma^2 / 2 for the smaller sigma."""
    rest = score**2 - 2.0 * ratio
    if rest < 0.0 or (score == 0.0 and ratio > 0.0):
        hint = f"state {name} nearer to the mean, or the shares of several lengths"
        raise _refused(f"no lognormal distribution has a {name} so far above its mean", hint)
    sigma = score - math.sqrt(rest) if score > 0.0 else math.sqrt(rest)
    if sigma < 0.0:
        hint = f"state a larger {name}, or the shares of several lengths"
        raise _refused(f"{name} is below the mean, which no lognormal distribution near it has", hint)
    return sigma


parse_input = partial(_parse, at_least_one=True)
parse_output = partial(_parse, at_least_one=False)
