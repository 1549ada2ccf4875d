"""Answers of many scenarios are written as they are found, and say the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.api import outcomes
from computecalc.cli import answers
from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

PLAN = """\
version: 1
scenarios:
  run:
    kind: train
    model: llama-3.1-405b
    cluster: {accelerator: h100-sxm, count: 1024}
    efficiency: {mfu: 0.4}
    matrix: {data.tokens: {from: 1T tokens, to: 9T tokens, points: 9}, money.price: [2 USD/accelerator/h]}
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["json", "jsonl", "plain", "md", "table", "csv", "html", "github", "junit", "sarif"])
@pytest.mark.parametrize(
    "more", ["", "  bad: {extends: run, model: none-such}\n", "  drawn: {extends: run, uncertainty: mc}\n"]
)
def test_piece_by_piece_says_the_same(
    name: str, more: str, plan: str, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    Path(plan).write_text(PLAN + more, encoding="utf-8")
    at_once = program("run", plan, "-f", name)
    monkeypatch.setattr(answers, "TOGETHER", 4)
    monkeypatch.setattr(outcomes, "TOGETHER", 4)
    assert program("run", plan, "-f", name) == at_once


@pytest.mark.parametrize("name", ["json", "jsonl", "plain", "md", "csv", "github", "junit", "sarif"])
def test_limits_are_judged_scenario_by_scenario(
    name: str, plan: str, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    limits = "budgets: [{checks: [cost.total <= 30 MUSD]}, {on: 'none*', checks: [time.wall <= 9 d]}]\n"
    Path(plan).write_text(PLAN + "  bad: {extends: run, model: none-such}\n" + limits, encoding="utf-8")
    whole = program("check", plan, "-f", name)
    assert whole.code == 2
    for form in (name, "json", "plain"):  # beside each other, too
        there = Path(plan).with_name("there")
        ran = program("check", plan, "-f", form, "-o", f"{name}={there}")
        assert ran.code == 2
        assert there.read_text(encoding="utf-8") == whole.out
    monkeypatch.setattr(answers, "TOGETHER", 4)
    monkeypatch.setattr(outcomes, "TOGETHER", 4)
    assert program("check", plan, "-f", name) == whole


def test_files_are_written_beside_standard_output(
    plan: str, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(answers, "TOGETHER", 4)
    monkeypatch.setattr(outcomes, "TOGETHER", 4)
    wanted = {name: tmp_path / f"result.{name}" for name in ("json", "csv", "md")}
    ran = program("run", plan, "-f", "jsonl", *(f"-o{name}={path}" for name, path in wanted.items()))
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 9
    assert len(json.loads(wanted["json"].read_text())["scenarios"]) == 9
    assert wanted["csv"].read_text().count("cost.total") == 9
    assert sorted(tmp_path.iterdir()) == sorted([*wanted.values(), Path(plan)])


def test_a_scenario_that_fails_is_counted(
    plan: str, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "TOGETHER", 4)
    monkeypatch.setattr(outcomes, "TOGETHER", 4)
    text = Path(plan).read_text(encoding="utf-8") + "  other: {extends: run, model: none-such}\n"
    Path(plan).write_text(text, encoding="utf-8")
    ran = program("run", plan, "-f", "json", "-q")
    result = json.loads(ran.out)
    assert ran.code == 2
    assert result["summary"]["errors"] == 9
    assert [scenario["status"] for scenario in result["scenarios"]] == ["ok"] * 9 + ["error"] * 9


def test_a_file_that_cannot_be_written_stops_nothing_else(
    plan: str, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(answers, "TOGETHER", 4)
    monkeypatch.setattr(outcomes, "TOGETHER", 4)
    ran = program("run", plan, "-f", "jsonl", "-o", f"json={tmp_path}/none/result.json")
    assert (ran.code, "CC104" in ran.err) == (2, True)
    assert len(ran.out.splitlines()) == 9


@pytest.mark.parametrize("command", [("run",), ("check", "--check", "cost.total >= 0 USD")])
def test_a_disk_that_runs_full_stops_nothing_else(
    command: tuple[str, ...], plan: str, program: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(answers, "TOGETHER", 4)
    monkeypatch.setattr(outcomes, "TOGETHER", 4)
    ran = program(*command, plan, "-f", "jsonl", "-o", "json=/dev/full", "-o", f"csv={tmp_path}/result.csv")
    assert (ran.code, ran.err.count("CC104")) == (2, 1)
    assert len(ran.out.splitlines()) == 9
    assert len((tmp_path / "result.csv").read_text(encoding="utf-8").splitlines()) > 9
