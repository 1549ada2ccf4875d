"""CSV: canonical units, one metric a line, an unknown one empty with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from computecalc.estimators.metrics import METRICS
from computecalc.reports.csv_document import COLUMNS, render_csv
from computecalc.reports.document import ReportDocument, ReportStyle


def read(document: ReportDocument) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render_csv(document, ReportStyle(digits=1, units={"time.wall": "h"})))))


def test_the_header_is_fixed(document: ReportDocument) -> None:
    assert render_csv(document, ReportStyle()).splitlines()[0] == ",".join(COLUMNS)


def test_values_are_canonical_whatever_the_style(documented: Callable[..., ReportDocument]) -> None:
    rows = {row["metric"]: row for row in read(documented("one"))}
    # 6e23 FLOP / (1e15 x 0.5) / 0.8 / 1000
    assert (rows["compute.model"]["value"], rows["compute.model"]["unit"]) == ("6e+23", "FLOP")
    assert (float(rows["time.wall"]["value"]), rows["time.wall"]["unit"]) == (pytest.approx(1.5e6, rel=1e-12), "s")
    assert (rows["accelerators"]["value"], rows["accelerators"]["unit"]) == ("1000", "accelerator")
    assert rows["cost.total"]["driver"] == "money.price"


def test_failed_scenarios_have_no_rows(document: ReportDocument) -> None:
    assert list(dict.fromkeys(row["scenario"] for row in read(document))) == [
        "llama-405b",
        "405b-spot",
        "short-of-everything",
    ]


def test_metrics_are_known_and_unknown_values_have_reasons(document: ReportDocument) -> None:
    for row in read(document):
        if row["metric"].startswith("regulation."):  # where a metric has its reason, a threshold has its verdict
            assert row["reason"].split()[0] in ("above", "below", "within", "unknown")
            continue
        assert row["metric"] in METRICS
        assert (row["value"] == "") == (row["reason"] != "")
