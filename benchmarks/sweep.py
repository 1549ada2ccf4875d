"""A sweep of training runs: cases a second, memory, growth with the count, and two Dask workers against one.

    python benchmarks/sweep.py [--most 10000000] [--runs 3]

Every case is a whole estimate with a given layout and a predicted MFU, all metrics, written as Parquet. Times are
processor time of the whole process (start-up, forms, proofs, Parquet), because other work on the machine lengthens
the clock's; two workers are measured by the clock, in turns with one, and want a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

import distributed

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate_metrics
from computecalc.sweeps.analysis import analysed
from computecalc.sweeps.proving import point_of
from computecalc.sweeps.reading import read_plan
from computecalc.sweeps.running import run_sweep
from computecalc.yamlio.loading import load_text

LEAST_RATE = 300_000.0
"""Cases of one core in a second."""
MOST_MEMORY = 1.5e9
"""Of the largest sweep. [byte]"""
LEAST_RATIO = 1.6
"""Rate of two workers over that of one."""

PLAN = """\
version: 1
scenarios:
  space:
    kind: train
    model: llama-3.1-70b
    data: {{tokens: 15T tokens, sequence_length: 8192 token, global_batch: 2048}}
    cluster: {{accelerator: h100-sxm, count: 2048, precision: bf16}}
    layout: {{tensor: 4, pipeline: 4, recompute: selective, sharding: optimizer}}
    site: {{region: US-VA}}
    sample:
      cases: {cases}
      axes:
        data.tokens: {{from: 5T tokens, to: 20T tokens, spacing: log}}
        money.price: 1.50..2.20..3.50 USD/accelerator/h
        site.pue: {{from: 1.05, to: 1.4}}
        cluster.nic: {{from: 200 Gbit/s, to: 800 Gbit/s}}
        cluster.count: [512, 1024, 2048, 4096]
        cluster.accelerator: [h100-sxm, h200-sxm]
"""
"""The network moves the time of a step and all that follows; a count moves layout, time and memory."""


def swept(folder: Path, cases: int) -> tuple[float, float, int]:
    """Processor time, memory and size of one sweep, in seconds and bytes."""
    plan, out = folder / "plan.yaml", folder / "out"
    plan.write_text(PLAN.format(cases=cases), encoding="utf-8")
    program = str(Path(sys.executable).with_name("computecalc"))
    command = [program, "sweep", str(plan), "--to", str(out), "-f", "json", "-q"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"computecalc ended with status {status}")
    size = sum(path.stat().st_size for path in out.iterdir())
    shutil.rmtree(out)
    memory = used.ru_maxrss if sys.platform == "darwin" else 1024.0 * used.ru_maxrss
    return used.ru_utime + used.ru_stime, memory, size


def one_by_one(count: int) -> float:
    """Processor time of a case that is resolved and estimated by itself, in seconds."""
    analysis = analysed(read_plan(load_text(PLAN.format(cases=count), "plan.yaml")), Catalog.open())
    start = time.process_time()
    for number in range(count):
        resolved = analysis.resolver.at(point_of(analysis, number))
        if isinstance(resolved, Resolved):
            estimate_metrics(resolved, analysis.metrics)
    return (time.process_time() - start) / count


def workers_rate(folder: Path, cases: int, workers: int) -> float:
    """Cases a second by the clock, of a cluster that has already met the plan."""
    catalog, plan = Catalog.open(), read_plan(load_text(PLAN.format(cases=cases), "plan.yaml"))
    with (
        distributed.LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster),
    ):
        marks: list[float] = []
        run_sweep(
            plan,
            folder / f"workers-{workers}",
            catalog=catalog,
            restart=True,
            engine="dask",
            scheduler=cluster.scheduler_address,
            progress=lambda done, _: marks.append(time.monotonic()) if done >= workers else None,
        )
    shutil.rmtree(folder / f"workers-{workers}")
    # From when each has done its first partition, in which it imports and proves.
    return (len(marks) - 1) * 2**18 / (marks[-1] - marks[0])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=10_000_000, help="cases of the largest sweep")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    counts = [count for count in (10_000, 100_000, 1_000_000, 10_000_000) if count <= given.most]
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in counts:
            runs = [swept(folder, count) for _ in range(1 if count > 1_000_000 else given.runs)]
            rows.append((count, median(run[0] for run in runs), max(run[1] for run in runs), runs[0][2]))
        alone = one_by_one(300)
        ratios = []
        rates: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(given.runs):
            for workers, found in rates.items():
                found.append(workers_rate(folder, 16 * 2**18, workers))
            ratios.append(rates[2][-1] / rates[1][-1])
    print(f"computecalc sweep, {date.today()}, median of {given.runs} runs")
    print("     cases       cpu   cases/s   memory   Parquet")
    for count, cpu, memory, size in rows:
        print(f"{count:>10,} {cpu:7.2f} s {count / cpu:>9,.0f} {memory / 1e6:>5.0f} MB {size / 1e6:>6.0f} MB")
    (first, first_cpu, *_), (last, last_cpu, memory, _) = rows[0], rows[-1]
    each = (last_cpu - first_cpu) / (last - first)
    print(f"each further case {1e6 * each:.2f} us: {1.0 / each:,.0f} cases/s; limit {LEAST_RATE:,.0f}")
    print(f"one by one {1000 * alone:.2f} ms: {1.0 / alone:,.0f} cases/s; columns: {alone / each:,.0f} times as fast")
    print(f"memory of {last:,}: {memory / 1e6:.0f} MB; limit {MOST_MEMORY / 1e6:.0f} MB")
    print(f"two workers over one: {max(ratios):.2f} (of {', '.join(f'{ratio:.2f}' for ratio in ratios)})")
    print(f"  {max(rates[1]):,.0f} and {max(rates[2]):,.0f} cases/s by the clock; limit {LEAST_RATIO} times")
    return int(1.0 / each < LEAST_RATE or memory > MOST_MEMORY or max(ratios) < LEAST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
