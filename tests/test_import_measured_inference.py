"""The script that writes validation/measured_inference.csv."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TESTS

SCRIPTS = TESTS.parent / "scripts"
COLLECTED = {
    "id": "inferencex-0021",
    "model": "gpt-oss-120b",
    "accelerator": "h100-sxm",
    "count": "8",
    "parallelism": "TP1 PP1 attnDP8 moeTP1 moeEP8",
    "precision": "bf16",
    "input": "1024",
    "output": "512",
    "concurrency": "64",
    "ttft_ms": "61.3",
    "tpot_ms": "7.2",
    "output_tokens_per_s": "",
    "notes": "trtllm 1.0.0rc3; mode=agg; closed-loop fixed concurrency",
}


@pytest.fixture(scope="module")
def script() -> Any:
    sys.path.insert(0, str(SCRIPTS))
    try:
        import import_measured_inference as module
    finally:
        sys.path.remove(str(SCRIPTS))
    return module


def test_a_row_is_put_into_our_words(script: Any) -> None:
    found = script.imported(COLLECTED)
    assert (found["tensor"], found["data"], found["expert"]) == (1, 8, 8)
    # Its checkpoint is in MXFP4 whatever the row says.
    assert (found["precision"], found["engine"], found["release"]) == ("mxfp4", "tensorrt-llm", "1.0.0rc3")
    assert (found["tpot"], found["ttft"], found["suspicious"]) == ("7.2", "61.3", "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"notes": "trtllm 1; mode=disagg"}, "inferencex in more than one pool, or not a closed loop"),
        ({"id": "mlperf51-0001", "concurrency": "Offline"}, ""),
        (
            {"id": "mlperf51-0001", "concurrency": "Server"},
            "mlperf51 with limits on latency, under which the load is not stated",
        ),
        (
            {"id": "neuron-0121", "accelerator": "inferentia2"},
            "neuron with heads padded to ranks that do not divide them",
        ),
        ({"id": "neuron2-0009"}, "source neuron2"),
    ],
)
def test_what_is_left_out_is_named(script: Any, change: dict[str, str], reason: str) -> None:
    assert script.why_left_out(COLLECTED | change) == reason


def test_an_unknown_layout_is_no_row(script: Any) -> None:
    with pytest.raises(ValueError, match="not understood"):
        script.imported(COLLECTED | {"parallelism": "TP4 PP2"})


MLPERF = COLLECTED | {
    "id": "mlperf51-0012",
    "model": "llama-2-70b",
    "accelerator": "mi300x",
    "parallelism": "submitter choice",
    "precision": "fp4",
    "input": "MLPerf dataset",
    "output": "301.1",
    "concurrency": "Offline",
    "ttft_ms": "",
    "tpot_ms": "",
    "output_tokens_per_s": "27803.9",
    "source": "MLPerf Inference v5.1, github mlcommons/x@1 ID 5.1-0001 closed/AMD/results/8xMI300X/llama2-70b/Offline",
    "notes": "AMD; vLLM 0.9",
}


def test_submissions_leave_layout_and_batch_open(script: Any) -> None:
    found = script.imported(MLPERF)
    assert (found["kind"], found["engine"], found["count"]) == ("offline", "vllm", "8")
    assert "tensor" not in found
    assert "concurrency" not in found
    # The mean input of the data set is recalled, the mean output printed; 4 bits of AMD are MXFP4.
    assert (found["input"], found["output"], found["precision"]) == (294, 301, "mxfp4")
    assert "mean input recalled" in found["notes"]


def test_tpus_with_latencies_need_no_throughput(script: Any) -> None:
    row = COLLECTED | {"id": "tpu-0001", "count": "8", "input": "1000", "output": "1000", "output_tokens_per_s": "2494"}
    found = script.imported(row | {"model": "llama-3.3-70b", "precision": "bf16"})
    assert (found["tensor"], found["output_tokens_per_s"], found["tpot"]) == ("8", "", "7.2")
    alone = script.imported(row | {"ttft_ms": "", "tpot_ms": ""})
    assert alone["output_tokens_per_s"] == "2494"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"notes": "vllm; mode=agg; SUSPECT"}, "marked as suspect where it was collected"),
        ({"id": "inferencex-0399"}, "twice as slow as the same engine before and after"),
        ({"id": "inferencex-0398"}, ""),
        ({"id": "inferencex-1611"}, "weights fill more of the memory than engines take by default"),
        ({"id": "tpu-0015"}, "an experimental engine of 2024"),
    ],
)
def test_doubts_have_reasons(script: Any, change: dict[str, str], why: str) -> None:
    found = script.suspicion(COLLECTED | change)
    assert found.startswith(why)
    assert bool(found) is bool(why)


def test_the_shipped_table_is_of_licensed_sources(script: Any) -> None:
    with (Path(SCRIPTS).parent / "validation" / "measured_inference.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == script.COLUMNS
    assert len(rows) == len({row["id"] for row in rows})
    assert {row["id"].partition("-")[0] for row in rows} == {*("inferencex", "trtllm", "mlperf41", "mlperf51", "tpu")}
