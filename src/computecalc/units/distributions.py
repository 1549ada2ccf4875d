"""A range as a distribution, with the same digits on every platform.

The uniform numbers come from Philox 4x64-10 (Salmon et al. 2011), a counter-based generator whose stream is a
definition and not an implementation: the key is the seed and the name of what is drawn, so that each name has a
stream of its own and one more name leaves the others as they were. Quantile functions turn them into values by
``+ - * /``, square root and powers of two alone, which IEEE 754 rounds in one way; exponential and logarithm of the
platform's library differ in the last digit, so they are series here.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from computecalc.units.ranges import Range

__all__ = ["DISTRIBUTIONS", "TAIL", "normal_quantile", "quantile_of", "uniforms"]

Array = NDArray[np.float64]

DISTRIBUTIONS = ("triangular", "lognormal")

TAIL = 0.05
"""Share of a lognormal distribution below the low end of its range, and above the high end."""

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""Their sum is ln 2; the first has so few bits that its product with an exponent is exact."""

_SQRT_HALF = 0.7071067811865476


def uniforms(seed: int, name: str, count: int) -> Array:
    """Return numbers evenly spread over (0, 1), both ends left out.

    Parameters
    ----------
    seed : int
        At least 0, below 2**64.
    name : str
        What is drawn; each name has its own stream.
    count : int
        How many.
    """
    stream = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    raw = np.random.Philox(key=seed | stream << 64).random_raw(count)
    # The upper 52 bits and a half: every value is exact, and none is 0 or 1.
    return ((raw >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def quantile_of(values: Range, distribution: str, shares: Array) -> Array:
    """Return the values of a range below which the given shares of its distribution lie.

    Parameters
    ----------
    values : Range
        ``triangular``: the ends and the mode. ``lognormal``: the 5th, 50th and 95th percentile of two halves that
        meet in the middle; it needs a low end above 0.
    distribution : str
        One of `DISTRIBUTIONS`.
    shares : array
        Each in (0, 1).
    """
    return _lognormal(values, shares) if distribution == "lognormal" else _triangular(values, shares)


def _triangular(values: Range, shares: Array) -> Array:
    low, mid, high = values.low, values.mid, values.high
    width = high - low
    below, above = (mid - low) / width, (high - mid) / width
    rising = low + width * np.sqrt(shares * below)
    falling = high - width * np.sqrt((1.0 - shares) * above)
    return np.clip(np.where(shares < below, rising, falling), low, high)


def _lognormal(values: Range, shares: Array) -> Array:
    if values.low <= 0.0:
        raise ValueError(f"a lognormal distribution lies above 0, and {values} does not")
    steps = normal_quantile(shares) / float(normal_quantile(np.array([1.0 - TAIL]))[0])
    up = float(_logarithm(np.array([values.high / values.mid]))[0])
    down = float(_logarithm(np.array([values.mid / values.low]))[0])
    return values.mid * _exponential(steps * np.where(steps > 0.0, up, down))


def _polynomial(x: Array, *coefficients: float) -> Array:
    """Evaluate by Horner's rule, the highest power first."""
    result = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        result = result * x + coefficient
    return result


def _logarithm(x: Array) -> Array:
    """Natural logarithm: ln(m 2^e) = e ln 2 + 2 artanh((m - 1)/(m + 1)), m between the roots of 1/2 and 2."""
    mantissa, exponent = np.frexp(x)
    small = mantissa < _SQRT_HALF
    mantissa, exponent = np.where(small, 2.0 * mantissa, mantissa), exponent - small
    ratio = (mantissa - 1.0) / (mantissa + 1.0)
    series = _polynomial(ratio * ratio, *(2.0 / power for power in range(25, 0, -2)))
    return exponent * _LN2_HIGH + (exponent * _LN2_LOW + ratio * series)


def _exponential(x: Array) -> Array:
    """Exponential: e^x = 2^k e^r with r at most half of ln 2, by Taylor's series."""
    power = np.rint(x / (_LN2_HIGH + _LN2_LOW))
    rest = (x - power * _LN2_HIGH) - power * _LN2_LOW
    series = np.ones_like(rest)
    for term in range(16, 0, -1):
        series = 1.0 + rest * series / term
    return np.ldexp(series, power.astype(np.int64))


def normal_quantile(shares: Array) -> Array:
    """Return the quantiles of the standard normal distribution: algorithm AS 241, PPND16 (Wichura 1988).

    Its relative error is about 1e-16.
    """
    offset = shares - 0.5
    central = np.abs(offset) <= 0.425
    found = offset * _central(np.where(central, 0.180625 - offset * offset, 0.0))
    tail = np.sqrt(-_logarithm(np.where(central, 0.5, np.minimum(shares, 1.0 - shares))))
    outer = np.where(tail <= 5.0, _near_tail(tail - 1.6), _far_tail(tail - 5.0))
    return np.where(central, found, np.where(offset < 0.0, -outer, outer))


def _central(r: Array) -> Array:
    above = _polynomial(
        r,
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080e0,
    )
    below = _polynomial(
        r,
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    )
    return above / below


def _near_tail(r: Array) -> Array:
    above = _polynomial(
        r,
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e0,
        3.64784832476320460504e0,
        5.76949722146069140550e0,
        4.63033784615654529590e0,
        1.42343711074968357734e0,
    )
    below = _polynomial(
        r,
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e0,
        2.05319162663775882187e0,
        1.0,
    )
    return above / below


def _far_tail(r: Array) -> Array:
    above = _polynomial(
        r,
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e0,
        5.46378491116411436990e0,
        6.65790464350110377720e0,
    )
    below = _polynomial(
        r,
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    )
    return above / below
