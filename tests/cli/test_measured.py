"""`run --measured` as its users meet it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from computecalc.reports.schemas import json_schema
from tests.checks.test_measured import HEADER, row
from tests.cli.test_checked import PLAN
from tests.conftest import Ran

# 27.34M H100 hours / 0.9 on 16,384 accelerators are 77.3 days: 6.675e6 s.
HALF = str(6.675e6 / 2)


@pytest.fixture(autouse=True)
def _files(golden_catalog: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.yaml").write_text(PLAN, encoding="utf-8")
    lines = (HEADER, row("run", gpus="16384", duration=HALF), row("codecarbon", gpus=""))
    Path("emissions.csv").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("form", ["table", "plain", "md", "csv", "json", "jsonl"])
def test_every_format_shows_both_sides(program: Callable[..., Ran], form: str) -> None:
    ran = program("run", "plan.yaml", "--measured", "emissions.csv", "-f", form)
    assert ran.code == 0, ran.err
    assert "emissions.csv" in ran.out
    assert "below" in ran.out
    assert "0.500" in ran.out or "0.5000" in ran.out or '"ratio": 0.5' in ran.out or "0.4999" in ran.out
    Path("result.json").write_text(
        program("run", "plan.yaml", "--measured", "emissions.csv", "-f", "json").out, encoding="utf-8"
    )
    assert program("render", "result.json", "-f", form).out == ran.out


def test_json_keeps_to_its_schema(program: Callable[..., Ran]) -> None:
    result = json.loads(program("run", "plan.yaml", "--measured", "emissions.csv", "-f", "json").out)
    jsonschema.validate(result, json_schema("result"))
    first, second = result["measured"]
    assert first["source"] == {"file": "emissions.csv", "line": 2}
    wall = first["values"][0]
    assert (wall["metric"], wall["standing"]) == ("time.wall", "below")
    assert wall["ratio"] == pytest.approx(0.5, rel=1e-3)
    assert (second["project"], second["scenario"]) == ("codecarbon", "run")


def test_a_run_of_no_scenario_is_no_silence(program: Callable[..., Ran]) -> None:
    Path("emissions.csv").write_text(f"{HEADER}\n{row('runn')}\n{row('run')}", encoding="utf-8")
    ran = program("run", "plan.yaml", "--measured", "emissions.csv", "-f", "github")
    assert ran.code == 2
    assert "emissions.csv:2:1: error CC734" in ran.err
    assert "::error file=emissions.csv,line=2,col=1,title=CC734::" in ran.out


def test_a_table_that_is_none_stops_before_anything_is_estimated(program: Callable[..., Ran]) -> None:
    ran = program("run", "plan.yaml", "--measured", "plan.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "plan.yaml:1:1: error CC733" in ran.err


def test_not_beside_a_tornado(program: Callable[..., Ran]) -> None:
    for flags in (("--measured", "emissions.csv"), ("--check", "cost.total <= 1 USD")):
        ran = program("run", "plan.yaml", "--tornado", "cost.total", *flags)
        assert (ran.code, "CC101" in ran.err) == (2, True)
