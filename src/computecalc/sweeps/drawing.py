"""Continuous axes: from a share of the distribution to a value in the canonical unit, and to what is written of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.inputs import Resolved
from computecalc.records import record
from computecalc.scenario.sampling import DrawnAxis
from computecalc.sweeps.resolving import Refusal, Resolver, mid_of
from computecalc.units.distributions import quantile_of
from computecalc.units.ranges import Range
from computecalc.yamlio.nodes import Node, ScalarNode

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Drawing", "drawing_of", "refused"]

_PROBES = (0.2138, 0.4871, 0.7639)
"""Shares of the way between the ends at which an axis is resolved too: round ones may divide by luck."""


@record
class Drawing:
    """A continuous axis in canonical units."""

    axis: DrawnAxis
    range: Range
    unit: str

    @property
    def path(self) -> str:
        """Path that it varies."""
        return self.axis.path

    def values(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values below which these shares of the distribution lie."""
        low, high = self.range.low, self.range.high
        if low == high:
            return np.full_like(shares, low)
        match self.axis.spread:
            case "linear":
                found = low + (high - low) * shares
            case "log":
                found = low * (high / low) ** shares
            case spread:
                return quantile_of(self.range, spread, shares)
        return np.clip(found, min(low, high), max(low, high))

    def probes(self) -> list[float]:
        """Return values from one end to the other, at which what the axis moves is looked at."""
        low, mid, high = self.range.low, self.range.mid, self.range.high
        if self.axis.spread == "lognormal":
            # Its tails reach beyond the ends: the first and last of a hundred million.
            low, high = quantile_of(self.range, "lognormal", np.array([1e-8, 1.0 - 1e-8])).tolist()
        between = [low + (high - low) * share for share in _PROBES]
        return list(dict.fromkeys([low, *between, mid, high]))

    def node(self, value: float) -> Node:
        """Return a value as somebody would write it."""
        span = self.axis.node.span
        if self.unit == "1":
            return ScalarNode(value, repr(value), span)
        text = f"{value!r} {self.unit}"
        return ScalarNode(text, text, span)


def drawing_of(axis: DrawnAxis, resolver: Resolver, base: Mapping[str, Node]) -> Drawing:
    """Read the ends of a continuous axis by resolving the scenario with each.

    Raises
    ------
    ScenarioError
        CC752 where they are no input of the scenario, CC405 for ends that its distribution cannot have; what is wrong
        with the scenario at an end.
    """
    ends = [_resolved(axis, resolver, {**base, axis.path: node}) for node in axis.ends]
    for resolved in ends:
        if axis.path not in resolved.inputs:
            raise refused(axis, "it is no number that the estimate starts from")
    unit = ends[0].inputs[axis.path].unit
    if len(ends) == 1:
        found = ends[0].inputs[axis.path].range
        if found.is_exact:
            raise refused(axis, "it is one value, not a range")
    else:
        low, high = (mid_of(resolved, axis.path) for resolved in ends)
        found = Range(low, low + (high - low) / 2.0, high) if low <= high else Range(high, high + (low - high) / 2, low)
    if axis.spread in ("log", "lognormal") and found.low <= 0.0:
        message = f"equal ratios need ends above 0 on the axis `{axis.path}`"
        hint = "spacing: linear, or distribution: triangular"
        raise ScenarioError(Diagnostic("CC405", message, span=axis.node.span, hint=hint))
    return Drawing(axis, found, unit)


def _resolved(axis: DrawnAxis, resolver: Resolver, values: Mapping[str, Node]) -> Resolved:
    outcome = resolver.at(values)
    if isinstance(outcome, Refusal):
        raise refused(axis, outcome.reason)
    return outcome


def refused(axis: DrawnAxis, reason: str) -> ScenarioError:
    """Return the error that an axis cannot be drawn from a range."""
    message = f"the axis `{axis.path}` cannot be drawn from a range: {reason}"
    hint = f"state its values, which are resolved one by one: {axis.path}: [FIRST, SECOND], or {{from, to, points}}"
    return ScenarioError(Diagnostic("CC752", message, span=axis.node.span, hint=hint))
