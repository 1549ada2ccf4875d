"""The page of priors: the ranges that stand in for what users leave out."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.catalog.lookup import Catalog
from computecalc.units.display import format_range
from docs_pages.markdown import page, table

__all__ = ["priors_page"]

_INTRODUCTION = """\
A prior is a range that stands in for an input that neither the user nor the catalog entry of a model, accelerator or
site states. It is wide on purpose; stating a value narrows it. The most specific prior that holds is taken:
generation of the accelerator counts most, then structure of the model, then precision; `any` always holds.

The MFU priors are written by `scripts/fit_mfu_priors.py`: 5th, 50th and 95th percentile of MFU over benchmark runs,
recomputed with our own FLOPs a token (causal attention) and dense peaks, every model weighing the same. Benchmarks
are tuned and short, so production runs tend to lie below: see [accuracy](accuracy.md)."""


def priors_page() -> str:
    """Return the page."""
    catalog = Catalog.open()
    entries = [catalog.find("prior", name) for name in catalog.ids("prior")]
    fitted = [entry for entry in entries if entry.labels["quantity"] == "efficiency.mfu"]
    others = [entry for entry in entries if entry not in fitted]
    return page("Priors", _INTRODUCTION, f"## MFU\n\n{_mfu(fitted)}", f"## Other inputs\n\n{_others(others)}")


def _mfu(entries: list[Entry]) -> str:
    rows = [
        (
            *(entry.labels.get(label, "any") for label in ("generation", "precision", "structure")),
            *(f"{end:.3f}" for end in (entry.fact("value").value.low, entry.fact("value").value.mid)),
            f"{entry.fact('value').value.high:.3f}",
            entry.fact("value").note,
        )
        for entry in entries
    ]
    return table(("generation", "precision", "structure", "5 %", "50 %", "95 %", "fitted on"), rows)


def _others(entries: list[Entry]) -> str:
    rows = []
    for entry in entries:
        fact = entry.fact("value")
        sources = "; ".join(source.title for source in fact.sources)
        shown = format_range(fact.value, fact.unit, digits=4)
        rows.append((entry.labels["quantity"], shown, fact.kind, fact.note, sources))
    return table(("input", "low..middle..high", "kind", "note", "sources"), rows)
