"""The fitted constants as files of the catalog."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from computecalc.catalog.calibrated import ENGINE_CONSTANTS, SERVING_CONSTANTS
from serving_fit.first_token import First
from serving_fit.judging import Columns
from serving_fit.platforms import Platforms
from serving_fit.power import Curve
from serving_fit.predicting import ENGINES, EXCHANGE_ELEMENT, FIXED, prompt_share
from serving_fit.verdict import SHORT, Verdict, rows_of

SOURCES = """\
sources:
  inferencex:
    title: SemiAnalysis InferenceX data dumps and NVIDIA gap-analysis runs, closed loops at fixed concurrency
    url: https://github.com/ai-dynamo/aiconfigurator
    publication: commit 095f58a5, silicon_sample.csv
    as_of: 2026-04-22
    licence: Apache-2.0
  trtllm:
    title: NVIDIA TensorRT-LLM, performance overview (offline throughput)
    url: https://github.com/NVIDIA/TensorRT-LLM
    publication: commit 00f37686, docs/source/performance/perf-overview.md
    as_of: 2025-09-01
    licence: Apache-2.0
  mlperf:
    title: MLPerf Inference v4.1 and v5.1, closed division, datacenter, offline scenario
    url: https://github.com/mlcommons/inference_results_v5.1
    publication: commits 198fc467 and 965182b0, validation/measured_inference.csv
    as_of: 2025-09-09
    licence: Apache-2.0
  otherchips:
    title: tpu-recipes of AI-Hypercomputer, and benchmarks of the AWS Neuron SDK
    publication: commits c8cfe2f6 and 81ce03ae, validation/measured_inference.csv and measured_inference_neuron.csv
    as_of: 2025-12-01
  mlenergy:
    title: "Chung et al., ML.ENERGY leaderboard v3: vLLM on H100 and B200 (fitted on, not copied)"
    url: https://github.com/ml-energy/leaderboard
    publication: commit 0cd52dab, public/data
    as_of: 2026-01-01
"""

NAMED = {"vllm": "vLLM", "tensorrt-llm": "TensorRT-LLM", "sglang": "SGLang"}
UNITS = {"s": ("us", 1e6), "s/request": ("us/request", 1e6), "byte": ("byte", 1.0), "token": ("token", 1.0)}


def _figure(value: float, unit: str) -> str:
    name, factor = UNITS.get(unit, ("", 1.0))
    return f"{value * factor:.3g} {name}".strip()


def _header(kind: str) -> str:
    first = "# Written by scripts/fit_inference.py; do not edit, run it again.\n"
    return f"{first}version: 1\nkind: {kind}\n{SOURCES}entries:\n"


def calibration_text(values: Mapping[str, float], note: str, notes: Sequence[str]) -> str:
    """The constants that hold for every engine, a note on each of them, and how far they are off."""
    text = textwrap.wrap(" ".join(notes), 110)
    lines = [
        _header("calibration"),
        "  serving-step:\n    name: Model of a step of serving\n"
        "    provenance:\n      source: [inferencex, trtllm, mlperf, mlenergy]\n      kind: derived\n"
        f'      note: "{note}"\n'
        "    notes: >-\n" + "".join(f"      {line}\n" for line in text) + "    serving:\n",
    ]
    for name, (unit, _) in SERVING_CONSTANTS.items():
        if name in values:
            lines.append(f"      {name}: {_figure(values[name], unit)}\n")
        else:
            lines.append(
                f"      {name}: {{value: {_figure(EXCHANGE_ELEMENT, unit)}, kind: assumed, "
                "note: 1 byte on the way to an expert and 2 on the way back}\n"
            )
    return "".join(lines)


def _engine(values: Mapping[str, float], first: First, engine: str) -> dict[str, float]:
    return {
        "overhead": values[f"{engine}.overhead"],
        "request_overhead": values[f"{engine}.request_overhead"],
        "prompt_share": prompt_share(values, engine),
        "first_token": first[engine][0],
        "queue_share": first[engine][1],
    }


def engines_text(values: Mapping[str, float], first: First) -> str:
    """Each engine, and one for whoever names none: the middle of all with their whole range."""
    found = {engine: _engine(values, first, engine) for engine in ENGINES}
    lines = [_header("engine")]
    assumed = "kind: assumed, note: the default of most engines; rows do not state it"
    for engine, name in NAMED.items():
        lines.append(_entry(engine, name, "[inferencex]", "fitted with the calibration serving-step"))
        lines += [f"      {key}: {_figure(value, ENGINE_CONSTANTS[key][0])}\n" for key, value in found[engine].items()]
        lines += [
            f"      {key}: {{value: {_figure(value, ENGINE_CONSTANTS[key][0])}, {assumed}}}\n"
            for key, value in FIXED.items()
        ]
    note = "geometric mean and range over the engines above and over vLLM as the energy measurements ran it"
    lines.append(_entry("generic", "An engine that is not named", "[inferencex, mlenergy]", note))
    for key in found["vllm"]:
        each = [engine[key] for engine in found.values()]
        unit = ENGINE_CONSTANTS[key][0]
        mean = float(np.exp(np.mean(np.log(each))))
        lines.append(f"      {key}: {_range(min(each), mean, max(each), unit)}\n")
    lines += [
        f"      {key}: {{value: {_figure(value, ENGINE_CONSTANTS[key][0])}, {assumed}}}\n"
        for key, value in FIXED.items()
    ]
    return "".join(lines)


def _range(low: float, mid: float, high: float, unit: str) -> str:
    name, factor = UNITS.get(unit, ("", 1.0))
    return f"{low * factor:.3g}..{mid * factor:.3g}..{high * factor:.3g} {name}".strip()


def _entry(key: str, name: str, source: str, note: str) -> str:
    return (
        f"  {key}:\n    name: {name}\n    provenance: {{source: {source}, kind: derived, note: {note}}}\n    engine:\n"
    )


def _prior(key: str, name: str, quantity: str, labels: Mapping[str, str], rest: str) -> str:
    head = f"  {key}:\n    name: {name}\n    quantity: {quantity}\n"
    return head + "".join(f"    {label}: {value}\n" for label, value in labels.items()) + rest


RESIDUALS = {
    "residual": ("time between output tokens", "inferencex"),
    "first_token_residual": ("time to first token", "inferencex"),
    "offline_residual": ("time of offline work", "[trtllm, mlperf]"),
}


def _residuals(verdict: Verdict) -> Iterator[str]:
    for name, (subject, source) in RESIDUALS.items():
        key = f"serving-{name.replace('_', '-')}"
        for label, one in verdict.spreads[name].items():
            note = (
                f"percentiles {one.level * 100:.0f} and {100 - one.level * 100:.0f} of {one.rows} rows with model and "
                f"accelerator left out of the fit; such a range of the other pairs holds {one.covered:.0%} of the rows"
            )
            yield _prior(
                f"{key}-{SHORT[label]}",
                f"Measured over predicted {subject}, {label}",
                f"serving.{name}",
                {"structure": SHORT[label]},
                f"    provenance: {{source: {source}, kind: derived}}\n"
                f'    value: {{value: {one.range.low:.2f}..1..{one.range.high:.2f}, note: "{note}"}}\n',
            )
    for name, each in verdict.within.items():
        for label, ends in each.items():
            note = "10th and 90th percentile around the median of model, accelerator, precision and engine"
            yield _prior(
                f"serving-own-{name.replace('_', '-')}-{SHORT[label]}",
                f"Measured over predicted {RESIDUALS[name][0]} within a kind of rows, {label}",
                f"serving.own_{name}",
                {"structure": SHORT[label]},
                "    provenance: {source: inferencex, kind: derived}\n"
                f'    value: {{value: {ends.low:.2f}..1..{ends.high:.2f}, note: "{note}"}}\n',
            )


def _generations(verdict: Verdict, columns: Columns, platforms: Platforms) -> Iterator[str]:
    for generation, count in rows_of(columns).items():
        yield _prior(
            f"serving-measured-rows-{generation}",
            f"Rows of serving that were measured on {generation}",
            "serving.measured_rows",
            {"generation": generation},
            "    provenance: {source: [inferencex, trtllm, mlperf, otherchips, mlenergy], kind: derived}\n"
            f"    value: {count}\n",
        )
    for generation, factor in platforms.items():
        for name in ("residual", "offline_residual"):
            ends = [one.range for one in verdict.spreads[name].values()]
            low, high = min(end.low for end in ends) * factor, max(end.high for end in ends) * factor
            count = rows_of(columns)[generation]
            note = f"factor of {count} rows on it, with the range that measurements leave of other predictions"
            yield _prior(
                f"serving-{name.replace('_', '-')}-{generation}",
                f"Measured over predicted {RESIDUALS[name][0]}, {generation}",
                f"serving.{name}",
                {"generation": generation},
                "    provenance: {source: [mlperf, otherchips], kind: derived}\n"
                f'    value: {{value: {low:.2f}..{factor:.2f}..{high:.2f}, note: "{note}"}}\n',
            )


def priors_text(verdict: Verdict, columns: Columns, platforms: Platforms, curves: Mapping[str, Curve]) -> str:
    """What measurements leave of the predictions, factors of generations, and the power curves."""
    lines = [_header("prior"), *_residuals(verdict), *_generations(verdict, columns, platforms)]
    spans = {**{name: (curve,) for name, curve in curves.items()}, "": tuple(curves.values())}
    for generation, span in spans.items():
        for place, figure in enumerate(("base", "memory_slope", "compute_slope")):
            each = [curve[place] for curve in span]
            value = f"{each[0]:.2f}" if generation else f"{min(each):.2f}..{np.mean(each):.2f}..{max(each):.2f}"
            name = f"power-serving-{figure.replace('_', '-')}" + (f"-{generation}" if generation else "")
            lines.append(
                f"  {name}:\n    name: Draw in serving, {figure.replace('_', ' ')}\n"
                f"    quantity: power.serving.{figure}\n"
                + (f"    generation: {generation}\n" if generation else "")
                + f"    provenance: {{source: mlenergy, kind: derived}}\n    value: {value}\n"
            )
    lines.append(
        "  power-serving-idle:\n    name: Draw of an idle accelerator as a share of thermal design power\n"
        "    quantity: power.serving.idle\n    provenance: {source: mlenergy, kind: assumed}\n"
        "    value: {value: 0.08..0.12..0.25, "
        "note: not measured by the source; accelerators in use but without requests}\n"
    )
    return "".join(lines)


def write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}")
