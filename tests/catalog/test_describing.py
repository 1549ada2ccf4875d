"""Architectures as plain data, and entries as digests."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.architecture import Architecture
from computecalc.catalog.describing import described
from computecalc.catalog.digests import entry_digest
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.shapes import shape_numbers

CATALOG = Catalog.open()


@pytest.mark.parametrize("name", CATALOG.ids("model"))
def test_a_description_read_again_is_the_same_model(name: str) -> None:
    architecture = CATALOG.find("model", name).architecture
    if architecture is None:
        assert CATALOG.find("model", name).get("parameters") is not None
        return
    again = Architecture.model_validate(described(architecture))
    assert again.model_dump() == architecture.model_dump(warnings=False)
    assert shape_numbers(again) == shape_numbers(architecture)


ENTRY = """\
version: 1
kind: accelerator
sources: {s: {title: Sheet, url: https://example.org/s, as_of: 2026-01-01}}
entries:
  own:
    name: Own
    vendor: Own
    provenance: {source: s, kind: assumed}
    peak: {bf16: 1000 TFLOP/s}
    memory: {capacity: 80 GB, bandwidth: 3 TB/s}
    server: {size: 8}
"""


def digest_of(folder: Path, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "chips.yaml").write_text(text, encoding="utf-8")
    return entry_digest(Catalog.open([folder]).find("accelerator", "own"))


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ("1000 TFLOP/s", "1 PFLOP/s", True),
        ("    name: Own\n", "    name: Other   # a word\n", True),
        ("1000 TFLOP/s", "1001 TFLOP/s", False),
        ("kind: assumed", "kind: measured", False),
        ("title: Sheet", "title: Leaf", False),
        ("as_of: 2026-01-01", "as_of: 2026-01-02", False),
        ("vendor: Own", "vendor: Them", False),
    ],
)
def test_a_digest_is_of_figures_and_where_they_come_from(tmp_path: Path, old: str, new: str, is_same: bool) -> None:
    assert old in ENTRY
    first, second = digest_of(tmp_path / "a", ENTRY), digest_of(tmp_path / "b", ENTRY.replace(old, new))
    assert (first == second) == is_same
