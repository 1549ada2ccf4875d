"""The page of units."""

from __future__ import annotations

from computecalc.units.registry import known_units
from docs_pages.markdown import page, table

__all__ = ["units_page"]

_INTRODUCTION = """\
Units are combined with `*`, `/` and whole powers (`USD/accelerator/h`, `mm^2`) and take the usual prefixes (`kW`,
`TFLOP/s`, `GiB`). How quantities and ranges are written is described in
[scenario files](../scenario-files.md#quantities)."""


def units_page() -> str:
    """Return the page."""
    rows = [
        (unit.symbol, ", ".join(unit.aliases), unit.description, f"{unit.factor:.6g} {unit.base}".rstrip())
        for unit in known_units()
    ]
    return page("Units", _INTRODUCTION, table(("unit", "also written", "measures", "in base units"), rows))
