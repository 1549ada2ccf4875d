"""`computecalc infer` and what flags say."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")
SERVED = ("infer", "llama-3.1-405b", "--input", "1500", "--output", "400", "--precision", "fp8", "--tensor", "8")


def test_flags_are_a_file_in_other_words(program: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(
        "version: 1\nscenarios:\n  a:\n    kind: infer\n    model: llama-3.1-405b\n"
        "    traffic: {input: 1500, output: 400, rate: 50 request/s}\n"
        "    serving: {accelerator: h100-sxm, tensor: 8, precision: fp8, batch: 16}\n",
        encoding="utf-8",
    )
    flags = (*SERVED, "--accelerator", "h100-sxm", "--rate", "50 request/s", "--batch", "16")
    one, other = (
        json.loads(program(*arguments, "--format", "json").out)["scenarios"][0]["outputs"]
        for arguments in (flags, ("run", str(file)))
    )
    assert one == other
    assert one["throughput.cluster"]["value"] == 20_000


def test_what_is_missing_is_told_with_the_flag(program: Callable[..., Ran]) -> None:
    ran = program("infer", "llama-3.1-405b")
    assert ran.code == 2
    for flag in ("--accelerator", "--input", "--output"):
        assert flag in ran.err


def test_the_report_is_written_where_output_means_tokens(program: Callable[..., Ran], tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    ran = program(*SERVED, "--accelerator", "h100-sxm", "-o", f"json={path}")
    assert ran.code == 0, ran.err
    assert json.loads(path.read_text(encoding="utf-8"))["scenarios"][0]["kind"] == "infer"


def test_explain_takes_the_flags_of_the_kind(program: Callable[..., Ran]) -> None:
    served = program("explain", "latency.tpot", "--served", *SERVED[1:], "--accelerator", "h100-sxm")
    assert served.code == 0, served.err
    assert "token_interval@1" in served.out
    ran = program("explain", "latency.tpot", *SERVED[1:], "--accelerator", "h100-sxm")
    assert ran.code == 2
    assert "no flag of train" in ran.err


def test_training_imports_nothing_of_serving() -> None:
    script = (
        "import sys\n"
        "from computecalc.cli.main import main\n"
        "try:\n"
        "    main(['train', 'llama-3.1-8b', '--accelerator', 'h100-sxm', '--count', '64', '--mfu', '0.4'])\n"
        "except SystemExit:\n"
        "    print([name for name in sys.modules if '.inference' in name or '.scenario.serving' in name])\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.splitlines()[-1] == "[]"


def test_every_group_of_a_report_is_headed_once(program: Callable[..., Ran]) -> None:
    told = ("--accelerator", "h100-sxm", "--rate", "50 request/s", "--batch", "16", "--wue", "1 L/kWh")
    ran = program(
        *SERVED, *told, "--set", "site.grid_water=2 L/kWh", "--grid-intensity", "300 gCO2e/kWh", "-f", "table"
    )
    headings = [line for line in ran.out.partition("\nassumption")[0].splitlines() if line.isalpha()]
    assert "water.per_mtoken_output" in ran.out
    assert headings.count("Water") == 1
    assert len(headings) == len(set(headings))
