"""Collects the resolved inputs of one scenario while its sections are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from computecalc.catalog.entries import Entry
from computecalc.catalog.index import IndexEntry
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, Span
from computecalc.estimators.input_units import INPUTS, InputUnit
from computecalc.estimators.inputs import Choice, Origin, ResolvedInput
from computecalc.scenario.origins import figure_origin, stated_origin
from computecalc.units.ranges import Range
from computecalc.yamlio.nodes import MappingNode, ScalarNode, get, locate

__all__ = ["Collector"]


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

    def figure(self, path: str, entry: Entry, figure: str) -> None:
        """Take a figure that a catalog entry must have.

        Raises
        ------
        CatalogError
            CC502, when it has none.
        """
        fact = entry.fact(figure)
        self.found(path, fact.value, figure_origin(entry, figure, fact))

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
        self.figure(into or path, self.prior_entry(path, **labels), "value")

    def priors(self, *paths: str, **labels: str) -> None:
        """Take the most specific priors for several inputs, which are read together."""
        self.catalog.read("prior", [self._best(path, labels).id for path in paths])
        for path in paths:
            self.prior(path, **labels)

    def prior_entry(self, path: str, **labels: str) -> Entry:
        """Return the most specific prior for a quantity; see `prior`."""
        return self.catalog.find("prior", self._best(path, labels).id)

    def _best(self, path: str, labels: Mapping[str, str]) -> IndexEntry:
        rows = self.catalog.prior_rows(path)
        matching = [row for row in rows if all(_holds(row, key, labels) for key in _SPECIFICITY)]
        return max(matching, key=lambda row: sum(_SPECIFICITY[key] for key in _stated(row)))

    def together(self, axis: str, paths: Iterable[str]) -> None:
        """Let inputs be low together and high together: they are parts of one uncertainty."""
        for path in paths:
            self.inputs[path] = replace(self.inputs[path], axis=axis)

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
