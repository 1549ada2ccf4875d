"""Generations of other vendors: how much longer they take than the model that is fitted on NVIDIA's says."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from serving_fit.predicting import NO_WAIT, Model

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Platforms = dict[str, float]

SHRINKAGE = 0.3
"""Cells of no deviation that those of a generation are averaged with."""


def deviations(model: Model, theta: Array) -> Array:
    """Logarithm of measured over modelled time of every row: between tokens, else for the throughput."""
    found = model.predicted(theta, NO_WAIT)
    interval = np.array([row.interval for row in model.rows])
    rate = np.array([row.rate for row in model.rows])
    deviation: Array = np.where(np.isfinite(interval), np.log(interval / found.interval), np.log(found.rate / rate))
    return deviation


def fitted_platforms(model: Model, theta: Array, chosen: Mask) -> Platforms:
    """Return the factor of each generation that the constants are not fitted on, each model and accelerator as one."""
    deviation = deviations(model, theta)
    cells: dict[str, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    for place, row in enumerate(model.rows):
        if chosen[place] and not row.is_reference:
            cells[row.generation][row.model, row.accelerator].append(float(deviation[place]))
    return {
        generation: float(np.exp(sum(map(np.mean, each.values())) / (len(each) + SHRINKAGE)))
        for generation, each in sorted(cells.items())
    }
