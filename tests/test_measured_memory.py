"""Measured peaks of training memory: every line of validation/measured_memory.csv must still be true."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import pytest

from computecalc.catalog.lookup import Catalog

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "validation" / "measured_memory.csv"

MOST = 0.05
"""Largest miss that is accepted; so far no run misses by more."""

EXACT = 0.001
"""How far the present error may be from the recorded one; the fitted constant is about this much."""


def rows() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


ROWS = rows()


@pytest.fixture(scope="module")
def errors() -> dict[str, float]:
    """Estimate over measured peak, less one, by run."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from measured_memory import measured_peaks, predicted
    finally:
        sys.path.pop(0)
    return {run.name: predicted(run.inputs) / run.measured - 1.0 for run in measured_peaks(TABLE, Catalog.open())}


@pytest.mark.parametrize("name", ROWS)
def test_a_measured_peak(name: str, errors: dict[str, Any]) -> None:
    assert abs(errors[name]) <= MOST
    assert errors[name] == pytest.approx(float(ROWS[name]["error"]), abs=EXACT)


def test_every_run_names_its_source(errors: dict[str, float]) -> None:
    assert set(errors) == set(ROWS)
    assert len(ROWS) == 22
    assert all("SimuMax" in row["source"] and "Apache-2.0" in row["source"] for row in ROWS.values())
