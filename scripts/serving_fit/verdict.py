"""All that was judged of a fit, and the words in which the catalog says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from computecalc.units.ranges import Range
from serving_fit.judging import Columns, Own, Spread
from serving_fit.predicting import Predicted

SHORT = {"dense": "dense", "MoE, MLA": "moe"}
"""Structures as priors call them."""


@dataclass(frozen=True)
class Verdict:
    """Errors as text by subject; ranges by name and structure."""

    by_pair: Mapping[str, str]
    with_suspicious: Mapping[str, str]
    by_generation: Mapping[str, str]
    spreads: Mapping[str, Mapping[str, Spread]]
    within: Mapping[str, Mapping[str, Range]]
    own: Mapping[str, Mapping[tuple[str, int], Own]]
    energy: Mapping[str, tuple[str, str]]
    """Of draw and of joules an output token."""
    pairs: Predicted
    generations: Predicted

    def notes(self, columns: Columns) -> list[str]:
        """Sentences about rows and errors, for the entry of the constants."""
        clean = columns.clean
        counts = {kind: int((clean & (columns.kind == kind)).sum()) for kind in ("closed", "offline", "power")}
        lines = [
            f"Fitted on {int((clean & columns.reference).sum())} rows, {int((~clean).sum())} suspicious ones left out: "
            f"closed loops, offline throughput and power rows. With other vendors {counts['closed']} closed, "
            f"{counts['offline']} offline and {counts['power']} power rows are judged, absolute relative errors "
            "in percent."
        ]
        for title, found in (
            ("Model on that accelerator left out", self.by_pair),
            ("The same with suspicious rows judged too", self.with_suspicious),
            ("Accelerator generation left out", self.by_generation),
        ):
            lines.append(f"{title}. " + _listed(found))
        own = [
            f"{label}, {count} own rows: median {one.median:.1f}, mean {one.mean:.1f}"
            for (label, count), one in self.own["residual"].items()
        ]
        lines.append("Time between tokens corrected by own rows. " + "; ".join(own) + ".")
        lines.append(
            "Joules an output token of the accelerators, model left out. "
            + _listed({label: joules for label, (_, joules) in self.energy.items()})
        )
        lines.append("Draw, model left out. " + _listed({label: draw for label, (draw, _) in self.energy.items()}))
        return lines


def _listed(found: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {' '.join(text.split())}" for name, text in found.items()) + "."


def rows_of(columns: Columns) -> dict[str, int]:
    """Clean rows by generation."""
    names, counts = np.unique(columns.generation[columns.clean], return_counts=True)
    return {str(name): int(count) for name, count in zip(names, counts, strict=True)}
