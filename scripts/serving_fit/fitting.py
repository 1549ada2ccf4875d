"""The fit: Huber loss on logarithmic ratios with logarithmic priors, by damped Gauss-Newton."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from serving_fit.predicting import CENTRE, SPREAD, Model
from serving_fit.rows import Row

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SCATTER = 0.15
"""Scatter of the logarithm of a measurement about the model, against which priors are weighed."""
KNEE = 0.12
"""Residual from which the loss grows linearly: outliers shall not rule."""
CELL_POWER = 0.25
"""Rows of a cell of n count n to the minus this: a source with many rows shall not rule."""
OFFLINE_WEIGHT = 0.2
NUDGE = 1e-4
LARGEST_MOVE = 0.7


def weights(rows: Sequence[Row], chosen: Mask) -> Array:
    """Weight of each row, one on average."""
    counts = Counter(row.cell for row, kept in zip(rows, chosen, strict=True) if kept)
    raw = np.array(
        [max(counts[row.cell], 1) ** -CELL_POWER * (OFFLINE_WEIGHT if row.kind == "offline" else 1.0) for row in rows]
    )
    found: Array = raw * chosen.sum() / raw[chosen].sum()
    return found


def slopes_of(model: Model, theta: Array, chosen: Mask) -> Array:
    """Return how the logarithm of each row's prediction moves with each constant."""

    def logarithms(at: Array) -> Array:
        found: Array = np.log(model.intervals(at, chosen))
        return found

    here = logarithms(theta)
    return np.stack([(logarithms(theta + step) - here) / NUDGE for step in NUDGE * np.eye(len(theta))], axis=1)


def fitted(
    model: Model, chosen: Mask, *, start: Array | None = None, slopes: Array | None = None, rounds: int = 14
) -> Array:
    """Return the constants, as logarithms, that fit the chosen rows best.

    Parameters
    ----------
    model : Model
        The rows and their estimate.
    chosen : array of bool
        Rows to fit.
    start : array, optional
        Where to begin; absent: the middles of the priors.
    slopes : array, optional
        Those of all rows at the start, where they are known.
    rounds : int
        Steps at most.
    """
    theta = CENTRE.copy() if start is None else start.copy()
    target = np.log(model.measured(theta))
    chosen = chosen & np.isfinite(target)
    weight = weights(model.rows, chosen)[chosen] / SCATTER**2

    def residuals(at: Array) -> Array:
        found: Array = (np.log(model.intervals(at, chosen)) - target)[chosen]
        return found

    def cost(rest: Array, at: Array) -> float:
        size = np.abs(rest)
        loss = np.where(size < KNEE, rest**2 / 2, KNEE * (size - KNEE / 2))
        return float((weight * loss).sum() + (((at - CENTRE) / SPREAD) ** 2).sum() / 2)

    rest = residuals(theta)
    best, damping = cost(rest, theta), 1e-2
    for _ in range(rounds):
        moves = (slopes_of(model, theta, chosen) if slopes is None else slopes)[chosen]
        slopes = None
        pull = weight * np.where(np.abs(rest) < KNEE, 1.0, KNEE / np.maximum(np.abs(rest), 1e-9))
        curvature = moves.T @ (moves * pull[:, None]) + np.diag(1 / SPREAD**2)
        gradient = moves.T @ (pull * rest) + (theta - CENTRE) / SPREAD**2
        for _ in range(8):
            move = np.linalg.solve(curvature + damping * np.diag(np.diag(curvature)), -gradient)
            tried = theta + np.clip(move, -LARGEST_MOVE, LARGEST_MOVE)
            there = residuals(tried)
            value = cost(there, tried)
            if value < best:
                break
            damping *= 5
        else:
            return theta
        gained = best - value
        theta, rest, best, damping = tried, there, value, max(damping / 5, 1e-6)
        if gained < 1e-4 * best:
            break
    return theta


def left_out(
    model: Model, chosen: Mask, names: Sequence[str], start: Array, rounds: int = 2
) -> dict[str, tuple[Mask, Array]]:
    """Fit once without the rows of each name; give those rows and the constants that do not know them.

    The first step of each fit takes the slopes at the start, which all of them share.
    """
    slopes = slopes_of(model, start, chosen)
    found = {}
    for name in sorted(set(names)):
        held = np.array([other == name for other in names])
        if (held & chosen).any():
            found[name] = (held, fitted(model, chosen & ~held, start=start, slopes=slopes, rounds=rounds))
        else:
            found[name] = (held, start)
    return found
