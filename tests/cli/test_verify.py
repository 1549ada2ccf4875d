"""`computecalc verify` as its users meet it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from computecalc.checks.recomputing import recomputed
from computecalc.checks.saved import read_saved
from computecalc.errors import UsageError
from tests.conftest import TESTS, Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

TRAIN = """\
  run:
    kind: train
    model: llama-3.1-405b
    data: {tokens: 15.6T tokens, sequence_length: 8192}
    cluster: {accelerator: h100-sxm, count: 16384}
    efficiency: {mfu: 0.35..0.40..0.45, goodput: 0.9}
    money: {price: 2 USD/accelerator/h}
"""
INFER = """\
  chat:
    kind: infer
    model: llama-3.1-405b
    traffic: {input: 1500, output: 400, rate: 50 request/s}
    serving: {accelerator: h100-sxm, precision: fp8, engine: vllm}
"""


@pytest.fixture(params=["result.json", "computecalc.lock.json"])
def saved(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Callable[..., Ran]
) -> Path:
    """A saved result, then a lock, of a training run and a service."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_text(f"version: 1\nscenarios:\n{TRAIN}{INFER}", encoding="utf-8")
    name = str(request.param)
    arguments = ("lock", "plan.yaml") if "lock" in name else ("run", "plan.yaml", "-q", "-o", f"json={name}")
    assert program(*arguments).code == 0
    (tmp_path / "plan.yaml").unlink()  # it is verified from its own inputs
    return tmp_path / name


def changed(path: Path, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> None:
    """Change the document, given whole and as the scenario `run`."""
    document = json.loads(path.read_text(encoding="utf-8"))
    scenarios = document["scenarios"]
    run = scenarios["run"] if isinstance(scenarios, dict) else scenarios[0]
    change(document, run)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_what_was_saved_is_computed_again(saved: Path, program: Callable[..., Ran]) -> None:
    ran = program("verify", str(saved))
    assert (ran.code, ran.err) == (0, "")
    assert "2 scenarios" in ran.out
    assert " 0 differ\n" in ran.out
    assert "Not compared: the inputs with today's files and catalog" in ran.out
    outputs = json.loads(program("verify", str(saved), "-f", "json").out)["outputs"]
    assert {each["state"] for each in outputs} == {"same"}
    assert {each["scenario"] for each in outputs} == {"run", "chat"}
    assert len(outputs) > 60


def test_an_output_that_was_tampered_with_is_found(saved: Path, program: Callable[..., Ran]) -> None:
    def change(document: dict[str, Any], run: dict[str, Any]) -> None:
        run["outputs"]["cost.total"]["value"] /= 2

    changed(saved, change)
    ran = program("verify", str(saved), "-f", "json")
    wrong = [each for each in json.loads(ran.out)["outputs"] if each["state"] != "same"]
    assert (ran.code, [each["metric"] for each in wrong]) == (1, ["cost.total"])
    assert wrong[0]["difference"] == pytest.approx(0.5, rel=1e-9)
    assert wrong[0]["computed"]["value"] == pytest.approx(60.76e6, rel=1e-3)  # see test_check.py


def test_an_input_that_was_tampered_with_is_found(saved: Path, program: Callable[..., Ran]) -> None:
    def change(document: dict[str, Any], run: dict[str, Any]) -> None:
        for end in ("low", "value", "high"):
            if end in run["inputs"]["money.price"]:
                run["inputs"]["money.price"][end] *= 1.25

    changed(saved, change)
    ran = program("verify", str(saved), "-f", "csv")
    assert ran.code == 1
    lines = [line.split(",") for line in ran.out.splitlines()[1:]]
    assert [(line[1], line[2], line[-1]) for line in lines] == [
        ("cost.accelerators", "differs", "0.2"),  # a quarter more is a fifth of what it is now
        ("cost.total", "differs", "0.2"),
    ]


def _other_schema(document: dict[str, Any], run: dict[str, Any]) -> None:
    document["schema_version"] = 2


def _other_formula(document: dict[str, Any], run: dict[str, Any]) -> None:
    document["formulas"]["rental_cost"] = 7


def _unknown_formula(document: dict[str, Any], run: dict[str, Any]) -> None:
    del document["formulas"]["run_flops"]


def _no_input(document: dict[str, Any], run: dict[str, Any]) -> None:
    del run["inputs"]["data.sequence_length"]


def _other_unit(document: dict[str, Any], run: dict[str, Any]) -> None:
    run["inputs"]["money.price"]["unit"] = "USD/accelerator/h"


def _reversed(document: dict[str, Any], run: dict[str, Any]) -> None:
    run["inputs"]["efficiency.mfu"] |= {"low": 0.5, "value": 0.4, "high": 0.3}


def _wrong_layers(document: dict[str, Any], run: dict[str, Any]) -> None:
    run["architecture"]["layers"][0]["mixer"] = "nothing"


def _unknown_metric(document: dict[str, Any], run: dict[str, Any]) -> None:
    run["outputs"]["cost.coffee"] = {"low": 1, "value": 1, "high": 1, "unit": "USD", "formula": None, "driver": None}


def _text_for_number(document: dict[str, Any], run: dict[str, Any]) -> None:
    run["outputs"]["cost.total"]["value"] = "a lot"


def _lost(document: dict[str, Any], run: dict[str, Any]) -> None:
    del run["stated"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_other_schema, "its schema_version is 2, and this program reads 1"),
        (_other_formula, "rental_cost is now @1, and it was computed by @7"),
        (_unknown_formula, "run_flops is now @1, and it was computed without it"),
        (_no_input, "this version needs 'data.sequence_length'"),
        (_other_unit, "money.price is in USD/accelerator/h, not in USD/accelerator/s"),
        (_reversed, "efficiency.mfu runs from 0.5 over 0.4 to 0.3"),
        (_wrong_layers, "its architecture: layers[0] names nothing"),
        (_unknown_metric, "this version has no such metric"),
        (_text_for_number, "outputs.cost.total.value: input should be a valid number"),
        (_lost, "stated"),
    ],
)
def test_what_cannot_be_verified_is_said_and_never_passes(
    saved: Path,
    program: Callable[..., Ran],
    change: Callable[[dict[str, Any], dict[str, Any]], None],
    says: str,
) -> None:
    changed(saved, change)
    ran = program("verify", str(saved))
    assert ran.code == 2
    assert says in ran.out + ran.err
    assert change is not _other_schema or "error CC712" in ran.err


def test_what_cannot_be_computed_again_has_a_code(saved: Path) -> None:
    changed(saved, _no_input)
    (run,) = (each for each in read_saved(saved).scenarios if each.name == "run")
    with pytest.raises(UsageError) as caught:
        recomputed(run.resolved())
    assert caught.value.diagnostics[0].code == "CC717"


def test_a_formula_of_another_version_spoils_only_what_rests_on_it(saved: Path, program: Callable[..., Ran]) -> None:
    changed(saved, _other_formula)
    outputs = json.loads(program("verify", str(saved), "-f", "json").out)["outputs"]
    spoilt = {each["metric"] for each in outputs if each["state"] == "not verified" and each["scenario"] == "run"}
    assert spoilt == {"cost.accelerators", "cost.total"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it is not JSON"),
        ("[]", "it has no scenarios"),
        ('{"schema_version": 1, "scenarios": 5}', "scenarios"),
        ('{"schema_version": 1, "scenarios": {"a": 5}}', "tool: field required"),
        ('{"schema_version": 1, "scenarios": [{"name": "a", "outputs": {"mfu": {"value": NaN}}}]}', "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path: Path, program: Callable[..., Ran], text: str, says: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    ran = program("verify", str(path))
    assert (ran.code, ran.out) == (2, "")
    assert ("error CC712" in ran.err, says in ran.err) == (True, True), ran.err


def test_a_scenario_that_had_failed_is_not_verified(tmp_path: Path, program: Callable[..., Ran]) -> None:
    path = tmp_path / "result.json"
    program("run", str(TESTS / "data" / "golden-scenarios.yaml"), "-q", "-o", f"json={path}")
    ran = program("verify", str(path), "-f", "json")
    outputs = json.loads(ran.out)["outputs"]
    assert ran.code == 2
    assert {each["reason"] for each in outputs if each["state"] == "not verified"} == {
        f"{name} cannot be computed again: it could not be estimated when it was saved"
        for name in {each["scenario"] for each in outputs if each["metric"] is None}
    }
    assert {each["state"] for each in outputs if each["metric"] is not None} == {"same"}


def test_it_is_written_to_a_file_too(saved: Path, program: Callable[..., Ran]) -> None:
    ran = program("verify", str(saved), "-o", "json=verified.json")
    document = json.loads((saved.parent / "verified.json").read_text(encoding="utf-8"))
    assert (ran.code, document["exit_code"], document["schema_version"]) == (0, 0, 1)
