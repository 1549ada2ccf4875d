"""What an entry of the catalog comes down to, as a digest: figures with their origins, and architecture."""

from __future__ import annotations

import hashlib
import json

from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.provenance import Fact
from computecalc.yamlio.nodes import plain

__all__ = ["entry_digest"]


def entry_digest(entry: Entry) -> str:
    """Return the SHA-256 of an entry, the same wherever it is written and however it is laid out.

    Labels, figures in base units with their kind, date, sources and locator, and the architecture count; names, notes
    and comments do not.
    """
    content: dict[str, object] = {
        "kind": entry.kind,
        "id": entry.id,
        "labels": dict(entry.labels),
        "figures": {path: _figure(fact) for path, fact in entry.facts.items()},
    }
    if isinstance(entry, ModelEntry) and entry.architecture_node is not None:
        content["architecture"] = plain(entry.architecture_node)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _figure(fact: Fact) -> list[object]:
    values = [repr(each) for each in (fact.value.low, fact.value.mid, fact.value.high)]
    sources = [[source.title, source.reference] for source in fact.sources]
    return [values, fact.unit, fact.kind, fact.as_of, fact.locator, sources]
