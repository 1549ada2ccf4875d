from __future__ import annotations

import json
from pathlib import Path

import pytest

from computecalc.catalog.attributes import KIND_NAMES, KindName
from computecalc.catalog.index import INDEX_NAME, Index, IndexEntry, content_digest, read_index, rendered
from computecalc.errors import CatalogError

ENTRY = IndexEntry("fra", "grids/eu.yaml", "France «métropole»", ("FR",), {"country": "FRA"}, ((1, 4), (7, 9)))


def _index() -> Index:
    entries: dict[KindName, dict[str, IndexEntry]] = {kind: {} for kind in KIND_NAMES}
    entries["grid"]["fra"] = ENTRY
    return Index("2026.11", {"grids/eu.yaml": "00ff"}, entries)


def test_an_index_survives_writing_and_reading(tmp_path: Path) -> None:
    (tmp_path / INDEX_NAME).write_text(rendered(_index()), encoding="utf-8")
    assert read_index(tmp_path) == _index()


def test_one_entry_is_one_line() -> None:
    lines = [line for line in rendered(_index()).splitlines() if '"fra"' in line]
    assert lines == [
        '   "fra": {"aliases": ["FR"], "file": "grids/eu.yaml", "labels": {"country": "FRA"}, '
        '"lines": [[1, 4], [7, 9]], "name": "France «métropole»"}'
    ]


def test_line_ends_do_not_change_the_digest() -> None:
    assert content_digest(b"a\r\nb\r\n") == content_digest(b"a\nb\n")
    # SHA-256 of "abc", FIPS 180-2, appendix B.1.
    assert content_digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", json.dumps({"format": 2}), json.dumps({"format": 1, "version": "1", "files": {}})]
)
def test_an_unreadable_index_is_a_catalog_error(tmp_path: Path, text: str) -> None:
    (tmp_path / INDEX_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match=r"index\.json cannot be read") as caught:
        read_index(tmp_path)
    assert caught.value.diagnostics[0].code == "CC506"


def test_a_broken_row_is_a_catalog_error(tmp_path: Path) -> None:
    text = rendered(_index()).replace('"lines": [[1, 4], [7, 9]]', '"lines": [1]')
    (tmp_path / INDEX_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        read_index(tmp_path).entries["grid"]
    assert caught.value.diagnostics[0].code == "CC506"


def test_a_missing_index_is_a_catalog_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        read_index(tmp_path)
    assert caught.value.diagnostics[0].hint == "run scripts/build_catalog_index.py, or install computecalc anew"
