"""`computecalc catalog import`: files of other programs to catalog files."""

from __future__ import annotations

from computecalc.cli.lazy import lazy_app

__all__ = ["import_app"]

import_app = lazy_app(
    {
        "model": ("computecalc.cli.catalog_import:import_model", "Turn a model's config.json into a catalog file."),
        "prices": ("computecalc.cli.catalog.prices:import_prices", "Turn a SkyPilot vms.csv into a catalog file."),
    }
)
