"""Saved results and locks against what their own inputs give today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from computecalc.checks.locks import is_same_number
from computecalc.checks.recomputing import recomputed
from computecalc.checks.saved import Ends, Saved, SavedScenario
from computecalc.errors import ComputecalcError
from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import Estimate
from computecalc.estimators.trace import Node, StepNode
from computecalc.records import record

__all__ = ["Verified", "VerifiedOutput", "verified"]

OutputState = Literal["same", "differs", "not verified"]


@record
class VerifiedOutput:
    """One output, as saved and as computed again."""

    scenario: str
    metric: str
    """Empty where a whole scenario could not be computed again."""
    state: OutputState
    saved: Ends | None
    found: Ends | None
    reason: str = ""
    """Why it is not verified."""

    @property
    def worst(self) -> float | None:
        """The largest relative difference of low, value and high; None where one of the two is unknown."""
        if self.saved is None or self.found is None:
            return None
        pairs = ((getattr(self.saved, end), getattr(self.found, end)) for end in ("low", "mid", "high"))
        found = 0.0
        for one, other in pairs:
            if one is None or other is None:
                return None
            size = max(abs(one), abs(other))
            found = max(found, abs(other - one) / size if size else 0.0)
        return found


@record
class Verified:
    """What became of a saved result."""

    name: str
    outputs: tuple[VerifiedOutput, ...]

    @property
    def exit_code(self) -> int:
        """2 where something could not be verified, 1 where something differs, else 0."""
        states = {output.state for output in self.outputs}
        return 2 if "not verified" in states or not self.outputs else int("differs" in states)


def verified(saved: Saved) -> Verified:
    """Compute every scenario of a saved result again and compare."""
    return Verified(saved.name, tuple(each for scenario in saved.scenarios for each in _scenario(scenario, saved)))


def _scenario(scenario: SavedScenario, saved: Saved) -> Iterator[VerifiedOutput]:
    try:
        estimate = recomputed(scenario.resolved())
    except ComputecalcError as error:
        message = error.diagnostics[0].message
        yield VerifiedOutput(scenario.name, "", "not verified", None, None, message)
        return
    changed = _Changed(saved.formulas)
    for name in (*METRICS, *(each for each in scenario.outputs if each not in METRICS)):
        was, value = scenario.outputs.get(name), estimate.outputs.get(name)
        if was is None and value is None:
            continue
        found = None if value is None else Ends(value.low, value.mid, value.high)
        reason = changed.reason(estimate, name)
        if name not in METRICS:
            reason = "this version has no such metric"
        state: OutputState = "not verified" if reason else "same" if _is_same(was, found) else "differs"
        yield VerifiedOutput(scenario.name, name, state, was, found, reason)


def _is_same(one: Ends | None, other: Ends | None) -> bool:
    if one is None or other is None:
        return False
    return all(is_same_number(getattr(one, end), getattr(other, end)) for end in ("low", "mid", "high"))


class _Changed:
    """Finds out which outputs rest on formulas of another version than they were saved with."""

    def __init__(self, formulas: Mapping[str, int] | None) -> None:
        self._formulas = formulas
        self._known: dict[int, str] = {}
        self._kept: list[Node] = []
        """Nodes that `_known` speaks of by their identity: kept, so that none is reused."""

    def reason(self, estimate: Estimate, metric: str) -> str:
        """Return why an output cannot be compared; empty where it can."""
        if self._formulas is None:
            return "the file does not say by which formulas it was computed"
        node = estimate.nodes.get(metric)
        return "" if node is None else self._below(node)

    def _below(self, node: Node) -> str:
        """Look through a derivation; parts that several metrics share are looked through once."""
        waiting = [node]
        while waiting:
            current = waiting[-1]
            if id(current) in self._known:
                waiting.pop()
                continue
            below = _arguments(current)
            new = [each for each in below if id(each) not in self._known]
            if new:
                waiting += new
                continue
            waiting.pop()
            found = self._own(current) or next((self._known[id(each)] for each in below if self._known[id(each)]), "")
            self._known[id(current)] = found
            self._kept.append(current)
        return self._known[id(node)]

    def _own(self, node: Node) -> str:
        if not isinstance(node, StepNode) or self._formulas is None:
            return ""
        name, version = node.formula.name, node.formula.version
        saved = self._formulas.get(name)
        if saved == version:
            return ""
        return f"{name} is now @{version}, and it was computed {'without it' if saved is None else f'by @{saved}'}"


def _arguments(node: Node) -> list[Node]:
    if not isinstance(node, StepNode):
        return []
    found: list[Node] = []
    for value in node.arguments.values():
        if isinstance(value, tuple):
            found += value
        else:
            found.append(value)
    return found
