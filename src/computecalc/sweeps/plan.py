"""What is swept: a scenario, the axes that vary it, and which case has which number.

Points of the matrix come in the order of its axes, the last one fastest, those that are excluded left out; then come
the points that are included. Every point takes all samples: case = point x samples + sample. A case is a function of
the plan and its number alone, so that any part of a sweep can be computed anywhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from computecalc.errors import Diagnostic, ScenarioError, Span
from computecalc.records import record
from computecalc.scenario.files import RawScenario
from computecalc.scenario.matrix import Point
from computecalc.scenario.sampling import MOST_CASES, DrawnAxis, Sample
from computecalc.yamlio.nodes import MappingNode, Node, mapping_from_paths, merge, plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Choices", "ListedAxis", "Plan", "Points", "digest_of", "text_of"]

_MOST_HEADS = 2**24
"""Combinations up to the last axis that an exclusion names: they are looked at one by one."""


@record
class ListedAxis:
    """An axis with a list of values."""

    path: str
    values: tuple[Node, ...]
    is_drawn: bool = False
    """Whether samples draw from it; else it is an axis of the matrix."""


@record
class Choices:
    """Which value each listed axis takes in some cases, and where in its distribution each continuous one lies."""

    listed: Mapping[str, NDArray[np.int64]]
    """Number of the value; -1 where an included point does not take it."""
    included: NDArray[np.int64]
    """Number of the included point; -1 for the combinations."""
    shares: Mapping[str, NDArray[np.float64]]
    """Of continuous axes, in (0, 1)."""


class Points:
    """Numbers of the points of a matrix, without a list of them.

    Parameters
    ----------
    axes : tuple of ListedAxis
        Of the matrix.
    included : int
        Points beside the combinations.
    excluded : sequence
        Places and points that are left out.
    """

    def __init__(
        self, axes: tuple[ListedAxis, ...], included: int, excluded: tuple[tuple[Span, Point], ...], *, is_matrix: bool
    ) -> None:
        self.sizes = tuple(len(axis.values) for axis in axes)
        named = [i for i, axis in enumerate(axes) if any(axis.path in point for _, point in excluded)]
        self._head = named[-1] + 1 if named else 0
        self._tail = prod(self.sizes[self._head :])
        self._kept = _kept_heads(axes[: self._head], excluded) if excluded else None
        heads = prod(self.sizes[: self._head]) if self._kept is None else len(self._kept)
        self._excluded = [{path: plain(value) for path, value in point.items()} for _, point in excluded]
        self._values = {axis.path: [plain(value) for value in axis.values] for axis in axes}
        self.combined = heads * self._tail if axes or not is_matrix else 0
        self.count = self.combined + included

    @property
    def digest(self) -> str:
        """Digest of the combinations that are kept; empty where all are."""
        return "" if self._kept is None else hashlib.sha256(self._kept.tobytes()).hexdigest()

    def has_any(self, digits: Mapping[str, int]) -> bool:
        """Tell whether no exclusion takes all combinations with these values."""
        values = {path: self._values[path][digit] for path, digit in digits.items() if path in self._values}
        return not any(
            all(path in values and values[path] == value for path, value in point.items()) for point in self._excluded
        )

    def digits(self, points: NDArray[np.int64]) -> tuple[list[NDArray[np.int64]], NDArray[np.int64]]:
        """Return the number of the value on each axis, and the number of the included point, each -1 where none."""
        is_combined = points < self.combined
        full = np.where(is_combined, points, 0)
        if self._kept is not None:
            full = self._kept[full // self._tail] * self._tail + full % self._tail
        found: list[NDArray[np.int64]] = []
        for size in reversed(self.sizes):
            found.append(np.where(is_combined, full % size, -1))
            full = full // size
        return found[::-1], np.where(is_combined, -1, points - self.combined)


def _kept_heads(axes: tuple[ListedAxis, ...], excluded: tuple[tuple[Span, Point], ...]) -> NDArray[np.int64]:
    """Return the combinations of the first axes that no exclusion takes."""
    sizes = tuple(len(axis.values) for axis in axes)
    if prod(sizes) > _MOST_HEADS:
        message = f"exclusions reach over {prod(sizes):,} combinations; at most {_MOST_HEADS:,} can be looked at"
        hint = "put the axes that they name first in the matrix"
        raise ScenarioError(Diagnostic("CC753", message, span=excluded[0][0], hint=hint))
    gone = np.zeros(sizes, dtype=bool)
    for span, point in excluded:
        wanted = {path: plain(value) for path, value in point.items()}
        of_axis = {
            axis.path: [i for i, value in enumerate(axis.values) if plain(value) == wanted[axis.path]]
            for axis in axes
            if axis.path in wanted
        }
        if of_axis.keys() != wanted.keys() or not all(of_axis.values()):
            message = "this exclusion matches no point of the matrix"
            hint = "an exclusion repeats paths and values as the axes have them"
            raise ScenarioError(Diagnostic("CC313", message, span=span, hint=hint))
        gone[np.ix_(*(of_axis.get(axis.path, range(len(axis.values))) for axis in axes))] = True
    return np.flatnonzero(~gone.ravel()).astype(np.int64)


@record
class Plan:
    """A sweep as it is written."""

    name: str
    """Of the scenario."""
    node: MappingNode
    """The scenario without what varies it."""
    span: Span
    listed: tuple[ListedAxis, ...]
    """Axes of the matrix, then those that samples draw from a list."""
    drawn: tuple[DrawnAxis, ...]
    """Continuous axes."""
    points: Points
    included: tuple[Point, ...] = ()
    over: MappingNode | None = None
    """What `--set` lays over every case."""
    sample: Sample | None = None
    order: tuple[str, ...] = field(default_factory=tuple)
    """Paths of the axes in the order written."""

    @property
    def samples(self) -> int:
        """Cases of each point."""
        return 1 if self.sample is None else self.sample.cases

    @property
    def cases(self) -> int:
        """Cases of the whole sweep."""
        return self.points.count * self.samples

    @cached_property
    def axis(self) -> dict[str, ListedAxis]:
        """Listed axes by path."""
        return {axis.path: axis for axis in self.listed}

    def checked(self) -> Plan:
        """Return the plan, once it is known that there is something to sweep and not too much.

        Raises
        ------
        ScenarioError
            CC751 otherwise.
        """
        if self.cases == 0:
            message, hint = "every point of the matrix is excluded", "exclude fewer"
        elif not self.listed and not self.drawn and not self.included:
            message = f"nothing varies in {self.name}"
            hint = "add `matrix: {PATH: [VALUE, ...]}` or `sample: {cases: 10000, axes: {PATH: LOW..HIGH}}`"
        elif self.cases > MOST_CASES:
            message = f"the sweep has {self.cases:,} cases; at most {MOST_CASES:,} are swept"
            hint = "shorten an axis, or draw fewer samples"
        else:
            return self
        raise ScenarioError(Diagnostic("CC751", message, span=self.span, hint=hint))

    def choices(self, numbers: NDArray[np.int64]) -> Choices:
        """Return what the cases of these numbers take."""
        points, samples = np.divmod(numbers, self.samples)
        digits, included = self.points.digits(points)
        matrix = [axis for axis in self.listed if not axis.is_drawn]
        listed = {axis.path: found for axis, found in zip(matrix, digits, strict=True)}
        shares: dict[str, NDArray[np.float64]] = {}
        if self.sample is not None:
            # Imported here: a matrix draws nothing.
            from computecalc.sweeps.sampling import drawn_shares

            for path, values in drawn_shares(self.sample, samples).items():
                if path in self.axis:
                    size = len(self.axis[path].values)
                    listed[path] = np.minimum((values * size).astype(np.int64), size - 1)
                else:
                    shares[path] = values
        return Choices(listed, included, shares)

    def ordered(self, values: Mapping[str, Node], included: int = -1) -> dict[str, Node]:
        """Return values in the order in which they are laid over the scenario: of paths that overlap the later wins.

        Parameters
        ----------
        values : mapping
            By path.
        included : int
            Number of the included point whose values are among them, and come first; -1 for none.
        """
        first = tuple(self.included[included]) if included >= 0 else ()
        return {path: values[path] for path in dict.fromkeys((*first, *self.order)) if path in values}

    def raw(self, point: Mapping[str, Node], *, name: str) -> RawScenario:
        """Return the scenario at a point."""
        node: Node = self.node
        for layer in (mapping_from_paths(point) if point else None, self.over):
            node = node if layer is None else merge(node, layer)
        if not isinstance(node, MappingNode):
            raise TypeError(f"two mappings merged into something else at {self.span.label}")
        return RawScenario(name, node, self.span)

    def stated(self) -> dict[str, object]:
        """Return what is written, as plain data."""
        over = None if self.over is None else plain(self.over)
        matrix = {axis.path: [plain(value) for value in axis.values] for axis in self.listed if not axis.is_drawn}
        sample = None if self.sample is None else self.sample.model_dump(mode="json", by_alias=True)
        return {
            "scenario": self.name,
            "stated": plain(self.node),
            "set": over,
            "matrix": matrix,
            "include": [{path: plain(value) for path, value in point.items()} for point in self.included],
            "points": self.points.count,
            "kept": self.points.digest,
            "sample": sample,
        }

    @property
    def digest(self) -> str:
        """Digest of what is written."""
        return digest_of(self.stated())


def digest_of(data: object) -> str:
    """Return the digest of plain data."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def text_of(node: Node) -> str:
    """Return a value of an axis as it is written, in one line."""
    text = getattr(node, "text", None)
    return " ".join(str(text).split()) if text else json.dumps(plain(node), sort_keys=True, ensure_ascii=False)
