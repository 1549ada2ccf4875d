"""`computecalc sweep` as its users run it: answers, formats, and what it says of wrong plans."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.parquet as pq
import pytest

from computecalc.cli.main import main
from computecalc.sweeps import extras
from tests.conftest import Ran
from tests.sweeps.plans import DENSE, SERVED, SMALL, STATED

ROOT = Path(__file__).resolve().parents[2]

Program = Callable[..., Ran]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to work in, with the small plan in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def test_the_example_with_a_matrix_is_swept(program: Program, here: Path) -> None:
    run = program("sweep", str(ROOT / "examples/sweep.yaml"), "--to", "out", "-q", "-f", "json")
    summary = json.loads(run.out)["sweep"]
    # 3 accelerators x 6 counts x 2 x 2 x 3 x 2; 12,288 / (8 x 8 or 16) = 192 or 96 ranks, of which 2048 is no multiple.
    assert summary["cases"] == 3 * 6 * 2 * 2 * 3 * 2
    assert summary["failed"] == 3 * 2 * 2 * 3 * 2
    assert run.code == 0
    table = pq.read_table(here / "out" / "part-000000.parquet").to_pylist()
    assert {row["cluster.count"] for row in table if row["status"] != "ok"} == {12288.0}
    assert {row["status"] for row in table} == {"ok", "CC311"}


def test_the_example_that_is_drawn_is_swept(program: Program, here: Path) -> None:
    arguments = ("sweep", str(ROOT / "examples/design-space.yaml"), "--to", "out", "-f", "json")
    run = program(*arguments, "--top", "2", "--by", "-tokens")
    found = json.loads(run.out)
    assert run.code == 0
    assert run.err == ""
    assert found["sweep"]["cases"] == 4 * 16384
    # The largest of 16,384 even samples of the logarithm lies within 1/16,384 of the end: 20e12 x 4^(-1/16,384).
    assert all(20e12 * 4.0 ** (-1.0 / 16384) < row["tokens"] < 20e12 for row in found["rows"])


def test_other_commands_say_who_takes_samples(program: Program, here: Path) -> None:
    for command in ("run", "check", "optimize"):
        more = ("--check", "cost.total <= 1 MUSD") if command == "check" else ()
        run = program(command, str(ROOT / "examples/design-space.yaml"), *more)
        assert run.code == 2
        assert "CC750" in run.err
        assert "computecalc sweep" in run.err


def test_formats_of_an_answer(program: Program, here: Path) -> None:
    arguments = ("sweep", "plan.yaml", "--to", "out", "-q", "--top", "3", "--by", "cost.total")
    found = json.loads(program(*arguments, "-f", "json", "-o", "md=best.md", "-o", "csv=best.csv").out)
    units = {column["name"]: column["unit"] for column in found["columns"]}
    assert units == {
        "case": "1",
        "cluster.accelerator": None,
        "cluster.count": "accelerator",
        "data.tokens": "token",
        "efficiency.mfu": "1",
        "cost.total": "USD",
    }
    rows = [json.loads(line) for line in program(*arguments, "-f", "jsonl").out.splitlines()]
    assert rows == found["rows"]
    cells = list(csv.DictReader(io.StringIO((here / "best.csv").read_text(encoding="utf-8"))))
    costs = [cell for cell in cells if cell["name"] == "cost.total"]
    assert [(int(cell["case"]), float(cell["value"]), cell["unit"]) for cell in costs] == [
        (row["case"], row["cost.total"], "USD") for row in rows
    ]
    assert "3 cases with the least cost.total" in (here / "best.md").read_text(encoding="utf-8")
    for shown in ("plain", "table"):
        text = program(*arguments, "-f", shown, "--unit", "cost.total=kUSD", "--digits", "3").out
        assert "kUSD" in text
        assert str(rows[0]["case"]) in text


def test_where_and_pareto(program: Program, here: Path) -> None:
    arguments = ("sweep", "plan.yaml", "--to", "out", "-q", "-f", "json", "--metrics", "cost.total,time.*,tokens")
    found = json.loads(program(*arguments, "--where", "time.wall <= 60 d", "--pareto", "time.wall,-tokens").out)
    assert found["sweep"]["failed"] == 1000
    assert found["sweep"]["left out"] + found["sweep"]["rows"] == 3000
    assert found["sweep"]["rows"] > 0
    walls = [row["time.wall"] for row in found["rows"]]
    assert max(walls) <= 60 * 86400.0
    assert walls == sorted(walls)
    tokens = [row["tokens"] for row in found["rows"]]
    assert tokens == sorted(tokens)
    written = pq.read_schema(here / "out" / "part-000000.parquet").names
    assert written == ["case", "cluster.accelerator", "cluster.count", "data.tokens", "efficiency.mfu", "status",
                       "reason", "tokens", "time.wall", "cost.total"]  # fmt: skip


def test_a_warning_counts_what_failed(program: Program, here: Path) -> None:
    run = program("sweep", "plan.yaml", "--to", "out")
    assert run.code == 0
    assert "CC764" in run.err
    assert "1,000 of 4,000 cases" in run.err


def test_standard_input_and_settings(program: Program, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SMALL.encode())))
    run = program(
        "sweep",
        "-",
        "--to",
        "out",
        "-q",
        "-f",
        "json",
        "--set",
        "efficiency.goodput=0.5",
        "--top",
        "1",
        "--by",
        "goodput",
    )
    assert json.loads(run.out)["rows"][0]["goodput"] == 0.5


def test_documented_lines_read_a_sweep(program: Program, here: Path) -> None:
    text = (ROOT / "docs/sweeps.md").read_text(encoding="utf-8")
    block = next(each for each in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "duckdb" in each)
    program("sweep", str(ROOT / "examples/design-space.yaml"), "--to", "space", "-q", "--partition-rows", "20000")
    from glob import glob

    names = {"duckdb": duckdb, "polars": polars, "pandas": pandas, "glob": glob}
    first, second, third = (eval(line, names) for line in block.splitlines())
    least = float(third)
    assert first.fetchall() == [(least,)]
    assert second.item() == least
    assert least == min(
        value
        for path in sorted((here / "space").glob("*.parquet"))
        for value in pq.read_table(path, columns=["cost.total"])["cost.total"].to_pylist()
    )


TWO = SMALL + DENSE.removeprefix("version: 1\nscenarios:\n")

WRONG = {
    "nothing varies": (STATED, (), "CC751"),
    "too many cases": (SMALL.replace("cases: 500", "cases: 99000000"), (), "CC751"),
    "everything is excluded": (
        STATED + "    matrix: {cluster.count: [8]}\n    exclude: [{cluster.count: 8}]\n",
        (),
        "CC751",
    ),
    "a count drawn from a range under a layout": (
        DENSE + "    sample: {cases: 10, axes: {cluster.count: {from: 256, to: 4096}}}\n",
        (),
        "CC752",
    ),
    "a text drawn from a range": (DENSE + "    sample: {cases: 10, axes: {site.region: US-VA..FRA}}\n", (), "CC501"),
    "a batch that is searched along a range": (
        SERVED.replace("batch: 32}", "}\n    targets: {tpot: 30 ms}")
        + "    sample: {cases: 10, axes: {traffic.input: {from: 100 token/request, to: 9000 token/request}}}\n",
        (),
        "CC752",
    ),
    "one value for a range": (DENSE + "    sample: {cases: 10, axes: {site.pue: '1.1'}}\n", (), "CC752"),
    "a range that reaches beyond what can be": (
        DENSE + "    sample: {cases: 10, axes: {site.pue: 0.5..1.1..2}}\n",
        (),
        "CC405",
    ),
    "a logarithm of nothing": (
        DENSE + "    sample: {cases: 10, axes: {site.grid_intensity: {from: 0 gCO2e/kWh, to: 9 gCO2e/kWh, "
        "spacing: log}}}\n",
        (),
        "CC405",
    ),
    "too many combinations that must suit each other": (
        DENSE + "    matrix: {cluster.count: {from: 32, to: 6400, points: 200}, data.global_batch: "
        "{from: 64, to: 12800, points: 200}}\n",
        (),
        "CC753",
    ),
    "several scenarios": (TWO.replace("  dense:", "  dense:\n    matrix: {site.pue: [1, 2]}", 1), (), "CC757"),
    "a scenario that there is none of": (SMALL, ("--scenario", "statde"), "CC757"),
    "a metric that there is none of": (SMALL, ("--metrics", "cost.totl"), "CC102"),
    "a metric that no case has": (SMALL, ("--metrics", "latency.ttft"), "CC759"),
    "a pattern that matches nothing": (SMALL, ("--metrics", "latency.*"), "CC759"),
    "a limit on a metric that no case has": (SMALL, ("--where", "latency.ttft <= 1 s"), "CC759"),
    "a setting over an axis": (SMALL, ("--set", "cluster.count=8"), "CC760"),
    "no check": (SMALL, ("--where", "cost.total"), "CC408"),
    "a change": (SMALL, ("--where", "change(cost.total) <= 5 %"), "CC101"),
    "an end of a range": (SMALL, ("--where", "cost.total <= 5 MUSD @high"), "CC101"),
    "top without by": (SMALL, ("--top", "3"), "CC101"),
    "two questions": (SMALL, ("--top", "3", "--by", "tokens", "--pareto", "tokens,cost.total"), "CC101"),
    "a front of one": (SMALL, ("--pareto", "cost.total"), "CC101"),
    "top by what is not written": (SMALL, ("--metrics", "tokens", "--top", "3", "--by", "cost.total"), "CC759"),
    "an engine that there is none of": (SMALL, ("--engine", "spark"), "CC101"),
    "workers without dask": (SMALL, ("--workers", "2"), "CC101"),
    "a format that there is none of": (SMALL, ("--format", "parquet"), "CC101"),
    "too many files": (SMALL.replace("cases: 500", "cases: 9000000"), ("--partition-rows", "1"), "CC101"),
    "drawn and listed": (SMALL.replace("data.tokens: {from", "cluster.count: {from"), (), "CC304"),
    "a sample of another form": (DENSE + "    sample: {cases: 10}\n", (), "CC302"),
    "a method that there is none of": (SMALL.replace("seed: 3", "method: sobl"), (), "CC306"),
    "a scenario that nothing of can be resolved": (
        STATED.replace("512", "0") + "    matrix: {site.pue: [1, 2]}\n",
        (),
        "CC405",
    ),
    "a key that there is none of": (STATED + "    matrix: {site.peu: [1, 2]}\n", (), "CC301"),
    "an exclusion of no point": (
        STATED + "    matrix: {site.pue: [1, 2]}\n    exclude: [{site.pue: 3}]\n",
        (),
        "CC313",
    ),
    "an exclusion without a matrix": (
        STATED + "    exclude: [{site.pue: 3}]\n    sample: {cases: 2, axes: {site.pue: 1..2}}\n",
        (),
        "CC301",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_once_and_nothing_is_written(name: str, program: Program, here: Path) -> None:
    text, arguments, code = WRONG[name]
    (here / "plan.yaml").write_text(text, encoding="utf-8")
    run = program("sweep", "plan.yaml", "--to", "out", *arguments)
    assert run.code == 2
    assert run.out == ""
    assert f"error {code}" in run.err
    assert "hint:" in run.err or not code.startswith("CC75")
    assert "CC900" not in run.err
    if name not in ("top by what is not written", "a front of one"):
        assert not (here / "out").exists()


def test_what_is_not_installed_is_told(program: Program, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for missing, more in (("pyarrow", ()), ("scipy", ()), ("distributed", ("--engine", "dask"))):
        monkeypatch.setattr(extras, "find_spec", lambda name, missing=missing: None if name == missing else object())
        run = program("sweep", "plan.yaml", "--to", f"out-{missing}", *more)
        assert run.code == 2
        assert "CC758" in run.err
        assert "pip install" in run.err


def test_hostile_names_stay_texts(program: Program, here: Path) -> None:
    name = "[red]=1+1|<b>\x1b[31m"
    text = STATED.replace("  stated:", f"  {json.dumps(name)}:") + "    matrix: {site.region: [US-VA, FRA]}\n"
    (here / "plan.yaml").write_text(text, encoding="utf-8")
    for shown in ("table", "plain", "md", "csv", "json"):
        run = program("sweep", "plan.yaml", "--to", "out", "-f", shown, "--top", "1", "--by", "cost.total")
        assert run.code == 0
        assert "\x1b" not in run.out


def test_help_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["sweep", "--help"])
    assert stop.value.code == 0
    assert "--partition-rows" in capsys.readouterr().out
