"""The shipped catalog breaks no rule of plausibility, and names no exception that it does not need."""

from __future__ import annotations

from datetime import date

from computecalc.catalog.indexing import scan
from computecalc.catalog.locating import shipped_folder
from computecalc.catalog.plausibility import Context, check_entries
from computecalc.catalog.plausibility_rules import RULES
from computecalc.cli.catalog.counting import model_counts


def test_the_shipped_catalog_is_plausible() -> None:
    kinds = scan(shipped_folder()).entries
    entries = [entry for found in kinds.values() for entry in found.values()]
    findings = check_entries(entries, RULES, Context(kinds, date.today(), model_counts))
    assert [finding.diagnostic.message for finding in findings] == []
