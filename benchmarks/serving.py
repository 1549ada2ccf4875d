"""Serving: one estimate, configurations a second, and a whole search.

    python benchmarks/serving.py [--runs 60]

All times are processor time of this process, or of the program where it is run as a whole, because other work on the
machine makes the clock on the wall useless. An estimate is resolved and estimated warm, with an open catalog: a dense
model and a mixture of experts, with layout and batch stated, then with both open, so that they are found under
targets. The least of the runs is compared with the limit, the median stands beside it. Configurations are the whole
recipe of a service (memory, latency, fleet, energy and cost) over random layouts and batches as arrays. The search is
`computecalc optimize` over accelerators, number formats, layouts and batches, start of the program included.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np

import computecalc.cli.main  # noqa: F401 - it sets how often garbage is collected, as in every run of the program
from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inference.resolved import service_inputs
from computecalc.estimators.inference.service import ServiceInputs, estimate_service
from computecalc.estimators.inputs import Resolved
from computecalc.estimators.results import estimate
from computecalc.scenario.files import RawScenario, raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text

SCENARIO = """\
version: 1
scenarios:
  case:
    kind: infer
    model: {model}
    traffic: {{input: 1500, output: 400, rate: 50 request/s}}
    serving: {{accelerator: {accelerator}, precision: fp8, engine: vllm{plan}}}
    targets: {{ttft: 2 s, tpot: 50 ms}}
"""
CASES = {
    "dense, stated": ("llama-3.1-70b", "h100-sxm", ", tensor: 4, batch: 64"),
    "experts, stated": ("deepseek-v3", "h200-sxm", ", tensor: 8, batch: 64"),
    "dense, open": ("llama-3.1-70b", "h100-sxm", ""),
    "experts, open": ("deepseek-v3", "h200-sxm", ""),
}
SEARCH = (
    *("optimize", "deepseek-v3", "--served", "--input", "1500", "--output", "400", "--rate", "50 request/s"),
    *("--ttft", "2 s", "--tpot", "50 ms", "--pareto", "--accelerator", "h100-sxm,h200-sxm,b200-hgx,gb200-nvl72,mi300x"),
)
COUNT = 100_000
MOST_MILLISECONDS = 5.0
"""Of one estimate."""
LEAST_RATE = 100_000
"""Configurations a second."""
MOST_SECONDS = 2.0
"""Of the search."""


def raw(case: str) -> RawScenario:
    model, accelerator, plan = CASES[case]
    text = SCENARIO.format(model=model, accelerator=accelerator, plan=plan)
    (found,) = raw_scenarios(load_text(text, "<benchmark>"))
    return found


def resolved(case: str, catalog: Catalog) -> Resolved:
    return resolve(raw(case), catalog, today=date.today())


def seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def timed_estimates(case: str, catalog: Catalog, runs: int) -> list[float]:
    given = raw(case)
    once = lambda: estimate(resolve(given, catalog, today=date.today()))  # noqa: E731
    once(), once()
    return [seconds(once) for _ in range(runs)]


def rate(case: str, catalog: Catalog, runs: int) -> float:
    """Configurations a second over tensor, data, expert and batch."""
    service = service_inputs(resolved(case, catalog), lambda given: given.range.mid)
    random = np.random.default_rng(0)
    tensor, data = random.choice([1.0, 2.0, 4.0, 8.0], COUNT), random.choice([1.0, 2.0, 4.0], COUNT)
    batch = random.integers(1, 512, COUNT).astype(np.float64)
    columns = {"tensor": tensor, "attention_data": data, "expert": tensor * data, "concurrency": batch}

    def whole() -> None:
        for start in range(0, COUNT, 10_000):
            part = {name: values[start : start + 10_000] for name, values in columns.items()}
            estimate_service(_with(service, part))

    with np.errstate(all="ignore"):
        whole()
        return COUNT / min(seconds(whole) for _ in range(runs))


def _with(service: ServiceInputs, columns: dict[str, np.ndarray]) -> ServiceInputs:
    return replace(service, serving=replace(service.serving, **columns))


def search_seconds() -> float:
    """Processor time of the program, from its start to its end."""
    program = str(Path(sys.executable).with_name("computecalc"))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, *SEARCH], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=60)
    runs = parser.parse_args().runs
    catalog = Catalog.open()
    failed = False
    for case in CASES:
        times = [1000.0 * each for each in timed_estimates(case, catalog, runs)]
        failed |= min(times) > MOST_MILLISECONDS
        limit = f"(limit {MOST_MILLISECONDS:.0f} ms)"
        print(f"estimate  {case:<16} {min(times):6.2f} ms, median {median(times):5.2f} ms  {limit}")
    for case in ("dense, stated", "experts, stated"):
        found = rate(case, catalog, 5)
        failed |= found < LEAST_RATE
        print(f"recipe    {case:<16} {found:>9,.0f} configurations a second  (limit {LEAST_RATE:,})")
    search_seconds()
    times = [search_seconds() for _ in range(5)]
    failed |= min(times) > MOST_SECONDS
    print(
        f"optimize  5 accelerators   {min(times):6.2f} s, median {median(times):5.2f} s  (limit {MOST_SECONDS:.0f} s)"
    )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
