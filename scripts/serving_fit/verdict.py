"""All that was judged of a fit, and the words in which the catalog says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from left_out_ranges import Spread

from computecalc.units.ranges import Range
from serving_fit.judging import Columns, Errors, Own
from serving_fit.predicting import Predicted

SHORT = {"dense": "dense", "MoE, MLA": "moe"}
"""Structures as priors call them."""

INTERVAL = "time between tokens"


@dataclass(frozen=True)
class Verdict:
    """Errors by subject and structure; ranges by name and structure."""

    by_pair: Mapping[str, Errors]
    with_suspicious: Mapping[str, Errors]
    by_generation: Mapping[str, Errors]
    spreads: Mapping[str, Mapping[str, Spread]]
    within: Mapping[str, Mapping[str, Range]]
    own: Mapping[str, Mapping[tuple[str, int], Own]]
    energy: Mapping[str, tuple[Errors, Errors]]
    """Of draw and of joules an output token."""
    pairs: Predicted
    generations: Predicted

    def note(self, columns: Columns) -> str:
        """One sentence about rows and errors, which goes with every constant."""
        fitted, doubted = int((columns.clean & columns.reference).sum()), int((~columns.clean).sum())
        dense, mixed = (self.by_pair[f"{INTERVAL}, {label}"] for label in SHORT)
        return (
            f"fitted on {fitted} rows, {doubted} suspicious ones left out; {INTERVAL} of models and accelerators left "
            f"out of the fit is off by {dense.mean:.1f} % (dense) and {mixed.mean:.1f} % (MoE) on average"
        )

    def notes(self) -> list[str]:
        """Errors of what is not shipped, and of what is shipped where the tables of validation do not have them."""
        own = self.own["residual"]
        corrected = [f"{label} {count} rows {one.median:.1f} / {one.mean:.1f} %" for (label, count), one in own.items()]
        doubted = {label: self.with_suspicious[f"{INTERVAL}, {label}"] for label in SHORT}
        power = {label: self.by_pair[f"{INTERVAL}, power rows, {label}"] for label in SHORT}
        joules = {label: each for label, (_, each) in self.energy.items()}
        draw = {label: each for label, (each, _) in self.energy.items()}
        return [
            "Median / mean absolute errors of fits that did not see the rows; docs/validation.md has those of the "
            "rows that are shipped.",
            f"Joules an output token of the accelerators, each model left out: {_listed(joules)}.",
            f"Draw of the accelerators, each model left out: {_listed(draw)}.",
            f"{INTERVAL.capitalize()} of the same rows, model and accelerator left out: {_listed(power)}.",
            f"{INTERVAL.capitalize()} of closed loops with suspicious rows judged too: {_listed(doubted)}.",
            f"The same corrected by own rows of model, accelerator, precision and engine: {', '.join(corrected)}.",
        ]


def _listed(found: Mapping[str, Errors]) -> str:
    return ", ".join(f"{name} {each.brief}" for name, each in found.items())


def rows_of(columns: Columns) -> dict[str, int]:
    """Clean rows by generation."""
    names, counts = np.unique(columns.generation[columns.clean], return_counts=True)
    return {str(name): int(count) for name, count in zip(names, counts, strict=True)}
