"""The generated files of the documentation, one function a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from docs_pages.accuracy import accuracy_page
from docs_pages.catalog import catalog_page
from docs_pages.catalog_places import places_page
from docs_pages.catalog_prices import prices_page
from docs_pages.commands import commands_page
from docs_pages.errors import errors_page
from docs_pages.figures import figures_page
from docs_pages.formulas import formula_pages, formulas_page
from docs_pages.metrics import metrics_page
from docs_pages.plausibility import plausibility_page
from docs_pages.priors import priors_page
from docs_pages.schemas import budget_schema, catalog_schema, lock_schema, result_schema, scenario_schema
from docs_pages.units import units_page
from docs_pages.validation import PICTURES, validation_page, validation_picture

__all__ = ["PAGES"]

PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/accuracy.md": accuracy_page,
    "docs/reference/catalog.md": catalog_page,
    "docs/reference/catalog-figures.md": figures_page,
    "docs/reference/catalog-places.md": places_page,
    "docs/reference/catalog-prices.md": prices_page,
    "docs/reference/cli.md": commands_page,
    "docs/reference/errors.md": errors_page,
    "docs/reference/plausibility.md": plausibility_page,
    "docs/reference/formulas.md": formulas_page,
    **formula_pages(),
    "docs/reference/metrics.md": metrics_page,
    "docs/reference/priors.md": priors_page,
    "docs/reference/units.md": units_page,
    "docs/validation.md": validation_page,
    **{f"docs/{name}": partial(validation_picture, name) for name in PICTURES},
    "schemas/budget.v1.json": budget_schema,
    "schemas/catalog.v1.json": catalog_schema,
    "schemas/lock.v1.json": lock_schema,
    "schemas/result.v1.json": result_schema,
    "schemas/scenario.v1.json": scenario_schema,
}
"""Path below the checkout, and what makes its text."""
