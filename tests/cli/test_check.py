"""`computecalc check` as its users meet it."""

from __future__ import annotations

import json
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
    efficiency: {mfu: 0.4, goodput: 0.9}
    money: {price: 2 USD/accelerator/h}
"""
# 15.6e12 tokens of 2,523.96 GFLOP at 0.4 x 1 PFLOP/s (the frozen catalog's) take 27.34M H100 hours; / 0.9 x 2 USD are
# 60.76 MUSD.


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[str], str]:
    def write(budgets: str) -> str:
        path = tmp_path / "plan.yaml"
        path.write_text(PLAN + budgets, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize(
    ("limit", "code", "says"),
    [("61 MUSD", 0, "1 passed, 0 failed"), ("60 MUSD", 1, "0 passed, 1 failed")],
)
def test_exit_codes(plan: Callable[[str], str], program: Callable[..., Ran], limit: str, code: int, says: str) -> None:
    ran = program("check", plan(f"budgets: [{{checks: [cost.total <= {limit}]}}]\n"))
    assert (ran.code, says in ran.out) == (code, True), ran.out + ran.err


def test_levers_name_what_the_inputs_would_have_to_be(plan: Callable[[str], str], program: Callable[..., Ran]) -> None:
    ran = program("check", plan("budgets: [{checks: [cost.total <= 30.381 MUSD]}]\n"), "-f", "json")
    (check,) = json.loads(ran.out)["checks"]
    needed = {lever["path"]: lever["needed"] for lever in check["levers"]}
    # Half the cost: half the price, half the tokens, twice the MFU; a goodput of 1.8 is out of reach.
    assert needed["money.price"] * 3600 == pytest.approx(1.0, rel=1e-3)
    assert needed["data.tokens"] == pytest.approx(7.8e12, rel=1e-3)
    assert needed["efficiency.mfu"] == pytest.approx(0.8, rel=1e-3)
    assert needed["efficiency.goodput"] is None


def test_json_has_the_verdicts_and_keeps_to_its_schema(plan: Callable[[str], str], program: Callable[..., Ran]) -> None:
    ran = program("check", plan("budgets: [{checks: [cost.total <= 60 MUSD, mfu >= 0.3], owner: me}]\n"), "-f", "json")
    result = json.loads(ran.out)
    jsonschema.validate(result, json_schema("result"))
    assert result["summary"] == {"passed": 1, "risk": 0, "failed": 1, "errors": 0, "exit_code": 1}
    first = result["checks"][0]
    assert (first["state"], first["metric"], first["unit"], first["owner"]) == ("fail", "cost.total", "USD", "me")
    assert first["source"]["line"] == 10
    # `run` says that budgets are not looked at; here they are.
    assert "CC606" not in ran.out


def test_every_format_says_what_failed(plan: Callable[[str], str], program: Callable[..., Ran]) -> None:
    path = plan("budgets: [{checks: [cost.total <= 60 MUSD]}]\n")
    for name in ("table", "plain", "json", "jsonl", "csv", "md"):
        ran = program("check", path, "-f", name)
        assert ran.code == 1
        assert "cost.total <" in ran.out.replace("\\", "")
        assert "fail" in ran.out.lower()


def test_a_limit_from_a_flag(plan: Callable[[str], str], program: Callable[..., Ran]) -> None:
    assert program("check", plan(""), "--check", "cost.total <= 62 MUSD").code == 0
    ran = program("check", plan(""), "--check", "time.wall <= 60 d")
    assert ran.code == 1  # 27.34M hours / 0.9 on 16,384 accelerators are 77.3 days


def test_nothing_to_check_is_no_pass(plan: Callable[[str], str], program: Callable[..., Ran]) -> None:
    ran = program("check", plan(""))
    assert (ran.code, "CC704" in ran.err) == (2, True)


def test_a_budget_on_nothing_is_told_with_its_place(plan: Callable[[str], str], program: Callable[..., Ran]) -> None:
    ran = program("check", plan("budgets: [{on: runn, checks: [mfu >= 0.3]}]\n"))
    assert ran.code == 2
    assert "plan.yaml:10:16: error CC702" in ran.err


def test_a_change_against_a_saved_result(
    plan: Callable[[str], str], program: Callable[..., Ran], tmp_path: Path
) -> None:
    path = plan("budgets: [{checks: [change(cost.total) <= 5 %]}]\n")
    assert program("check", path).code == 2
    saved = str(tmp_path / "old.json")
    assert program("run", path, "-q", "-o", f"json={saved}").code == 0
    assert program("check", path, "--baseline", saved).code == 0
    dearer = program("check", path, "--baseline", saved, "--set", "money.price=2.2 USD/accelerator/h")
    assert dearer.code == 1
    assert "+10.00 %" in dearer.out


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"scenarios": [1]}', '{"scenarios": [{"name": "run"}]}', "\xff"])
def test_a_baseline_of_another_kind(
    plan: Callable[[str], str], program: Callable[..., Ran], tmp_path: Path, text: str
) -> None:
    saved = tmp_path / "old.json"
    saved.write_bytes(text.encode("latin-1"))
    ran = program("check", plan("budgets: [{checks: [change(cost.total) <= 5 %]}]\n"), "--baseline", str(saved))
    assert (ran.code, "CC701" in ran.err) == (2, True), ran.err


def test_a_scenario_that_fails_fails_its_budget(plan: Callable[[str], str], program: Callable[..., Ran]) -> None:
    path = plan("  other: {extends: run, model: llama-4-unknown}\nbudgets: [{on: run, checks: [mfu >= 0.3]}]\n")
    ran = program("check", path)
    assert (ran.code, "CC501" in ran.err) == (2, True)
    assert "PASS" in ran.out


def test_hostile_names_stay_text(plan: Callable[[str], str], program: Callable[..., Ran]) -> None:
    path = plan("budgets: [{checks: [mfu >= 0.5], owner: '[red]x|y\\\\e', message: \"::error::a\\e[31m<b>\"}]\n")
    shown = program("check", path, "-f", "md").out
    assert "<b>" not in shown
    assert "\x1b" not in shown
    assert "\\|y" in shown
    assert "\x1b" not in program("check", path, "-f", "plain").out
