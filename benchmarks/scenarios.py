"""Many scenarios in one file: time and memory of `run`, and whether both grow in proportion.

    python benchmarks/scenarios.py [--count 10000] [--runs 3]

Training and serving take turns, layouts are given, every scenario has numbers of its own. Times are processor time
of the whole process (start-up, YAML, estimates, JSON), because other work on the machine lengthens the clock's.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

MOST_SECONDS = 20.0
MOST_MEMORY = 1e9
"""Limits for 10,000 scenarios. [s], [byte]"""

TRAIN = (
    "  t{i}: {{kind: train, model: llama-3.1-70b,"
    " data: {{tokens: {tokens}B tokens, sequence_length: 4096, global_batch: 1024}},"
    " cluster: {{accelerator: h100-sxm, count: 1024}}, layout: {{tensor: 8, pipeline: 4, micro_batch: 1}},"
    " site: {{region: US-VA, pue: {pue}}}, money: {{price: {price} USD/accelerator/h}}}}\n"
)
INFER = (
    "  i{i}: {{kind: infer, model: llama-3.1-70b, traffic: {{input: {prompt}, output: 300, rate: 20 request/s}},"
    " serving: {{accelerator: h100-sxm, per_replica: 8, tensor: 8, precision: fp8, batch: 32}},"
    " money: {{price: {price} USD/accelerator/h}}}}\n"
)


def scenarios(count: int) -> str:
    """A file of scenarios, no two alike."""
    found = ["version: 1\nscenarios:\n"]
    for i in range(count):
        price = 2.0 + i / count
        if i % 2:
            found.append(TRAIN.format(i=i, tokens=1000 + i, pue=1.1 + i % 7 / 100, price=price))
        else:
            found.append(INFER.format(i=i, prompt=500 + i % 3000, price=price))
    return "".join(found)


def measured(path: Path) -> tuple[float, float]:
    """Processor time and memory of one run, in seconds and bytes."""
    program = str(Path(sys.executable).with_name("computecalc"))
    with path.with_suffix(".json").open("w") as out:
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
    counts = sorted({max(given.count // 10, 10), given.count})
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for count in counts:
            path = Path(folder) / f"{count}.yaml"
            path.write_text(scenarios(count), encoding="utf-8")
            runs = [measured(path) for _ in range(given.runs)]
            rows.append((count, median(time for time, _ in runs), max(size for _, size in runs)))
    print(f"scenarios      cpu    each    memory   (median of {given.runs} runs)")
    for count, time, size in rows:
        print(f"{count:>9,} {time:6.2f} s {1000 * time / count:5.2f} ms {size / 1e6:6.0f} MB")
    _, time, size = rows[-1]
    share = given.count / 10_000
    print(f"limit for {given.count:,}: {MOST_SECONDS * share:.0f} s, {MOST_MEMORY / 1e6:.0f} MB")
    return int(time > MOST_SECONDS * max(share, 0.1) or size > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
