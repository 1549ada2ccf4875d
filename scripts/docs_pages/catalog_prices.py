"""The page of prices: renting and buying accelerators, and tokens that others sell."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.catalog.lookup import Catalog
from docs_pages.markdown import page, table
from docs_pages.sources import Sources, figure

__all__ = ["prices_page"]

_INTRODUCTION = """\
Dated prices of the catalog. An estimate without a price takes low, median and high of its accelerator and commitment
over the last two years: list prices, which are above what a contract costs ([money](../money.md#renting)). What else
the catalog has: [accelerators and models](catalog.md), [grids and sites](catalog-places.md)."""


def prices_page() -> str:
    """Return the page."""
    catalog = Catalog.open()
    return page(
        "Catalog tables: prices",
        _INTRODUCTION,
        f"## Rent\n\n{_rent(catalog)}",
        f"## Purchase\n\n{_purchase(catalog)}",
        f"## Tokens\n\n{_tokens(catalog)}",
    )


def _rent(catalog: Catalog) -> str:
    sources = Sources()
    rows = [
        (*_labels(entry, "accelerator", "commitment", "provider", "region"), *_price(entry), sources.numbers(entry))
        for entry in _entries(catalog, "price", "accelerator", "commitment", "provider")
    ]
    header = ("accelerator", "commitment", "provider", "region", "USD/accelerator/h", "as of", "sources")
    return f"{table(header, rows)}\n{sources.listing()}"


def _purchase(catalog: Catalog) -> str:
    sources = Sources()
    rows = []
    for entry in _entries(catalog, "purchase", "accelerator"):
        shown = figure(entry, "price", "USD/accelerator", 6)
        rows.append((*_labels(entry, "accelerator", "scope", "vendor"), shown, _date(entry), sources.numbers(entry)))
    header = ("accelerator", "scope", "vendor", "USD/accelerator", "as of", "sources")
    return f"{table(header, rows)}\n{sources.listing()}"


def _tokens(catalog: Catalog) -> str:
    sources = Sources()
    rows = []
    for entry in _entries(catalog, "api-price", "provider", "sold"):
        shown = (figure(entry, path, "USD/Mtoken") for path in ("input", "cached_input", "output"))
        rows.append((*_labels(entry, "provider", "sold", "weights"), *shown, _date(entry), sources.numbers(entry)))
    header = ("provider", "sold as", "weights", "input, USD/Mtoken", "cached input", "output", "as of", "sources")
    return f"{table(header, rows)}\n{sources.listing()}"


def _entries(catalog: Catalog, kind: str, *labels: str) -> list[Entry]:
    entries = [catalog.find(kind, name) for name in catalog.ids(kind)]
    return sorted(entries, key=lambda entry: (*_labels(entry, *labels), _date(entry), entry.id))


def _labels(entry: Entry, *labels: str) -> tuple[str, ...]:
    return tuple(entry.labels.get(label, "") for label in labels)


def _price(entry: Entry) -> tuple[str, str]:
    return figure(entry, "price", "USD/accelerator/h"), _date(entry)


def _date(entry: Entry) -> str:
    return str(next(iter(entry.facts.values())).as_of or "")
