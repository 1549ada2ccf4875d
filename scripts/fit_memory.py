"""Fit the one constant of training memory that no shape gives: the scratch memory of kernels.

    python scripts/fit_memory.py MEASURED_MEMORY_CSV [--output catalogs/priors/memory.yaml]

Everything else is counted. The constant is the median of what the measured peaks exceed the counted ones by, runs
that differ in the number of micro-batches alone weighing as one. The reserve is not fitted: the measurements are of
what the allocator gave out, and what lies outside of it does not show there.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from statistics import median

from measured_memory import GIB, MeasuredPeak, measured_peaks, predicted

from computecalc.catalog.lookup import Catalog

RESERVE = 0.06
"""Share outside the allocator: the configurations of SimuMax plan with 94 % of an accelerator's memory."""

TEXT = """\
# Written by scripts/fit_memory.py; do not edit, run it again.
version: 1
kind: prior
sources:
  simumax:
    title: SimuMax, measured peaks of Megatron-LM runs on 8 x B200 and strategy configurations (Apache-2.0)
    url: https://github.com/MooreThreads/SimuMax
    publication: docs/b200, release v1.2 summary, commit 4dcaae5; configs/strategy
    as_of: 2026-05-01
entries:
  memory-workspace:
    name: Scratch memory of kernels in training
    quantity: memory.workspace
    provenance: {{source: simumax, kind: measured}}
    value:
      value: {workspace:.0f} MB/accelerator
      note: >-
        median of measured less counted peak over {cases} layouts ({rows} runs); with it the peaks are missed by
        {typical:.1%} (median) and {most:.1%} (largest)
  memory-reserve:
    name: Share of the memory that a training process cannot allocate
    quantity: memory.reserve
    provenance: {{source: simumax, kind: assumed, locator: mem_factor}}
    value:
      value: {reserve:g}
      note: >-
        driver context, buffers of the collective library and fragmentation; their planner uses 94 %, and so do we
        for every accelerator
"""


def fitted(runs: list[MeasuredPeak]) -> float:
    """Median residual over distinct layouts, in bytes; never negative."""
    residuals = {}
    for run in runs:
        counted = predicted(replace(run.inputs, workspace=0.0))
        residuals[counted, run.measured] = run.measured - counted
    return max(0.0, median(residuals.values()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("measured", type=Path)
    parser.add_argument("--output", type=Path, default=Path("catalogs/priors/memory.yaml"))
    arguments = parser.parse_args()
    runs = list(measured_peaks(arguments.measured, Catalog.open()))
    workspace = round(fitted(runs) / 1e6) * 1e6
    errors = {run.name: predicted(replace(run.inputs, workspace=workspace)) / run.measured - 1.0 for run in runs}
    sizes = sorted(abs(error) for error in errors.values())
    text = TEXT.format(
        workspace=workspace / 1e6,
        cases=len({(predicted(run.inputs), run.measured) for run in runs}),
        rows=len(runs),
        typical=median(sizes),
        most=sizes[-1],
        reserve=RESERVE,
    )
    arguments.output.write_text(text, encoding="utf-8")
    for run in runs:
        print(f"{errors[run.name]:+8.2%}  {run.measured / GIB:8.2f} GiB  {run.name}")
    print(f"workspace {workspace / 1e6:.0f} MB -> {arguments.output}")


if __name__ == "__main__":
    main()
