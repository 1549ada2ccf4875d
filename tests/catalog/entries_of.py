"""Entries written in the test that needs them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from computecalc.catalog.attributes import KIND_NAMES, KindName
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.loading import parse_file
from computecalc.yamlio.loading import load_text

BASES: dict[str, dict[str, str]] = {
    "accelerator": {
        "vendor": "V",
        "memory.capacity": "80 GB",
        "memory.bandwidth": "3350 GB/s",
        "server.size": "8",
        "peak.bf16": "989 TFLOP/s",
    },
    "model": {"parameters": "8B params", "active_parameters": "8B params"},
    "grid": {"intensity.direct": "400 gCO2e/kWh"},
    "site": {"pue": "1.2"},
    "price": {"provider": "P", "accelerator": "chip", "commitment": "on-demand", "price": "2.5 USD/accelerator/h"},
    "purchase": {"accelerator": "chip", "scope": "accelerator", "price": "30000 USD/accelerator"},
}
"""What an entry of a kind states unless a test says otherwise."""


def written(kind: str, entries: Mapping[str, Mapping[str, str]]) -> str:
    """A catalog file with entries given by dotted path; JSON is YAML."""
    bodies: dict[str, Any] = {}
    for key, figures in entries.items():
        body: dict[str, Any] = {"name": f"Entry {key}", "provenance": {"source": "s", "kind": "published"}}
        for path, value in {**BASES[kind], **figures}.items():
            *blocks, last = path.split(".")
            inner = body
            for block in blocks:
                inner = inner.setdefault(block, {})
            inner[last] = value
        bodies[key] = body
    source = {"title": "T", "publication": "P", "as_of": "2026-02-01"}
    return json.dumps({"version": 1, "kind": kind, "sources": {"s": source}, "entries": bodies}, indent=1)


def entries_of(kind: str, entries: Mapping[str, Mapping[str, str]]) -> dict[str, Entry]:
    """Entries given by id and dotted path."""
    return parse_file(load_text(written(kind, entries), "test.yaml")).entries()


def whole(**kinds: Mapping[str, Entry]) -> dict[KindName, Mapping[str, Entry]]:
    """A catalog of nothing but these."""
    return {kind: kinds.get(kind, {}) for kind in KIND_NAMES}


def stated_counts(model: ModelEntry) -> tuple[float, float]:
    """Parameters as they are written."""
    return model.fact("parameters").value.mid, model.fact("active_parameters").value.mid
