"""Least squares on the logarithm of measured over predicted speed, through the production functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from computecalc.catalog.calibrated import STEP_CONSTANTS
from computecalc.estimators.inputs import TrainInputs
from computecalc.estimators.shapes import CoarseShape
from computecalc.estimators.step_constants import StepConstants
from computecalc.estimators.training.step import step_times
from training_fit.parameters import (
    ASSUMED,
    CONSTANTS,
    CORE_BOOST,
    LEVELS,
    MOST_SUSTAINED,
    Parameters,
    factor_of,
    level_of,
    parameters_of,
)
from training_fit.rows import Array, Batch, Row, batches

SCALE = 0.06
"""Logarithmic error beyond which a row counts less than its square: about the spread of equal configurations."""

STEP = 1.0e-3
"""Step of the numerical derivatives, in e-folds."""

SHARPNESS = 12.0
"""How close to its cap a sustained share follows what is fitted."""

BASE = TrainInputs(
    **dict.fromkeys(field.name for field in fields(TrainInputs))  # type: ignore[arg-type]
    | {
        "model": CoarseShape(0.0, 0.0),
        "recipe_weights": 2.0,
        "recipe_gradients": 4.0,
        "recipe_optimizer": 12.0,
        "recipe_activations": 2.0,
        "weight_gradients": 1.0,
        "fused_loss": False,
        "zero_bubble": False,
        "expert_imbalance": 1.0,
    }
)
"""A run of mixed precision with Adam; rows fill in the rest."""


class Fit:
    """Rows, parameters, and predictions of the ones by the others."""

    def __init__(self, rows: list[Row]) -> None:
        self.batches = batches(rows, BASE)
        self.rows = [row for batch in self.batches for row in batch.rows]
        self.parameters = parameters_of(self.rows)
        self.measured = np.array([row.measured for row in self.rows])
        repeats = Counter(row.repeat for row in self.rows)
        # A repeat says less than a new configuration, and more than nothing.
        self.weights = np.array([0.0 if row.suspicious else repeats[row.repeat] ** -0.5 for row in self.rows])
        self.omitted: tuple[str, ...] = ()
        """Parts of a step that are not added, to see what they are worth."""
        self._places = [places_of(batch, self.parameters) for batch in self.batches]

    def predicted(self, logarithms: Array) -> Array:
        """Tokens a second of one accelerator; one line for each line of parameters."""
        lines = np.atleast_2d(logarithms)
        values = np.exp(np.hstack([lines, np.zeros((len(lines), 1))]))
        return np.hstack(
            [
                rates_of(batch, values, places, self.parameters, self.omitted)
                for batch, places in zip(self.batches, self._places, strict=True)
            ]
        )

    def solved(self, kept: Array, start: Array | None = None, *, rounds: int = 12) -> Array:
        """Return the parameters that explain the kept pre-training rows best, and what others sustain."""
        pretraining = np.array([row.task == "pretrain" for row in self.rows])
        found = self._solved(kept * pretraining, start, rounds=rounds, free=self._measured(pretraining))
        # What runs with adapters alone tell of must not move what pre-training tells.
        others = ~self._measured(pretraining)
        return self._solved(kept * ~pretraining, found, rounds=rounds, free=others) if others.any() else found

    def _measured(self, pretraining: Array) -> Array:
        """Tell which parameters pre-training rows inform."""
        families = {row.family for row, own in zip(self.rows, pretraining, strict=True) if own}
        return np.array(
            [not name.startswith("family:") or name.split(":")[1] in families for name in self.parameters.names]
        )

    def _solved(self, kept: Array, start: Array | None, *, rounds: int, free: Array) -> Array:
        """Gauss-Newton with a loss that forgives outliers; only free parameters move."""
        found = (self.parameters.mean if start is None else start).copy()
        wanted, spread = np.log(self.measured), self.parameters.spread
        for _ in range(rounds):
            level, slopes = self._slopes(found)
            error = wanted - level
            weights = self.weights * kept / np.sqrt(1.0 + (error / SCALE) ** 2)
            matrix = slopes.T @ (weights[:, None] * slopes) / SCALE**2 + np.diag(spread**-2.0)
            pull = slopes.T @ (weights * error) / SCALE**2 + (self.parameters.mean - found) / spread**2
            change = np.zeros_like(found)
            change[free] = np.clip(np.linalg.solve(matrix[np.ix_(free, free)], pull[free]), -0.5, 0.5)
            found = np.clip(found + change, self.parameters.least, self.parameters.most)
            if np.max(np.abs(change)) < 1.0e-3:
                break
        return found

    def _slopes(self, logarithms: Array) -> tuple[Array, Array]:
        lines = np.vstack([logarithms, logarithms + STEP * np.eye(len(logarithms))])
        logs = np.log(self.predicted(lines))
        return logs[0], (logs[1:] - logs[0]).T / STEP

    def left_out(self, groups: Sequence[str], start: Array, *, rounds: int = 4) -> Array:
        """Predict each group by parameters fitted without it."""
        found = np.empty(len(self.rows))
        pretraining = np.array([row.task == "pretrain" for row in self.rows])
        for group in sorted(set(groups)):
            member = np.array([name == group for name in groups])
            if not np.any(member & pretraining):
                found[member] = np.nan
                continue
            kept = ~member & pretraining
            fitted = self._solved(kept.astype(float), start, rounds=rounds, free=self._measured(pretraining))
            found[member] = self.predicted(fitted)[0][member]
        return found


def places_of(batch: Batch, parameters: Parameters) -> dict[str, Array]:
    """For each number of a row that is fitted, the place of its parameter."""

    def places(name: Sequence[str]) -> Array:
        return np.array([parameters.index(each) for each in name])

    rows = batch.rows
    classes = {row.id: 16 if row.bits == 16 else 8 for row in rows}
    found = {
        "width": places([f"width:{row.bits}" for row in rows]),
        "half_width": places(["width:16"] * len(rows)),
        "family": places([f"family:{row.family}:{classes[row.id]}" for row in rows]),
        "half_family": places([f"family:{row.family}:16" for row in rows]),
        "stack": places([f"stack:{factor_of(row.stack)}" for row in rows]),
    }
    for name in {name for level in LEVELS.values() for name in level}:
        own = [f"{level_of(row.stack)}:{name}" for row in rows]
        found[name] = places([each if each in parameters.names else name for each in own])
    return found


def capped(sustained: Array) -> Array:
    """Bend a sustained share below what the datasheet allows, smoothly, so that its derivative stays."""
    return np.asarray((sustained**-SHARPNESS + MOST_SUSTAINED**-SHARPNESS) ** (-1.0 / SHARPNESS))


def rates_of(
    batch: Batch, values: Array, places: dict[str, Array], parameters: Parameters, omitted: tuple[str, ...] = ()
) -> Array:
    """Predict tokens a second of one accelerator of each row, by lines of parameter values."""
    numbers = {name: values[:, [parameters.index(name)]] for name in CONSTANTS} | ASSUMED
    for level in LEVELS.values():
        for name in level:
            numbers[name] = values[:, places[name]]
    boost = np.array([CORE_BOOST.get(row.generation, 1.0) for row in batch.rows])
    numbers["core_efficiency"] = numbers["core_efficiency"] * boost
    sustained = values[:, places["width"]] * values[:, places["family"]]
    half = values[:, places["half_width"]] * values[:, places["half_family"]]
    inputs = replace(
        batch.inputs,
        sustained=capped(sustained),
        half_sustained=capped(half),
        stack=values[:, places["stack"]],
        constants=StepConstants(**{name: numbers[name] for name in STEP_CONSTANTS}),
    )
    times = step_times(inputs, batch.layouts, batch.global_batch)
    left_away = sum(np.asarray(times[f"time.step.{part}"]) for part in omitted)
    return batch.tokens / (np.asarray(times["time.step"]) - left_away)
