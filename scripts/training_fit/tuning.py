"""How far off fine-tuning runs are: no constant is fitted on them where pre-training was measured."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from left_out_ranges import Spread, spread_of

from computecalc.units.ranges import Range
from training_fit.fitting import BASE, Fit, places_of, rates_of
from training_fit.rows import Array, Row, batches

ROUNDS = 4
"""Rounds of a fit that starts from the one of all rows."""


class Tuning:
    """Fine-tuning rows beside a fit, and what constants predict of them that saw neither model nor accelerator."""

    def __init__(self, fit: Fit, rows: list[Row]) -> None:
        self.fit, self._batches = fit, batches([row for row in rows if not row.suspicious], BASE)
        self.rows = [row for batch in self._batches for row in batch.rows]
        self.measured = np.array([row.measured for row in self.rows])

    def predicted(self, logarithms: Array) -> Array:
        """Tokens a second of one accelerator."""
        values, parameters = np.exp(np.append(logarithms, 0.0))[None], self.fit.parameters
        rates = [rates_of(batch, values, places_of(batch, parameters), parameters)[0] for batch in self._batches]
        return np.hstack(rates)

    def left_out(self, group_of: Callable[[Row], str], start: Array) -> Array:
        """Predict each group by parameters fitted without it, its pre-training rows included."""
        groups = np.array([group_of(row) for row in self.rows])
        known = np.array([group_of(row) for row in self.fit.rows])
        found = np.empty(len(self.rows))
        for group in sorted(set(groups)):
            own = groups == group
            fitted = self.fit.solved((known != group).astype(float), start, rounds=ROUNDS)
            found[own] = self.predicted(fitted)[own]
        return found

    def spread(self, predicted: Array, group_of: Callable[[Row], str]) -> Spread:
        """Return the range of measured over predicted step time."""
        return spread_of(predicted / self.measured, [group_of(row) for row in self.rows])

    @property
    def generations(self) -> list[str]:
        """Generations whose fine-tuning was measured."""
        return sorted({row.generation for row in self.rows})


def wider(*ranges: Range) -> Range:
    """Return the range that holds all."""
    return Range(min(each.low for each in ranges), 1.0, max(each.high for each in ranges))
