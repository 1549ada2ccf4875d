"""Fit the MFU priors: the spread of measured MFU by accelerator generation, precision and structure.

    python scripts/fit_mfu_priors.py MEASURED_TRAINING_CSV [--output catalogs/priors/mfu.yaml]

A prior stands in where neither the user nor a layout says how well a run goes: the 5th, 50th and 95th percentile
of MFU over measured runs. MFU is recomputed from tokens a second with our own FLOPs a token (causal attention) and
our own dense peaks, because sources count FLOPs differently. Every model has the same weight in a cell, so that a
source with many rows does not rule.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path
from statistics import median

import numpy as np

from computecalc.catalog.lookup import Catalog
from computecalc.errors import CatalogError
from computecalc.estimators.layers import count_model
from computecalc.estimators.shapes import model_shape, shape_numbers
from computecalc.formulas.flops import training_flops

PRODUCTION = 0.7
"""What the low end is multiplied with: long production runs at scale reach down to about 70 % of the 5th percentile
of benchmarks (docs/reference/accuracy.md, where most published H100 runs lie below it)."""

LEAST_MODELS = 3
"""Fewer models than this make no prior of their own; the next coarser one holds."""


CARDS = frozenset({"ada"})
"""Generations of graphics cards only: one-server runs of small models, which say nothing of other generations."""


def measured_mfu(row: dict[str, str], catalog: Catalog) -> tuple[str, str, str, float] | None:
    """Generation, precision, structure and MFU of a row; None where it cannot be compared."""
    if row["task"] != "pretrain" or not row["tokens_per_s_per_accelerator"] or not row["sequence_length"]:
        return None
    try:
        accelerator = catalog.find("accelerator", row["accelerator"])
        model = catalog.find("model", row["model"])
        precision = catalog.find("precision", row["precision"])
    except CatalogError:
        return None
    peaks = [accelerator.get(f"peak.{name.strip()}") for name in precision.labels["peak"].split(",")]
    peak = next((fact.value.mid for fact in peaks if fact is not None), None)
    architecture = model.architecture
    if peak is None or architecture is None or (row["layers"] and int(row["layers"]) != _layers(architecture)):
        return None
    numbers = shape_numbers(architecture)
    counted = count_model(model_shape(architecture, numbers.__getitem__), float(row["sequence_length"]))
    per_token = float(training_flops(forward=counted.forward))
    mfu = float(row["tokens_per_s_per_accelerator"]) * per_token / peak
    generation = accelerator.labels.get("generation", "any")
    if generation not in CARDS and not accelerator.labels.get("memory.type", "").startswith("HBM"):
        return None
    structure = "moe" if any(shape.type == "moe" for shape in architecture.feed_forwards.values()) else "dense"
    return generation, precision.id, structure, mfu


def _layers(architecture: object) -> int:
    return sum(group.count for group in architecture.layers)  # type: ignore[attr-defined]


def cells(rows: list[dict[str, str]], catalog: Catalog) -> dict[tuple[str, str, str], dict[str, list[float]]]:
    """MFU by cell and model, in the finest cells and in the coarser ones above them."""
    found: dict[tuple[str, str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        measured = measured_mfu(row, catalog)
        if measured is None:
            continue
        generation, precision, structure, mfu = measured
        if generation in CARDS:
            found[generation, precision, structure][row["model"]].append(mfu)
            continue
        for cell in ((generation, precision, structure), ("any", precision, structure), ("any", "any", structure)):
            found[cell][row["model"]].append(mfu)
    return found


def percentiles(models: dict[str, list[float]]) -> tuple[float, float, float]:
    """5th, 50th and 95th percentile over all runs, every model weighing the same."""
    pairs = sorted((value, 1.0 / len(values)) for values in models.values() for value in values)
    values = np.array([value for value, _ in pairs])
    position = (np.cumsum([weight for _, weight in pairs]) - 0.5 * np.array([w for _, w in pairs])) / len(models)
    low, mid, high = np.interp([0.05, 0.50, 0.95], position, values)
    return float(low), float(mid), float(high)


def entry(cell: tuple[str, str, str], models: dict[str, list[float]]) -> list[str]:
    """YAML of one prior."""
    low, mid, high = percentiles(models)
    low *= PRODUCTION
    rows = sum(map(len, models.values()))
    generation, precision, structure = cell
    error = median(abs(median(values) - mid) / median(values) for values in models.values())
    return [
        f"  mfu-{generation}-{precision}-{structure}:",
        f"    name: Measured MFU, {structure}, {precision}, {generation}",
        "    quantity: efficiency.mfu",
        f"    generation: {generation}",
        f"    precision: {precision}",
        f"    structure: {structure}",
        "    provenance: {source: measured-training, kind: measured}",
        "    value:",
        f"      value: {low:.3f}..{mid:.3f}..{high:.3f}",
        "      note: >-",
        f"        50th and 95th percentile over {rows} benchmark runs of {len(models)} models; low is {PRODUCTION:g}",
        "        of the 5th, because production runs reach less; the middle misses a model's median run by",
        f"        {error:.0%} (median)",
    ]


HEADER = """\
# Written by scripts/fit_mfu_priors.py; do not edit, run it again.
version: 1
kind: prior
sources:
  measured-training:
    title: Published training throughputs (NeMo, MLPerf, llm-foundry, MaxText and others), MFU recomputed
    publication: performance tables of these projects and MLPerf Training results
    as_of: {as_of}
entries:
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("measured", type=Path)
    parser.add_argument("--output", type=Path, default=Path("catalogs/priors/mfu.yaml"))
    parser.add_argument("--as-of", default="2026-11-22", help="day the rows were collected")
    arguments = parser.parse_args()
    with arguments.measured.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    found = cells(rows, Catalog.open())
    lines = [
        line
        for cell in sorted(found)
        if len(found[cell]) >= LEAST_MODELS or cell[:2] == ("any", "any")
        for line in entry(cell, found[cell])
    ]
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(HEADER.format(as_of=arguments.as_of) + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(found)} cells, {sum(1 for line in lines if line.startswith('  mfu-'))} priors -> {arguments.output}")


if __name__ == "__main__":
    main()
