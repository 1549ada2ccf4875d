"""`computecalc lock` as its users meet it."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from computecalc.reports.schemas import json_schema
from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

PLAN = """\
version: 1
scenarios:
  run:
    kind: train
    model: llama-3.1-405b
    data: {tokens: 15.6T tokens, sequence_length: 8192}
    cluster: {accelerator: h100-sxm, count: 16384}
    efficiency: {mfu: 0.35..0.40..0.45, goodput: 0.9}
    money: {price: 2 USD/accelerator/h}
"""
OTHER = PLAN.replace("  run:", "  other:").replace("count: 16384", "count: 8192")
SERVICE = """\
version: 1
scenarios:
  chat:
    kind: infer
    model: llama-3.1-405b
    traffic: {input: 1500, output: 400, rate: 50 request/s}
    serving: {accelerator: h100-sxm, precision: fp8, engine: vllm}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lock_of(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "computecalc.lock.json").read_text(encoding="utf-8"))
    return found


def test_a_lock_holds_statement_inputs_outputs_entries_and_formulas(folder: Path, program: Callable[..., Ran]) -> None:
    ran = program("lock", "plan.yaml")
    assert (ran.code, ran.out, ran.err) == (0, "wrote computecalc.lock.json: 1 scenario\n", "")
    lock = lock_of(folder)
    jsonschema.validate(lock, json_schema("lock"))
    run = lock["scenarios"]["run"]  # type: ignore[index]
    assert run["stated"]["money"] == {"price": "2 USD/accelerator/h"}
    assert run["inputs"]["efficiency.mfu"] == {
        "low": 0.35,
        "value": 0.4,
        "high": 0.45,
        "unit": "",
        "origin": "scenario",
    }
    assert run["inputs"]["power.thermal_design"] == {
        "value": 700,
        "unit": "W",
        "origin": "catalog",
        "entry": "accelerator/h100-sxm power.thermal_design",
    }
    # 15.6e12 tokens of 2,523.96 GFLOP at 0.4 x 1 PFLOP/s take 27.34M H100 hours; / 0.9 x 2 USD are 60.76 MUSD.
    assert run["outputs"]["cost.total"]["value"] == pytest.approx(60.76e6, rel=1e-3)
    assert run["outputs"]["interruptions"] == {"value": None, "unit": ""}
    assert lock["formulas"]["rental_cost"] == 1  # type: ignore[index]
    assert lock["catalog"]["accelerator/h100-sxm"].startswith("sha256:")  # type: ignore[index]
    assert "price/lambda-h100-sxm-on-demand-2026-02" not in lock["catalog"]  # type: ignore[operator]


def test_the_lock_of_an_unchanged_plan_is_the_same_bytes(folder: Path, program: Callable[..., Ran]) -> None:
    (folder / "chat.yaml").write_text(SERVICE, encoding="utf-8")
    program("lock", ".")
    first = (folder / "computecalc.lock.json").read_bytes()
    program("lock", ".")
    assert (folder / "computecalc.lock.json").read_bytes() == first
    # Neither a date nor a place of this machine is in it, and each metric has a line of its own.
    text = first.decode()
    assert str(folder) not in text
    assert sum('"cost.total"' in line for line in text.splitlines()) == 2
    # Another folder with the same files has the same lock.
    moved = folder / "moved"
    moved.mkdir()
    for name in ("plan.yaml", "chat.yaml"):
        (moved / name).write_bytes((folder / name).read_bytes())
    program("lock", "moved")
    assert (moved / "computecalc.lock.json").read_bytes() == first


def test_check_says_whether_it_is_fresh(folder: Path, program: Callable[..., Ran]) -> None:
    program("lock", "plan.yaml")
    ran = program("lock", "plan.yaml", "--check")
    assert (ran.code, ran.out) == (0, "computecalc.lock.json is fresh: 1 scenario\n")
    (folder / "plan.yaml").write_text(f"# a comment that moves all lines\n{PLAN}", encoding="utf-8")
    assert program("lock", "plan.yaml", "--check").code == 0


def test_check_says_what_is_stale(folder: Path, program: Callable[..., Ran]) -> None:
    program("lock", "plan.yaml")
    before = (folder / "computecalc.lock.json").read_bytes()
    (folder / "plan.yaml").write_text(PLAN.replace("2 USD", "3 USD"), encoding="utf-8")
    ran = program("lock", "plan.yaml", "--check", "-f", "json")
    assert ran.code == 1
    assert "CC718" in ran.err
    rows = {row["what"]: (row["locked"], row["now"]) for row in json.loads(ran.out)}
    assert rows["stated money.price"] == ("2 USD/accelerator/h", "3 USD/accelerator/h")
    assert rows["input money.price"] == ("2 USD/accelerator/h (scenario)", "3 USD/accelerator/h (scenario)")
    assert set(rows) == {
        "stated money.price",
        "input money.price",
        "output cost.accelerators",
        "output cost.total",
    }
    assert (folder / "computecalc.lock.json").read_bytes() == before


@pytest.mark.parametrize(("factor", "code"), [(1 + 1e-11, 0), (1 + 1e-7, 1)])
def test_the_last_digits_of_a_platform_do_not_make_it_stale(
    folder: Path, program: Callable[..., Ran], factor: float, code: int
) -> None:
    program("lock", "plan.yaml")
    lock = lock_of(folder)
    cost = lock["scenarios"]["run"]["outputs"]["cost.total"]  # type: ignore[index]
    cost["value"] *= factor
    (folder / "computecalc.lock.json").write_text(json.dumps(lock), encoding="utf-8")
    assert program("lock", "plan.yaml", "--check").code == code


def test_scenarios_that_come_and_go_make_it_stale(folder: Path, program: Callable[..., Ran]) -> None:
    (folder / "other.yaml").write_text(OTHER, encoding="utf-8")
    program("lock", ".")
    assert program("lock", "plan.yaml", "--check").code == 0, "what is in files that are not named is not looked at"
    (folder / "other.yaml").unlink()
    ran = program("lock", ".", "--check", "-f", "csv")
    assert (ran.code, "other,scenario,locked,removed" in ran.out) == (1, True)
    (folder / "more.yaml").write_text(OTHER.replace("other:", "more:"), encoding="utf-8")
    assert "more,scenario,,new" in program("lock", ".", "--check", "-f", "csv").out


def test_a_changed_entry_of_the_catalog_is_named(folder: Path, program: Callable[..., Ran]) -> None:
    own = folder / "own"
    own.mkdir()
    entry = """\
version: 1
kind: accelerator
sources: {s: {title: Sheet, url: https://example.org/s, as_of: 2026-01-01}}
entries:
  own:
    name: Own
    vendor: Own
    provenance: {source: s, kind: assumed}
    peak: {bf16: 1000 TFLOP/s}
    memory: {capacity: 80 GB, bandwidth: 3 TB/s}
    server: {size: 8}
    power: {thermal_design: 700 W}
"""
    (own / "chips.yaml").write_text(entry, encoding="utf-8")
    (folder / "plan.yaml").write_text(PLAN.replace("h100-sxm", "own"), encoding="utf-8")
    program("lock", "plan.yaml", "--catalog", "own")
    # A bandwidth is no input of a run whose MFU is stated: the digest tells all the same.
    (own / "chips.yaml").write_text(entry.replace("3 TB/s", "4 TB/s"), encoding="utf-8")
    ran = program("lock", "plan.yaml", "--catalog", "own", "--check", "-f", "json")
    assert ran.code == 1
    assert "catalog accelerator/own" in {row["what"] for row in json.loads(ran.out)}
    (own / "chips.yaml").write_text(entry.replace("name: Own", "name: Other # words"), encoding="utf-8")
    assert program("lock", "plan.yaml", "--catalog", "own", "--check").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("plan.yaml", "--check"), "CC714", "there is no lock file computecalc.lock.json"),
        (("-",), "CC710", "beside standard input"),
        (("plan.yaml", "copy.yaml"), "CC711", "two scenarios are called 'run', in plan.yaml and copy.yaml"),
        (("plan.yaml", "--lock", "plan.yaml"), "CC713", "would replace plan.yaml"),
        (("plan.yaml", "--lock", "nowhere/x.json"), "CC104", "nowhere"),
    ],
)
def test_what_cannot_be_locked(
    folder: Path,
    program: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: str,
    says: str,
) -> None:
    (folder / "copy.yaml").write_text(PLAN, encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLAN.encode())))
    ran = program("lock", *arguments)
    assert ran.code == 2
    assert (f"error {code}" in ran.err, says in ran.err) == (True, True), ran.err
    assert not (folder / "computecalc.lock.json").exists()
    assert (folder / "plan.yaml").read_text(encoding="utf-8") == PLAN


def test_a_lock_does_not_lose_scenarios_in_silence(folder: Path, program: Callable[..., Ran]) -> None:
    (folder / "other.yaml").write_text(OTHER, encoding="utf-8")
    program("lock", ".")
    before = (folder / "computecalc.lock.json").read_bytes()
    ran = program("lock", "plan.yaml")
    assert ran.code == 2
    assert "CC713: computecalc.lock.json also holds scenarios of other.yaml, such as 'other'" in ran.err
    assert (folder / "computecalc.lock.json").read_bytes() == before
    (folder / "other.yaml").unlink()
    assert program("lock", "plan.yaml").code == 0


def test_a_scenario_that_fails_writes_nothing(folder: Path, program: Callable[..., Ran]) -> None:
    program("lock", "plan.yaml")
    before = (folder / "computecalc.lock.json").read_bytes()
    (folder / "plan.yaml").write_text(PLAN.replace("count: 16384", "count: many"), encoding="utf-8")
    ran = program("lock", "plan.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert (folder / "computecalc.lock.json").read_bytes() == before


def test_a_lock_with_conflict_marks_is_told_and_written_anew(folder: Path, program: Callable[..., Ran]) -> None:
    program("lock", "plan.yaml")
    path = folder / "computecalc.lock.json"
    whole = path.read_bytes()
    path.write_bytes(b"<<<<<<< ours\n" + whole)
    ran = program("lock", "plan.yaml", "--check")
    assert (ran.code, "CC712" in ran.err) == (2, True)
    assert program("lock", "plan.yaml").code == 0
    assert path.read_bytes() == whole


def test_the_lock_lies_in_the_folder_that_holds_all_files(folder: Path, program: Callable[..., Ran]) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / "p.yaml").write_text(PLAN.replace("  run:", f"  {name}:"), encoding="utf-8")
    program("lock", os.path.join("a", "p.yaml"), os.path.join("b", "p.yaml"))
    assert {each["file"] for each in lock_of(folder)["scenarios"].values()} == {"a/p.yaml", "b/p.yaml"}  # type: ignore[attr-defined]


def test_a_change_of_a_budget_is_against_the_lock_beside_it(folder: Path, program: Callable[..., Ran]) -> None:
    limit = ("check", "plan.yaml", "--check", "change(cost.total) <= 5 %")
    ran = program(*limit)
    assert (ran.code, "there is no baseline to compare with" in ran.out) == (2, True)
    program("lock", "plan.yaml")
    assert program(*limit).code == 0
    # 2.20 over 2 USD are 10 % more than the lock has.
    (folder / "plan.yaml").write_text(PLAN.replace("2 USD", "2.2 USD").replace("0.35..0.40..0.45", "0.4"), "utf-8")
    ran = program(*limit, "-f", "json")
    (check,) = json.loads(ran.out)["checks"]
    assert (ran.code, check["state"]) == (1, "fail")
    assert check["value"] == pytest.approx(0.1, rel=1e-9)
