"""What a sweep is made of, found before its first case is evaluated: forms, axes in canonical units, metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import product
from math import nan, prod
from typing import TYPE_CHECKING

import numpy as np

from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, ScenarioError
from computecalc.estimators.columns import judged_columns
from computecalc.estimators.metrics import METRICS
from computecalc.records import record
from computecalc.sweeps.drawing import Drawing, drawing_of
from computecalc.sweeps.forms import Form, Key, StructureFound, form_at
from computecalc.sweeps.plan import Choices, Plan, digest_of, text_of
from computecalc.sweeps.resolving import Refusal, Resolver, mid_of
from computecalc.units.problems import QuantityProblem
from computecalc.units.specs import QuantitySpec
from computecalc.yamlio.nodes import Node, plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Analysis", "AxisColumn", "analysed"]

MOST_FORMS = 4096
"""Forms of one sweep: each is worked out by resolving all values of its other axes."""


_STARTS = 64
"""Combinations that are tried to find one that can be resolved, before what is wrong with the first is told."""


@record
class AxisColumn:
    """How an axis is written: as a number in its canonical unit, or as the text of its values."""

    path: str
    unit: str | None
    """None for texts."""
    texts: tuple[str, ...] = ()
    """Values as they are written, then those of included points; empty where they are drawn from a range."""
    numbers: tuple[float, ...] = ()
    """The same in the canonical unit, NaN where a value is no number."""


@record
class Analysis:
    """A sweep, ready to be evaluated."""

    plan: Plan
    resolver: Resolver
    drawings: tuple[Drawing, ...]
    shaping: tuple[str, ...]
    """Listed axes that change the form."""
    forms: Mapping[Key, Form]
    columns: tuple[AxisColumn, ...]
    metrics: tuple[str, ...]
    """All that are known in any form, in the order of the table of metrics."""

    @property
    def digest(self) -> str:
        """Digest of all that the cases start from: inputs of every form, and the tables of their axes."""
        return digest_of([[*key, _content(form)] for key, form in self.forms.items()])

    def keys(self, choices: Choices) -> tuple[NDArray[np.int64], dict[int, Key]]:
        """Return a number for the form of each case, and the key behind each number."""
        if not self.shaping and not self.plan.included:
            return choices.included, {-1: (-1,)}
        found = choices.included + 1
        for path in self.shaping:
            found = found * (len(self.plan.axis[path].values) + 1) + choices.listed[path] + 1
        first = {int(number): int(place) for number, place in zip(*np.unique(found, return_index=True), strict=True)}
        keys = {
            number: (int(choices.included[place]), *(int(choices.listed[path][place]) for path in self.shaping))
            for number, place in first.items()
        }
        return found, keys


def _content(form: Form) -> object:
    base = form.base
    return {
        "inputs": None if base is None else {path: mid_of(base, path) for path in base.inputs},
        "choices": None if base is None else {path: choice.value for path, choice in base.choices.items()},
        "tables": [
            [each.paths, {path: values.tolist() for path, values in each.inputs.items()}, each.refusals.tolist()]
            for each in form.bundles
        ],
        "followers": form.followers,
        "reasons": [[each.code, each.reason] for each in form.reasons],
    }


def analysed(plan: Plan, catalog: Catalog) -> Analysis:
    """Find the forms, axes and metrics of a sweep.

    Raises
    ------
    ComputecalcError
        What is wrong with the scenario where none of it can be resolved; CC752 for a continuous axis that changes more
        than numbers, CC753 for too many forms or combinations.
    """
    return _Analyst(plan, Resolver(plan, catalog)).analysis()


class _Analyst:
    def __init__(self, plan: Plan, resolver: Resolver) -> None:
        self._plan, self._resolver = plan, resolver
        self._matrix = [axis.path for axis in plan.listed if not axis.is_drawn]
        self._drawn = [axis.path for axis in plan.listed if axis.is_drawn]

    def analysis(self) -> Analysis:
        plan = self._plan
        digits, number = self._start()
        base = {path: plan.axis[path].values[digit] for path, digit in digits.items()}
        if number >= 0:
            base = {**plan.included[number], **{path: base[path] for path in self._drawn}}
        for axis in plan.drawn:
            base[axis.path] = axis.ends[0]
        base = plan.ordered(base, number)
        drawings = tuple(drawing_of(axis, self._resolver, base) for axis in plan.drawn)
        columns = self._columns(drawings, base)
        shaping = {column.path for column in columns if column.unit is None and column.path in plan.axis}
        while True:
            try:
                ordered = tuple(path for path in (*self._matrix, *self._drawn) if path in shaping)
                forms = {key: self._form(key, ordered, drawings, digits) for key in self._keys(ordered)}
                break
            except StructureFound as found:
                shaping |= set(found.paths)
        return Analysis(plan, self._resolver, drawings, ordered, forms, columns, _known_metrics(forms))

    def _start(self) -> tuple[dict[str, int], int]:
        """Find a combination that can be resolved: numbers of its values, and of the included point, -1 for none.

        Raises
        ------
        ComputecalcError
            What is wrong with the first one, where none can.
        """
        plan = self._plan
        paths = [*self._matrix, *self._drawn] if plan.points.combined else self._drawn
        ends = {axis.path: axis.ends[0] for axis in plan.drawn}
        draw, first = np.random.default_rng(0), None
        for attempt in range(_STARTS):
            digits = {path: int(draw.integers(len(plan.axis[path].values))) if attempt else 0 for path in paths}
            values = {path: plan.axis[path].values[digit] for path, digit in digits.items()}
            number = -1 if plan.points.combined else attempt % len(plan.included)
            fixed = {} if number < 0 else plan.included[number]
            outcome = self._resolver.at(plan.ordered({**fixed, **values, **ends}, number))
            if not isinstance(outcome, Refusal):
                return {path: digits.get(path, 0) for path in (*self._matrix, *self._drawn)}, number
            first = first or outcome.error
        if first is None:
            raise ValueError("a plan without points was not refused")
        raise first

    def _columns(self, drawings: tuple[Drawing, ...], base: Mapping[str, Node]) -> tuple[AxisColumn, ...]:
        plan = self._plan
        units = {each.path: each.unit for each in drawings}
        found = {path: AxisColumn(path, unit) for path, unit in units.items()}
        for path in dict.fromkeys((*plan.axis, *(path for point in plan.included for path in point))):
            values = plan.axis[path].values if path in plan.axis else ()
            added = tuple(point[path] for point in plan.included if path in point)
            found[path] = self._listed_column(path, (*values, *added), base)
        order = [*plan.order, *(path for path in found if path not in plan.order)]
        return tuple(found[path] for path in order)

    def _listed_column(self, path: str, values: tuple[Node, ...], base: Mapping[str, Node]) -> AxisColumn:
        """Read the values of an axis: numbers where each that can be resolved alone is an input."""
        outcomes = [self._resolver.at({**base, path: value}) for value in values]
        inputs = [None if isinstance(each, Refusal) else each.inputs.get(path) for each in outcomes]
        texts = tuple(text_of(value) for value in values)
        unit = next((given.unit for given in inputs if given is not None), None)
        is_number = all(
            given is not None or isinstance(outcome, Refusal) for given, outcome in zip(inputs, outcomes, strict=True)
        )
        if unit is None or not is_number:
            return AxisColumn(path, None, texts)
        numbers = [
            _read(value, unit) if given is None else given.range.mid
            for given, value in zip(inputs, values, strict=True)
        ]
        return AxisColumn(path, unit, texts, tuple(numbers))

    def _keys(self, shaping: tuple[str, ...]) -> Iterator[Key]:
        """Return the forms that cases have.

        Raises
        ------
        ScenarioError
            CC753 when they are too many.
        """
        plan = self._plan
        drawn = [range(len(plan.axis[path].values)) for path in shaping if path in self._drawn]
        matrix = [range(len(plan.axis[path].values)) for path in shaping if path in self._matrix]
        count = prod(map(len, (*matrix, *drawn))) * bool(plan.points.combined) + len(plan.included) * prod(
            map(len, drawn)
        )
        if count > MOST_FORMS:
            message = f"the sweep has {count:,} forms, one for each combination of {', '.join(shaping) or 'points'}"
            hint = f"at most {MOST_FORMS:,} are worked out: shorten these axes, or split the sweep in several"
            raise ScenarioError(Diagnostic("CC753", message, span=plan.span, hint=hint))
        if plan.points.combined:
            for key in product(*matrix, *drawn):
                if plan.points.has_any(dict(zip(shaping, key, strict=True))):
                    yield (-1, *key)
        for number in range(len(plan.included)):
            for key in product(*drawn):
                yield (number, *(-1 for _ in matrix), *key)

    def _form(
        self, key: Key, shaping: tuple[str, ...], drawings: tuple[Drawing, ...], start: Mapping[str, int]
    ) -> Form:
        number, *digits = key
        fixed: dict[str, Node] = {} if number < 0 else dict(self._plan.included[number])
        fixed |= {
            path: self._plan.axis[path].values[digit] for path, digit in zip(shaping, digits, strict=True) if digit >= 0
        }
        varying = (*self._matrix, *self._drawn) if number < 0 else self._drawn
        paths = [path for path in varying if path not in shaping]
        return form_at(self._plan, self._resolver, drawings, fixed=fixed, included=number, paths=paths, start=start)


def _read(value: Node, unit: str) -> float:
    """Read a value that the scenario refuses, so that its rows still say what it is; NaN where it is no number."""
    try:
        return QuantitySpec(unit, bare="count").parse(plain(value)).mid
    except QuantityProblem:
        return nan


def _known_metrics(forms: Mapping[Key, Form]) -> tuple[str, ...]:
    known: set[str] = set()
    for form in forms.values():
        if form.base is not None:
            with suppress(ArithmeticError):  # told of its cases, row by row
                known |= judged_columns(form.base, {}).metrics.keys()
    return tuple(name for name in METRICS if name in known)
