"""A frozen catalog, indexed afresh, and the places of test data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from computecalc.catalog.lookup import Catalog

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="session")
def frozen() -> Path:
    """The frozen catalog."""
    return DATA / "catalog"


@pytest.fixture
def bad() -> Path:
    """Files that are wrong, each in its own way."""
    return DATA / "bad-catalog"


@pytest.fixture
def catalog(frozen: Path) -> Catalog:
    """The frozen catalog, opened."""
    return Catalog.open(folder=frozen)


@pytest.fixture
def copied(frozen: Path, tmp_path: Path) -> Path:
    """A copy of the frozen catalog that a test may change."""
    return Path(shutil.copytree(frozen, tmp_path / "catalog"))
