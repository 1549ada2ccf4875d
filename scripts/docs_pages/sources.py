"""Numbers for the sources of a table, in the order of their first use."""

from __future__ import annotations

from dataclasses import dataclass, field

from computecalc.catalog.entries import Entry
from computecalc.units.registry import conversion_factor

__all__ = ["Sources", "figure"]


@dataclass
class Sources:
    """Titles of sources in the order of their first use."""

    titles: list[str] = field(default_factory=list)

    def numbers(self, entry: Entry) -> str:
        """Return the numbers of an entry's sources."""
        titles = {source.title: None for fact in entry.facts.values() for source in fact.sources}
        for title in titles:
            if title not in self.titles:
                self.titles.append(title)
        return ", ".join(str(self.titles.index(title) + 1) for title in titles)

    def listing(self) -> str:
        """Return the numbered titles."""
        return "\n".join(f"{number}. {title}" for number, title in enumerate(self.titles, 1))


def figure(entry: Entry, path: str, unit: str, digits: int = 5) -> str:
    """Return the middle of a figure in a unit; a dash where the entry has none."""
    fact = entry.get(path)
    if fact is None:
        return "-"
    return f"{fact.value.mid * conversion_factor(fact.unit, unit):.{digits}g}"
