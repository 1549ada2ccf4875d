"""What is paid besides rent: accelerators of one's own, and a whole programme."""

from __future__ import annotations

from computecalc.catalog.entries import Entry
from computecalc.errors import Diagnostic, Note, ScenarioError
from computecalc.scenario.collector import Collector
from computecalc.scenario.money_schema import Ownership, Programme
from computecalc.scenario.ownership import resolve_ownership
from computecalc.scenario.programme import resolve_programme
from computecalc.scenario.schema import Site

__all__ = ["resolve_bill"]

_TOTAL = ("money.price", "money.ownership.server_price", "money.ownership.power", "money.ownership.peak")
"""What keeps the cost of a run unknown."""


def resolve_bill(
    collector: Collector, ownership: Ownership | None, programme: Programme | None, accelerator: Entry, site: Site
) -> None:
    """Take what is paid besides rent, after power and price.

    Raises
    ------
    ScenarioError
        CC640 where a budget is to be solved, which pays rent alone; CC642 for keys that replace each other.
    """
    _check_budget(collector, "money.ownership" if ownership is not None else "programme")
    if ownership is not None:
        resolve_ownership(collector, ownership, accelerator, site)
        _move(collector, "money.price", "money.rent")
        _copy(collector, "power.accelerator", "money.ownership.power")
        _copy(collector, "power.thermal_design", "money.ownership.peak")
    if programme is not None:
        resolve_programme(collector, programme)
        for path in _TOTAL:
            _copy(collector, path, "programme.run")


def _check_budget(collector: Collector, section: str) -> None:
    if not collector.is_stated("money.budget"):
        return
    raise ScenarioError(
        Diagnostic(
            "CC640",
            f"`money.budget` is solved at a rent, and `{section}` is stated beside it",
            span=collector.place("money.budget"),
            hint=f"state the size of the run (data.tokens, data.compute), or leave `{section}` out",
            notes=(Note(f"`{section}` is stated here", collector.place(section)),),
        )
    )


def _move(collector: Collector, path: str, to: str) -> None:
    reason = collector.unknown.pop(path, None)
    if reason is not None:
        collector.unknown[to] = reason


def _copy(collector: Collector, path: str, to: str) -> None:
    if path in collector.unknown:
        collector.unknown.setdefault(to, collector.unknown[path])
