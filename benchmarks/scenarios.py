"""Many scenarios: time and memory of `run`, and whether both grow in proportion to their number.

    python benchmarks/scenarios.py [--count 10000] [--runs 3]

Training and serving take turns, layouts are given, every scenario has numbers of its own. A file holds at most 5 MB, so
that more than 15,000 come from two matrices, and their JSON, some 5 GB, is thrown away.

Times are processor time of the whole process (start-up, YAML, estimates, JSON), because other work on the machine
lengthens the clock's. That other work also slows the processor itself, by a third and more: a loop of plain Python that
is timed before and after says how fast the machine was meanwhile.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

MOST_SECONDS = 20.0
MOST_MEMORY = 1e9
"""Limits for 10,000 scenarios. [s], [byte]"""

MOST_WRITTEN_OUT = 15_000

TRAIN = (
    "  t{i}: {{kind: train, model: llama-3.1-70b,"
    " data: {{tokens: {tokens}B tokens, sequence_length: 4096, global_batch: 1024}},"
    " cluster: {{accelerator: h100-sxm, count: 1024}}, layout: {{tensor: 8, pipeline: 4, micro_batch: 1}},"
    " site: {{region: US-VA, pue: {pue}}}, money: {{price: {price} USD/accelerator/h}}{more}}}\n"
)
INFER = (
    "  i{i}: {{kind: infer, model: llama-3.1-70b, traffic: {{input: {prompt}, output: 300, rate: 20 request/s}},"
    " serving: {{accelerator: h100-sxm, per_replica: 8, tensor: 8, precision: fp8, batch: 32}},"
    " money: {{price: {price} USD/accelerator/h}}{more}}}\n"
)


def scenarios(count: int) -> str:
    """A file of scenarios, no two alike."""
    head = "version: 1\nscenarios:\n"
    if count > MOST_WRITTEN_OUT:
        return head + matrices(count)
    found = [head]
    for i in range(count):
        price = 2.0 + i / count
        if i % 2:
            found.append(TRAIN.format(i=i, tokens=1000 + i, pue=1.1 + i % 7 / 100, price=price, more=""))
        else:
            found.append(INFER.format(i=i, prompt=500 + i % 3000, price=price, more=""))
    return "".join(found)


def matrices(count: int) -> str:
    """Two scenarios with as many points together: some lengths or amounts, each at many prices."""
    half = count // 2
    each = next(number for number in range(math.isqrt(half), 0, -1) if half % number == 0)
    prices = f"money.price: {{from: 2 USD/accelerator/h, to: 3 USD/accelerator/h, points: {half // each}}}"
    tokens = f", matrix: {{data.tokens: {{from: 1T tokens, to: 6T tokens, points: {each}}}, {prices}}}"
    prompts = f", matrix: {{traffic.input: {{from: 500, to: 3500, points: {each}}}, {prices}}}"
    return TRAIN.format(i="", tokens=1000, pue=1.1, price=2.0, more=tokens) + INFER.format(
        i="", prompt=500, price=2.0, more=prompts
    )


def pace() -> float:
    """Processor time of a fixed loop, in seconds: 0.28 where these figures were first taken, undisturbed."""
    times = []
    for _ in range(3):
        start, total = time.process_time(), 0
        for i in range(5_000_000):
            total += i * i % 7
        times.append(time.process_time() - start)
    return min(times)


def measured(path: Path, count: int) -> tuple[float, float]:
    """Processor time and memory of one run, in seconds and bytes."""
    program = str(Path(sys.executable).with_name("computecalc"))
    target = path.with_suffix(".json") if count <= MOST_WRITTEN_OUT else Path(os.devnull)
    with target.open("w") as out:
        process = subprocess.Popen([program, "run", str(path), "-f", "json", "-q"], stdout=out)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"computecalc ended with status {status}")
    size = used.ru_maxrss if sys.platform == "darwin" else 1024.0 * used.ru_maxrss
    return used.ru_utime + used.ru_stime, size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    counts = sorted({max(given.count // 100, 10), max(given.count // 10, 10), given.count})
    before, rows = pace(), []
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            path = Path(folder) / f"{count}.yaml"
            path.write_text(scenarios(count), encoding="utf-8")
            runs = [measured(path, count) for _ in range(given.runs)]
            times = sorted(used for used, _ in runs)
            rows.append((count, median(times), times[0], times[-1], max(size for _, size in runs)))
    print(f"scenarios      cpu    each    beyond start-up    lowest    highest    memory   ({given.runs} runs, median)")
    # What a run of the fewest takes is mostly start-up; the rest is what each scenario more takes.
    fewest, first, *_ = rows[0]
    for count, used, low, high, size in rows:
        more = f"{1000 * (used - first) / (count - fewest):8.2f} ms" if count > fewest else " " * 11
        print(
            f"{count:>9,} {used:6.2f} s {1000 * used / count:5.2f} ms {more:>14} {low:10.2f} s {high:8.2f} s"
            f" {size / 1e6:6.0f} MB"
        )
    print(f"pace of the machine before and after: {before:.2f} s, {pace():.2f} s")
    share = given.count / 10_000
    print(f"limit for {given.count:,}: {MOST_SECONDS * share:.0f} s, {MOST_MEMORY / 1e6:.0f} MB")
    _, used, _, _, size = rows[-1]
    return int(used > MOST_SECONDS * max(share, 0.1) or size > MOST_MEMORY * max(share, 1.0))


if __name__ == "__main__":
    sys.exit(main())
