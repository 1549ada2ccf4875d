"""Monte Carlo: the metrics over samples of all ranged inputs, as percentiles.

Inputs that share an uncertainty (one axis) are drawn by one number: they are low together and high together. All
others are independent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from computecalc.estimators.inputs import ResolvedInput
from computecalc.estimators.method import Method
from computecalc.estimators.uncertainty import ranged_axes
from computecalc.formulas.table import Numeric
from computecalc.records import record
from computecalc.units.distributions import quantile_of, uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DIGITS", "Percentiles", "sampled_percentiles"]

DIGITS = 9
"""Significant digits of a percentile: the inputs' samples are exact, but what powers and logarithms in formulas give
differs in the last of some sixteen digits from one processor to the next."""

_AT_ONCE = 2**14
"""Samples that go through a recipe together, so that its arrays stay in the cache of a processor."""

_COUNTED = ("accelerator", "replica")
"""Units of which there are whole ones alone."""


@record
class Percentiles:
    """A metric over the samples: 5 %, half and 95 % of them lie at or below."""

    p5: float
    p50: float
    p95: float


def sampled_percentiles(
    inputs: Iterable[ResolvedInput],
    metrics: Callable[[Callable[[ResolvedInput], Numeric]], Mapping[str, Numeric]],
    method: Method,
) -> dict[str, Percentiles]:
    """Return the percentiles of all metrics.

    Parameters
    ----------
    inputs : iterable of ResolvedInput
        All inputs; those without a range keep their value.
    metrics : callable
        Takes what stands for an input, here an array over samples, and returns the metrics.
    method : Method
        Samples, seed and distribution.

    Raises
    ------
    ArithmeticError
        When a metric is not finite for some sample.
    """
    drawn = _drawn(inputs, method)
    parts: dict[str, list[Numeric]] = {}
    for start in range(0, method.samples, _AT_ONCE):
        chunk = {path: values[start : start + _AT_ONCE] for path, values in drawn.items()}

        def number(given: ResolvedInput, chunk: Mapping[str, NDArray[np.float64]] = chunk) -> Numeric:
            return chunk.get(given.path, given.range.mid)

        for name, values in metrics(number).items():
            parts.setdefault(name, []).append(values)
    return {name: _percentiles(name, values, method.samples) for name, values in parts.items()}


def _drawn(inputs: Iterable[ResolvedInput], method: Method) -> dict[str, NDArray[np.float64]]:
    """Draw the samples of each ranged input."""
    drawn = {}
    for axis, together in ranged_axes(inputs).items():
        shares = uniforms(method.seed, axis, method.samples)
        for given in together:
            drawn[given.path] = _values(given, method.distribution, shares)
    return drawn


def _values(given: ResolvedInput, distribution: str, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    values = given.range
    # Zero has no logarithm: such a range keeps to its ends.
    values_of = quantile_of(values, distribution if values.low > 0.0 else "triangular", shares)
    if given.unit == "1":
        # The tails of a share stay below 1, and those of a factor such as PUE above it.
        if values.high <= 1.0:
            values_of = np.minimum(values_of, 1.0)
        elif values.low >= 1.0:
            values_of = np.maximum(values_of, 1.0)
    if given.unit in _COUNTED and all(end.is_integer() for end in (values.low, values.mid, values.high)):
        values_of = np.rint(values_of)
    return values_of


def _percentiles(name: str, parts: list[Numeric], samples: int) -> Percentiles:
    """Take the smallest values that 5 %, half and 95 % of the samples do not exceed."""
    if all(np.ndim(part) == 0 for part in parts):
        only = float(parts[0])
        return Percentiles(only, only, only)
    values = np.concatenate([np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in parts])
    if not np.isfinite(values).all():
        raise ArithmeticError(name)
    # Nearest ranks, in twentieths: nothing is added up or interpolated, so that no rounding comes in.
    ranks = [-(-len(values) * twentieths // 20) - 1 for twentieths in (1, 10, 19)]
    ordered = np.partition(values, ranks)
    if len(values) != samples:
        raise ValueError(f"{name} has {len(values)} values of {samples} samples")
    return Percentiles(*(float(f"{ordered[rank]:.{DIGITS - 1}e}") for rank in ranks))
