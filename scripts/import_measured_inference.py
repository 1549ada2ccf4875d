"""Turns collected measurements of serving into validation/measured_inference.csv and measured_inference_neuron.csv.

Usage: python scripts/import_measured_inference.py FOLDER [OUTPUT_FOLDER]

FOLDER holds `measured_inference.csv` as collected. Taken are closed loops on one pool of accelerators and offline
throughput, of the sources that import_measured_inference.yaml names with their licence; it also names suspicious rows.
Those under CC BY-SA go into a file of their own. What is left out is counted on standard error.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

COLUMNS = (
    *("id", "kind", "model", "accelerator", "tensor", "data", "expert", "precision", "engine", "release"),
    *("input", "output", "concurrency", "tpot", "ttft", "output_tokens_per_s", "count"),
    *("source", "source_version", "suspicious", "notes"),
)
FACTS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
"""Per source: licence and version; names of engines and formats; per row: what is suspicious."""

Row = dict[str, Any]


def main(folder: str, output: str = "validation") -> None:
    with (Path(folder) / "measured_inference.csv").open(encoding="utf-8", newline="") as stream:
        collected = list(csv.DictReader(stream))
    rows, left_out = [], Counter[str]()
    for row in collected:
        reason = why_left_out(row)
        if reason:
            left_out[reason] += 1
        else:
            rows.append(imported(row))
    apart = [row for row in rows if row["id"].startswith("neuron")]
    write(Path(output) / "measured_inference.csv", [row for row in rows if row not in apart])
    write(Path(output) / "measured_inference_neuron.csv", apart)
    for reason, count in left_out.items():
        print(f"left out, {reason}: {count}", file=sys.stderr)


def write(path: Path, rows: list[Row]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} rows")


def why_left_out(row: Mapping[str, str]) -> str:
    """Return why a row is not taken; empty where it is."""
    source = row["id"].partition("-")[0]
    facts = FACTS["sources"].get(source)
    if facts is None:
        return f"source {source}"
    match facts["kind"]:
        case "closed" if "mode=agg" not in row["notes"]:
            return f"{source} in more than one pool, or not a closed loop"
        case "mlperf" if row["concurrency"] != "Offline":
            return f"{source} with limits on latency, under which the load is not stated"
        case "neuron" if row["accelerator"] != "trainium1" or row["model"] == "llama-2-13b":
            return f"{source} with heads padded to ranks that do not divide them"
    return ""


def imported(row: Mapping[str, str]) -> Row:
    """Return one row in our columns."""
    source = row["id"].partition("-")[0]
    facts = FACTS["sources"][source]
    if facts["kind"] in ("mlperf", "tpu", "neuron"):
        return {**common(row, source), **{"mlperf": mlperf, "tpu": tpu, "neuron": neuron}[facts["kind"]](row)}
    engine, _, release = row["notes"].partition(";")[0].partition(" ")
    offline = facts["kind"] == "offline"
    tensor, data, expert = offline_layout(row) if offline else closed_layout(row)
    return {
        **common(row, source),
        "kind": facts["kind"],
        "tensor": tensor,
        "data": data,
        "expert": expert,
        "engine": "tensorrt-llm" if offline else FACTS["engines"][engine.lower()],
        "release": "1.0" if offline else release.strip(),
        "concurrency": FACTS["offline_requests"] * data if offline else row["concurrency"],
        "output_tokens_per_s": row["output_tokens_per_s"] if offline else "",
        "notes": "attention data parallel" if data > 1 else "",
    }


def common(row: Mapping[str, str], source: str) -> Row:
    """Return what is said alike by every source."""
    return {
        "id": row["id"],
        "model": row["model"],
        "accelerator": row["accelerator"],
        "precision": FACTS["native"].get(row["model"]) or FACTS["precisions"][row["precision"]],
        "input": row["input"],
        "output": row["output"],
        "tpot": row["tpot_ms"],
        "ttft": row["ttft_ms"],
        "output_tokens_per_s": row["output_tokens_per_s"],
        "count": "",
        "source": FACTS["names"][source],
        "source_version": FACTS["sources"][source]["version"],
        "suspicious": suspicion(row),
    }


def mlperf(row: Mapping[str, str]) -> Row:
    """Offline scenario: submitters choose layout and batch, and do not state them."""
    facts, model = FACTS["mlperf"], row["model"]
    said = f"{row['notes']} {row['source']}".casefold()
    named = "vllm" if "vllm" in said else "tensorrt-llm" if "tensorrt" in said or "trt" in said else None
    path = next(part for part in row["source"].split() if "/results/" in part)
    submitter = path.split("/")[1]
    # Four bits are MXFP4 with AMD and NVFP4 with NVIDIA.
    vendor = {"fp4": "mxfp4"} if row["accelerator"].startswith("mi") else {}
    return {
        "kind": "offline",
        "precision": vendor.get(row["precision"], FACTS["precisions"][row["precision"]]),
        "engine": named or facts["submitters"][submitter],
        "input": facts["input"][model],
        "output": round(float(row["output"])) if row["output"] else facts["output"][model],
        "count": row["count"],
        "notes": f"{submitter}; mean input recalled" + ("" if row["output"] else ", mean output too"),
    }


def tpu(row: Mapping[str, str]) -> Row:
    """TPU recipes and JetStream: tensor parallelism over all chips."""
    offline = row["concurrency"] == "offline"
    return {
        "kind": "offline" if offline else "closed",
        "tensor": row["count"],
        "data": 1,
        "expert": 1,
        "engine": "generic" if offline else "vllm",
        "input": round(float(row["input"])),
        "output": round(float(row["output"])),
        "concurrency": "" if offline else row["concurrency"],
        # Where latencies are there, the throughput follows from them.
        "output_tokens_per_s": "" if row["tpot_ms"] else row["output_tokens_per_s"],
        "notes": "JetStream" if offline else "",
    }


def neuron(row: Mapping[str, str]) -> Row:
    """Transformers NeuronX, a static batch; degrees count chips of two cores each."""
    return {
        "kind": "closed",
        "tensor": row["count"],
        "data": 1,
        "expert": 1,
        "engine": "generic",
        "release": "2.18.1",
        "concurrency": row["concurrency"],
        "output_tokens_per_s": "",
        "notes": "Transformers NeuronX, static batch, medians",
    }


def closed_layout(row: Mapping[str, str]) -> tuple[int, int, int]:
    """Tensor and data-parallel degree of attention, and expert-parallel degree."""
    found = re.fullmatch(r"TP(\d+) PP1 attnDP(\d+) moeTP(\d+) moeEP(\d+)", row["parallelism"])
    if found is None:
        raise ValueError(f"{row['id']}: parallelism {row['parallelism']!r} is not understood")
    tensor, data, _, expert = (max(int(part), 1) for part in found.groups())
    return tensor, data, expert


def offline_layout(row: Mapping[str, str]) -> tuple[int, int, int]:
    """Mixtures of experts run with attention data parallel there, dense models with tensor parallelism."""
    count = int(row["count"])
    return (1, count, 1) if row["model"] in MIXTURES else (count, 1, 1)


MIXTURES = {"llama-4-scout", "llama-4-maverick", "gpt-oss-120b", "gpt-oss-20b", "qwen3-30b-a3b", "qwen3-235b-a22b"}
MIXTURES |= {"deepseek-r1", "deepseek-v3"}


def suspicion(row: Mapping[str, str]) -> str:
    """Return why a row is doubted; empty where it is not."""
    if "SUSPECT" in row["notes"]:
        return "marked as suspect where it was collected"
    if row["id"] in FACTS["experimental"]:
        return "an experimental engine of 2024, whose speed says little of the hardware"
    source, _, number = row["id"].partition("-")
    if source != "inferencex":
        return ""
    for doubt in FACTS["suspicious"]:
        here = int(number) in doubt["rows"] if "rows" in doubt else doubt["from"] <= int(number) <= doubt["to"]
        if here:
            return str(doubt["why"])
    return ""


if __name__ == "__main__":
    main(*sys.argv[1:])
