"""Points of a unit cube: Sobol sequences, Latin hypercubes and independent numbers, any part of them alike.

Sobol points come from one scrambled sequence, of which any part can be reached at once. Hypercubes and independent
numbers come in cubes of `CUBE` samples, each with a seed of its own: up to as many samples make one Latin hypercube,
more of them a stack of hypercubes, so that no part of a sweep needs the whole of it in memory.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from computecalc.scenario.sampling import Sample

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CUBE", "drawn_shares"]

CUBE = 2**18
"""Samples of one hypercube at most."""

_EDGE = 2.0**-53
"""Nearest that a share comes to 0 and 1: quantiles of distributions without ends are infinite there."""

_BITS = 32
"""Bits of a Sobol sequence: it has 2**32 points."""

_REACHED: dict[tuple[int, int], tuple[Any, int]] = {}
"""The last sequence by seed and width, and the number of its next point: reaching a point from the start takes time."""


_Draw: TypeAlias = "Callable[[list[int], int, int], NDArray[np.float64]]"

_CUBES: dict[tuple[_Draw, int, int, int, int], NDArray[np.float64]] = {}
"""The last cube that was drawn, by what it was drawn with."""


def drawn_shares(sample: Sample, numbers: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Return the coordinates of samples.

    Parameters
    ----------
    sample : Sample
        How they are drawn, and along which axes.
    numbers : array
        Numbers of the samples, rising by one but where they start again at 0.

    Returns
    -------
    dict
        Path of each axis to its coordinates, each in (0, 1).
    """
    axes = tuple(sample.axes)
    cube = np.empty((len(numbers), len(axes)))
    starts = np.flatnonzero(np.diff(numbers, prepend=numbers[0] - 2 if len(numbers) else 0) != 1)
    for start, stop in zip(starts, [*starts[1:], len(numbers)], strict=True):
        cube[start:stop] = _run(sample, int(numbers[start]), int(stop - start), len(axes))
    np.clip(cube, _EDGE, 1.0 - _EDGE, out=cube)
    return {path: np.ascontiguousarray(cube[:, i]) for i, path in enumerate(axes)}


def _run(sample: Sample, first: int, count: int, width: int) -> NDArray[np.float64]:
    if sample.method == "sobol":
        return _sobol(sample.seed, first, count, width)
    draw = _hypercube if sample.method == "lhs" else _independent
    found = []
    for number in range(first // CUBE, (first + count - 1) // CUBE + 1):
        start = number * CUBE
        size = min(CUBE, sample.cases - start)
        points = _cube(draw, sample.seed, number, size, width)
        found.append(points[max(first - start, 0) : first + count - start])
    return np.concatenate(found)


def _cube(draw: _Draw, seed: int, number: int, count: int, width: int) -> NDArray[np.float64]:
    """Return all points of a cube; the last one is kept, since parts of it follow on each other."""
    key = (draw, seed, number, count, width)
    if key not in _CUBES:
        _CUBES.clear()
        _CUBES[key] = draw([seed, number], count, width)
    return _CUBES[key]


def _sobol(seed: int, first: int, count: int, width: int) -> NDArray[np.float64]:
    sequence, place = _REACHED.get((seed, width), (None, -1))
    if place != first:
        from scipy.stats import qmc

        sequence = qmc.Sobol(width, scramble=True, bits=_BITS, rng=np.random.default_rng(seed))
        if first:
            sequence.fast_forward(first)
    with warnings.catch_warnings():
        # That the balance of the sequence wants a power of two is said in the documentation.
        warnings.simplefilter("ignore", UserWarning)
        found: NDArray[np.float64] = sequence.random(count)
    _REACHED.clear()
    _REACHED[seed, width] = (sequence, first + count)
    return found


def _hypercube(seed: list[int], count: int, width: int) -> NDArray[np.float64]:
    from scipy.stats import qmc

    found: NDArray[np.float64] = qmc.LatinHypercube(width, rng=np.random.default_rng(seed)).random(count)
    return found


def _independent(seed: list[int], count: int, width: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).random((count, width))
