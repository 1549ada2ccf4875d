"""The formats of a search, on runs made by hand."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from computecalc.errors import Diagnostic, Document, Span
from computecalc.estimators.training.ranking import Candidate, Layout
from computecalc.reports.document import Failure, ReportStyle
from computecalc.reports.optimum import OPTIMUM_FORMATS, Optimum, OptimumDocument, layout_text, render_optimum
from tests.reports.conftest import HOSTILE

DAY = 86400.0
SPAN = Span(Document("plan.yaml", "x"), 3, 1, 2)
FIRST = Layout(8, 4, 2, 1, 1, 2, 1, "none", "optimizer", sequence_parallel=True)
SECOND = replace(FIRST, tensor=4, pipeline=8, virtual_pipeline=1, recompute="full", sequence_parallel=False)


def candidate(layout: Layout, days: float, step: float, memory: float) -> Candidate:
    metrics = {
        "accelerators": 64.0,
        "mfu": 0.4,
        "memory.per_accelerator": memory,
        "time.step": step,
        "time.step.compute": 0.75 * step,
        "time.step.tensor": 0.25 * step,
        "time.wall": days * DAY,
        "cost.total": 1.5e6,
    }
    return Candidate("h100-sxm", layout, metrics)


@pytest.fixture
def document() -> OptimumDocument:
    best = (candidate(FIRST, 30.0, 4.0, 60e9), candidate(SECOND, 40.0, 5.0, 30e9))
    found = Optimum(
        name="plan",
        source=SPAN,
        by="time.wall",
        limits=("time.wall <= 50 d",),
        held={"tensor": 8, "sequence_parallel": True},
        considered=12345,
        fitting=678,
        best=best,
        runner_up=None,
        front=best,
        axes=("time.step", "memory.per_accelerator"),
        diagnostics=(),
    )
    failure = Failure("other", SPAN, (Diagnostic("CC608", "none fits", hint="more", span=SPAN),))
    return OptimumDocument((found, failure), "2026.11", "sha256:0", 2)


def rendered(name: str, document: OptimumDocument, **style: object) -> str:
    return render_optimum(name, document, ReportStyle(**style))  # type: ignore[arg-type]


def test_layouts_in_words() -> None:
    assert layout_text(candidate(FIRST, 1.0, 1.0, 1.0)) == (
        "tensor 8, pipeline 4, data 2, virtual 2, micro-batch 1, sharding optimizer"
    )
    assert layout_text(candidate(SECOND, 1.0, 1.0, 1.0)) == (
        "tensor 4, pipeline 8, data 2, micro-batch 1, recompute full, sharding optimizer, whole sequences"
    )


def test_plain_text_shows_runs_parts_reasons_and_front(document: OptimumDocument) -> None:
    lines = rendered("plain", document).splitlines()
    assert lines[0] == (
        "scenario plan: best by time.wall of 12,345 layouts with tensor 8, sequence_parallel true as stated, "
        "678 of which fit into memory, within time.wall <= 50 d"
    )
    assert lines[3].split()[:10] == ["1", "64", "h100-sxm", "30.00", "d", "0.4000", "60.00", "GB", "4.000", "s"]
    parts = lines[lines.index("parts of the step") :]
    assert [line.split() for line in parts[1:4]] == [["compute", "tensor"], *([n, "75.0%", "25.0%"] for n in "12")]
    # 30 of 40 days; the other's step is 5 s, of which 3.75 s and 1.25 s, against 3 s and 1 s.
    reason = (
        "1: 25.0% less time.wall than tensor 4 x pipeline 8 x data 2: compute -15.0% of the step, "
        "tensor-parallel exchange -5.0% of the step, fits without recompute"
    )
    assert reason in lines
    assert "front of time.step and memory.per_accelerator" in lines
    assert lines[-1] == "scenario other: error, see the messages"


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_keeps_its_width_and_its_numbers(document: OptimumDocument, width: int) -> None:
    text = rendered("table", document, width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    for figure in ("30.00 d", "60.00 GB", "75.0%", "per_accelerator"):
        assert figure in text
    assert ("1.500 MUSD" in text) is (width == 120)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_layout_is_never_cut(document: OptimumDocument, width: int) -> None:
    (found, *_) = document.outcomes
    assert isinstance(found, Optimum)
    by_cost = replace(document, outcomes=(replace(found, by="cost.total"),))
    lines = rendered("table", by_cost, width=width).splitlines()
    rows = lines[: next(number for number, line in enumerate(lines) if line.startswith("Parts"))]
    start = next(line.index("layout") for line in rows if "layout" in line)
    shown = " ".join(" ".join(line[start:] for line in rows).split())
    for best in found.best:
        assert layout_text(best) in shown


def test_units_and_digits_are_the_readers(document: OptimumDocument) -> None:
    text = rendered("md", document, units={"time.wall": "h"}, digits=2)
    assert "720 h" in text
    assert "| 1 | 64 h100-sxm |" in text


def test_json_is_in_canonical_units(document: OptimumDocument) -> None:
    found = json.loads(rendered("json", document))
    assert found["summary"] == {"errors": 1, "exit_code": 2}
    first, failed = found["searches"]
    assert (first["status"], first["considered"], first["fitting"]) == ("ok", 12345, 678)
    assert first["best"][0]["outputs"]["time.wall"] == {"value": 30 * 86400, "unit": "s"}
    assert first["best"][0]["layout"]["virtual_pipeline"] == 2
    assert first["best"][1]["layout"]["sequence_parallel"] is False
    assert "reason" in first["best"][0]
    assert "reason" not in first["best"][1]
    assert first["held"] == {"tensor": 8, "sequence_parallel": True}
    assert first["front"]["metrics"] == ["time.step", "memory.per_accelerator"]
    assert (failed["status"], failed["diagnostics"][0]["code"]) == ("error", "CC608")


def test_csv_has_a_figure_a_line(document: OptimumDocument) -> None:
    rows = list(csv.DictReader(io.StringIO(rendered("csv", document))))
    wall = [row for row in rows if row["name"] == "time.wall" and row["list"] == "best"]
    assert [(row["rank"], row["value"], row["unit"]) for row in wall] == [("1", "2592000", "s"), ("2", "3456000", "s")]
    cut = [row["value"] for row in rows if row["name"] == "layout.sequence_parallel" and row["list"] == "best"]
    assert cut == ["true", "false"]
    assert {row["scenario"] for row in rows} == {"plan"}


@pytest.mark.parametrize("name", OPTIMUM_FORMATS)
def test_names_of_strangers_are_escaped(document: OptimumDocument, name: str) -> None:
    found = document.outcomes[0]
    assert isinstance(found, Optimum)
    text = rendered(name, replace(document, outcomes=(replace(found, name=HOSTILE),)))
    assert "\x1b" not in text
    if name == "csv":
        assert not any(row["scenario"].startswith("=") for row in csv.DictReader(io.StringIO(text)))
    if name == "md":
        assert "\\<b\\>" in text
