"""Verdicts from Python are those of the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import computecalc as cc
from tests.conftest import Ran

BUDGETS = Path(__file__).resolve().parents[2] / "examples" / "budgets.yaml"
RUN: dict[str, Any] = {"tokens": "1T tokens", "accelerator": "h100-sxm", "count": 64, "price": "2 USD/accelerator/h"}


def test_verdicts_are_those_of_the_command(program: Callable[..., Ran]) -> None:
    ran = program("check", str(BUDGETS), "-f", "json", "-q")
    expected = json.loads(ran.out)
    found = cc.check(BUDGETS)
    assert json.loads(json.dumps(found.to_dict()["checks"])) == expected["checks"]
    assert (found.exit_code, found.passed) == (ran.code, ran.code == 0)
    assert [verdict.state for verdict in found] == [each["state"].upper() for each in expected["checks"]]
    assert [verdict.value.mid for verdict in found] == [each["value"] for each in expected["checks"]]


def test_limits_on_an_estimate_that_was_made_before() -> None:
    made = cc.estimate("llama-3.1-8b", **RUN, mfu=0.4)
    hours = made["accelerator_time.billed"].to("accelerator*h").mid or 0.0
    cost = 2.0 * hours  # 2 USD an hour, and nothing else is paid
    found = cc.check(made, f"cost.total <= {cost * 1.5:.0f} USD", f"cost.total <= {cost / 1.5:.0f} USD")
    assert [verdict.state for verdict in found] == ["PASS", "FAIL"]
    assert (found.exit_code, found.passed) == (1, False)
    assert [verdict.limit for verdict in found.broken] == [f"cost.total <= {cost / 1.5:.0f} USD"]


def test_levers_say_what_would_mend_a_limit() -> None:
    made = cc.estimate("llama-3.1-8b", **RUN, mfu=0.4)
    cost = float(made["cost.total"])
    (verdict,) = cc.check("llama-3.1-8b", f"cost.total <= {cost / 2:.2f} USD", **RUN, mfu=0.4)
    price = next(lever for lever in verdict.levers if lever.input == "money.price")
    # The cost is the rent alone: half of it takes half the price.
    assert price.needed == pytest.approx(price.now / 2, rel=1e-3)
    assert cc.check("llama-3.1-8b", "cost.total <= 1 USD", **RUN, mfu=0.4, levers=0)[0].levers == ()


def test_one_scenario_of_a_file() -> None:
    found = cc.check(BUDGETS, name="chat")
    assert {verdict.scenario for verdict in found} == {"chat"}


def test_a_scenario_that_fails_is_never_a_pass() -> None:
    found = cc.check("llama-3.1-8b", "cost.total <= 1 USD", **RUN | {"accelerator": "h100-smx"})
    assert (found.exit_code, found.passed, found[0].state) == (2, False, "ERROR")
    assert [each.code for each in found.estimates.failures["llama-3.1-8b"]] == ["CC501"]


def test_a_change_is_against_a_saved_result(tmp_path: Path) -> None:
    saved = tmp_path / "before.json"
    saved.write_text(cc.estimate("llama-3.1-8b", **RUN, mfu=0.4).to_json(), encoding="utf-8")
    found = cc.check("llama-3.1-8b", "change(cost.total) <= 5 %", **RUN, mfu=0.2, baseline=saved)
    assert found[0].state == "FAIL"
    # Half the MFU takes twice the useful time; the rest of the time does not fall.
    assert 0.8 < (found[0].value.mid or 0.0) <= 1.2


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: cc.check("llama-3.1-8b", **RUN), "CC704"),
        (lambda: cc.check(cc.estimate("llama-3.1-8b", **RUN, mfu=0.4)), "CC704"),
        (lambda: cc.check(cc.estimate("llama-3.1-8b", **RUN), "cost.total <= 1 USD", count=8), "CC781"),
        (lambda: cc.check("llama-3.1-8b", "cost <= 1 USD", **RUN), "CC102"),
        (lambda: cc.check(BUDGETS, name="chatt"), "CC781"),
        (lambda: cc.check("no-such.yaml"), "CC103"),
    ],
)
def test_what_cannot_be_judged_says_why(call: Callable[[], object], code: str) -> None:
    with pytest.raises(cc.ComputecalcError) as error:
        call()
    assert error.value.diagnostics[0].code == code
