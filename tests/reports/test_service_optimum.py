"""The formats of a search of services, on configurations made by hand."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from computecalc.errors import Document, Span
from computecalc.estimators.inference.candidates import ServedCandidate, ServedLayout
from computecalc.reports.document import ReportStyle
from computecalc.reports.optimum import OPTIMUM_FORMATS, OptimumDocument, render_optimum
from computecalc.reports.service_optimum import ServedOptimum, configuration_text, reason_texts, summary
from tests.reports.conftest import HOSTILE

SPAN = Span(Document("chat.yaml", "x"), 3, 1, 2)
FIRST = ServedLayout("fp8", tensor=4, data=2, expert=8, pipeline=1, batch=64)
SECOND = ServedLayout("bf16", tensor=1, data=1, expert=1, pipeline=1, batch=32)


def candidate(layout: ServedLayout, cost: float, rate: float, accelerator: str = "h100-sxm") -> ServedCandidate:
    metrics = {
        "accelerators": 64.0,
        "replicas": 8.0,
        "utilization": 0.8,
        "batch": float(layout.batch),
        "memory.per_accelerator": 60e9,
        "throughput.per_accelerator": rate,
        "throughput.per_user": 25.0,
        "latency.ttft": 0.5,
        "latency.tpot": 0.04,
        "latency.request": 16.5,
        "accelerator_time.per_output_token": 1.0 / rate,
        "energy.per_output_token": 0.5,
        "cost.per_request": cost,
    }
    return ServedCandidate(accelerator, layout, metrics)


@pytest.fixture
def found() -> ServedOptimum:
    best = (candidate(FIRST, 0.0015, 1000.0), candidate(SECOND, 0.002, 800.0))
    return ServedOptimum(
        name="chat",
        source=SPAN,
        by="cost.per_request",
        is_more_better=False,
        limits=("latency.tpot <= 50.0 ms",),
        considered=1234,
        fitting=567,
        searched={"precision": "bf16, fp8", "tensor": "1 to 8"},
        held={"accelerator": "h100-sxm"},
        best=best,
        runner_up=None,
        front=best,
        axes=("throughput.per_accelerator", "throughput.per_user"),
        diagnostics=(),
    )


def rendered(name: str, found: ServedOptimum, **style: object) -> str:
    return render_optimum(name, OptimumDocument((found,), "2026.11", "sha256:0", 0), ReportStyle(**style))  # type: ignore[arg-type]


def test_what_was_searched_and_held_is_said(found: ServedOptimum) -> None:
    assert summary(found) == (
        "best by cost.per_request of 1,234 configurations, 567 of which fit into memory, within "
        "latency.tpot <= 50.0 ms; searched: precision bf16, fp8, tensor 1 to 8; held: accelerator h100-sxm"
    )


def test_configurations_in_words() -> None:
    assert configuration_text(candidate(FIRST, 1.0, 1.0)) == "tensor 4, data 2, expert 8, fp8, batch 64"
    assert configuration_text(candidate(SECOND, 1.0, 1.0)) == "one accelerator, bf16, batch 32"


def test_reasons_say_what_differs_most(found: ServedOptimum) -> None:
    # 0.0015 of 0.002 USD; twice the requests at once, and 1/1000 of 1/800 s for an output token.
    expected = (
        "25.0% lower cost.per_request than one accelerator, bf16, batch 32: requests at once +100.0%, "
        "accelerator time of output -20.0%"
    )
    assert reason_texts(found) == [expected]
    more = replace(found, by="throughput.per_accelerator", is_more_better=True)
    assert reason_texts(more)[0].startswith("25.0% higher throughput.per_accelerator than one accelerator, bf16")
    other = replace(found, runner_up=candidate(SECOND, 0.002, 800.0, "b200-hgx"))
    assert reason_texts(other)[1] == (
        "the same cost.per_request as 64 b200-hgx with one accelerator, bf16, batch 32, with no longer requests"
    )


def test_plain_text_shows_configurations_latency_and_front(found: ServedOptimum) -> None:
    lines = rendered("plain", found).splitlines()
    assert lines[0] == f"scenario chat: {summary(found)}"
    assert lines[3].split()[:5] == ["1", "64", "h100-sxm", "0.001500", "USD/request"]
    parts = lines[lines.index("latency and load") :]
    assert " ".join(parts[2].split()) == "1 1,000 token/s 500.0 ms 16.50 s 0.8000 60.00 GB"
    assert "front of throughput.per_accelerator and throughput.per_user" in lines


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_keeps_its_width_and_its_numbers(found: ServedOptimum, width: int) -> None:
    text = rendered("table", found, width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    for figure in ("0.001500 USD", "40.00 ms", "60.00 GB", "Latency and load"):
        assert figure in text
    assert ("per_output_token" in text) is (width == 120)


def test_json_says_what_was_searched(found: ServedOptimum) -> None:
    (first,) = json.loads(rendered("json", found))["searches"]
    assert (first["kind"], first["searched"]["tensor"], first["held"]) == (
        "infer",
        "1 to 8",
        {"accelerator": "h100-sxm"},
    )
    assert first["best"][0]["layout"] == {
        "precision": "fp8",
        "tensor": 4,
        "data": 2,
        "expert": 8,
        "pipeline": 1,
        "batch": 64,
    }
    assert first["best"][0]["outputs"]["cost.per_request"] == {"value": 0.0015, "unit": "USD/request"}
    assert "reason" in first["best"][0]
    assert "reason" not in first["best"][1]
    assert first["front"]["metrics"] == ["throughput.per_accelerator", "throughput.per_user"]


def test_csv_has_a_figure_a_line(found: ServedOptimum) -> None:
    rows = list(csv.DictReader(io.StringIO(rendered("csv", found))))
    assert [row["value"] for row in rows if row["name"] == "layout.batch" and row["list"] == "best"] == ["64", "32"]
    assert [row["value"] for row in rows if row["name"] == "layout.precision" and row["list"] == "front"] == [
        "fp8",
        "bf16",
    ]


@pytest.mark.parametrize("name", OPTIMUM_FORMATS)
def test_names_of_strangers_are_escaped(found: ServedOptimum, name: str) -> None:
    text = rendered(name, replace(found, name=HOSTILE))
    assert "\x1b" not in text
    if name == "csv":
        assert not any(row["scenario"].startswith("=") for row in csv.DictReader(io.StringIO(text)))
    if name == "md":
        assert "\\<b\\>" in text
