"""The page of accuracy: predictions of published runs, misses included."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from statistics import median
from typing import Any

from computecalc.catalog.lookup import Catalog
from computecalc.cli.main import main
from computecalc.estimators.layers import count_model
from computecalc.estimators.shapes import model_shape, shape_numbers
from computecalc.units.registry import conversion_factor
from docs_pages.markdown import page, table

__all__ = ["RUNS", "Run", "accuracy_page", "predicted"]


@dataclass(frozen=True, slots=True)
class Run:
    """A training run whose accelerator hours were published."""

    model: str
    tokens: str
    accelerator: str
    count: int
    precision: str
    hours: float
    """Published accelerator hours."""
    source: str


_LLAMA_1 = "Touvron et al. 2023, LLaMA (arXiv 2302.13971), table 15"
_LLAMA_2 = "Touvron et al. 2023, Llama 2 (arXiv 2307.09288), table 2"
_LLAMA_3 = "Llama 3 model card"
_LLAMA_31 = "Llama 3.1 model card"

RUNS = (
    Run("llama-7b", "1T", "a100-sxm-80gb", 2048, "bf16", 82_432, _LLAMA_1),
    Run("llama-13b", "1T", "a100-sxm-80gb", 2048, "bf16", 135_168, _LLAMA_1),
    Run("llama-65b", "1.4T", "a100-sxm-80gb", 2048, "bf16", 1_022_362, _LLAMA_1),
    Run("llama-2-7b", "2T", "a100-sxm-80gb", 2048, "bf16", 184_320, _LLAMA_2),
    Run("llama-2-13b", "2T", "a100-sxm-80gb", 2048, "bf16", 368_640, _LLAMA_2),
    Run("llama-2-70b", "2T", "a100-sxm-80gb", 2048, "bf16", 1_720_320, _LLAMA_2),
    Run("falcon-180b", "3.5T", "a100-sxm-40gb", 4096, "bf16", 7_000_000, "Falcon-180B release notes (one figure)"),
    Run("bloom-176b", "366B", "a100-sxm-80gb", 384, "bf16", 1_082_990, "Luccioni et al. 2022 (arXiv 2211.02001)"),
    Run("llama-3-8b", "15T", "h100-sxm", 2048, "bf16", 1_300_000, _LLAMA_3),
    Run("llama-3-70b", "15T", "h100-sxm", 8192, "bf16", 6_400_000, _LLAMA_3),
    Run("llama-3.1-8b", "15T", "h100-sxm", 2048, "bf16", 1_460_000, _LLAMA_31),
    Run("llama-3.1-70b", "15T", "h100-sxm", 8192, "bf16", 7_000_000, _LLAMA_31),
    Run("llama-3.1-405b", "15.6T", "h100-sxm", 16384, "bf16", 30_840_000, _LLAMA_31),
    Run("deepseek-v3", "14.8T", "h800-sxm", 2048, "fp8", 2_664_000, "DeepSeek-AI 2024 (arXiv 2412.19437), table 1"),
    Run("gpt3-175b", "300B", "v100-sxm2-32gb", 10000, "fp16", 3_552_000, "Patterson et al. 2021, table 4"),
    Run("gopher-280b", "300B", "tpu-v3", 4096, "bf16", 3_768_320, "Rae et al. 2021 (arXiv 2112.11446), table A27"),
    Run("palm-540b", "780B", "tpu-v4", 6144, "bf16", 8_404_992, "Chowdhery et al. 2022 (arXiv 2204.02311)"),
)
"""Runs and published hours; the hours were not used to fit the priors."""

GOLDEN = (
    ("llama-3.1-8b", 8192, 51.47),
    ("llama-3.1-70b", 8192, 449.22),
    ("llama-3.1-405b", 8192, 2523.96),
    ("mixtral-8x7b", 4096, 79.71),
    ("qwen3-235b-a22b", 4096, 148.33),
    ("deepseek-v3", 4096, 250.45),
)
"""Model, sequence length, and GFLOP a token (training, causal) of an independent counter."""

_INTRODUCTION = """\
How far off the estimates are where the truth was published, misses included. Hand derivations and published values
of single formulas are in the tests; this page compares whole results, [validation](../validation.md) many more of them.
What is in no result: [limits](../limits.md)."""

_HOURS = """\
Accelerator hours of published pre-training runs, predicted from model, tokens, accelerator, count and precision
alone, with MFU and what predicts goodput from the [priors](priors.md). Ratio is predicted over published. The middles
did not see these hours; short benchmarks of some of these models (GPT-3, BLOOM, Llama) were among their data. The
ranges are no blind test: with the 5th percentile of the benchmarks as low end, 11 of these 17 runs lay in range, and
the common factor of 0.7 on all low ends was chosen after seeing that."""

_ERRORS = """\
The pattern of the misses: the priors are fitted on tuned benchmark runs, and long production runs at scale reach
less; on H100 in BF16 the middle is too high for every Llama 3 run. The two outside the range are the 8B model cards,
whose hours imply an MFU of 15 to 17 %, so they may count more than the pre-training run.
State MFU or goodput where you know them: with the 40 % MFU and 90 % goodput of its authors, Llama 3.1 405B comes out
at 30.71M H100 hours against 30.84M published (`examples/llama-3.1-405b.yaml`). A prediction from the layout will take
the prior's place."""


def accuracy_page() -> str:
    """Return the page."""
    rows, ratios, inside = [], [], 0
    for run in RUNS:
        low, mid, high = predicted(run)
        holds = low <= run.hours <= high
        inside += holds
        ratios.append(mid / run.hours)
        shown = f"{low / 1e6:.3f}..{mid / 1e6:.3f}..{high / 1e6:.3f}M"
        row = (run.model, run.accelerator, f"{run.hours / 1e6:.3f}M", shown, f"{mid / run.hours:.2f}")
        rows.append((*row, "yes" if holds else "no", run.source))
    header = ("model", "accelerator", "published", "predicted hours", "ratio", "in range", "source")
    typical = median(abs(ratio - 1) for ratio in ratios)
    summary = f"{inside} of {len(RUNS)} published values lie in the predicted range; the median error is {typical:.0%}."
    return page(
        "Accuracy",
        _INTRODUCTION,
        f"## FLOPs a token\n\n{_flops()}",
        f"## Parameters\n\n{_parameters()}",
        f"## Accelerator hours\n\n{_HOURS}\n\n{table(header, rows)}\n{summary}\n\n{_ERRORS}",
    )


def predicted(run: Run) -> tuple[float, float, float]:
    """Return low, middle and high of the accelerator hours that the command line prints for a run."""
    given = ["--tokens", f"{run.tokens} tokens", "--count", str(run.count), "--precision", run.precision]
    hours = _outputs(run.model, "--accelerator", run.accelerator, *given)["accelerator_time.billed"]
    factor = conversion_factor("accelerator*s", "accelerator*h")
    low, mid, high = (hours[end] * factor for end in ("low", "value", "high"))
    return low, mid, high


def _outputs(*arguments: str) -> dict[str, Any]:
    answer = StringIO()
    try:
        with redirect_stdout(answer), redirect_stderr(StringIO()):
            main(["train", *arguments, "--format", "json", "--quiet"])
    except SystemExit as stop:
        if stop.code:
            raise RuntimeError(f"computecalc train {' '.join(arguments)} ended with {stop.code}") from stop
    outputs: dict[str, Any] = json.loads(answer.getvalue())["scenarios"][0]["outputs"]
    return outputs


def _flops() -> str:
    rows = []
    for model, length, golden in GOLDEN:
        given = ("--sequence-length", str(length), "--tokens", "1T tokens", "--accelerator", "h100-sxm", "--count", "8")
        outputs = _outputs(model, *given)
        ours = outputs["compute.per_token"]["value"] / 1e9
        rule = outputs["compute.six_n_d"]["value"] / outputs["compute.model"]["value"] - 1
        rows.append((model, str(length), f"{golden:.2f}", f"{ours:.2f}", f"{ours / golden - 1:+.2%}", f"{rule:+.1%}"))
    header = ("model", "sequence", "independent counter, GFLOP", "computecalc", "error", "6 N D alone would be off by")
    return f"Training FLOPs a token, causal attention.\n\n{table(header, rows)}"


def _parameters() -> str:
    catalog = Catalog.open()
    errors: dict[str, float] = {}
    for name in catalog.ids("model"):
        entry = catalog.find("model", name)
        published = entry.get("published.parameters")
        if entry.architecture is None or published is None:
            continue
        numbers = shape_numbers(entry.architecture)
        counted = count_model(model_shape(entry.architecture, numbers.__getitem__), 1.0)
        errors[name] = float(counted.parameters) / published.value.mid - 1
    wide = ", ".join(f"{name} {error:+.1%}" for name, error in errors.items() if abs(error) > 0.01)
    return (
        f"Of {len(errors)} models with a public architecture and a published total, the derived total misses by\n"
        f"{median(map(abs, errors.values())):.2%} in the median. More than 1 % off: {wide};\n"
        "each entry says why. `counted.parameters` is the exact count on a model's own class, where there is one.\n"
        "[All models](catalog.md#models)."
    )
