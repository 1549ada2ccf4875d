from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.locating import catalog_version, digest, shipped_folder
from computecalc.errors import CatalogError


def _checkout(root: Path, *folders: str) -> Path:
    package = root / "src" / "computecalc"
    package.mkdir(parents=True)
    for folder in folders:
        (root / folder).mkdir(parents=True)
        (root / folder / "catalog.yaml").write_text("version: 2026.10\n", encoding="utf-8")
    return package


def test_the_wheels_copy_comes_before_the_checkout(tmp_path: Path) -> None:
    package = _checkout(tmp_path, "catalogs", "src/computecalc/_catalogs")
    assert shipped_folder(package) == package / "_catalogs"


def test_the_checkouts_catalog_is_found(tmp_path: Path) -> None:
    assert shipped_folder(_checkout(tmp_path, "catalogs")) == tmp_path / "catalogs"


def test_no_catalog_at_all_is_a_catalog_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="the catalog is missing") as caught:
        shipped_folder(_checkout(tmp_path))
    assert caught.value.diagnostics[0].code == "CC506"


def test_the_version_is_a_text_even_where_it_looks_like_a_number(tmp_path: Path) -> None:
    _checkout(tmp_path, "catalogs")
    assert catalog_version(tmp_path / "catalogs") == "2026.10"


def test_a_catalog_states_its_version(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text("title: x\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"catalog\.yaml states no version"):
        catalog_version(tmp_path)


def test_the_digest_depends_on_names_and_contents_not_on_their_order() -> None:
    one = digest({"a": "1", "b": "2"})
    assert one == digest({"b": "2", "a": "1"})
    assert one != digest({"a": "2", "b": "1"})
    # SHA-256 of "1  a\n2  b\n", by `printf '1  a\n2  b\n' | sha256sum`.
    assert one == "sha256:8d711146c07b0092609ee8aa24647b11f96dab70254b0b11505acc5c8cbcd31a"
