"""`catalog sources`: dates, counts, staleness."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from computecalc.cli.catalog.sources import age_in_days
from tests.catalog.entries_of import written
from tests.conftest import FrozenDate, Ran


@pytest.fixture(autouse=True)
def _frozen(golden_catalog: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("computecalc.cli.catalog.sources.date", FrozenDate)


@pytest.fixture
def overlay(tmp_path: Path) -> str:
    """A site whose three figures rest on a source of 2026-02-01."""
    figures = {"pue": "1.2", "wue": "0.5 L/kWh", "intensity.direct": "100 gCO2e/kWh"}
    (tmp_path / "site.yaml").write_text(written("site", {"hall": figures}), encoding="utf-8")
    return str(tmp_path)


def listed(ran: Ran) -> dict[str, list[str]]:
    return {row[4]: row for row in csv.reader(io.StringIO(ran.out))}


def test_figures_are_counted_by_source(overlay: str, program: Callable[..., Ran]) -> None:
    ran = program("catalog", "sources", "site", "--catalog", overlay, "--format", "csv")
    assert ran.code == 0
    assert listed(ran)["T"] == ["2026-02-01", "", "3", "", "T", "P"]


@pytest.mark.parametrize(("limit", "mark"), [("27d", "stale"), ("28d", ""), ("4 weeks", "")])
def test_older_sources_than_the_limit_are_stale(
    limit: str, mark: str, overlay: str, program: Callable[..., Ran]
) -> None:
    # Today is 2026-03-01 here: 28 days after 2026-02-01.
    ran = program("catalog", "sources", "--catalog", overlay, "--stale-after", limit, "--format", "csv")
    assert listed(ran)["T"][1] == mark
    assert ran.code == 1  # others of the golden catalog are years old


def test_nothing_stale_is_no_finding(program: Callable[..., Ran]) -> None:
    ran = program("catalog", "sources", "--stale-after", "100 years")
    assert ran.code == 0
    assert "stale" not in ran.out


def test_a_limit_that_is_no_time_is_refused(program: Callable[..., Ran]) -> None:
    ran = program("catalog", "sources", "--stale-after", "3 GB")
    assert ran.code == 2
    assert "CC404: --stale-after: " in ran.err


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        ("2026-02-28", 1),
        ("2026-02", 1),  # its last day is the 28th
        ("2025", 60),  # 31 December to 1 March: 31 + 28 + 1
        ("2024-02", 731),  # 29 February 2024 to 1 March 2024 is a day, then 365 and 365
        ("2026", 0),
        ("2027-01-01", 0),
    ],
)
def test_age_counts_from_the_last_day_that_a_date_may_mean(as_of: str, days: int) -> None:
    assert age_in_days(as_of, date(2026, 3, 1)) == days
