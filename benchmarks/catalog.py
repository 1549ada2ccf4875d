"""What the catalog adds to an estimate: the look-ups of one training run, with all modules imported.

    python benchmarks/catalog.py [--runs 51]

Each run opens the catalog afresh and asks for what a training estimate asks for: an accelerator, a model with its
architecture, a precision, a grid, price rows and priors. The median must stay under 20 ms.
"""

from __future__ import annotations

import argparse
import sys
import time
from statistics import median

import computecalc.cli.main  # noqa: F401 - it sets how often garbage is collected, as in every run of the program
from computecalc.catalog.lookup import Catalog

LIMIT = 0.020
"""Seconds."""

PRIORS = ("efficiency.mfu", "reliability.interruptions", "power.draw", "power.host_overhead", "site.pue")
"""Inputs that an estimate from a few flags leaves to priors."""


def look_up() -> dict[str, float]:
    """Do the look-ups of one estimate; return the seconds each took."""
    marks = [time.perf_counter()]
    catalog = Catalog.open()
    marks.append(time.perf_counter())
    catalog.find("accelerator", "h100-sxm")
    marks.append(time.perf_counter())
    architecture = catalog.find("model", "llama-3.1-405b").architecture
    marks.append(time.perf_counter())
    catalog.find("precision", "bf16")
    marks.append(time.perf_counter())
    catalog.find("grid", "US-VA")
    marks.append(time.perf_counter())
    prices = catalog.price_rows("h100-sxm", commitment="on-demand")
    marks.append(time.perf_counter())
    for quantity in PRIORS:  # the index tells which prior holds, and only that one is read
        catalog.find("prior", catalog.prior_rows(quantity)[0].id)
    marks.append(time.perf_counter())
    if architecture is None or not prices:
        raise SystemExit("the catalog lacks what is timed")
    names = ("open", "accelerator", "model", "precision", "grid", "price rows", "priors")
    return {name: end - start for name, start, end in zip(names, marks, marks[1:], strict=False)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=51)
    runs = parser.parse_args().runs
    look_up()  # imports, and the caches of units
    turns = [look_up() for _ in range(runs)]
    for name in turns[0]:
        print(f"{name:<12} {1000 * median(turn[name] for turn in turns):7.2f} ms")
    whole = median(sum(turn.values()) for turn in turns)
    print(f"{'all':<12} {1000 * whole:7.2f} ms   (median of {runs} runs; limit {1000 * LIMIT:.0f} ms)")
    return int(whole > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
