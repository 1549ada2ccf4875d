"""What each documented command prints, whole, on the frozen catalog at 100 columns."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import TESTS, Ran

TRAIN = (
    *("train", "llama-3.1-405b", "--tokens", "15.6T tokens", "--accelerator", "h100-sxm", "--count", "16384"),
    *("--mfu", "0.40", "--sequence-length", "8192", "--region", "US-VA"),
)
INFER = (
    *("infer", "llama-3.1-405b", "--input", "1500", "--output", "400", "--rate", "50 request/s", "--precision", "fp8"),
    *("--accelerator", "h100-sxm", "--engine", "vllm", "--ttft", "5 s", "--tpot", "80 ms", "--region", "US-VA"),
    *("--api-input", "3 USD/Mtoken", "--api-output", "3 USD/Mtoken"),
)
FILE = "tests/data/golden-scenarios.yaml"

COMMANDS: dict[str, tuple[str, ...]] = {
    "train-table.txt": (*TRAIN, "--format", "table"),
    "train-plain.txt": (*TRAIN, "--format", "plain"),
    "train.json": (*TRAIN, "--format", "json"),
    "train.jsonl": (*TRAIN, "--format", "jsonl"),
    "train.csv": (*TRAIN, "--format", "csv"),
    "train.md": (*TRAIN, "--format", "md"),
    "infer-table.txt": (*INFER, "--format", "table"),
    "infer-plain.txt": (*INFER, "--format", "plain"),
    "infer.json": (*INFER, "--format", "json"),
    "explain-served.txt": ("explain", "latency.tpot", "--served", *INFER[1:], "--depth", "3"),
    "explain-metric.txt": ("explain", "cost.total", *TRAIN[1:]),
    "explain-compute.txt": ("explain", "compute.model", *TRAIN[1:], "--depth", "3"),
    "explain-formula.txt": ("explain", "rental_cost"),
    "explain-code.txt": ("explain", "CC405"),
    "explain-name.txt": ("explain", "time.wall"),
    "catalog-list.txt": ("catalog", "list", "accelerator"),
    "catalog-kinds.txt": ("catalog", "list"),
    "catalog-show.txt": ("catalog", "show", "h100"),
    "catalog-show-model.txt": ("catalog", "show", "deepseek-v3", "--format", "md"),
    "catalog-search.txt": ("catalog", "search", "memory >= 80 GB", "--format", "plain"),
    "catalog-sources.txt": ("catalog", "sources", "price"),
    "catalog-validate.txt": ("catalog", "validate"),
    "catalog-import-model.yaml": (
        *("catalog", "import", "model", "tests/data/configs/qwen3-8b.json", "--id", "imported"),
        *("--as-of", "2026-01-31"),
    ),
    "optimize-plain.txt": ("optimize", "tests/data/golden-optimize.yaml", "--format", "plain"),
    "train-resolved.yaml": (*TRAIN, "--resolve-only"),
    "infer-resolved.yaml": (*INFER, "--resolve-only"),
    "units-convert.txt": ("units", "convert", "60..90 d", "h"),
    "units-parse.txt": ("units", "parse", "2.50 USD/accelerator/h ± 10%"),
    "units-list.csv": ("units", "list", "--format", "csv"),
    "schema-scenario.json": ("schema", "scenario"),
    "schema-result.json": ("schema", "result"),
    "schema-budget.json": ("schema", "budget"),
}


FINDINGS = ("catalog-validate.txt",)
"""Commands whose answer is a finding: the frozen catalog has figures that are implausible on purpose."""


@pytest.fixture(autouse=True)
def _frozen(golden_catalog: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    for module in ("json_document", "resolved_file"):
        monkeypatch.setattr(f"computecalc.reports.{module}.__version__", "0.0.0")
    monkeypatch.chdir(TESTS.parent)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_its_golden(
    name: str, program: Callable[..., Ran], golden: Callable[[str, str], None]
) -> None:
    ran = program(*COMMANDS[name])
    assert (ran.code, ran.err) == (name in FINDINGS, "")
    golden(name, ran.out)


@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_file_with_a_broken_scenario_prints_the_others(
    form: str, program: Callable[..., Ran], golden: Callable[[str, str], None]
) -> None:
    ran = program("run", FILE, "--format", form)
    assert ran.code == 2
    golden(f"run.{'txt' if form == 'plain' else form}", ran.out)
    golden("run-messages.txt", ran.err)


@pytest.mark.parametrize("form", ["table", "plain", "json", "csv", "md"])
def test_budgets_print_their_verdicts(
    form: str, program: Callable[..., Ran], golden: Callable[[str, str], None]
) -> None:
    ran = program("check", "tests/data/golden-budgets.yaml", "--format", form)
    assert (ran.code, ran.err) == (1, "")
    golden(
        f"check{'' if form in ('json', 'csv', 'md') else '-' + form}.{'txt' if form in ('table', 'plain') else form}",
        ran.out,
    )


def test_jsonl_is_the_scenarios_of_json(program: Callable[..., Ran]) -> None:
    whole = json.loads(program("run", FILE, "--format", "json").out)["scenarios"]
    lines = program("run", FILE, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == whole
