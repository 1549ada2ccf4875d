from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checks.validation.conftest import FIGURES, RUNS
from tests.conftest import Ran

Program = Callable[..., Ran]


@pytest.fixture
def data(tmp_path: Path, golden_catalog: Path) -> str:
    (tmp_path / "published_runs.yaml").write_text(RUNS, encoding="utf-8")
    (tmp_path / "published_runs.csv").write_text(FIGURES, encoding="utf-8")
    return str(tmp_path)


def test_a_mismatch_exits_1(data: str, program: Program) -> None:
    ran = program("validate", "--data", data)
    assert (ran.code, ran.err) == (1, "")
    assert "hand accelerator_time.billed  11.1%  10.0%" in ran.out


def test_a_match_exits_0(data: str, program: Program) -> None:
    path = Path(data) / "published_runs.csv"
    path.write_text(FIGURES.replace("3000,0.10", "3400,0.10"), encoding="utf-8")
    ran = program("validate", "--data", data)
    assert ran.code == 0
    assert "All within what is allowed." in ran.out


def test_what_cannot_be_predicted_is_a_line_and_exits_2(data: str, program: Program) -> None:
    path = Path(data) / "published_runs.yaml"
    path.write_text(RUNS.replace("h100-sxm", "h999"), encoding="utf-8")
    ran = program("validate", "--data", data)
    assert ran.code == 2
    assert "Not predicted" in ran.out
    assert "h999" in ran.out
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("arguments", [("--source", "nobody"), ("--accelerator", "abacus"), ("-f", "junit")])
def test_a_wrong_argument_exits_2_with_a_way_out(arguments: tuple[str, str], data: str, program: Program) -> None:
    ran = program("validate", "--data", data, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert arguments[1] in ran.err


def test_json_and_csv(data: str, program: Program) -> None:
    assert json.loads(program("validate", "--data", data, "-f", "json").out)["exit_code"] == 1
    rows = list(csv.DictReader(io.StringIO(program("validate", "--data", data, "-f", "csv").out)))
    assert len(rows) == 3


def test_the_shipped_memory_and_published_runs_hold(program: Program) -> None:
    for source, count in (("published", 23), ("simumax", 22)):
        ran = program("validate", "--source", source)
        assert ran.code == 0
        assert ran.out.startswith(f"{count} cases, {count} predicted")


def test_the_page_holds_the_tables_and_its_picture(data: str, tmp_path: Path, program: Program) -> None:
    target = tmp_path / "out" / "validation.md"
    target.parent.mkdir()
    assert program("validate", "--data", data, "--page", str(target)).code == 1
    text = target.read_text(encoding="utf-8")
    assert "(validation.svg)" in text
    assert "| 11.1% |" in text  # the one miss of the test above
    assert target.with_suffix(".svg").read_text(encoding="utf-8").startswith("<svg")
    # Every picture of the page is beside it. This data has training runs alone: no others are drawn.
    drawn = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert drawn == ["validation.svg", "validation-errors.svg"]
    assert sorted(file.name for file in target.parent.glob("*.svg")) == sorted(drawn)


@pytest.mark.parametrize("arguments", [("--page", "v.md", "--source", "hand"), ("--page", "v.html")])
def test_a_page_is_of_all_cases_and_markdown(arguments: tuple[str, ...], data: str, program: Program) -> None:
    ran = program("validate", "--data", data, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "CC101" in ran.err
