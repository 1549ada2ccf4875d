"""The page of catalog tables: accelerators, models, counts of the other kinds."""

from __future__ import annotations

from computecalc.catalog.attributes import KINDS
from computecalc.catalog.entries import Entry, ModelEntry
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.layers import count_model
from computecalc.estimators.shapes import model_shape, shape_numbers
from docs_pages.markdown import page, table
from docs_pages.sources import Sources, figure

__all__ = ["catalog_page"]

_INTRODUCTION = """\
What the shipped catalog holds. `computecalc catalog show ID` prints every figure of an entry with its unit, kind,
source and date. Here are accelerators and models; [prices](catalog-prices.md) and
[grids and sites](catalog-places.md) have pages of their own, and so have [priors](priors.md)."""

_ACCELERATORS = """\
Peaks are dense: sparsity is never implied. A dash means that no source is known. The numbers in the last column are
the sources below the table."""

_MODELS = """\
Parameters are derived from the architecture, layer by layer; the published total is kept only to check them. Where
an architecture is not public, the counts are the publisher's or a rumour, and nothing is derived. Publishers count
active parameters differently (with or without the input embedding), so those are shown without an error."""


def catalog_page() -> str:
    """Return the page."""
    catalog = Catalog.open()
    return page(
        "Catalog tables",
        f"{_INTRODUCTION}\n\nCatalog version {catalog.version}.",
        f"## Entries by kind\n\n{_counts(catalog)}",
        f"## Accelerators\n\n{_ACCELERATORS}\n\n{_accelerators(catalog)}",
        f"## Models\n\n{_MODELS}\n\n{_models(catalog)}",
    )


def _counts(catalog: Catalog) -> str:
    rows = [(kind.name, str(len(catalog.ids(kind.name))), f"catalogs/{kind.folder}/") for kind in KINDS.values()]
    return table(("kind", "entries", "folder"), rows)


def _accelerators(catalog: Catalog) -> str:
    sources = Sources()
    rows = []
    for name in catalog.ids("accelerator"):
        entry = catalog.find("accelerator", name)
        figures = (
            figure(entry, "peak.bf16", "TFLOP/s/accelerator"),
            figure(entry, "peak.fp8", "TFLOP/s/accelerator"),
            figure(entry, "memory.capacity", "GB/accelerator"),
            figure(entry, "memory.bandwidth", "GB/s/accelerator"),
            figure(entry, "power.thermal_design", "W"),
        )
        rows.append((entry.id, entry.name, *figures, sources.numbers(entry)))
    header = ("id", "name", "bf16 TFLOP/s", "fp8 TFLOP/s", "memory GB", "memory GB/s", "TDP W", "sources")
    return f"{table(header, rows)}\n{sources.listing()}"


def _models(catalog: Catalog) -> str:
    rows = [_model(catalog.find("model", name)) for name in catalog.ids("model")]
    header = ("id", "name", "derived total", "published total", "error", "derived active", "published active")
    return table(header, rows)


def _model(entry: ModelEntry) -> tuple[str, ...]:
    architecture = entry.architecture
    total, active = (_billions(entry, f"published.{name}") for name in ("parameters", "active_parameters"))
    if architecture is None:
        stated = (_billions(entry, name) for name in ("parameters", "active_parameters"))
        total, active = (found if found != "-" else known for found, known in zip((total, active), stated, strict=True))
        return (entry.id, entry.name, "-", total, "-", "-", active)
    counted = count_model(model_shape(architecture, shape_numbers(architecture).__getitem__), 1.0)
    published = entry.get("published.parameters")
    error = f"{float(counted.parameters) / published.value.mid - 1:+.2%}" if published else "-"
    derived = (f"{float(number) / 1e9:.4g}B" for number in (counted.parameters, counted.active))
    derived_total, derived_active = derived
    return (entry.id, entry.name, derived_total, total, error, derived_active, active)


def _billions(entry: Entry, path: str) -> str:
    fact = entry.get(path)
    return "-" if fact is None else f"{fact.value.mid / 1e9:.4g}B"
