"""Ranges of a step: what is left between measured and predicted time of runs that the fit did not see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from left_out_ranges import Spread, spread_of

from computecalc.units.ranges import Range
from training_fit.fitting import Fit
from training_fit.rows import Array, Row
from training_fit.tuning import Tuning, wider

PAIR = "model and accelerator left out of the fit"
GENERATION = "generation left out of the fit: unvalidated"


@dataclass(frozen=True)
class Residual:
    """A prior of measured over predicted step time."""

    name: str
    quantity: str
    labels: dict[str, str]
    range: Range
    note: str

    @property
    def value(self) -> str:
        """Return the range as the catalog writes it."""
        return f"{self.range.low:.3f}..1..{self.range.high:.3f}"


def pretraining_residuals(fit: Fit, near: Array, far: Array) -> Iterator[Residual]:
    """By structure, for generations with measured runs and for others."""
    for structure in ("dense", "moe"):
        generations = sorted({row.generation for row in _rows(fit, structure)})
        yield _residual("step.residual", structure, "", _spread(fit, structure, far, "generation"), GENERATION)
        one = _spread(fit, structure, near, "group")
        yield from (_residual("step.residual", structure, generation, one, PAIR) for generation in generations)


def tuning_residuals(tuning: Tuning, fitted: Array, fit: Fit, far: Array) -> Iterator[Residual]:
    """For generations whose fine-tuning was measured, for others, and for mixtures, of which none was measured."""
    quantity = "step.tuning_residual"
    one = tuning.spread(tuning.left_out(_group, fitted), _group)
    unseen = tuning.spread(tuning.left_out(_generation, fitted), _generation)
    dense = wider(one.range, unseen.range)
    note = f"the wider of that of generations whose fine-tuning was measured, and {_told(unseen, GENERATION)}"
    yield Residual("residual-tuning-any-dense", quantity, {"structure": "dense"}, dense, note)
    mixture = _spread(fit, "moe", far, "generation")
    note = "no fine-tuning of a mixture was measured: the wider of dense models in fine-tuning and MoE in pre-training"
    yield Residual("residual-tuning-any-moe", quantity, {"structure": "moe"}, wider(dense, mixture.range), note)
    for generation in tuning.generations:
        yield _residual(quantity, "dense", generation, one, PAIR)


def _group(row: Row) -> str:
    return row.group


def _generation(row: Row) -> str:
    return row.generation


def _rows(fit: Fit, structure: str) -> list[Row]:
    return [row for row in fit.rows if _is_of(row, structure)]


def _is_of(row: Row, structure: str) -> bool:
    return row.task == "pretrain" and row.experts == (structure == "moe") and not row.suspicious


def _spread(fit: Fit, structure: str, left: Array, by: str) -> Spread:
    member = np.array([_is_of(row, structure) for row in fit.rows])
    return spread_of(left[member] / fit.measured[member], [getattr(row, by) for row in _rows(fit, structure)])


def _residual(quantity: str, structure: str, generation: str, spread: Spread, what: str) -> Residual:
    kind = "residual-tuning" if "tuning" in quantity else "residual"
    labels = {"structure": structure} | ({"generation": generation} if generation else {})
    return Residual(
        "-".join((kind, generation or "any", structure)), quantity, labels, spread.range, _told(spread, what)
    )


def _told(spread: Spread, what: str) -> str:
    return f"{spread.text} runs, {what}; such a range of the other runs holds {spread.covered:.0%} of those left out"
