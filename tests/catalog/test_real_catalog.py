"""What holds of every shipped figure, and of the frozen ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.index import INDEX_NAME, rendered
from computecalc.catalog.indexing import Scan, check_references, scan
from computecalc.catalog.layers import Shipped
from computecalc.catalog.locating import catalog_version, shipped_folder
from computecalc.catalog.lookup import Catalog
from computecalc.catalog.provenance import VALUE_KINDS
from computecalc.catalog.sources import is_date


@pytest.fixture(scope="module", params=["frozen", "shipped"])
def folder(request: pytest.FixtureRequest, frozen: Path) -> Path:
    return frozen if request.param == "frozen" else shipped_folder()


@pytest.fixture(scope="module")
def scanned(folder: Path) -> Scan:
    return scan(folder, version=catalog_version(folder))


def test_every_figure_has_source_kind_and_date(scanned: Scan) -> None:
    for entries in scanned.entries.values():
        for entry in entries.values():
            for path, fact in entry.facts.items():
                where = f"{entry.id} {path}"
                assert fact.sources, where
                assert all(source.title and source.reference and is_date(source.as_of) for source in fact.sources), (
                    where
                )
                assert fact.kind in VALUE_KINDS, where
                assert is_date(fact.as_of), where
                assert fact.unit, where


def test_every_architecture_has_a_source(scanned: Scan) -> None:
    for model in scanned.entries["model"].values():
        if model.get("parameters") is None:
            assert model.provenance.sources, model.id
            assert model.provenance.kind in VALUE_KINDS, model.id


def test_every_name_that_an_entry_gives_leads_somewhere(scanned: Scan) -> None:
    check_references(scanned)


def test_an_entry_read_alone_is_the_entry_of_the_whole_file(folder: Path, scanned: Scan) -> None:
    layer = Shipped(folder)
    for kind, rows in layer.index.entries.items():
        for row in rows.values():
            (alone,) = layer.load(kind, [row])
            assert _content(alone) == _content(scanned.entries[kind][row.id])


def _content(entry: Entry) -> object:
    facts = {path: (fact.value, fact.unit, fact.describe(), fact.span.line) for path, fact in entry.facts.items()}
    return entry.name, entry.aliases, entry.labels, facts, entry.provenance, entry.span.line


def test_the_index_is_fresh(folder: Path, scanned: Scan) -> None:
    assert (folder / INDEX_NAME).read_text(encoding="utf-8") == rendered(scanned.index)


def test_an_architecture_that_is_trusted_equals_the_one_that_is_validated() -> None:
    """Shipped entries are constructed without validators; the two ways must not differ in a single default."""
    catalog = Catalog.open()
    compared = 0
    for entry in catalog.entries("model"):
        assert isinstance(entry, ModelEntry)
        assert entry.is_checked
        if entry.architecture_node is not None:
            assert entry.architecture == replace(entry, is_checked=False).architecture, entry.id
            compared += 1
    assert compared >= 120
