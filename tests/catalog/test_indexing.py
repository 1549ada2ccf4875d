from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.index import INDEX_NAME, rendered
from computecalc.catalog.indexing import check_references, scan
from computecalc.catalog.locating import catalog_version
from computecalc.errors import CatalogError, UsageError

SITE = """version: 1
kind: site
sources:
  report: {title: Report, url: https://example.org, as_of: 2024-03}
entries:
"""


def _add(folder: Path, name: str, entry: str) -> None:
    (folder / "sites" / name).write_text(SITE + entry, encoding="utf-8")


def _problems(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(CatalogError) as caught:
        check_references(scan(folder))
    return [(d.code, d.message, d.hint) for d in caught.value.diagnostics]


def test_the_frozen_index_is_fresh(frozen: Path) -> None:
    fresh = rendered(scan(frozen, version=catalog_version(frozen)).index)
    assert (frozen / INDEX_NAME).read_text(encoding="utf-8") == fresh


def test_references_of_the_frozen_catalog_lead_somewhere(frozen: Path) -> None:
    check_references(scan(frozen))


def test_the_index_holds_what_listings_show(frozen: Path) -> None:
    index = scan(frozen).index
    h100 = index.entries["accelerator"]["h100-sxm"]
    assert (h100.file, h100.name, h100.aliases) == (
        "accelerators/nvidia.yaml",
        "H100 SXM5 80 GB",
        ("h100", "h100-80gb"),
    )
    assert h100.labels == {"vendor": "NVIDIA", "generation": "hopper", "released": "2022-09-20"}
    price = index.entries["price"]["aws-a100-sxm-80gb-on-demand-2025-02"]
    assert price.labels["accelerator"] == "a100-sxm-80gb"
    assert index.entries["prior"]["host-overhead"].labels == {"quantity": "power.host_overhead"}
    assert {kind: len(rows) for kind, rows in index.entries.items()} == {
        "accelerator": 3,
        "model": 3,
        "precision": 2,
        "grid": 2,
        "site": 2,
        "price": 3,
        "purchase": 0,
        "api-price": 0,
        "prior": 10,
        "calibration": 0,
        "stack": 0,
        "engine": 0,
        "scaling-law": 0,
        "regulation": 0,
    }


def test_names_are_unique_over_the_files_of_a_kind(copied: Path) -> None:
    _add(copied, "other.yaml", "  other: {name: Other, aliases: [US_East-1]}\n")
    assert [problem[:2] for problem in _problems(copied)] == [("CC504", "other: the name US_East-1 is taken")]


def test_two_kinds_may_share_a_name(copied: Path) -> None:
    _add(copied, "other.yaml", "  bf16: {name: A site called bf16}\n")
    assert scan(copied).index.entries["site"]["bf16"].name == "A site called bf16"


def test_an_unknown_grid_is_found(copied: Path) -> None:
    _add(copied, "other.yaml", "  other: {name: Other, grid: US-VB}\n")
    assert _problems(copied) == [("CC505", "unknown grid of other `US-VB`", "did you mean US-VA?")]


def test_a_file_in_the_wrong_folder_is_found(copied: Path) -> None:
    (copied / "sites" / "aws.yaml").rename(copied / "grids" / "aws.yaml")
    assert [problem[:2] for problem in _problems(copied)] == [
        ("CC503", "aws is in grids/aws.yaml"),
        ("CC503", "aws-us-east-1 is in grids/aws.yaml"),
    ]


def test_problems_of_all_files_come_together(copied: Path) -> None:
    _add(copied, "one.yaml", "  one: {}\n")
    _add(copied, "two.yaml", "  two: {name: Two, name: Two}\n")
    with pytest.raises(CatalogError) as caught:
        scan(copied, label="data")
    assert [(d.code, d.place) for d in caught.value.diagnostics] == [
        ("CC503", "data/sites/one.yaml:6:3"),
        ("CC207", "data/sites/two.yaml:6:20"),
    ]


def test_nothing_to_read_is_a_usage_error(tmp_path: Path) -> None:
    for folder, message in ((tmp_path, "there is no catalog file"), (tmp_path / "none", "is not a folder")):
        with pytest.raises(UsageError, match=message) as caught:
            scan(folder)
        assert caught.value.diagnostics[0].code == "CC103"
