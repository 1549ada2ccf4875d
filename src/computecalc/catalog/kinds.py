"""What describes an entry of the catalog: its kind, and the labels and figures that the kind may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from typing import Literal, get_args

from computecalc.records import record
from computecalc.units.specs import QuantitySpec

__all__ = ["ANY_UNIT", "KIND_NAMES", "Attribute", "Kind", "KindName", "Label"]

KindName = Literal[
    "accelerator",
    "model",
    "precision",
    "grid",
    "site",
    "price",
    "purchase",
    "api-price",
    "prior",
    "calibration",
    "stack",
    "engine",
    "scaling-law",
    "regulation",
]

KIND_NAMES: tuple[KindName, ...] = get_args(KindName)

ANY_UNIT = "any"
"""Unit of a figure whose unit is the file's own business (priors)."""


@record
class Attribute:
    """A figure that entries of a kind may state."""

    unit: str
    """Coherent base unit that files write the figure in, up to prefixes."""
    description: str
    per: str = ""
    """What the figure is counted for where files need not say so: ``80 GB`` of memory is per accelerator."""
    required: bool = False
    bare: Literal["never", "count"] = "never"
    minimum: float | None = 0.0
    maximum: float | None = None
    positive: bool = True
    """Zero is refused; only asked where `minimum` is zero."""
    ranged: bool = True
    listed: bool = False
    """Kept in the index, as text and with its date, so that listings need not read the entry."""

    @property
    def fact_unit(self) -> str:
        """The unit of the loaded figure, with what it is counted for."""
        return f"{self.unit}/{self.per}" if self.per else self.unit

    def spec(self, *, full: bool = False) -> QuantitySpec:
        """Return how the figure is read: in `unit`, or in `fact_unit` when `full`."""
        return _spec(self, full)


@lru_cache(maxsize=256)
def _spec(attribute: Attribute, full: bool) -> QuantitySpec:
    return QuantitySpec(
        unit=attribute.fact_unit if full else attribute.unit,
        bare=attribute.bare,
        minimum=attribute.minimum,
        maximum=attribute.maximum,
        exclusive_minimum=attribute.positive and attribute.minimum == 0,
        ranged=attribute.ranged,
    )


@record
class Label:
    """A word that entries of a kind may state."""

    description: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    """The whole vocabulary where it is closed."""
    date: bool = False
    """A calendar date: year, year-month or year-month-day."""
    several: bool = False
    """A list in the file, kept as one text with commas."""
    listed: bool = False
    """Kept in the index, so that listings need not read the entry."""


@record
class Kind:
    """One kind of entry: its folder, labels and figures by dotted path."""

    name: KindName
    folder: str
    title: str
    """With its article, for messages."""
    labels: Mapping[str, Label]
    figures: Mapping[str, Attribute]
    at_least_one: str = ""
    """Prefix of figures of which an entry states one or more."""
    blocks: frozenset[str] = field(init=False)
    """Every mapping on the way to a label or figure."""

    @property
    def listed(self) -> tuple[str, ...]:
        """What the index keeps of an entry: labels, and figures followed by their date."""
        labels = tuple(name for name, label in self.labels.items() if label.listed)
        figures = tuple(path for path, attribute in self.figures.items() if attribute.listed)
        return (*labels, *figures, *(("as_of",) if figures else ()))

    def __post_init__(self) -> None:
        paths = [*self.labels, *self.figures]
        prefixes = {".".join(path.split(".")[:depth]) for path in paths for depth in range(1, path.count(".") + 1)}
        object.__setattr__(self, "blocks", frozenset(prefixes))
