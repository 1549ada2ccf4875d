"""Measured rows of serving, as inputs of the estimate."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan, nan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from computecalc.catalog.lookup import Catalog
from computecalc.checks.validation.cases import Line, lines
from computecalc.checks.validation.serving import measured_rate, raw_service
from computecalc.estimators.inference.formats import serving_formats
from computecalc.estimators.inference.inputs import EngineConstants, ServingConstants, ServingInputs
from computecalc.estimators.shapes import ExpertShape, ModelShape, model_shape, shape_numbers
from computecalc.scenario.resolve import resolve

Array = NDArray[np.float64]

PRECISIONS = {"fp4": "nvfp4", "fp8": "fp8", "bf16": "bf16"}
NATIVE = {"gpt-oss-120b": "mxfp4", "gpt-oss-20b": "mxfp4"}
"""Models whose published weights are quantized, whatever a row calls its precision."""

PROMPTS = {"lm-arena-chat": 150.0, "gpqa": 250.0, "sourcegraph-fim": 1000.0}
"""Mean prompts of the tasks of the power rows, in tokens: the source does not state them, so these are guesses."""

PEAKS = ("peak.bf16", "peak.fp8", "peak.fp4", "peak.int8")
REFERENCE = frozenset({"hopper", "blackwell", "blackwell-ultra", "ada"})
"""Generations whose rows the constants are fitted on: one vendor with one set of kernels. Others get a factor."""

SUSPECT_POWER = ((237, 241), (665, 673), (789, 805))
"""Numbers of power rows left out of the fit: engines far slower than with the next batch. They are judged apart."""


@dataclass(frozen=True)
class Row:
    """One measurement. Times in seconds."""

    id: str
    kind: str
    """closed, offline or power"""
    model: str
    accelerator: str
    generation: str
    engine: str
    precision: str
    prompt: float
    output: float
    concurrency: float
    tensor: float
    attention_data: float
    expert: float
    interval: float
    """Between two tokens; in offline rows the time in which each running request gains one."""
    first_token: float
    rate: float
    """Output tokens a second, where measured."""
    draw: float
    """Share of thermal design power, where measured."""
    energy: float
    """Joules an output token, where measured."""
    suspect: bool
    counted: float = 1.0
    """Parts of a replica that the shipped figure is of: its accelerators where their throughput is stated, else 1."""

    @property
    def is_reference(self) -> bool:
        """Whether the constants are fitted on it."""
        return self.generation in REFERENCE

    @property
    def cell(self) -> tuple[str, str, str, str]:
        """Rows of one cell differ in traffic and layout alone."""
        return (self.model, self.accelerator, self.precision, self.engine)


def _number(text: str) -> float:
    return float(text) if text else nan


def read_rows(folder: Path, power: Path | None, catalog: Catalog) -> list[Row]:
    """Read the tables of `validation/`, and the collected power rows where there is such a file."""
    tables = sorted(folder.glob("measured_inference*.csv"))
    rows = [_shipped(line, catalog) for path in tables for line in lines(path)]
    if power is not None:
        with power.open(encoding="utf-8", newline="") as file:
            rows += [_power(cells, catalog) for cells in csv.DictReader(file)]
    return rows


def _shipped(line: Line, catalog: Catalog) -> Row:
    cells = line.cells
    degrees = [float(cells[key]) if cells[key] else nan for key in ("tensor", "data", "expert", "concurrency")]
    if isnan(degrees[0]) or isnan(degrees[3]):
        degrees = _found_plan(line, catalog)
    tensor, data, expert, concurrency = degrees
    rate = measured_rate(line)
    counted = tensor * data if cells["count"] else 1.0
    return Row(
        id=cells["id"],
        kind=cells["kind"],
        model=cells["model"],
        accelerator=cells["accelerator"],
        generation=_generation(cells, catalog),
        engine=cells["engine"],
        precision=cells["precision"],
        prompt=float(cells["input"]),
        output=float(cells["output"]),
        concurrency=concurrency,
        tensor=tensor,
        attention_data=data,
        expert=expert,
        interval=_number(cells["tpot"]) / 1e3,
        first_token=_number(cells["ttft"]) / 1e3,
        rate=nan if rate is None else rate * counted,
        draw=nan,
        energy=nan,
        suspect=bool(cells["suspicious"]),
        counted=counted,
    )


def _found_plan(line: Line, catalog: Catalog) -> list[float]:
    """Layout and batch that the estimate chooses where the source leaves them open."""
    resolved = resolve(raw_service(line), catalog, today=date.today())
    return [resolved.inputs[f"serving.{key}"].range.mid for key in ("tensor", "data", "expert", "batch")]


def _generation(cells: Mapping[str, str], catalog: Catalog) -> str:
    return catalog.find("accelerator", cells["accelerator"]).labels["generation"]


def _power(cells: dict[str, str], catalog: Catalog) -> Row:
    """A collected power row: tensor parallelism over all accelerators; the engine is vLLM at defaults of its time."""
    count, number = float(cells["count"]), int(cells["id"].partition("-")[2])
    task = re.search(r"task=([\w-]+)", cells["notes"])
    if task is None:
        raise ValueError(f"{cells['id']}: the notes name no task, so the prompt is not known")
    power = catalog.find("accelerator", cells["accelerator"]).fact("power.thermal_design")
    return Row(
        id=cells["id"],
        kind="power",
        model=cells["model"],
        accelerator=cells["accelerator"],
        generation=_generation(cells, catalog),
        engine="untuned",
        precision=NATIVE.get(cells["model"], PRECISIONS[cells["precision"]]),
        prompt=PROMPTS[task[1]],
        output=float(cells["output"]),
        concurrency=float(cells["concurrency"]),
        tensor=count,
        attention_data=1.0,
        expert=float(cells["expert"]),
        interval=_number(cells["tpot_ms"]) / 1e3,
        first_token=nan,
        rate=_number(cells["output_tokens_per_s"]),
        draw=_number(cells["accelerator_power_w"]) / count / power.value.mid,
        energy=_number(cells["joule_per_output_token"]),
        suspect="SUSPECT" in cells["notes"] or any(low <= number <= high for low, high in SUSPECT_POWER),
    )


_shapes: dict[str, ModelShape] = {}


def shape_of(model: str, catalog: Catalog) -> ModelShape:
    """The shapes of a model in plain numbers."""
    if model not in _shapes:
        architecture = catalog.find("model", model).architecture
        if architecture is None:
            raise ValueError(f"{model} has no architecture")
        _shapes[model] = model_shape(architecture, shape_numbers(architecture).__getitem__)
    return _shapes[model]


def is_mixture(model: ModelShape) -> bool:
    return any(isinstance(group.feed_forward, ExpertShape) for group in model.groups)


@dataclass(frozen=True)
class Batch:
    """Rows of one model, precision and kind: one call of the estimate."""

    index: NDArray[np.intp]
    """Places of its rows among all."""
    inputs: ServingInputs
    engines: NDArray[Any]


def batches(rows: Sequence[Row], catalog: Catalog, constants: ServingConstants, engine: EngineConstants) -> list[Batch]:
    """Sort rows into batches that differ in numbers alone."""
    sorted_rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        peaks = [name for name in PEAKS if catalog.find("accelerator", row.accelerator).get(name) is not None]
        sorted_rows[row.model, row.precision, row.kind, *peaks].append(place)
    return [_batch([rows[i] for i in places], places, catalog, constants, engine) for places in sorted_rows.values()]


def _column(values: Iterable[float]) -> Array:
    return np.array(list(values), dtype=float)


def _batch(
    rows: list[Row], places: list[int], catalog: Catalog, constants: ServingConstants, engine: EngineConstants
) -> Batch:
    entries = [catalog.find("accelerator", row.accelerator) for row in rows]

    def figure(path: str) -> Array:
        return _column(entry.fact(path).value.mid for entry in entries)

    def unused(path: str) -> Array:
        """A figure that these rows hardly need: all stay within a fast domain."""
        facts = [entry.get(path) for entry in entries]
        return _column(1.0 if fact is None else fact.value.mid for fact in facts)

    first = rows[0]
    model = shape_of(first.model, catalog)
    peaks = {
        path.removeprefix("peak."): figure(path)
        for path in PEAKS
        if all(entry.get(path) is not None for entry in entries)
    }
    storages = {name: catalog.find("precision", name).fact("storage").value.mid for name in {"bf16", first.precision}}
    inputs = ServingInputs(
        model=model,
        prompt=_column(row.prompt for row in rows),
        output=_column(row.output for row in rows),
        cache_hit=0.0,
        concurrency=_column(row.concurrency for row in rows),
        rate=None,
        replicas=None,
        peak_to_mean=1.0,
        utilization=1.0,
        spare=0.0,
        period=1.0,
        memory=figure("memory.capacity"),
        memory_bandwidth=figure("memory.bandwidth"),
        scale_up_size=figure("scale_up.size"),
        scale_up_bandwidth=figure("scale_up.bandwidth"),
        nic=unused("network.bandwidth"),
        formats=serving_formats(model, first.precision, storages, peaks),
        cache_element=2.0 if first.precision == "bf16" else 1.0,
        state_element=4.0,
        tensor=_column(row.tensor for row in rows),
        attention_data=_column(row.attention_data for row in rows),
        expert=_column(row.expert for row in rows),
        pipeline=1.0,
        drafted=0.0,
        accepted=1.0,
        offline=first.kind == "offline",
        residual=1.0,
        first_token_residual=1.0,
        constants=constants,
        engine=engine,
        curve=None,
        power=None,
        thermal_design=unused("power.thermal_design"),
        host_overhead=1.0,
        pue=1.0,
        grid_intensity=None,
        price=None,
    )
    return Batch(np.array(places), inputs, np.array([row.engine for row in rows], dtype=object))
