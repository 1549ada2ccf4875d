"""Measured peaks of training memory, each run put through the estimator: what fitting and validation share."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from computecalc.catalog.lookup import Catalog
from computecalc.estimators.inputs import TrainInputs, train_inputs
from computecalc.estimators.training.layouts import layouts_of
from computecalc.estimators.training.memory import peak_memory
from computecalc.formulas.memory import held_bytes
from computecalc.scenario.files import raw_scenarios
from computecalc.scenario.resolve import resolve
from computecalc.yamlio.loading import load_text

GIB = float(2**30)


@dataclass(frozen=True)
class MeasuredPeak:
    """One run: its inputs, and what the framework's allocator had given out at most."""

    name: str
    inputs: TrainInputs
    measured: float
    """Bytes on the worst accelerator."""


def measured_peaks(path: Path, catalog: Catalog) -> Iterator[MeasuredPeak]:
    """Read the table and resolve each run as a scenario."""
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            (raw,) = raw_scenarios(load_text(scenario(row), row["id"]))
            resolved = resolve(raw, catalog, today=date.today())
            inputs = train_inputs(resolved, lambda given: given.range.mid)
            yield MeasuredPeak(row["id"], inputs, float(row["peak_allocated_gib"]) * GIB)


def scenario(row: dict[str, str]) -> str:
    """Write a row of the table as a scenario file."""
    batch = int(row["micro_batches"]) * int(row["micro_batch"]) * int(row["data"])
    return f"""\
version: 1
scenarios:
  {row["id"]}:
    kind: train
    model: {{base: {row["model"]}, layers: {row["layers"]}}}
    data: {{tokens: 1B tokens, sequence_length: {row["sequence_length"]}, global_batch: {batch}}}
    cluster: {{accelerator: {row["accelerator"]}, count: {row["count"]}, precision: {row["precision"]}}}
    layout:
      {{tensor: {row["tensor"]}, pipeline: {row["pipeline"]}, context: {row["context"]}, expert: {row["expert"]},
       micro_batch: {row["micro_batch"]}, sharding: optimizer, recompute: none, fused_loss: true}}
"""


def predicted(inputs: TrainInputs) -> float:
    """Peak of the worst stage in bytes."""
    layouts = layouts_of(inputs)
    if layouts is None or inputs.global_batch is None:
        raise ValueError("a measured run states layout and batch")
    return float(held_bytes(parts=tuple(peak_memory(inputs, layouts, inputs.global_batch).values())))
