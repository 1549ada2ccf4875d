"""Where a figure comes from: sources, kinds of value, and the figure that carries them."""

from __future__ import annotations

from typing import Literal, get_args

from computecalc.errors import Span
from computecalc.records import record
from computecalc.units.ranges import Range

__all__ = ["VALUE_KINDS", "Fact", "Provenance", "Source", "ValueKind"]

ValueKind = Literal["vendor-claim", "measured", "published", "derived", "assumed"]

VALUE_KINDS: tuple[str, ...] = get_args(ValueKind)
"""All kinds of value, from a vendor's data sheet down to our own assumption."""


@record
class Source:
    """A document that figures are taken from."""

    id: str
    """Its name in the `sources` of its file."""
    title: str
    reference: str
    """Its address, or the publication where there is no page."""
    as_of: str
    """Date at which it was valid or read: year, year-month or year-month-day."""
    licence: str = ""


@record
class Provenance:
    """The default origin of an entry's figures; each field holds unless the figure says otherwise."""

    sources: tuple[Source, ...] = ()
    kind: ValueKind | None = None
    locator: str = ""
    as_of: str = ""
    note: str = ""


@record
class Fact:
    """One figure of the catalog with its unit and its origin."""

    value: Range
    """In the coherent base unit `unit`."""
    unit: str
    kind: ValueKind
    sources: tuple[Source, ...]
    locator: str
    """Where in the (first) source: page, table, section."""
    as_of: str
    note: str
    span: Span

    def describe(self) -> str:
        """Return the origin on one line, such as ``vendor-claim, H100 datasheet, page 4, 2024-03-01``."""
        titles = " and ".join(source.title for source in self.sources)
        return ", ".join(part for part in (self.kind, titles, self.locator, self.as_of) if part)
