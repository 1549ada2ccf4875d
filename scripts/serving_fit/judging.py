"""How well rows are predicted by constants that do not know them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from left_out_ranges import Spread, spread_of
from numpy.typing import NDArray

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inference.calibrating import left_range, own_factor
from computecalc.units.ranges import Range
from serving_fit.first_token import First
from serving_fit.fitting import left_out
from serving_fit.platforms import fitted_platforms
from serving_fit.power import draw, fitted_curve
from serving_fit.predicting import Model, Predicted
from serving_fit.rows import is_mixture, shape_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Strings = NDArray[np.str_]

OWN_ROWS = (2, 4)
DRAWS = 20
LARGEST_CELL_SHARE = 6
"""Rows from which on a cell tells how rows of one cell scatter."""


@dataclass(frozen=True)
class Columns:
    """The measurements of all rows."""

    kind: Strings
    mixture: Mask
    clean: Mask
    generation: Strings
    cells: list[str]
    reference: Mask
    """Rows that the constants are fitted on; the others give factors of their generation."""

    @classmethod
    def of(cls, model: Model, catalog: Catalog) -> Columns:
        """Take them from the rows of a model."""
        rows = model.rows
        return cls(
            np.array([row.kind for row in rows]),
            np.array([is_mixture(shape_of(row.model, catalog)) for row in rows]),
            np.array([not row.suspect for row in rows]),
            np.array([row.generation for row in rows]),
            ["|".join(row.cell) for row in rows],
            np.array([row.is_reference for row in rows]),
        )

    def structures(self, chosen: Mask) -> tuple[tuple[str, Mask], tuple[str, Mask]]:
        """Split chosen rows into dense models and mixtures."""
        return ("dense", chosen & ~self.mixture), ("MoE, MLA", chosen & self.mixture)


@dataclass(frozen=True)
class Errors:
    """Absolute relative errors, in percent."""

    count: int
    median: float
    mean: float
    ninetieth: float
    ratio: float
    """Median of predicted over measured."""

    def __str__(self) -> str:
        """All of it, for the eye."""
        sizes = f"median {self.median:5.1f}  mean {self.mean:5.1f}  p90 {self.ninetieth:5.1f}"
        return f"n {self.count:4d}  {sizes}  ratio {self.ratio:.2f}"

    @property
    def brief(self) -> str:
        """Median and mean, and of how many."""
        return f"{self.median:.1f} / {self.mean:.1f} % of {self.count}"


def errors(ratio: Array) -> Errors:
    """Errors of predicted over measured figures."""
    size = np.abs(ratio - 1) * 100
    middle, mean, ninetieth = np.median(size), size.mean(), np.quantile(size, 0.9)
    return Errors(len(size), float(middle), float(mean), float(ninetieth), float(np.median(ratio)))


def held_out(
    model: Model, columns: Columns, names: list[str], theta: Array, first: First, rounds: int = 2
) -> Predicted:
    """Predictions of each row by a fit that left out all rows of its name, factors of generations included."""
    chosen = columns.clean & columns.reference
    found = {name: np.full(len(model.rows), np.nan) for name in Predicted.__dataclass_fields__}
    for held, without in left_out(model, chosen, names, theta, rounds).values():
        platforms = fitted_platforms(model, without, columns.clean & ~held)
        predicted = model.predicted(without, first, platforms)
        for name, column in found.items():
            column[held] = getattr(predicted, name)[held]
    return Predicted(**found)


@dataclass(frozen=True)
class Own:
    """What own rows leave: errors in percent, and the share of the other rows within the range that is left."""

    median: float
    mean: float
    covered: float


def within_cells(columns: Columns, chosen: Mask, ratios: Array) -> dict[str, Range]:
    """Scatter of the rows of one cell around its median: 10th and 90th percentile, dense and mixtures."""
    cells, found = np.array(columns.cells), {}
    for label, mask in columns.structures(chosen & np.isfinite(ratios)):
        rests = []
        for cell in sorted(set(cells[mask])):
            logarithms = np.log(ratios[mask & (cells == cell)])
            if len(logarithms) >= LARGEST_CELL_SHARE:
                rests += list(logarithms - np.median(logarithms))
        low, high = np.exp(np.quantile(rests, (0.1, 0.9)))
        found[label] = Range(float(low), 1.0, float(high))
    return found


def own_rows(
    columns: Columns, chosen: Mask, ratios: Array, whole: dict[str, Range], within: dict[str, Range]
) -> dict[tuple[str, int], Own]:
    """Judge the factor that a few rows of a cell give to its other rows, measured over predicted in `ratios`."""
    random = np.random.default_rng(0)
    cells = np.array(columns.cells)
    errors: dict[tuple[str, int], list[float]] = defaultdict(list)
    held: dict[tuple[str, int], list[bool]] = defaultdict(list)
    use = chosen & np.isfinite(ratios)
    for count in OWN_ROWS:
        for cell in sorted(set(cells[use])):
            places = np.flatnonzero(use & (cells == cell))
            if len(places) < count + 2:
                continue
            label = "MoE, MLA" if columns.mixture[places[0]] else "dense"
            left = left_range(whole[label], within[label], count)
            for _ in range(DRAWS):
                mixed = random.permutation(places)
                rest = ratios[mixed[count:]] / own_factor(list(ratios[mixed[:count]]))
                errors[label, count] += list(np.abs(1.0 / rest - 1.0))
                held[label, count] += list((left.low <= rest) & (rest <= left.high))
    return {
        key: Own(float(np.median(sizes)) * 100, float(np.mean(sizes)) * 100, float(np.mean(held[key])))
        for key, sizes in errors.items()
    }


def spread(columns: Columns, chosen: Mask, ratios: Array, pairs: Sequence[str]) -> dict[str, Spread]:
    """Return a range for dense models and for mixtures that holds the share `COVERED` of the rows of a new pair."""
    names, found = np.array(pairs), {}
    for label, mask in columns.structures(chosen & np.isfinite(ratios)):
        if not mask.any():
            continue
        found[label] = spread_of(ratios[mask], list(names[mask]))
    return found


def power_errors(model: Model, columns: Columns, found: Predicted) -> dict[str, tuple[Array, Array]]:
    """Predicted over measured draw and joules a token, each model by curves fitted without it."""
    rows = model.rows
    measured = np.array([row.draw for row in rows])
    energy = np.array([row.energy for row in rows])
    watts = np.zeros(len(rows))
    for batch in model.batches:
        watts[batch.index] = batch.inputs.thermal_design * batch.inputs.tensor * batch.inputs.attention_data
    names = np.array([row.model for row in rows])
    drawn = np.full(len(rows), np.nan)
    use = columns.clean & (columns.kind == "power")
    for generation in sorted(set(columns.generation[use])):
        here = use & (columns.generation == generation)
        for name in sorted(set(names[here])):
            others, own = here & (names != name), here & (names == name)
            curve = fitted_curve(found.memory_use[others], found.compute_use[others], measured[others])
            drawn[own] = draw(curve, found.memory_use[own], found.compute_use[own])
    joules = drawn * watts / found.rate
    split = {
        f"{generation} {label}": mask
        for generation in sorted(set(columns.generation[use]))
        for label, mask in columns.structures(use & (columns.generation == generation))
    }
    together = {f"all {label}": mask for label, mask in columns.structures(use)}
    return {
        name: (drawn[mask] / measured[mask], joules[mask] / energy[mask]) for name, mask in (split | together).items()
    }
