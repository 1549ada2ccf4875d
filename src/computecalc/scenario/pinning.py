"""What resolution found, stated: a scenario that says for itself what was taken from elsewhere, with the same numbers.

Not every value has a key in scenario files, and some values may not be stated together (a deadline, and the count
that follows from it). So nothing is assumed of a key: what is stated is resolved again, and stays only where all
inputs come out as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pydantic import BaseModel

from computecalc.catalog.lookup import Catalog
from computecalc.errors import ComputecalcError, Span
from computecalc.estimators.inputs import Choice, Origin, Resolved, ResolvedInput
from computecalc.records import record
from computecalc.scenario.files import RawScenario
from computecalc.scenario.resolve import resolve
from computecalc.units.display import format_range
from computecalc.units.grammar import parse_quantity
from computecalc.units.problems import QuantityProblem
from computecalc.units.ranges import Range
from computecalc.yamlio.model_fields import field_keys, models_at
from computecalc.yamlio.nodes import MappingNode, Node, ScalarNode, child, get, mapping_from_paths, merge

__all__ = ["Pinned", "pinned", "quantity_text"]

_DIGITS = (4, 6, 9, 12, 15, 16)
"""Significant digits tried, until a text means the very same number."""

_FLAGS: dict[str, bool] = {"true": True, "false": False}


@record
class Pinned:
    """A scenario with its resolved values."""

    raw: RawScenario
    resolved: Resolved
    node: MappingNode
    """What is written of it, and what could be stated besides."""
    added: Mapping[str, Origin]
    """Origin of each value that was stated besides, by its path."""
    left: Sequence[ResolvedInput | Choice]
    """Values that no key states; they are found again in the same way."""

    def origin(self, path: str) -> Origin | None:
        """Return where a value was resolved from, if it is one."""
        found = self.resolved.inputs.get(path) or self.resolved.choices.get(path)
        return None if found is None else found.origin


def pinned(raw: RawScenario, catalog: Catalog, *, today: date) -> Pinned:
    """Resolve a scenario, and state what can be stated of what was found.

    Raises
    ------
    ComputecalcError
        When it cannot be resolved.
    """
    resolved = resolve(raw, catalog, today=today)
    values: dict[str, ResolvedInput | Choice] = {**resolved.choices, **resolved.inputs}
    form = _form(resolved.kind)
    wanted = {
        path: _node(found, raw.span)
        for path, found in values.items()
        if found.origin.kind not in ("scenario", "flag") and _may_be_stated(form, raw.node, path)
    }
    stated = _Stating(raw, resolved, catalog, today)
    stated.add(wanted)
    left = [
        found for path, found in values.items() if path not in stated.kept and get(raw.node, path.split(".")) is None
    ]
    added = {path: values[path].origin for path in stated.kept}
    return Pinned(raw, resolved, stated.node(stated.kept), added, left)


def quantity_text(values: Range, unit: str) -> str:
    """Return a quantity as it is read back to the last digit, in the unit that people use where there is one.

    Examples
    --------
    >>> quantity_text(Range.exact(2.5 / 3600), "USD/accelerator/s")
    '2.5 USD/accelerator/h'
    """
    for digits in _DIGITS:
        text = format_range(values, unit, digits=digits)
        try:
            if parse_quantity(text, unit=unit, bare="count") == values:
                return text
        except QuantityProblem:
            continue
    numbers = [values.mid] if values.is_exact else [values.low, values.mid, values.high]
    return f"{'..'.join(map(repr, numbers))} {'' if unit == '1' else unit}".rstrip()


class _Stating:
    """Adds values to a scenario as long as its inputs stay what they are."""

    def __init__(self, raw: RawScenario, resolved: Resolved, catalog: Catalog, today: date) -> None:
        self._raw, self._resolved, self._catalog, self._today = raw, resolved, catalog, today
        self.kept: dict[str, Node] = {}

    def add(self, wanted: Mapping[str, Node]) -> None:
        """Keep all of it, else of each section all, else what can be kept alone."""
        if self._try(wanted):
            return
        sections: dict[str, dict[str, Node]] = {}
        for path, node in wanted.items():
            sections.setdefault(path.partition(".")[0], {})[path] = node
        # A layout first: as long as it is open, every trial searches it.
        for name in sorted(sections, key=lambda name: name != "layout"):
            if not self._try(sections[name]) and name != "layout":
                for path, node in sections[name].items():
                    self._try({path: node})

    def node(self, values: Mapping[str, Node]) -> MappingNode:
        """Return the scenario with values stated besides."""
        if not values:
            return self._raw.node
        merged = merge(self._raw.node, mapping_from_paths(values))
        if not isinstance(merged, MappingNode):
            raise TypeError(f"two mappings merged into something else at {self._raw.span.label}")
        return merged

    def _try(self, more: Mapping[str, Node]) -> bool:
        trial = {**self.kept, **more}
        raw = RawScenario(self._raw.name, self.node(trial), self._raw.span)
        try:
            again = resolve(raw, self._catalog, today=self._today)
        except ComputecalcError:
            return False
        if not _are_same(self._resolved, again):
            return False
        self.kept = trial
        return True


def _are_same(one: Resolved, other: Resolved) -> bool:
    """Tell whether two resolved scenarios have the same numbers, and the second says nothing more than the first."""

    def numbers(given: Mapping[str, ResolvedInput]) -> dict[str, tuple[Range, str, str]]:
        return {path: (each.range, each.unit, each.axis) for path, each in given.items()}

    def words(given: Mapping[str, Choice]) -> dict[str, str]:
        return {path: each.value for path, each in given.items()}

    return (
        numbers(one.inputs) == numbers(other.inputs)
        and words(one.choices) == words(other.choices)
        and set(one.unknown) == set(other.unknown)
        and {each.message for each in other.diagnostics} <= {each.message for each in one.diagnostics}
        and (one.architecture, one.draft, one.thresholds) == (other.architecture, other.draft, other.thresholds)
    )


def _node(found: ResolvedInput | Choice, span: Span) -> Node:
    if isinstance(found, Choice):
        return ScalarNode(_FLAGS.get(found.value, found.value), found.value, span)
    if found.unit == "1" and found.range.is_exact:
        number = found.range.mid
        value = int(number) if number.is_integer() and abs(number) < 2**53 else number
        return ScalarNode(value, repr(value), span)
    text = quantity_text(found.range, found.unit)
    return ScalarNode(text, text, span)


def _form(kind: str) -> type[BaseModel]:
    """Return the form of a kind of scenario, with all its sections; each is imported where it is asked for."""
    match kind:
        case "infer":
            from computecalc.scenario.serving.schema import InferScenario

            return InferScenario
        case "campus":
            from computecalc.scenario.campus_schema import CampusScenario

            return CampusScenario
        case "silicon":
            from computecalc.scenario.own_chip_schema import SiliconScenario

            return SiliconScenario
    from computecalc.scenario.money_schema import PaidTrainScenario

    return PaidTrainScenario


def _may_be_stated(form: type[BaseModel], node: Node, path: str) -> bool:
    """Tell whether a key exists, is free, and lies below no single value but `layout: auto`."""
    *above, last = path.split(".")
    current: Node | None = node
    for part in above:
        current = None if current is None else child(current, part)
        if isinstance(current, ScalarNode) and current.value not in ("auto", None):
            return False
    if current is not None and isinstance(child(current, last), MappingNode | ScalarNode):
        return False
    return any(last in field_keys(model) for model in _models(form, above))


def _models(form: type[BaseModel], parts: Iterable[str]) -> tuple[type[BaseModel], ...]:
    return models_at(form, [(part, True) for part in parts])
