"""The search of layouts: layouts a second, memory, and what `layout: auto` adds to `train`.

    python benchmarks/search.py [--runs 5]

Two searches are timed in this process, each run afresh and on one core: GPT-3 175B on 1,024 A100 80 GB with 1,536
sequences a step, thorough and quick. "Evaluated" counts every layout laid out; some are left out by a lower bound of
their memory, and only those that fit have their step timed, so that the rate of both at once is measured besides, on
the layouts that fit. The median of the runs is the figure to quote. What `auto` adds is the processor time of `train`
that searches a layout less that of `train` with a stated MFU, which neither searches nor times a step; the two take
turns in processes of their own, and the median over the turns counts, for dense models and mixtures of experts.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np

import computecalc.cli  # noqa: F401 - it sets how often garbage is collected, as in every run of the program
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inputs import TrainInputs, train_inputs
from computecalc.estimators.training.candidates import CHUNK, candidates
from computecalc.estimators.training.memory import needed_bytes
from computecalc.estimators.training.search import search
from computecalc.estimators.training.step import step_times
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text

BATCH, COUNT = 1536, 1024
SCENARIO = f"""\
version: 1
scenarios:
  case:
    kind: train
    model: gpt-3-175b
    data: {{tokens: 300B tokens, sequence_length: 2048, global_batch: {BATCH}}}
    cluster: {{accelerator: a100-sxm-80gb, count: {COUNT}}}
"""
ADDED_TO = {
    "gpt-3-175b": (2048, BATCH, "a100-sxm-80gb", COUNT),
    "llama-3.1-405b": (8192, 2048, "h100-sxm", 16384),
    "qwen3-235b-a22b": (4096, 4096, "h100-sxm", 1024),
    "glm-4.5": (4096, 4096, "h100-sxm", 1024),
    "deepseek-v3": (4096, 15360, "h800-sxm", 2048),
    "kimi-k2": (4096, 8192, "h800-sxm", 2048),
}
"""Models with sequence length, global batch, accelerator and count for which `auto` is timed."""
STATED = ("--mfu", "0.40")
LEAST_RATE = 200_000
"""Layouts a second, time and memory of each."""
MOST_SECONDS = 1.0
"""Of the thorough search."""
MOST_ADDED = 0.150
"""Seconds of the processor that `layout: auto` adds, in every case."""
MOST_MEMORY = 500e6
"""Bytes that the thorough search adds to the process."""


def inputs_of_case() -> TrainInputs:
    (raw,) = raw_scenarios(load_text(SCENARIO, "<benchmark>"))
    resolved = resolve(raw, Catalog.open(), today=date.today(), has_open_layout=True)
    return train_inputs(resolved, lambda given: given.range.mid)


def timed_search(inputs: TrainInputs, *, thorough: bool) -> tuple[float, int, int]:
    start = time.perf_counter()
    found = search(inputs, float(BATCH), [COUNT], thorough=thorough)
    return time.perf_counter() - start, found.considered, found.fitting


def evaluation_rate(inputs: TrainInputs) -> float:
    """Layouts a second, with memory and time of every one, whether it fits or not."""
    grids = list(candidates(inputs, float(BATCH), [COUNT], thorough=True))
    layouts = [grid.layouts(inputs) for grid in grids]
    start = time.perf_counter()
    with np.errstate(all="ignore"):
        for each in layouts:
            needed_bytes(inputs, each, float(BATCH), first=1)
            step_times(inputs, each, float(BATCH))
    return sum(grid.size for grid in grids) / (time.perf_counter() - start)


def seconds(arguments: tuple[str, ...]) -> float:
    """Processor seconds of one run of the program: on a busy machine wall time is mostly waiting."""
    program = str(Path(sys.executable).with_name("computecalc"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def added_seconds(model: str, runs: int) -> float:
    """Processor seconds that a search adds to `train`."""
    length, batch, accelerator, count = ADDED_TO[model]
    flags = (
        *("train", model, "--tokens", "300B tokens", "--sequence-length", str(length), "--global-batch", str(batch)),
        *("--accelerator", accelerator, "--count", str(count)),
    )
    seconds(flags), seconds((*flags, *STATED))
    turns = [(seconds(flags), seconds((*flags, *STATED))) for _ in range(runs)]
    return median(searched - stated for searched, stated in turns)


def peak_bytes() -> float:
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else 1024.0 * size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    inputs = inputs_of_case()
    before = peak_bytes()
    thorough = [timed_search(inputs, thorough=True) for _ in range(runs)]
    added = peak_bytes() - before
    quick = [timed_search(inputs, thorough=False) for _ in range(runs)]
    rate = median(evaluation_rate(inputs) for _ in range(runs))
    auto = {model: added_seconds(model, runs) for model in ADDED_TO}
    whole, short = (median(each[0] for each in searches) for searches in (thorough, quick))
    _, considered, fitting = thorough[0]
    print(f"GPT-3 175B, {COUNT} A100 80 GB, batch {BATCH}; median of {runs} runs, chunks of {CHUNK}")
    print(f"thorough  {considered:>9,} layouts, {fitting:,} fit  {whole:6.3f} s  (limit {MOST_SECONDS} s)")
    print(f"quick     {quick[0][1]:>9,} layouts, {quick[0][2]:,} fit  {short:6.3f} s")
    print(f"evaluated {rate:>9,.0f} layouts a second, time and memory of each  (limit {LEAST_RATE:,})")
    print(f"memory    {added / 1e6:>9,.0f} MB above the start  (limit {MOST_MEMORY / 1e6:.0f} MB)")
    for model, each in auto.items():
        print(f"auto      {1000 * each:>9.0f} ms added to train {model}  (limit {1000 * MOST_ADDED:.0f} ms)")
    return int(whole > MOST_SECONDS or rate < LEAST_RATE or added > MOST_MEMORY or max(auto.values()) > MOST_ADDED)


if __name__ == "__main__":
    sys.exit(main())
