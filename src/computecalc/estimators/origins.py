"""Where the numbers of an estimate came from."""

from __future__ import annotations

from typing import Literal

from computecalc.errors import Span
from computecalc.records import record

__all__ = ["Origin"]

OriginKind = Literal["scenario", "flag", "catalog", "prior", "default", "search", "override"]


@record
class Origin:
    """Where a value came from."""

    kind: OriginKind
    text: str
    """For readers: ``plan.yaml:14``, ``--mfu``, or the catalog entry."""
    span: Span | None = None
    entry: str = ""
    """Catalog entry and figure, such as ``accelerator/h100-sxm power.thermal_design``."""
    source: str = ""
    """Title, locator and date of the catalog figure's source."""
    certainty: str = ""
    """Kind of the catalog figure: vendor-claim, measured, published, derived, assumed."""
    as_of: str = ""
    note: str = ""
    works: tuple[tuple[str, str], ...] = ()
    """Title of each source, and its address, or the publication where it has no page."""
