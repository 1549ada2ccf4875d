"""Which terms of the model of a step earn their keep: the fit again without each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from training_fit.fitting import Fit
from training_fit.parameters import Parameters
from training_fit.rows import Array

FOLDS = 5
NOTHING = 1.0e-9
"""Stands for zero where logarithms are fitted."""

PINNED = 1.0e-6
"""E-folds that a parameter may move which is held at a value."""

LARGEST = 10.0
"""A sustained share that the cap of such shares takes back to what is possible."""


@dataclass(frozen=True)
class Term:
    """Something that the model counts, and how it is taken out."""

    name: str
    held: dict[str, float] = field(default_factory=dict)
    """Parameters held at a value that does nothing; `family:` holds all that begin so, a constant its variants too."""
    omitted: tuple[str, ...] = ()
    """Parts of a step that are not added."""


TERMS = (
    Term("no sustained share: 95 % of the datasheet", {"family:": 1.0, "width:": LARGEST}),
    Term("all generations sustain the same share", {"family:": 1.0}),
    Term("no factor of software", {"stack:": 1.0}),
    Term("no edges of products", {"tile": NOTHING}),
    Term("attention's core as fast as other products", {"core_efficiency": 1.0}),
    Term("no element-wise work", {"element_passes": NOTHING, "cast_passes": NOTHING, "state_passes": NOTHING}),
    Term("no casts to 8 or 4 bits", {"cast_passes": NOTHING}),
    Term("no recomputation", {"recompute_share": NOTHING}),
    Term("recomputation as slow as the first pass", {"recompute_share": 1.0}),
    Term("no tensor-parallel exchange", omitted=("tensor",)),
    Term("no bubble and no sends of pipelines", omitted=("pipeline",)),
    Term("stages perfectly balanced", {"imbalance": NOTHING}),
    Term("no data-parallel exchange", omitted=("data",)),
    Term("hidden exchanges cost nothing", {"hidden_share": NOTHING}),
    Term("no exchange of context parallelism", omitted=("context",)),
    Term("no optimizer", omitted=("optimizer",)),
    Term("no overhead of a step", {"step_overhead": NOTHING}),
    Term("no launching of dense layers", {"layer_wait": NOTHING}),
    Term("no straggling", {"straggling": NOTHING}),
    Term("no exchange of tokens with experts", omitted=("expert",)),
    Term("no passes over routed copies", {"expert_passes": NOTHING}),
    Term("no launching of layers of experts", {"expert_wait": NOTHING}),
)


def without(term: Term, parameters: Parameters) -> Parameters:
    """Hold what a term names, and leave the rest free."""
    mean, spread, least, most = (getattr(parameters, name).copy() for name in ("mean", "spread", "least", "most"))
    for key, value in term.held.items():
        own = np.array([_is_named(name, key) for name in parameters.names])
        if not own.any():
            raise ValueError(f"no parameter is called {key}")
        mean[own] = least[own] = most[own] = np.log(value)
        spread[own] = PINNED
    return replace(parameters, mean=mean, spread=spread, least=least, most=most)


def _is_named(name: str, key: str) -> bool:
    return name.startswith(key) if key.endswith(":") else name.rsplit(":", maxsplit=1)[-1] == key


def ablations(fit: Fit, fitted: Array) -> Iterator[tuple[str, Array]]:
    """Predict all runs without each term, by fits that did not see their fifth of the pairs; first with all terms."""
    pairs = sorted({row.group for row in fit.rows})
    folds = [str(pairs.index(row.group) % FOLDS) for row in fit.rows]
    whole, parameters = Term("all terms"), fit.parameters
    try:
        for term in (whole, *TERMS):
            fit.parameters, fit.omitted = without(term, parameters), term.omitted
            start = np.clip(fitted, fit.parameters.least, fit.parameters.most)
            best = fit.solved(np.ones(len(fit.rows)), start)
            yield term.name, fit.left_out(folds, best)
    finally:
        fit.parameters, fit.omitted = parameters, ()
