"""`--calibrate` of `infer`, `explain` and `run`, as users meet it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

SERVED = (
    *("llama-3.1-405b", "--input", "1500", "--output", "400", "--accelerator", "h100-sxm", "--precision", "fp8"),
    *("--tensor", "8", "--batch", "16", "--engine", "vllm"),
)
TRAIN = "  big:\n    kind: train\n    model: llama-3.1-405b\n    cluster: {accelerator: h100-sxm, count: 1024}\n"
INFER = (
    "  chat:\n    kind: infer\n    model: llama-3.1-405b\n    traffic: {input: 1500, output: 400}\n"
    "    serving: {accelerator: h100-sxm, tensor: 8, precision: fp8, batch: 16, engine: vllm}\n"
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.csv"
    path.write_text("tensor,input,output,concurrency,tpot [ms]\n8,1500,400,16,60\n8,1500,400,32,80\n", encoding="utf-8")
    return path


def interval(ran: Ran, place: int = 0) -> dict[str, float]:
    found: dict[str, float] = json.loads(ran.out)["scenarios"][place]["outputs"]["latency.tpot"]
    return found


def test_infer_takes_a_table_from_any_folder(program: Callable[..., Ran], own: Path) -> None:
    plain = program("infer", *SERVED, "-f", "json")
    ran = program("infer", *SERVED, "--calibrate", str(own), "-f", "json")
    assert ran.code == 0, ran.err
    assert "note CC620: calibrated on 2 of 2 rows" in ran.err
    source = json.loads(ran.out)["scenarios"][0]["inputs"]["serving.residual"]["source"]
    assert source["kind"] == "flag"
    before, after = interval(plain), interval(ran)
    assert after["high"] / after["low"] < before["high"] / before["low"]
    # Between the prediction and the 60 ms that were measured of this very service, and nearer to these.
    assert abs(after["value"] - 0.060) < 0.5 * abs(before["value"] - 0.060)


def test_run_leaves_training_alone(program: Callable[..., Ran], tmp_path: Path, own: Path) -> None:
    file = tmp_path / "folder" / "s.yaml"
    file.parent.mkdir()
    file.write_text(f"version: 1\nscenarios:\n{TRAIN}{INFER}", encoding="utf-8")
    ran = program("run", str(file), "--calibrate", str(own), "-f", "json")
    assert ran.code == 0, ran.err
    one = interval(program("infer", *SERVED, "--calibrate", str(own), "-f", "json"))
    assert interval(ran, 1) == one


def test_a_file_names_its_table_beside_it(program: Callable[..., Ran], tmp_path: Path, own: Path) -> None:
    file = tmp_path / "s.yaml"
    text = INFER.replace("engine: vllm}", f"engine: vllm, calibration: {own.name}}}")
    file.write_text(f"version: 1\nscenarios:\n{text}", encoding="utf-8")
    ran = program("run", str(file), "-f", "json")
    assert ran.code == 0, ran.err
    assert interval(ran) == interval(program("infer", *SERVED, "--calibrate", str(own), "-f", "json"))


def test_explain_reaches_the_own_rows(program: Callable[..., Ran], own: Path) -> None:
    ran = program("explain", "latency.tpot", *SERVED, "--served", "--calibrate", str(own))
    assert ran.code == 0, ran.err
    assert "own.csv: 2 rows, mean error" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("infer", *SERVED, "--calibrate", "none.csv"), "CC103: none.csv does not exist"),
        (("infer", *SERVED, "--calibrate", ""), "CC101: --calibrate is empty"),
        (("train", "llama-3.1-405b", "--calibrate", "own.csv"), "--calibrate"),
    ],
)
def test_what_cannot_be_used_is_told(program: Callable[..., Ran], arguments: tuple[str, ...], said: str) -> None:
    ran = program(*arguments)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_run_without_a_service_refuses_the_flag(program: Callable[..., Ran], tmp_path: Path, own: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(f"version: 1\nscenarios:\n{TRAIN}", encoding="utf-8")
    ran = program("run", str(file), "--calibrate", str(own))
    assert ran.code == 2
    assert "there is no scenario of kind infer" in ran.err


def test_a_wrong_cell_is_told_with_file_and_line(program: Callable[..., Ran], own: Path) -> None:
    own.write_text(own.read_text(encoding="utf-8").replace("32,80", "32,slow"), encoding="utf-8")
    ran = program("infer", *SERVED, "--calibrate", str(own))
    assert ran.code == 2
    assert "own.csv:3:1: error CC621: tpot: " in ran.err
