"""What a fit writes: the calibration, the stacks, the priors of a step, and predictions of what it did not see."""

from __future__ import annotations

import csv
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from computecalc.catalog.calibrated import STACK_CONSTANTS, STEP_CONSTANTS
from training_fit.fitting import Fit, capped
from training_fit.parameters import ASSUMED, CONSTANTS, CORE_BOOST, LEVELS, REFERENCE_STACK, level_of
from training_fit.residuals import Residual
from training_fit.rows import Array, Row

SOURCES = """\
sources:
  measured-training:
    title: Published training throughputs (NeMo, MLPerf, llm-foundry, MaxText, Megatron-LM and others)
    publication: validation/measured_training.csv and its README, each row with its source
    as_of: 2026-11-22
"""

ASSUMPTION = """\
  usual-links:
    title: Usual shares of link bandwidth and usual delay of collectives, assumed
    publication: not fitted, since the measured steps tell only exposed time, share and bandwidth together
    as_of: 2026-11-22
"""

HEADER = "# Written by scripts/fit_training.py; do not edit, run it again.\nversion: 1\nkind: {kind}\n" + SOURCES

STACK_NAMES = {
    "automodel": "NeMo Automodel (FSDP2)",
    "gaudi": "Intel Gaudi software with Megatron-LM or Optimum",
    "generic": "Software that is not stated",
    "levanter": "Levanter (JAX)",
    "llm-foundry": "MosaicML LLM Foundry (PyTorch FSDP)",
    "llmq": "llmq (CUDA, one server)",
    "maxtext": "MaxText (JAX)",
    "megascale": "MegaScale",
    "megatron-2021": "Megatron-LM of 2020 to 2022",
    "megatron-deepspeed": "Megatron-DeepSpeed",
    "nemo": "NeMo, Megatron-Core, Megatron-Bridge; layers of experts partly in CUDA graphs",
    "nemo-eager": "The same, layers of experts launched kernel by kernel",
    "nemo-full-graph": "The same, a whole step as one CUDA graph, exchanges beside computing",
    "neuron": "AWS NeuronX Distributed",
    "pax": "Pax (JAX)",
    "primus": "AMD Primus (Megatron-LM)",
    "torchtitan": "torchtitan (PyTorch FSDP2)",
}

UNMEASURED_STACKS = ("generic", "levanter", "primus")
"""Stacks that no row of the fit tells of: they get the range of the others."""

PRECISIONS = {"bf16": "bf16", "fp16": "fp16", "fp8": "fp8", "mxfp8": "mxfp8", "int8": "int8", "fp4": "nvfp4"}
"""Names of precisions in the rows, and in the catalog."""


def folded(text: str, indent: int) -> str:
    """Return a block of text as folded YAML."""
    lines = textwrap.wrap(text, 118 - indent)
    return ">-\n" + "\n".join(f"{' ' * indent}{line}" for line in lines)


def figure(unit: str, value: float) -> str:
    """Return a constant as the catalog writes it."""
    return f"{value:.4g}" if unit == "1" else f"{value * 1e3:.4g} ms"


class Writer:
    """Turns fitted parameters into files of the catalog."""

    def __init__(self, fit: Fit, fitted: Array) -> None:
        self.fit, self.names = fit, fit.parameters.names
        self.values = dict(zip(self.names, np.exp(fitted), strict=True))
        self.expected = dict(zip(self.names, np.exp(fit.parameters.mean), strict=True))

    def calibration(self, errors: str) -> str:
        """Return the constants that hold for all, and those of single generations."""
        lines = [HEADER.format(kind="calibration") + ASSUMPTION]
        lines.append("entries:\n  training-step:\n    name: Model of a training step\n")
        lines.append("    provenance: {source: measured-training, kind: derived}\n    step:\n")
        for name, (unit, _) in STEP_CONSTANTS.items():
            if name in CONSTANTS:
                note = f"fitted; {figure(unit, self.expected[name])} was expected before"
                lines.append(f"      {name}: {{value: {figure(unit, self.values[name])}, note: {note}}}\n")
            else:
                value = figure(unit, ASSUMED[name])
                lines.append(f"      {name}: {{value: {value}, source: usual-links, kind: assumed}}\n")
        lines.append(f"    notes: {folded(errors, 6)}\n")
        for generation, boost in CORE_BOOST.items():
            value = self.values["core_efficiency"] * boost
            lines.append(f"  training-step-{generation}:\n    name: Model of a training step, {generation}\n")
            lines.append(f"    generation: {generation}\n")
            lines.append("    provenance: {source: measured-training, kind: derived}\n    step:\n")
            note = f"{boost:g} times that of all generations, as its maker claims; left free on MoE runs: 2.0"
            lines.append(f'      core_efficiency: {{value: {value:.4g}, note: "{note}"}}\n')
        return "".join(lines)

    def stacks(self) -> str:
        """Return what each software stack costs."""
        factors = {
            name.removeprefix("stack:"): value for name, value in self.values.items() if name.startswith("stack:")
        }
        factors[REFERENCE_STACK] = 1.0
        lines = [HEADER.format(kind="stack") + "entries:\n"]
        for stack, name in sorted(STACK_NAMES.items()):
            lines.append(f"  {stack}:\n    name: {name}\n")
            if stack in UNMEASURED_STACKS:
                low, mid, high = np.quantile(sorted(factors.values()), [0.05, 0.5, 0.95])
                lines.append("    provenance: {source: measured-training, kind: assumed}\n    step:\n")
                note = f"5th, 50th and 95th percentile of the {len(factors)} stacks that were measured"
                lines.append(f'      factor: {{value: {low:.3f}..{mid:.3f}..{high:.3f}, note: "{note}"}}\n')
            else:
                factor = factors.get(stack, 1.0)
                rows = [row for row in self.fit.rows if row.stack == stack]
                lines.append("    provenance: {source: measured-training, kind: derived}\n    step:\n")
                lines.append(f'      factor: {{value: {factor:.3f}, note: "{_told(rows)}"}}\n')
            lines += self._level(stack)
        return "".join(lines)

    def _level(self, stack: str) -> Iterator[str]:
        level = level_of(stack)
        for name in STACK_CONSTANTS:
            if name not in LEVELS.get(level, {}):
                continue
            value = figure(STEP_CONSTANTS[name][0], self.values[f"{level}:{name}"])
            measured = any(row.experts for row in self.fit.rows if row.stack == stack)
            said = "fitted on" if measured else "not measured with this software; of"
            note = f"{said} layers of experts run {LEVEL_NAMES[level]}"
            kind = "" if measured else ", kind: assumed"
            yield f'      {name}: {{value: {value}{kind}, note: "{note}"}}\n'

    def priors(self, residuals: Iterable[Residual]) -> str:
        """Return sustained peaks by accelerator, generation and precision, and the ranges of what remains."""
        lines = [HEADER.format(kind="prior") + "entries:\n"]
        lines += self._sustained()
        for each in residuals:
            lines += _prior(each.name, each.quantity, each.labels, each.value, each.note)
        return "".join(lines)

    def _sustained(self) -> Iterator[str]:
        width = self.values
        yield from _prior("sustained-any", "step.sustained", {}, f"{capped(width['width:16']):.3f}", UNMEASURED)
        yield from _prior("half-any", "step.half_sustained", {}, f"{capped(width['width:16']):.3f}", UNMEASURED)
        for bits, ids in ((8, ("fp8", "mxfp8", "int8")), (4, ("nvfp4", "mxfp4"))):
            for name in ids:
                share = f"{capped(width[f'width:{bits}']):.3f}"
                yield from _prior(f"sustained-any-{name}", "step.sustained", {"precision": name}, share, UNMEASURED)
        for family in sorted({row.family for row in self.fit.rows}):
            rows = [row for row in self.fit.rows if row.family == family]
            label = {"accelerator" if family == rows[0].accelerator else "generation": family}
            half = capped(width["width:16"] * self.values.get(f"family:{family}:16", 1.0))
            own = [row for row in rows if row.bits == 16]
            for quantity, name in (("step.sustained", "sustained"), ("step.half_sustained", "half")):
                yield from _prior(f"{name}-{family}", quantity, label, f"{half:.3f}", _told(own) if own else INDIRECT)
            for precision in sorted({row.precision for row in rows if row.bits < 16}):
                own = [row for row in rows if row.precision == precision]
                share = capped(width[f"width:{own[0].bits}"] * self.values.get(f"family:{family}:8", 1.0))
                name = PRECISIONS[precision]
                labels = label | {"precision": name}
                yield from _prior(f"sustained-{family}-{name}", "step.sustained", labels, f"{share:.3f}", _told(own))


LEVEL_NAMES = {"eager": "kernel by kernel", "full-graph": "as one graph", "compiled": "in one compiled step"}

UNMEASURED = "that of Hopper: no step of such an accelerator was measured"
INDIRECT = "from steps at 8 bits, whose heads and attention run at 16"


def _told(rows: list[Row]) -> str:
    models = len({row.model for row in rows})
    if all(row.task != "pretrain" for row in rows):
        return f"fitted on {len(rows)} run{'s' if len(rows) != 1 else ''} of adapters alone"
    return f"fitted on {len(rows)} run{'s' if len(rows) != 1 else ''} of {models} model{'s' if models != 1 else ''}"


def _prior(name: str, quantity: str, labels: dict[str, str], value: str, note: str) -> Iterator[str]:
    yield f"  step-{name}:\n    name: {_title(quantity, labels)}\n    quantity: {quantity}\n"
    yield from (f"    {key}: {word}\n" for key, word in labels.items())
    yield "    provenance: {source: measured-training, kind: derived}\n"
    yield f'    value: {{value: {value}, note: "{note}"}}\n'


def _title(quantity: str, labels: dict[str, str]) -> str:
    words = {
        "step.sustained": "Sustained share of the peak",
        "step.half_sustained": "Sustained share of the 16-bit peak",
        "step.residual": "Measured over predicted step time",
        "step.tuning_residual": "Measured over predicted step time of fine-tuning",
    }
    return ", ".join((words[quantity], *labels.values())) if labels else f"{words[quantity]}, any accelerator"


def write_predictions(path: Path, rows: Iterable[Row], columns: dict[str, Array]) -> None:
    """Write what constants predict that did not see the pre-training row; `computecalc validate` reads it."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("id", *columns))
        lines = zip((row.id if row.task == "pretrain" else "" for row in rows), *columns.values(), strict=True)
        known = sorted((line for line in lines if line[0]), key=lambda line: str(line[0]))
        writer.writerows((name, *(f"{value:.5g}" for value in values)) for name, *values in known)
