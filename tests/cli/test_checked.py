"""Limits from flags beside an estimate, formats for jobs, and several files at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from computecalc.reports.schemas import json_schema
from tests.conftest import Ran
from tests.reports.job_formats import check_junit, check_sarif

pytestmark = pytest.mark.usefixtures("golden_catalog")

TRAIN = ("train", "llama-3.1-405b", "--tokens", "15.6T tokens", "--sequence-length", "8192", "--accelerator", "h100")
RUN = (*TRAIN, "--count", "16384", "--mfu", "0.4", "--goodput", "0.9", "--price", "2 USD/accelerator/h")
# As tests/cli/test_check.py: 60.76 MUSD and 77.3 days.
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
budgets: [{checks: [cost.total <= 60 MUSD]}]
"""


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("plan.yaml").write_text(PLAN, encoding="utf-8")
    return "plan.yaml"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (["cost.total <= 61 MUSD"], 0),
        (["cost.total <= 61 MUSD", "time.wall <= 70 d"], 1),
        (["latency.tpot <= 1 s"], 2),  # no metric of a training run: what cannot be judged never passes
    ],
)
def test_train_with_limits(program: Callable[..., Ran], limits: list[str], code: int) -> None:
    flags = [part for limit in limits for part in ("--check", limit)]
    ran = program(*RUN, *flags, "--format", "plain")
    assert ran.code == code
    assert ran.out.index("scenario llama-3.1-405b (train)") < ran.out.index(limits[-1])
    result = json.loads(program(*RUN, *flags, "--format", "json").out)
    jsonschema.validate(result, json_schema("result"))
    assert result["summary"]["exit_code"] == code
    assert [check["check"] for check in result["checks"]] == limits


def test_infer_with_limits(program: Callable[..., Ran]) -> None:
    served = ("infer", "llama-3.1-405b", "--input", "1500", "--output", "400", "--rate", "50 request/s")
    ran = program(*served, "--accelerator", "h100-sxm", "--precision", "fp8", "--check", "replicas <= 1 replica")
    assert ran.code == 1
    assert "FAIL   llama-3.1-405b  replicas <= 1 replica" in ran.out


@pytest.mark.parametrize("form", ["table", "plain", "md", "html", "csv", "jsonl", "json", "github", "junit", "sarif"])
def test_run_with_limits_says_so_in_every_format(program: Callable[..., Ran], plan: str, form: str) -> None:
    ran = program("run", plan, "--check", "time.wall <= 70 d", "--format", form)
    assert ran.code == 1
    assert "time.wall" in ran.out.replace("\\", "")
    assert "fail" in ran.out.lower()
    assert "time.wall <= 70 d" not in program("run", plan, "--format", form).out


def test_a_limit_that_is_none_is_told_before_anything_is_estimated(program: Callable[..., Ran]) -> None:
    ran = program(*RUN, "--check", "cost.total less than 3")
    assert (ran.code, ran.out) == (2, "")
    assert "--check: error CC408" in ran.err


def test_several_files_of_several_formats_at_once(program: Callable[..., Ran], plan: str) -> None:
    forms = ("json", "jsonl", "csv", "md", "html", "plain", "github", "junit", "sarif")
    ran = program("check", plan, *(part for form in forms for part in ("-o", f"{form}=out.{form}")), "-f", "plain")
    assert ran.code == 1
    assert sorted(os.listdir()) == sorted(["plan.yaml", *(f"out.{form}" for form in forms)])
    texts = {form: Path(f"out.{form}").read_text(encoding="utf-8") for form in forms}
    assert texts["plain"] == ran.out
    assert json.loads(texts["json"])["checks"][0] == json.loads(texts["jsonl"])
    check_sarif(texts["sarif"])
    (suite,) = check_junit(texts["junit"])
    assert (suite.get("name"), suite.get("failures")) == ("plan.yaml", "1")
    assert texts["github"].startswith("::error file=plan.yaml,line=10,col=21,title=run%3A FAIL cost.total::FAIL ")
    assert texts["md"].startswith("<!-- computecalc check -->\n")
    assert texts["html"].startswith("<!DOCTYPE html>\n")


def test_a_format_that_is_none_writes_no_file(program: Callable[..., Ran], plan: str) -> None:
    ran = program("check", plan, "-o", "junit=out.xml", "-o", "saarif=out.sarif")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean sarif?" in ran.err
    assert os.listdir() == ["plan.yaml"]


def test_files_that_cannot_be_read_are_told_to_the_job(program: Callable[..., Ran], plan: str) -> None:
    Path("bad.yaml").write_text("version: 1\nscenarios: {a: {kind: trian}}\n", encoding="utf-8")
    for command in ("check", "run"):
        ran = program(command, "bad.yaml", "none.yaml", "-f", "github")
        assert ran.code == 2
        assert "::error title=CC103::none.yaml does not exist" in ran.out
        assert "::error file=bad.yaml,line=2,col=23,title=a%3A CC" in ran.out
        beside = program(command, plan, "none.yaml", "-f", "junit")
        assert beside.code == 2
        assert [suite.get("errors") for suite in check_junit(beside.out)] == ["0", "1"]


def test_what_is_printed_begins_no_line_as_a_command(
    program: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "::error::hacked"
    Path(f"{name}.yaml").write_text(PLAN.replace("  run:", f'  "{name}":'), encoding="utf-8")
    Path("::stop-commands::x.yaml").write_text("version: 3\n", encoding="utf-8")
    for command in ("run", "check"):
        for form in ("plain", "csv", "md", "html", "json", "jsonl", "github", "junit", "sarif"):
            ran = program(command, f"{name}.yaml", "::stop-commands::x.yaml", "-f", form)
            commands = [line for line in (ran.out + ran.err).splitlines() if line.startswith(("::", "##["))]
            assert [line for line in commands if not line.startswith(("::error ", "::warning ", "::notice "))] == []
            assert form == "github" or commands == [], form
            assert "./::stop-commands::x.yaml:1:" in ran.err
