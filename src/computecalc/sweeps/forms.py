"""The forms of a sweep: cases that differ in numbers alone, and the tables by which their numbers are found.

Nothing here knows which input an axis moves. Every value of a listed axis is resolved, one at a time, and what comes
out differently is what it moves. Axes that move one input together, and those that must suit each other in a layout,
are resolved in all their combinations. Where an axis changes more than numbers, each of its values is a form of its
own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import isclose, prod
from typing import TYPE_CHECKING

import numpy as np

from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.columns import judged_columns
from computecalc.estimators.inputs import Resolved
from computecalc.records import record
from computecalc.sweeps.drawing import Drawing, refused
from computecalc.sweeps.plan import Plan
from computecalc.sweeps.resolving import Outcome, Refusal, Resolver, has_same_form, mid_of, moved_inputs
from computecalc.yamlio.nodes import Node

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Bundle", "Form", "Key", "StructureFound", "form_at"]

MOST_JOINT = 20_000
"""Combinations of axes that are resolved one by one, in one form."""

_SUITING = ("layout.", "serving.", "cluster.count", "data.global_batch", "data.sequence_length")
"""Inputs that a layout is checked against: a value may be refused with one value of another axis alone."""

_LAID = ("layout.tensor", "serving.tensor")
"""Inputs that a scenario with a layout has."""

_TRIES = 512
"""Combinations that are tried to find one that can be resolved: all of a form where it has no more."""

_TRIAL = 1009
"""Cases by which it is tried whether inputs go in columns."""

_SAME = 1e-12
"""Relative distance within which inputs follow in proportion."""

Key = tuple[int, ...]
"""Included point, -1 for none, then the number of the value on each axis that changes the form."""


class StructureFound(Exception):  # noqa: N818 - not an error: the forms are laid out anew
    """Axes turned out to change more than numbers."""

    def __init__(self, paths: Iterable[str]) -> None:
        super().__init__()
        self.paths = tuple(paths)


@record
class Bundle:
    """Axes whose values are looked up together."""

    paths: tuple[str, ...]
    sizes: tuple[int, ...]
    inputs: Mapping[str, NDArray[np.float64]]
    """What they move, over all combinations, the last axis fastest."""
    refusals: NDArray[np.int64]
    """For each combination 0, or 1 + the number of the reason in the form."""


@record
class Form:
    """Cases that differ in numbers alone."""

    base: Resolved | None
    """One of them; None where none can be resolved."""
    bundles: tuple[Bundle, ...] = ()
    followers: Mapping[str, Mapping[str, float]] | None = None
    """What each continuous axis moves: inputs, and what they are over the value of the axis."""
    reasons: tuple[Refusal, ...] = ()


class _Former:
    """Works out one form."""

    def __init__(
        self, plan: Plan, resolver: Resolver, drawings: Sequence[Drawing], fixed: Mapping[str, Node], included: int
    ) -> None:
        self._plan, self._resolver, self._drawings, self._fixed = plan, resolver, drawings, fixed
        self._included = included
        self._reasons: dict[tuple[str, str], int] = {}
        self._refusals: list[Refusal] = []
        self._middles = {each.path: each.node(each.range.mid) for each in drawings}

    def at(self, digits: Mapping[str, int], drawn: Mapping[str, Node] | None = None) -> Outcome:
        values = {path: self._plan.axis[path].values[digit] for path, digit in digits.items()}
        point = {**self._fixed, **values, **self._middles, **(drawn or {})}
        return self._resolver.at(self._plan.ordered(point, self._included))

    def form(self, paths: Sequence[str], start: Mapping[str, int]) -> Form:
        digits, base = self._base(paths, start)
        if isinstance(base, Refusal):
            self._check_ends(digits, base)
            return self._refused(paths, base)
        single = {path: [self.at({**digits, path: i}) for i in range(self._size(path))] for path in paths}
        moved = {path: self._moved(base, outcomes, (path,)) for path, outcomes in single.items()}
        followers = {each.path: self._followers(base, digits, each) for each in self._drawings}
        failing = {path for path, outcomes in single.items() if any(isinstance(each, Refusal) for each in outcomes)}
        bundles = []
        for together in self._together(base, moved, followers, failing):
            if len(together) == 1:
                bundles.append(self._bundle(base, together, single[together[0]]))
                continue
            sizes = [self._size(path) for path in together]
            self._check_joint(together, sizes)
            combinations = product(*map(range, sizes))
            outcomes = [self.at({**digits, **dict(zip(together, each, strict=True))}) for each in combinations]
            bundles.append(self._bundle(base, together, outcomes))
        self._check_apart(bundles, followers)
        self._check_columns(base, bundles, followers)
        return Form(base, tuple(bundles), followers, tuple(self._refusals))

    def _size(self, path: str) -> int:
        return len(self._plan.axis[path].values)

    def _base(self, paths: Sequence[str], start: Mapping[str, int]) -> tuple[dict[str, int], Outcome]:
        """Find a combination that can be resolved: the first, else some others."""
        digits = {path: start.get(path, 0) for path in paths}
        first = outcome = self.at(digits)
        sizes = [self._size(path) for path in paths]
        count = prod(sizes)
        draw = np.random.default_rng(0)
        others = range(count) if count <= _TRIES else draw.integers(count, size=_TRIES).tolist()
        for number in others:
            if not isinstance(outcome, Refusal):
                return digits, outcome
            digits = self._numbered(paths, number)
            outcome = self.at(digits)
        return digits, (first if isinstance(outcome, Refusal) else outcome)

    def _numbered(self, paths: Sequence[str], number: int) -> dict[str, int]:
        """Return a combination by its number, the last axis fastest."""
        found: dict[str, int] = {}
        for path in reversed(paths):
            number, found[path] = divmod(number, self._size(path))
        return {path: found[path] for path in paths}

    def _refused(self, paths: Sequence[str], first: Refusal) -> Form:
        """Return a form of which nothing can be resolved: each combination with its reason, or many with the first."""
        sizes = tuple(self._size(path) for path in paths)
        if not paths or prod(sizes) > _TRIES:
            return Form(None, reasons=(Refusal(first.code, first.reason),))
        outcomes = [self.at(self._numbered(paths, number)) for number in range(prod(sizes))]
        refusals = np.array([self._reason(each) for each in outcomes], dtype=np.int64)
        return Form(None, (Bundle(tuple(paths), sizes, {}, refusals),), None, tuple(self._refusals))

    def _check_ends(self, digits: Mapping[str, int], middle: Refusal) -> None:
        """Refuse a continuous axis that can be resolved elsewhere than in its middle."""
        for drawing in self._drawings:
            for value in drawing.probes():
                if not isinstance(self.at(digits, {drawing.path: drawing.node(value)}), Refusal):
                    raise refused(drawing.axis, f"at {drawing.range.mid:.6g} {drawing.unit}, {middle.reason}")

    def _moved(self, base: Resolved, outcomes: Sequence[Outcome], paths: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for outcome in outcomes:
            if isinstance(outcome, Refusal):
                continue
            if not has_same_form(base, outcome):
                raise StructureFound(paths)
            found |= moved_inputs(base, outcome)
        return found

    def _followers(self, base: Resolved, digits: Mapping[str, int], drawing: Drawing) -> dict[str, float]:
        """Find the inputs that follow a continuous axis in proportion.

        Raises
        ------
        ScenarioError
            CC752 for an axis that changes more than that.
        """
        axis = drawing.axis
        values = drawing.probes()
        factors: dict[str, float] = {}
        found: list[tuple[float, Resolved]] = []
        for value in values:
            outcome = self.at(digits, {drawing.path: drawing.node(value)})
            if isinstance(outcome, Refusal):
                raise refused(axis, f"at {value:.6g} {drawing.unit}, {outcome.reason}")
            if not has_same_form(base, outcome):
                raise refused(axis, "it changes more of the scenario than numbers")
            found.append((value, outcome))
        for path in set[str]().union(*(moved_inputs(base, outcome) for _, outcome in found)):
            of_value = [(value, mid_of(outcome, path)) for value, outcome in found]
            factor = next((number / value for value, number in reversed(of_value) if value), 0.0)
            if not all(isclose(number, factor * value, rel_tol=_SAME) for value, number in of_value):
                raise refused(axis, f"it moves {path}, which does not follow in proportion")
            factors[path] = 1.0 if path == drawing.path else factor
        return factors

    def _together(
        self,
        base: Resolved,
        moved: Mapping[str, set[str]],
        followers: Mapping[str, Mapping[str, float]],
        failing: set[str],
    ) -> list[tuple[str, ...]]:
        """Return the listed axes in bundles: those that move one input, and those that must suit each other."""
        is_laid = any(path in base.inputs for path in _LAID)
        suiting = [
            path
            for path in moved
            if path in failing or (is_laid and any(each.startswith(_SUITING) for each in (path, *moved[path])))
        ]
        bundles: list[set[str]] = [set(suiting)] if suiting else []
        for path in moved:
            touching = [each for each in bundles if path in each or any(moved[path] & moved[other] for other in each)]
            bundles = [each for each in bundles if each not in touching]
            bundles.append({path}.union(*touching))
        drawn = [path for path in followers if is_laid and any(each.startswith(_SUITING) for each in followers[path])]
        if drawn and len(drawn) + len(suiting) > 1:
            other = next(path for path in (*suiting, *drawn) if path != drawn[0])
            raise refused(self._drawing(drawn[0]).axis, f"it must suit the layout together with `{other}`")
        return [tuple(path for path in moved if path in each) for each in bundles]

    def _drawing(self, path: str) -> Drawing:
        return next(each for each in self._drawings if each.path == path)

    def _bundle(self, base: Resolved, paths: tuple[str, ...], outcomes: Sequence[Outcome]) -> Bundle:
        moved = self._moved(base, outcomes, paths)
        inputs = {
            path: np.array([mid_of(base if isinstance(each, Refusal) else each, path) for each in outcomes])
            for path in sorted(moved)
        }
        refusals = np.array([self._reason(each) for each in outcomes], dtype=np.int64)
        return Bundle(paths, tuple(self._size(path) for path in paths), inputs, refusals)

    def _reason(self, outcome: Outcome) -> int:
        if not isinstance(outcome, Refusal):
            return 0
        key = (outcome.code, outcome.reason)
        if key not in self._reasons:
            self._refusals.append(Refusal(*key))
            self._reasons[key] = len(self._refusals)
        return self._reasons[key]

    def _check_joint(self, paths: Sequence[str], sizes: Sequence[int]) -> None:
        if prod(sizes) <= MOST_JOINT:
            return
        names = ", ".join(f"`{path}`" for path in paths)
        message = f"{names} must be resolved together, in {prod(sizes):,} combinations; at most {MOST_JOINT:,} are"
        hint = "shorten these axes, or split the sweep in several"
        raise ScenarioError(Diagnostic("CC753", message, span=self._plan.span, hint=hint))

    def _check_columns(
        self, base: Resolved, bundles: Sequence[Bundle], followers: Mapping[str, Mapping[str, float]]
    ) -> None:
        """Let an axis change the form where the recipe takes what it moves as one number only.

        Raises
        ------
        StructureFound
            For a listed axis.
        ScenarioError
            CC752 for a continuous one.
        """
        for bundle in bundles:
            if bundle.inputs and not _goes_in_columns(base, bundle.inputs):
                raise StructureFound(bundle.paths)
        for name, factors in followers.items():
            drawing = self._drawing(name)
            values = np.array(drawing.probes())
            if not _goes_in_columns(base, {path: values * factor for path, factor in factors.items()}):
                raise refused(drawing.axis, "the recipe takes one number at a time there")

    def _check_apart(self, bundles: Sequence[Bundle], followers: Mapping[str, Mapping[str, float]]) -> None:
        """Refuse a continuous axis that moves what another axis moves too."""
        owner = {path: bundle.paths[0] for bundle in bundles for path in bundle.inputs}
        for name, factors in followers.items():
            for path in factors:
                if path in owner:
                    raise refused(self._drawing(name).axis, f"it moves {path} together with `{owner[path]}`")
                owner[path] = name


def _goes_in_columns(base: Resolved, columns: Mapping[str, NDArray[np.float64]]) -> bool:
    """Tell whether a recipe takes some inputs as columns; that they come out right is proved elsewhere."""
    # A length that no axis of a recipe has: shorter ones may go together by chance.
    try:
        judged_columns(base, {path: np.resize(values, _TRIAL) for path, values in columns.items()})
    except ArithmeticError:
        return True  # of a figure that no column reaches
    except (TypeError, ValueError):
        return False
    return True


def form_at(
    plan: Plan,
    resolver: Resolver,
    drawings: Sequence[Drawing],
    *,
    fixed: Mapping[str, Node],
    included: int,
    paths: Sequence[str],
    start: Mapping[str, int],
) -> Form:
    """Work out one form.

    Parameters
    ----------
    plan : Plan
        The sweep.
    resolver : Resolver
        Resolves its points.
    drawings : sequence of Drawing
        Its continuous axes.
    fixed : mapping
        What all cases of the form have: values of the axes that change the form, or an included point.
    included : int
        Number of that point, -1 for none.
    paths : sequence of str
        Listed axes that vary inside of it.
    start : mapping
        Numbers of values that are tried first.

    Raises
    ------
    StructureFound
        When axes among `paths` change more than numbers.
    ScenarioError
        CC752 for a continuous axis that does, CC753 for too many combinations.
    """
    return _Former(plan, resolver, drawings, fixed, included).form(paths, start)
