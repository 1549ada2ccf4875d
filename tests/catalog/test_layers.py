from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.layers import Overlay, Shipped
from computecalc.errors import CatalogError


def _stale(folder: Path) -> str:
    layer = Shipped(folder)
    with pytest.raises(CatalogError) as caught:
        layer.load("accelerator", [layer.index.entries["accelerator"]["mtia-400"]])
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "CC506"
    assert diagnostic.hint == "run scripts/build_catalog_index.py, or install computecalc anew"
    return diagnostic.message.removeprefix("the catalog's index does not fit its files: ")


def test_an_index_that_names_a_missing_file(copied: Path) -> None:
    (copied / "accelerators" / "meta.yaml").unlink()
    assert _stale(copied) == "accelerators/meta.yaml cannot be read: No such file or directory"


def test_an_index_older_than_a_file(copied: Path) -> None:
    with (copied / "accelerators" / "meta.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# changed\n")
    assert _stale(copied) == "accelerators/meta.yaml has changed"


def test_an_index_that_names_a_missing_entry(copied: Path) -> None:
    index = copied / "index.json"
    index.write_text(
        index.read_text(encoding="utf-8").replace(
            '"file": "accelerators/meta.yaml"', '"file": "accelerators/nvidia.yaml"'
        ),
        encoding="utf-8",
    )
    assert _stale(copied) == "accelerators/nvidia.yaml holds no accelerator mtia-400"


def test_a_checkout_with_other_line_ends_is_not_stale(copied: Path) -> None:
    path = copied / "accelerators" / "meta.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    layer = Shipped(copied)
    (entry,) = layer.load("accelerator", [layer.index.entries["accelerator"]["mtia-400"]])
    assert entry.fact("memory.capacity").value.mid == 288e9


def test_spans_of_the_shipped_catalog_do_not_show_where_it_is_installed(frozen: Path) -> None:
    layer = Shipped(frozen)
    (entry,) = layer.load("accelerator", [layer.index.entries["accelerator"]["mtia-400"]])
    assert entry.span.label == "catalogs/accelerators/meta.yaml:6:3"


def test_spans_of_an_overlay_show_the_path_as_given(bad: Path) -> None:
    with pytest.raises(CatalogError) as caught:
        Overlay(bad)
    assert f"{bad}/bad-id.yaml:6:3" in [diagnostic.place for diagnostic in caught.value.diagnostics]
