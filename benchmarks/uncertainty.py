"""Monte Carlo: what 10,000 samples of one training run take, and whether their digits hold without vector units.

    python benchmarks/uncertainty.py [--runs 7]

Processor seconds of this one process are counted, of which NumPy uses one core here; the least of the runs is the
figure to quote, since neighbours only ever add. Two runs are sampled, Llama 3.1 405B (dense) and DeepSeek-V3
(experts), both with the time of their step predicted from the layout. The limit is for the whole estimate: corners,
samples, percentiles and the derivation, from a resolved scenario.

The digits are compared with those of a process whose NumPy may use neither AVX nor fused products, which stand for
another processor: logarithms and powers then differ in their last digit, percentiles must not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import date

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text

LIMIT = 0.5
"""Processor seconds of an estimate with 10,000 samples."""
SCENARIOS = """\
version: 1
scenarios:
  dense:
    kind: train
    model: llama-3.1-405b
    data: {global_batch: 2048}
    cluster: {accelerator: h100-sxm, count: 16384}
    layout: {tensor: 8, pipeline: 16, recompute: full}
    uncertainty: {method: mc, samples: 10000, seed: 1}
  experts:
    kind: train
    model: deepseek-v3
    data: {global_batch: 15360, sequence_length: 4096}
    cluster: {accelerator: h100-sxm, count: 2048}
    layout: {pipeline: 16, expert: 64, recompute: full}
    uncertainty: {method: mc, samples: 10000, seed: 1, distribution: lognormal}
"""
NO_VECTORS = "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR X86_V3 X86_V4"


def resolved() -> list[Resolved]:
    catalog = Catalog.open()
    raws = raw_scenarios(load_text(SCENARIOS, "<benchmark>"))
    return [resolve(raw, catalog, today=date.today()) for raw in raws]


def percentiles() -> dict[str, list[float]]:
    """All percentiles of both runs."""
    found = {}
    for one in resolved():
        for name, value in estimate(one).outputs.items():
            if value.percentiles is not None:
                shares = value.percentiles
                found[f"{one.name} {name}"] = [shares.p5, shares.p50, shares.p95]
    return found


def digits_without_vectors() -> dict[str, list[float]]:
    """The same from a process without vector units."""
    environment = os.environ | {"NPY_DISABLE_CPU_FEATURES": NO_VECTORS}
    command = [sys.executable, __file__, "--digits"]
    ran = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
    return dict(json.loads(ran.stdout))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--digits", action="store_true", help="print the percentiles alone")
    given = parser.parse_args()
    if given.digits:
        print(json.dumps(percentiles()))
        return 0
    failed = False
    for one in resolved():
        turns = []
        for _ in range(given.runs):
            start = time.process_time()
            estimate(one)
            turns.append(time.process_time() - start)
        failed |= min(turns) > LIMIT
        print(f"{one.name:<8} {min(turns):.3f} s   (least of {given.runs} runs, first {turns[0]:.3f}; limit {LIMIT} s)")
    ours, theirs = percentiles(), digits_without_vectors()
    differing = [name for name, values in ours.items() if theirs[name] != values]
    print(f"{len(ours)} metrics, {len(differing)} with other digits without vector units")
    return int(failed or bool(differing))


if __name__ == "__main__":
    sys.exit(main())
