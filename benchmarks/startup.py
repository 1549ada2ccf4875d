"""Start-up time, as ratios in one run: commands against importing the libraries they stand on.

    python benchmarks/startup.py [--runs 15]

The yardstick is ``python -c "import typer, pydantic, rich, pint, yaml"`` with the same interpreter. Commands and
yardstick take turns, so that a machine whose speed drifts slows both; the ratio is taken turn by turn and its median
is the figure to quote. Processor time is given beside wall time, because it is less disturbed by neighbours. One
round before the first counted one fills the caches of bytecode.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

YARDSTICK = "import typer, pydantic, rich, pint, yaml"
PROGRAM = str(Path(sys.executable).with_name("computecalc"))
TRAIN = "train llama-3.1-405b --accelerator h100-sxm --count 16384 --mfu 0.40"
COMMANDS = {
    TRAIN: (1.3, [PROGRAM, *TRAIN.split()]),
    "--help": (0.5, [PROGRAM, "--help"]),
    "--version": (0.5, [PROGRAM, "--version"]),
}
"""What is timed, and the ratio it must stay under."""


def seconds(command: list[str]) -> tuple[float, float]:
    """Wall and processor seconds of one run."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    yardstick = [sys.executable, "-c", YARDSTICK]
    failed = False
    print(f"{'command':<70} {'limit':>5} {'wall':>6} {'cpu':>6}   (median ratio of {runs} turns)")
    for name, (limit, command) in COMMANDS.items():
        seconds(command), seconds(yardstick)
        turns = [(seconds(command), seconds(yardstick)) for _ in range(runs)]
        wall, cpu = (median(ours[i] / theirs[i] for ours, theirs in turns) for i in (0, 1))
        failed |= wall > limit
        print(f"{name:<70} {limit:>5.2f} {wall:>6.2f} {cpu:>6.2f}   {'over the limit' if wall > limit else 'ok'}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
