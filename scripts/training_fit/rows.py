"""Measured training speeds as inputs of the production model, batched by model so that a fit is fast."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from computecalc.catalog.lookup import Catalog
from computecalc.catalog.shorthand import ModelShorthand
from computecalc.estimators.inputs import Adapters, TrainInputs
from computecalc.estimators.layers import count_model
from computecalc.estimators.shapes import ModelShape, model_shape, shape_numbers
from computecalc.estimators.training.layouts import SHARDED_STATES, Layouts
from computecalc.formulas.flops import training_flops

Array = NDArray[np.float64]

BITS = {"bf16": 16, "fp16": 16, "fp8": 8, "mxfp8": 8, "int8": 8, "fp4": 4}
"""Width at which matrix products run, by the precision that a row prints."""

LORA_RANK = 16.0
"""Rank of adapters where a row states none, which hardly matters for the time of a step."""

_DEGREES = ("tensor", "pipeline", "virtual", "context", "expert", "data", "micro_batch")


@dataclass(frozen=True)
class Row:
    """One measured run."""

    id: str
    model: str
    shape: ModelShape
    experts: bool
    accelerator: str
    generation: str
    family: str
    """What a sustained peak is kept by: the generation, or the accelerator itself for graphics cards."""
    precision: str
    bits: int
    stack: str
    suspicious: bool
    measured: float
    """Tokens a second of one accelerator."""
    fused: bool
    task: str
    numbers: dict[str, float]

    @property
    def structure(self) -> str:
        """Class by which errors are told."""
        if self.task != "pretrain":
            return "fine-tuning"
        if self.experts:
            return "MoE"
        return "dense 16-bit" if self.bits == 16 else "dense 8-bit"

    @property
    def group(self) -> str:
        """Rows that are left out together."""
        return f"{self.model} | {self.accelerator}"

    @property
    def repeat(self) -> tuple[Any, ...]:
        """What equal configurations share, so that repeats of one do not rule."""
        kept = ("tensor", "pipeline", "context", "expert", "micro_batch", "sequence_length", "full")
        return (self.group, self.bits, self.stack, *(self.numbers[name] for name in kept))


@dataclass(frozen=True)
class Batch:
    """Rows of one model as arrays."""

    rows: list[Row]
    inputs: TrainInputs
    layouts: Layouts
    global_batch: Array
    tokens: Array
    """Tokens a step, by accelerator."""
    floor: Array
    """Model FLOPs of a step over the datasheet's peak: no step takes less. [s]"""


_STATES = ("weights", "gradients", "optimizer")


def read_rows(folder: Path, catalog: Catalog) -> list[Row]:
    """Read the pre-training rows of every table of measured speeds.

    Of generations that were never measured in pre-training, rows with adapters tell at least what they sustain.
    """
    found = _read(folder, catalog, ("pretrain", "lora"))
    known = {row.generation for row in found if row.task == "pretrain"}
    return [row for row in found if row.task == "pretrain" or row.generation not in known]


def read_tuning_rows(folder: Path, catalog: Catalog) -> list[Row]:
    """Read the rows of fine-tuning, of all weights or with adapters: they tell how far off such runs are."""
    return _read(folder, catalog, ("sft", "lora"))


def _read(folder: Path, catalog: Catalog, tasks: tuple[str, ...]) -> list[Row]:
    found = []
    for path in sorted(folder.glob("measured_training*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            found += [_row(cells, catalog) for cells in csv.DictReader(stream) if cells["task"] in tasks]
    return found


def _row(cells: dict[str, str], catalog: Catalog) -> Row:
    accelerator = catalog.find("accelerator", cells["accelerator"])
    generation = accelerator.labels["generation"]
    card = accelerator.labels.get("memory.type", "").startswith("GDDR")
    label, shape = _model(cells, catalog)
    bits = BITS[cells["precision"]]

    def figure(path: str) -> float | None:
        fact = accelerator.get(path)
        return None if fact is None else fact.value.mid

    names = {16: (cells["precision"], "bf16", "fp16"), 8: ("int8",) if cells["precision"] == "int8" else ("fp8",)}
    peaks = [figure(f"peak.{name}") for name in (*names.get(bits, ("fp4",)), "bf16", "fp16")]
    unknown = catalog.find("prior", "network-any").fact("value").value.mid
    network = [_bandwidth(cells["nic"]), figure("network.bandwidth"), unknown]
    numbers = {
        "peak": next(peak for peak in peaks if peak),
        "half_peak": next(peak for peak in (figure("peak.bf16"), figure("peak.fp16")) if peak),
        "memory_bandwidth": figure("memory.bandwidth") or 0.0,
        "scale_up_size": figure("scale_up.size") or accelerator.fact("server.size").value.mid,
        "scale_up_bandwidth": figure("scale_up.bandwidth") or 1.0,
        "nic": next(given for given in network if given),
        "sequence_parallel": float(cells["sequence_parallel"] == "true"),
        "full": float(cells["recompute"] == "full"),
        "selective": float(cells["recompute"] == "selective"),
        **{f"sharded_{state}": float(state in SHARDED_STATES[cells["sharding"]]) for state in _STATES},
        **_layout(cells),
    }
    return Row(
        id=cells["id"],
        model=label,
        shape=shape,
        experts=any(getattr(group.feed_forward, "experts", None) is not None for group in shape.groups),
        accelerator=accelerator.id,
        generation=generation,
        family=accelerator.id if card else generation,
        precision=cells["precision"],
        bits=bits,
        stack=cells["stack"],
        suspicious=bool(cells["suspicious"]),
        measured=float(cells["tokens_per_s_per_accelerator"]),
        fused=cells["fused_attention"] == "true",
        task=cells["task"],
        numbers=numbers,
    )


def _layout(cells: dict[str, str]) -> dict[str, float]:
    names = ("tensor", "pipeline", "context", "expert", "count", "sequence_length", "global_batch")
    sizes = {name: float(cells[name]) for name in names}
    sizes["virtual"] = float(cells["virtual_pipeline"])
    sizes["data"] = sizes["count"] / (sizes["tensor"] * sizes["pipeline"] * sizes["context"])
    sizes["expert_tensor"] = float(cells["expert_tensor"] or 0.0)
    sizes["micro_batch"] = min(float(cells["micro_batch"]), sizes["global_batch"] / sizes["data"])
    return sizes


def _bandwidth(text: str) -> float | None:
    match = re.fullmatch(r"([\d.]+) Gbit/s", text)
    return float(match[1]) * 1e9 / 8.0 if match else None


def _model(cells: dict[str, str], catalog: Catalog) -> tuple[str, ModelShape]:
    if cells["model"]:
        label, architecture = cells["model"], catalog.find("model", cells["model"]).architecture
        if cells["vocab"]:
            label, architecture = f"{label} vocab {cells['vocab']}", replace_vocab(architecture, int(cells["vocab"]))
    else:
        keys = ("hidden", "layers", "heads", "kv_heads", "ffn", "vocab")
        sizes: dict[str, Any] = {key: int(cells[key]) for key in keys if cells[key]}
        if sizes["hidden"] % sizes["heads"]:
            sizes["head_size"] = sizes["hidden"] // sizes["heads"]
        flags = {key: cells[key] == "true" for key in ("gated", "tied_embeddings")}
        label, architecture = "/".join(map(str, sizes.values())), ModelShorthand(**sizes, **flags).architecture()
    numbers = shape_numbers(architecture)
    return label, model_shape(architecture, numbers.__getitem__)


def replace_vocab(architecture: Any, vocab: int) -> Any:
    """Return an architecture with another vocabulary."""
    return architecture.model_copy(update={"vocab": vocab})


def batches(rows: list[Row], base: TrainInputs) -> list[Batch]:
    """Batch rows by model and kernel of attention, in the order of `ordered`."""
    found: dict[tuple[str, bool, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.model, row.fused, row.task), []).append(row)
    return [_batch(members, base) for members in found.values()]


def _batch(rows: list[Row], base: TrainInputs) -> Batch:
    def array(name: str) -> Array:
        return np.array([row.numbers[name] for row in rows])

    own = ("peak", "half_peak", "memory_bandwidth", "scale_up_size", "scale_up_bandwidth", "nic", "sequence_length")
    inputs = replace(base, model=rows[0].shape, fused_attention=rows[0].fused, **{name: array(name) for name in own})
    if rows[0].task == "lora":
        inputs = replace(inputs, adapters=Adapters(LORA_RANK, "attention"), weight_gradients=0.0)
    layouts = Layouts(
        **{name: array(name) for name in _DEGREES},
        sequence_parallel=array("sequence_parallel"),
        full_recompute=array("full"),
        selective_recompute=array("selective"),
        **{f"sharded_{state}": array(f"sharded_{state}") for state in _STATES},
        fused_attention=rows[0].fused,
        fused_loss=False,
    )
    default = layouts.expert_tensor
    stated = array("expert_tensor")
    layouts = layouts.changed({"stated_expert_tensor": np.where(stated > 0.0, stated, default)})
    tokens = array("global_batch") * array("sequence_length") / array("count")
    work = training_flops(forward=count_model(rows[0].shape, array("sequence_length")).forward)
    return Batch(rows, inputs, layouts, array("global_batch"), tokens, work * tokens / array("peak"))
