from __future__ import annotations

import pytest

from computecalc.catalog.attributes import KINDS, KindName
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.entry_reading import EntryReader
from computecalc.catalog.findings import Findings
from computecalc.catalog.provenance import Source
from computecalc.errors import CatalogError
from computecalc.yamlio.loading import load_text
from computecalc.yamlio.nodes import MappingNode

REPORT = Source("report", "Report", "https://example.org", "2024-03-01")


def _read(kind: KindName, text: str) -> Entry:
    root = load_text(text, "x.yaml")
    assert isinstance(root, MappingNode)
    findings = Findings()
    ((entry_id, body),) = root.entries.items()
    entry = EntryReader(KINDS[kind], {"report": REPORT}, findings).read(entry_id, body)
    findings.raise_any()
    return entry


def _messages(kind: KindName, text: str) -> list[str]:
    with pytest.raises(CatalogError) as caught:
        _read(kind, text)
    return [diagnostic.message for diagnostic in caught.value.diagnostics]


ORIGIN = "provenance: {source: report, kind: published}"


def test_only_grids_have_capital_ids() -> None:
    grid = _read("grid", f"US-VA: {{name: Virginia, {ORIGIN}, intensity: {{direct: 0 gCO2e/kWh}}}}")
    assert (grid.id, grid.fact("intensity.direct").value.mid) == ("US-VA", 0.0)
    assert _messages("site", f"US-1: {{name: Site, {ORIGIN}, pue: 1}}") == ["`US-1` is not an id"]


def test_a_grid_states_an_intensity() -> None:
    assert _messages("grid", f"fra: {{name: France, {ORIGIN}, electricity_price: 90 USD/MWh}}") == [
        "fra has no intensity figure"
    ]


def test_a_wrong_figure_is_not_also_missing() -> None:
    assert _messages("grid", f"fra: {{name: France, {ORIGIN}, intensity: {{direct: true}}}}") == [
        "intensity.direct must be a quantity"
    ]


def test_an_entry_is_a_mapping_with_a_name() -> None:
    assert _messages("site", "s1: {}") == ["s1 has no name"]
    assert _messages("site", "s1: 1.1") == ["s1 has no name", "s1 must be a mapping"]
    assert _messages("site", "s1: {name: []}") == ["name must be a text"]


def test_architecture_is_a_key_of_models_only() -> None:
    model = _read("model", f"m1: {{name: M1, {ORIGIN}, architecture: {{hidden: 64}}}}")
    assert isinstance(model, ModelEntry)
    assert _messages("site", f"s1: {{name: S1, {ORIGIN}, architecture: {{hidden: 64}}}}") == [
        "unknown key `architecture`"
    ]


def test_numbers_as_labels_stay_as_they_are_written() -> None:
    grid = _read("grid", f"x: {{name: 007, year: 2023, {ORIGIN}, intensity: {{direct: 0 gCO2e/kWh}}}}")
    assert (grid.name, grid.labels["year"]) == ("007", "2023")
