"""Collects the resolved inputs of one scenario while its sections are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from computecalc.catalog.entries import Entry
from computecalc.catalog.index import IndexEntry
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, Span
from computecalc.estimators.input_units import INPUTS, InputUnit
from computecalc.estimators.inputs import Choice, Origin, ResolvedInput
from computecalc.records import changed
from computecalc.scenario.origins import figure_origin, stated_origin
from computecalc.units.ranges import Range
from computecalc.yamlio.nodes import MappingNode, ScalarNode, get, locate

__all__ = ["Collector"]

T = TypeVar("T")


@dataclass
class Collector:
    """Inputs, choices and gaps of one scenario, as far as they are known."""

    node: MappingNode
    catalog: Catalog
    inputs: dict[str, ResolvedInput] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    units: Mapping[str, InputUnit] = field(default_factory=lambda: INPUTS)
    """Inputs that its kind of scenario has, with their units."""

    def place(self, path: str) -> Span:
        """Where the value at a dotted path is written, or the nearest place above it."""
        return locate(self.node, path.split("."))

    def is_stated(self, path: str) -> bool:
        """Whether the user wrote something at a dotted path; null takes a statement back."""
        found = get(self.node, path.split("."))
        return found is not None and not (isinstance(found, ScalarNode) and found.value is None)

    def stated(self, path: str, value: Range) -> None:
        """Take a number that the user wrote."""
        self.found(path, value, stated_origin(self.place(path)))

    def found(self, path: str, value: Range, origin: Origin) -> None:
        """Take a number with its origin."""
        unit = self.units[path]
        self.inputs[path] = ResolvedInput(path, value, unit.unit, origin, formula_unit=unit.formula_unit)

    def figure(self, path: str, entry: Entry, figure: str, *, words: str = "") -> None:
        """Take a figure that a catalog entry must have; `words` are added to what readers see of its origin.

        Raises
        ------
        CatalogError
            CC502, when it has none.
        """
        unit = self.units[path]
        key = (path, id(unit), entry.kind, entry.id, figure, words)
        known = self.catalog.remembered.get(key)
        if not isinstance(known, ResolvedInput):
            # Scenarios of one file take most figures again and again: one input serves them all.
            fact = entry.fact(figure)
            origin = figure_origin(entry, figure, fact)
            if words:
                origin = changed(origin, text=f"{origin.text}{words}")
            known = ResolvedInput(path, fact.value, unit.unit, origin, formula_unit=unit.formula_unit)
            self.catalog.remembered[key] = known
        self.inputs[path] = known

    def prior(self, path: str, *, into: str | None = None, **labels: str) -> None:
        """Take the most specific prior for an input.

        Parameters
        ----------
        path : str
            The input it stands in for.
        into : str, optional
            Another input that it holds for too, and that it is taken as.
        **labels : str
            What is known of the case: accelerator, generation, precision, structure.
        """
        wanted = into or path
        key = (wanted, id(self.units[wanted]), path, *map(labels.get, _SPECIFICITY))
        known = self.catalog.remembered.get(key)
        if isinstance(known, ResolvedInput):
            self.inputs[wanted] = known
            return
        self.figure(wanted, self.prior_entry(path, **labels), "value")
        self.catalog.remembered[key] = self.inputs[wanted]

    def priors(self, *paths: str, **labels: str) -> None:
        """Take the most specific priors for several inputs, which are read together."""
        self.catalog.read("prior", [self._best(path, labels).id for path in paths])
        for path in paths:
            self.prior(path, **labels)

    def prior_entry(self, path: str, **labels: str) -> Entry:
        """Return the most specific prior for a quantity; see `prior`."""
        return self.catalog.find("prior", self._best(path, labels).id)

    def _best(self, path: str, labels: Mapping[str, str]) -> IndexEntry:
        key = (path, *(labels.get(label) for label in _SPECIFICITY))
        known = self.catalog.remembered.get(key)
        if not isinstance(known, IndexEntry):
            rows = self.catalog.prior_rows(path)
            matching = [row for row in rows if all(_holds(row, label, labels) for label in _SPECIFICITY)]
            known = max(matching, key=lambda row: sum(_SPECIFICITY[label] for label in _stated(row)))
            self.catalog.remembered[key] = known
        return known

    def together(self, axis: str, paths: Iterable[str]) -> None:
        """Let inputs be low together and high together: they are parts of one uncertainty."""
        for path in paths:
            self.inputs[path] = self._on_axis(axis, self.inputs[path])

    def _on_axis(self, axis: str, given: ResolvedInput) -> ResolvedInput:
        if given.origin.kind not in ("catalog", "prior"):
            return changed(given, axis=axis)
        # Held beside what it was made of, so that nothing else can take its place in memory.
        _, found = self.remember((axis, given.path, id(given)), lambda: (given, changed(given, axis=axis)))
        return found

    def remember(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what hangs on entries of the catalog alone, and is the same for every scenario; made once."""
        known = self.catalog.remembered.get(key)
        if known is None:
            known = self.catalog.remembered[key] = make()
        return cast("T", known)

    def choose(self, path: str, value: str, origin: Origin) -> None:
        """Take a named option with its origin."""
        self.choices[path] = Choice(path, value, origin)

    def choose_stated(self, path: str, value: str, default: Origin) -> None:
        """Take a named option: the user's where it is written, else a default."""
        self.choose(path, value, stated_origin(self.place(path)) if self.is_stated(path) else default)


_SPECIFICITY = {"accelerator": 8, "generation": 4, "structure": 2, "precision": 1}
"""How much a label of a prior counts when several hold."""


def _stated(row: IndexEntry) -> list[str]:
    return [key for key in _SPECIFICITY if row.labels.get(key, "any") != "any"]


def _holds(row: IndexEntry, key: str, labels: Mapping[str, str]) -> bool:
    wanted = row.labels.get(key, "any")
    return wanted == "any" or wanted == labels.get(key)
