"""Where a resolved value came from, as users will read it."""

from __future__ import annotations

from functools import lru_cache

from computecalc.catalog.entries import Entry
from computecalc.catalog.provenance import Fact
from computecalc.errors import Span
from computecalc.estimators.inputs import Origin

__all__ = ["defaulted", "figure_origin", "stated_origin"]


def stated_origin(span: Span) -> Origin:
    """Origin of a value that the user wrote, in a file or as a flag."""
    if span.document.kind == "flag":
        return Origin("flag", span.document.name, span)
    return Origin("scenario", f"{span.document.name}:{span.line}", span)


def figure_origin(entry: Entry, path: str, fact: Fact) -> Origin:
    """Origin of a figure of the catalog."""
    source = "; ".join(source.title for source in fact.sources)
    if fact.locator:
        source = f"{source}, {fact.locator}"
    return Origin(
        "prior" if entry.kind == "prior" else "catalog",
        f"{entry.kind} {entry.id}",
        fact.span,
        entry=f"{entry.kind}/{entry.id} {path}",
        source=source,
        certainty=fact.kind,
        as_of=fact.as_of,
        note=fact.note,
        works=tuple((source.title, source.reference) for source in fact.sources),
    )


@lru_cache(maxsize=1024)
def defaulted(text: str) -> Origin:
    """Origin of a value that the program chose, with the reason."""
    return Origin("default", text)
