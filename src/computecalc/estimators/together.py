"""Many scenarios as columns: those of one structure go through their recipe once, each input an array over them all.

What must be alike for that is the kind, the model, every named option, and which inputs there are and are ranges;
the numbers may differ. The result is that of `estimate`, one by one, but that the derivation is made when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from computecalc.errors import ComputecalcError
from computecalc.estimators.folding import folded_values
from computecalc.estimators.inputs import Resolved, ResolvedInput
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.recipes import Recipe, recipe_of
from computecalc.estimators.results import Derived, Estimate, MetricValue, concluded, estimate, formula_of
from computecalc.estimators.trace import InputNode, Node, Traced, traced
from computecalc.estimators.uncertainty import Cases, corner_cases
from computecalc.formulas.table import Numeric

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["estimate_together"]

_FEWEST = 4
"""Scenarios of one structure from which on columns cost less than one estimate after the other."""

_MOST_VALUES = 2**17
"""Values of one input at once, over scenarios and corners: what stays in the caches of a processor."""

_SHAPING = ("model.", "layout.", "lora.", "serving.", "step.", "engine.", "traffic.period", "traffic.month")
"""Inputs by which a recipe may take another way, or that are the same for scenarios of one structure anyway."""

Outcome = Estimate | ComputecalcError


def estimate_together(scenarios: Sequence[Resolved]) -> list[Outcome]:
    """Estimate resolved scenarios.

    Parameters
    ----------
    scenarios : sequence of Resolved
        In any order and of any kinds.

    Returns
    -------
    list
        For each, in the same order, its estimate, or the error that it has no answer.
    """
    found: dict[int, Outcome] = {}
    groups: dict[object, list[int]] = {}
    shared: dict[int, tuple[object, ...]] = {}
    for place, resolved in enumerate(scenarios):
        groups.setdefault(_structure(resolved, shared), []).append(place)
    for places in groups.values():
        members = [scenarios[place] for place in places]
        found |= zip(places, _estimated(members), strict=True)
    return [found[place] for place in range(len(scenarios))]


def _structure(resolved: Resolved, shared: dict[int, tuple[object, ...]]) -> object:
    """What scenarios must have in common to be columns of one array; unique where a scenario stands alone.

    `shared` keeps what is known of inputs, most of which are one object for many scenarios.
    """
    if resolved.method.name != "corners" or resolved.overrides:
        return object()
    inputs = []
    for given in resolved.inputs.values():
        known = shared.get(id(given))
        if known is None:
            fixed = given.range.mid if given.path.startswith(_SHAPING) else None
            known = shared[id(given)] = (given.path, given.range.is_exact, given.axis, fixed)
        inputs.append(known)
    choices = tuple((path, choice.value) for path, choice in resolved.choices.items())
    writes = (output := resolved.inputs.get("traffic.output")) is not None and output.range.high > 0.0
    return resolved.kind, id(resolved.architecture), tuple(inputs), choices, tuple(resolved.unknown), writes


def _estimated(members: Sequence[Resolved]) -> Iterator[Outcome]:
    first = corner_cases(members[0].inputs.values()) if len(members) >= _FEWEST else None
    if first is None or not first.is_complete:
        yield from (_alone(resolved) for resolved in members)
        return
    lanes = 1 if not first.axes else next(iter(first.values.values())).size
    step = max(1, _MOST_VALUES // lanes)
    recipe = recipe_of(members[0].kind)
    for start in range(0, len(members), step):
        yield from _columns(recipe, members[start : start + step], first, lanes)


def _alone(resolved: Resolved) -> Outcome:
    try:
        return estimate(resolved)
    except ComputecalcError as error:
        return error


def _columns(recipe: Recipe, members: Sequence[Resolved], first: Cases, lanes: int) -> list[Outcome]:
    """Estimate scenarios of one structure; where one of them has no number, each is tried alone."""
    example = members[0]
    try:
        with np.errstate(all="ignore"):  # what is not finite is told of the scenario that it belongs to
            with traced() as used:
                middle = recipe.metrics(example, lambda given: Traced(InputNode(given, given.range.mid)))
            metrics = recipe.metrics(example, _numbers(members, first, lanes))
            columns = {
                name: folded_values(
                    name, metrics[name], formula_of(middle[name]), len(members), list(first.axes), lanes
                )
                for name in METRICS
                if name in metrics
            }
    except ArithmeticError:
        return [_alone(resolved) for resolved in members]
    return [
        _concluded(resolved, recipe, dict(zip(columns, values, strict=True)), used)
        for resolved, values in zip(members, zip(*columns.values(), strict=True), strict=True)
    ]


def _concluded(
    resolved: Resolved, recipe: Recipe, values: Mapping[str, MetricValue | None], used: Mapping[str, int]
) -> Outcome:
    known = {name: value for name, value in values.items() if value is not None}
    if len(known) < len(values):
        return _alone(resolved)  # which says what is no number, and why
    try:
        return concluded(resolved, recipe, known, Derived(_Nodes(resolved), used))
    except ComputecalcError as error:
        return error


def _numbers(members: Sequence[Resolved], first: Cases, lanes: int) -> Callable[[ResolvedInput], Numeric]:
    """Hand out what stands for an input: one number for all, or an array over scenarios and corners, flat."""
    # Of an input from 0 to 1 the corner cases are the ends themselves: 0 low, 0.5 middle, 1 high.
    ends = {path: _ends_of(values, first, path) for path, values in first.values.items()}

    def number(given: ResolvedInput) -> Numeric:
        place = ends.get(given.path)
        each = [resolved.inputs[given.path].range for resolved in members]
        if all(one is given.range for one in each):  # as figures of the catalog are
            if place is None:
                return given.range.mid
            return np.tile(np.array([given.range.mid, given.range.high, given.range.low])[place], len(members))
        if place is None:
            mids = [one.mid for one in each]
            if all(mid == mids[0] for mid in mids):
                return mids[0]
            return np.repeat(np.array(mids), lanes)
        return np.array([(one.mid, one.high, one.low) for one in each])[:, place].ravel()

    return number


def _ends_of(values: NDArray[np.float64], first: Cases, path: str) -> NDArray[np.int64]:
    """Which end of its range an input takes in each case: 0 middle, 1 high, 2 low."""
    given = next(each for together in first.axes.values() for each in together if each.path == path).range
    return np.where(values == given.low, 2, np.where(values == given.high, 1, 0))


class _Nodes(Mapping[str, Node]):
    """The derivation of a scenario, made when somebody reads it."""

    def __init__(self, resolved: Resolved) -> None:
        self._resolved = resolved
        self._nodes: Mapping[str, Node] | None = None

    @property
    def _made(self) -> Mapping[str, Node]:
        if self._nodes is None:
            self._nodes = estimate(self._resolved).nodes
        return self._nodes

    def __getitem__(self, name: str) -> Node:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
