"""Estimates a second beside looping over a peer's API for the same question, as ratios in one run, with the figures.

    python benchmarks/peers.py --peer-python PATH [--calculon FOLDER] [--seconds 4] [--rounds 3]

Peers lie in an environment of their own, never in ours:

    python3 -m venv peers && peers/bin/pip install llm-analysis==0.2.2 genz-llm==0.0.16
    git clone https://github.com/calculon-ai/calculon

`--peer-python peers/bin/python` and `--calculon calculon` name them; the package `calculon` on PyPI is another one. A
peer that is missing is named, and the others are measured. All are timed in processor seconds, in turns; the median
rate counts. Two cases that were measured are asked: a training step with its layout, and a decode step with its batch.
Calls of peers are complete, as a user's loop makes them: they build the model and evaluate it. Ours are
`computecalc.estimate` on a mapping, with and without ranges, and the columns that sweeps are made of.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

import computecalc
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Document, Span
from computecalc.estimators.columns import column_metrics
from computecalc.estimators.inputs import Resolved
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.nodes import from_plain

ADAPTERS = Path(__file__).with_name("peer_adapters")
CASES = 100_000
"""Of our columns. Inputs that nearly every figure hangs on are columns, so that little is computed once for all."""

STEP = {
    "layers": 96,
    "heads": 96,
    "hidden": 12288,
    "ffn": 49152,
    "vocab": 51200,
    "sequence": 2048,
    "count": 128,
    "tensor": 4,
    "pipeline": 8,
    "virtual_pipeline": 12,
    "data": 4,
    "micro_batch": 1,
    "global_batch": 256,
}
"""GPT-3 175B on 128 H100, bf16, optimizer states cut over data ranks: dgxc-0065 of validation/measured_training.csv."""

OUR_STEP: dict[str, Any] = {
    "kind": "train",
    "model": "gpt3-175b",
    "data": {"tokens": "300B tokens", "sequence_length": 2048, "global_batch": 256},
    "cluster": {"accelerator": "h100-sxm", "count": 128, "precision": "bf16"},
    "layout": {
        "tensor": 4,
        "pipeline": 8,
        "virtual_pipeline": 12,
        "micro_batch": 1,
        "sharding": "optimizer",
        "recompute": "none",
        "sequence_parallel": True,
    },
    "efficiency": {"stack": "nemo"},
}

MEASURED_STEP = 256 * 2048 / (459.711 * 128)
"""Of the row: sequences and their length over tokens a second of an accelerator and accelerators. [s]"""

DECODE = {
    "genz_model": "meta-llama/Llama-3.1-8B",
    "peak_tflops": 989.5,
    "memory_gb": 80,
    "bandwidth_gb": 3350,
    "batch": 64,
    "input": 1024,
    "output": 128,
}
"""Llama 3.1 8B on one H100, bf16, 64 requests at once: inferencex-2695 of validation/measured_inference.csv."""

OUR_DECODE: dict[str, Any] = {
    "kind": "infer",
    "model": "llama-3.1-8b",
    "traffic": {"input": "1024 token/request", "output": "128 token/request", "concurrency": 64},
    "serving": {
        "accelerator": "h100-sxm",
        "per_replica": 1,
        "tensor": 1,
        "precision": "bf16",
        "batch": 64,
        "engine": "tensorrt-llm",
    },
}

MEASURED_TPOT = 20.051583e-3
"""Of the row, the prompts of other requests among the steps. [s]"""

Figures = dict[str, float]


def rate_of(call: Callable[[], object], seconds: float) -> float:
    """Calls a processor second."""
    call()
    count, start = 0, time.process_time()
    while (taken := time.process_time() - start) < seconds:
        call()
        count += 1
    return count / taken


def column_rate(scenario: dict[str, Any], paths: tuple[str, ...], seconds: float) -> float:
    """Cases a processor second of one pass through the recipe, its inputs as columns."""
    document = {"version": 1, "scenarios": {"case": scenario}}
    (raw,) = raw_scenarios(from_plain(document, Span(Document("case", ""), 1, 1, 2)))
    resolved: Resolved = resolve(raw, Catalog.open(), today=date.today())
    columns = {path: resolved.inputs[path].range.mid * np.linspace(0.8, 1.2, CASES) for path in paths}
    return CASES * rate_of(lambda: column_metrics(resolved, columns), seconds)


def ours(scenario: dict[str, Any], paths: tuple[str, ...], seconds: float) -> dict[str, float]:
    """Our rates for one case."""
    return {
        "computecalc, one estimate, ranges and derivation": rate_of(lambda: computecalc.estimate(scenario), seconds),
        "computecalc, the same without ranges": rate_of(
            lambda: computecalc.estimate(scenario, uncertainty="off"), seconds
        ),
        "computecalc, columns of 100,000 cases": column_rate(scenario, paths, seconds),
    }


def asked(python: str, adapter: str, case: dict[str, Any], seconds: float, **more: str) -> tuple[float, Figures] | str:
    """Rate and figures of a peer, or why there are none."""
    run = subprocess.run(
        [python, ADAPTERS / f"{adapter}.py", json.dumps(case), str(seconds)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | more,
    )
    if run.returncode:
        lines = run.stderr.strip().splitlines()
        return lines[-1] if lines else f"exit {run.returncode}"
    told = json.loads(run.stdout.strip().splitlines()[-1])
    return told["rate"], told["figures"]


def our_figures(scenario: dict[str, Any], names: tuple[str, ...]) -> Figures:
    found = computecalc.estimate(scenario)
    return {name: float(found[name]) for name in names}


def compare(
    title: str,
    scenario: dict[str, Any],
    paths: tuple[str, ...],
    peers: list[tuple[str, Callable[[float], tuple[float, Figures] | str]]],
    names: tuple[str, ...],
    measured: Figures,
    options: argparse.Namespace,
) -> None:
    """Measure ours and peers in turns, and print rates, ratios and figures."""
    print(f"\n{title}")
    rates: dict[str, list[float]] = {}
    figures: dict[str, Figures] = {"computecalc": our_figures(scenario, names)}
    missing: dict[str, str] = {}
    for _ in range(options.rounds):
        for name, rate in ours(scenario, paths, options.seconds).items():
            rates.setdefault(name, []).append(rate)
        for name, ask in peers:
            found = ask(options.seconds) if name not in missing else missing[name]
            if isinstance(found, str):
                missing[name] = found
                continue
            rates.setdefault(name, []).append(found[0])
            figures[name] = found[1]
    columns = median(rates["computecalc, columns of 100,000 cases"])
    print(f"  {'':<52} {'estimates/s':>12} {'columns over it':>16}")
    for name, each in rates.items():
        print(f"  {name:<52} {median(each):>12,.0f} {columns / median(each):>16,.1f}")
    for name, reason in missing.items():
        print(f"  {name:<52} missing: {reason}")
    print(f"  {'':<52} " + " ".join(f"{name:>24}" for name in names))
    for name, shown in (*figures.items(), ("measured", measured)):
        cells = (f"{shown[each]:>24,.4g}" if each in shown else f"{'-':>24}" for each in names)
        print(f"  {name:<52} " + " ".join(cells))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--peer-python", default="", help="interpreter of an environment with llm-analysis and genz-llm"
    )
    parser.add_argument("--calculon", default="", help="a checkout of calculon-ai/calculon")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    python = options.peer_python

    def peer(adapter: str, case: dict[str, Any], *, needs: str = "") -> Callable[[float], tuple[float, Figures] | str]:
        def ask(seconds: float) -> tuple[float, Figures] | str:
            if not python:
                return "--peer-python PATH names the environment it lies in"
            if needs and not options.calculon:
                return "--calculon FOLDER names its checkout"
            return asked(python, adapter, case, seconds, CALCULON=options.calculon)

        return ask

    compare(
        "A training step: GPT-3 175B on 128 H100, tensor 4, pipeline 8 x 12, data 4",
        OUR_STEP,
        tuple(f"cluster.{each}" for each in ("peak", "half_peak", "memory_bandwidth", "scale_up_bandwidth", "nic")),
        [
            ("llm-analysis 0.2.2, LLMAnalysis.training", peer("llm_analysis_peer", STEP)),
            ("Calculon, Llm.compile and Llm.run", peer("calculon_peer", STEP, needs="calculon")),
        ],
        ("time.step", "memory.per_accelerator"),
        {"time.step": MEASURED_STEP},
        options,
    )
    compare(
        "Decoding: Llama 3.1 8B on one H100, 64 requests at once, 1024 in, 128 out",
        OUR_DECODE,
        tuple(f"serving.{each}" for each in ("peak.bf16", "memory_bandwidth", "half_efficiency", "cache_efficiency")),
        [("GenZ 0.0.16, decode_moddeling and prefill_moddeling", peer("genz_peer", DECODE))],
        ("latency.tpot", "time.decode_step", "time.prompt", "memory.per_accelerator"),
        {"latency.tpot": MEASURED_TPOT},
        options,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
