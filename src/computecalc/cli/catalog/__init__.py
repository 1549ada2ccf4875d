"""`computecalc catalog`: one command a file, each imported only when it is about to run."""

from __future__ import annotations

from computecalc.cli.lazy import lazy_app

__all__ = ["catalog_app"]

_HERE = "computecalc.cli.catalog"

catalog_app = lazy_app(
    {
        "list": (f"{_HERE}.list:list_entries", "List the entries of a kind, or count all kinds."),
        "show": (f"{_HERE}.show:show", "Show an entry: every figure with unit, kind, source and date."),
        "search": (f"{_HERE}.search:search", "Find entries by their figures and labels."),
        "sources": (f"{_HERE}.sources:sources", "List the sources, with the figures that rest on each."),
        "validate": (f"{_HERE}.validate:validate", "Check catalogs for errors of format and figures that cannot be."),
        "new": (f"{_HERE}.new:new", "Print a commented template of an entry."),
        "import": (f"{_HERE}.imports:import_app", "Turn files of other programs into catalog files."),
        "api-prices": (f"{_HERE}.api_prices:api_prices", "List what APIs charge for tokens (needs an extra)."),
    }
)
