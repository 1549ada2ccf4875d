"""The shipped thresholds: dated, linked, and what the format asks of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.catalog.attributes import KINDS
from computecalc.catalog.entries import Entry
from computecalc.catalog.lookup import Catalog
from computecalc.catalog.regulations import OPERAND_WIDTHS
from computecalc.errors import CatalogError

FILE = """\
version: 1
kind: regulation
sources: {{act: {{title: An act, publication: a journal, as_of: 2026-11}}}}
entries:
  law:
    name: Law
    jurisdiction: EU
    status: {status}
    effect: duties
    counts: training
    provenance: {{source: act, kind: published}}
    {threshold}
"""


@pytest.mark.parametrize("entry", Catalog.open().entries("regulation"), ids=lambda entry: entry.id)
def test_every_entry_has_a_link_a_day_and_its_dates(entry: Entry) -> None:
    for fact in entry.facts.values():
        assert fact.sources
        for source in fact.sources:
            assert source.reference.startswith("https://")
            assert len(source.as_of) == len("2026-11-25")
    status = entry.labels["status"]
    assert ("ended" in entry.labels) == (status in ("rescinded", "superseded"))
    assert ("in_force" in entry.labels) == (status != "passed")


def test_published_thresholds() -> None:
    catalog = Catalog.open()
    stated = {row.id: row.labels.get("threshold.compute") for row in catalog.rows("regulation")}
    assert stated["eu-gpai-systemic-risk"] == "1e25 FLOP"  # AI Act, Article 51(2)
    assert stated["eu-gpai-indicator"] == "1e23 FLOP"  # Commission guidelines of July 2025
    assert stated["us-ca-sb-53"] == "1e26 FLOP"  # Business and Professions Code, section 22757.11
    assert stated["us-eo-14110"] == "1e26 FLOP"  # section 4.2(b)(i)
    assert stated["us-eo-14110-biology"] == "1e23 FLOP"
    rescinded = catalog.find("regulation", "us-eo-14110").labels
    assert (rescinded["in_force"], rescinded["ended"]) == ("2023-10-30", "2025-01-20")


def test_every_peak_has_a_width() -> None:
    peaks = {path.removeprefix("peak.") for path in KINDS["accelerator"].figures if path.startswith("peak.")}
    assert set(OPERAND_WIDTHS) == peaks
    # IEEE 754 and its relatives: fp64 has 64 bits, TensorFloat-32 1 + 8 + 10.
    assert (OPERAND_WIDTHS["fp64"] * 8, OPERAND_WIDTHS["tf32"] * 8, OPERAND_WIDTHS["fp4"] * 8) == (64, 19, 4)


@pytest.mark.parametrize(
    ("status", "threshold", "message"),
    [
        ("in-force", "notes: none", "CC503 law has no threshold figure"),
        ("valid", "threshold: {compute: 1e25 FLOP}", "CC503 "),
        ("in-force", "threshold: {compute: 1e25 FLOP/s}", "CC404"),
        ("in-force", "threshold: {performance: 4800}", "CC402"),
        ("in-force", "threshold: {compute: 1e25..2e25 FLOP}", "CC401"),
    ],
)
def test_what_is_no_threshold_is_refused(tmp_path: Path, status: str, threshold: str, message: str) -> None:
    (tmp_path / "own.yaml").write_text(FILE.format(status=status, threshold=threshold), encoding="utf-8")
    with pytest.raises(CatalogError) as refused:
        Catalog.open([tmp_path]).entries("regulation")
    assert any(f"{problem.code} {problem.message}".startswith(message) for problem in refused.value.diagnostics)
