"""The page of validation and its pictures, as `computecalc validate --page` writes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from computecalc.catalog.lookup import Catalog
from computecalc.checks.validation.cases import data_folder
from computecalc.checks.validation.comparison import compare
from computecalc.reports.validation_page import page_files

__all__ = ["PICTURES", "validation_page", "validation_picture"]

_PAGE = Path("docs/validation.md")

PICTURES = ("validation.svg", *(f"validation-{name}.svg" for name in ("tpot", "ttft", "memory", "errors")))
"""Files beside the page."""


def validation_page() -> str:
    """Return the page."""
    return _files()[_PAGE]


def validation_picture(name: str) -> str:
    """Return one of the pictures."""
    return _files()[_PAGE.with_name(name)]


@cache
def _files() -> dict[Path, str]:
    return page_files(compare(data_folder(), Catalog.open()), _PAGE)
