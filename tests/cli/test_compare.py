"""`compare`: variants and scenarios side by side, in every format, at the widths people have."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

Program = Callable[..., Ran]

PLAN = ("llama-3.1-405b", "--count", "16384", "--mfu", "0.4", "--goodput", "0.9", "--power", "700 W", "--pue", "1.1")
PRICED = (*PLAN, "--accelerator", "h100-sxm", "--over", "price=2 USD/accelerator/h,3 USD/accelerator/h")
HOSTILE = "=cmd()|[red]`<b>"
FILE = """\
version: 1
defaults:
  kind: train
  model: llama-3.1-405b
  cluster: {accelerator: h100-sxm, count: 16384}
  efficiency: {mfu: 0.4, goodput: 0.9}
scenarios:
  cheap: {money: {price: 2 USD/accelerator/h}}
  dear: {money: {price: 3 USD/accelerator/h}}
  "=cmd()|[red]`<b>": {money: {price: 5 USD/accelerator/h}}
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "s.yaml"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


def standing(ran: Ran, metric: str) -> dict[str, Any]:
    assert ran.code == 0, ran.err
    return next(each for each in json.loads(ran.out)["comparison"]["metrics"] if each["metric"] == metric)


def test_json_has_all_estimates_and_who_is_best(program: Program) -> None:
    ran = program("compare", *PRICED, "-f", "json")
    cost = standing(ran, "cost.total")
    names = ["2 USD/accelerator/h", "3 USD/accelerator/h"]
    assert [scenario["name"] for scenario in json.loads(ran.out)["scenarios"]] == names
    # Two thirds of the price.
    assert (cost["winners"], cost["second"], cost["certain"]) == ([names[0]], names[1], True)
    assert cost["margin"] == pytest.approx(1.0 / 3.0)
    assert cost["values"][names[1]]["value"] / cost["values"][names[0]]["value"] == pytest.approx(1.5)
    # The same run otherwise: nobody wins.
    assert standing(ran, "time.wall")["winners"] == []


def test_a_variant_is_the_scenario_with_that_flag(program: Program) -> None:
    ran = program("compare", *PLAN, "--over", "accelerator=h100-sxm,mtia-400", "-f", "json")
    for scenario in json.loads(ran.out)["scenarios"]:
        alone = json.loads(program("train", *PLAN, "--accelerator", scenario["name"], "-f", "json").out)["scenarios"][0]
        assert scenario["outputs"] == alone["outputs"]
        assert scenario["inputs"]["cluster.accelerator"]["source"]["flag"] == "--over accelerator"


@pytest.mark.parametrize(
    ("over", "names"),
    [
        (["accelerator=h100-sxm,mtia-400"], ["h100-sxm", "mtia-400"]),
        (["cluster.accelerator=h100-sxm,mtia-400"], ["h100-sxm", "mtia-400"]),
        (["accelerator=h100-sxm", "region=US-VA,FRA"], ["h100-sxm/US-VA", "h100-sxm/FRA"]),
        (
            ["accelerator=h100-sxm,mtia-400", "precision=bf16,fp8"],
            ["h100-sxm/bf16", "h100-sxm/fp8", "mtia-400/bf16", "mtia-400/fp8"],
        ),
        (["accelerator=h100-sxm", "site.pue=1.1,1.5"], ["h100-sxm/1.1", "h100-sxm/1.5"]),
        (["accelerator=h100-sxm", "model=llama-3.1-405b,llama-3.1-8b"], None),
    ],
)
def test_any_key_is_varied(program: Program, over: list[str], names: list[str] | None) -> None:
    ran = program("compare", *PLAN, *(part for each in over for part in ("--over", each)), "-f", "json")
    if names is None:  # the golden catalog has no second model: that variant fails, the other is printed
        assert ran.code == 2
        assert "error CC501" in ran.err
        return
    assert ran.code == 0, ran.err
    assert [scenario["name"] for scenario in json.loads(ran.out)["scenarios"]] == names


def test_services_are_compared_too(program: Program) -> None:
    flags = ("--served", "--input", "1500", "--output", "400", "--rate", "50 request/s", "--precision", "fp8")
    ran = program("compare", "llama-3.1-405b", *flags, "--over", "accelerator=h100-sxm,mtia-400", "-f", "json")
    assert standing(ran, "accelerators")["winners"] == ["mtia-400"]
    assert standing(ran, "latency.tpot")["better"] == "lower"


def test_scenarios_of_a_file_are_compared_all_or_chosen(program: Program, file: str) -> None:
    every = standing(program("compare", file, "-f", "json"), "cost.total")
    assert (list(every["values"]), every["winners"]) == (["cheap", "dear", HOSTILE], ["cheap"])
    two = standing(program("compare", file, "--scenario", "dear", "--scenario", HOSTILE, "-f", "json"), "cost.total")
    # 3 is 40 % less than 5.
    assert (two["winners"], two["margin"]) == (["dear"], pytest.approx(0.4))


def test_scenarios_of_a_file_are_varied_each(program: Program, file: str) -> None:
    ran = program("compare", file, "--scenario", "cheap", "--scenario", "dear", "--over", "pue=1.1,1.5", "-f", "json")
    names = [scenario["name"] for scenario in json.loads(ran.out)["scenarios"]]
    assert names == ["cheap/1.1", "cheap/1.5", "dear/1.1", "dear/1.5"]


def test_plain_text_names_the_best_and_by_how_much(program: Program) -> None:
    lines = program("compare", *PRICED).out.splitlines()
    assert lines[-1] == "cost.total: 2 USD/accelerator/h, 33.3% less than 3 USD/accelerator/h"
    assert lines[0].split()[0] == "metric"


def test_names_of_strangers_are_escaped(program: Program, file: str) -> None:
    rows = list(csv.DictReader(io.StringIO(program("compare", file, "-f", "csv").out)))
    assert {row["name"] for row in rows} == {"cheap", "dear", f"'{HOSTILE}"}
    cost = [row for row in rows if row["metric"] == "cost.total"]
    assert [row["wins"] for row in cost] == ["1", "0", "0"]
    assert cost[0]["second"] == "dear"
    assert "\\[red\\]" in program("compare", file, "-f", "md").out
    assert HOSTILE in program("compare", file, "-f", "table").out


def test_json_lines_are_one_metric_each(program: Program) -> None:
    rows = [json.loads(line) for line in program("compare", *PRICED, "-f", "jsonl").out.splitlines()]
    assert "cost.total" in [row["metric"] for row in rows]


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("count", [2, 3, 20])
def test_the_table_fits_however_many_there_are(
    program: Program, monkeypatch: pytest.MonkeyPatch, width: str, count: int
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    prices = ",".join(f"{1 + i / 10} USD/accelerator/h" for i in range(count))
    ran = program("compare", *PLAN, "--accelerator", "h100-sxm", "--over", f"price={prices}", "-f", "table")
    lines = ran.out.splitlines()
    assert max(map(len, lines)) <= int(width)
    assert "…" not in ran.out
    # The cheapest has the star, and only in what it costs.
    assert sum(line.count("*") for line in lines) == 1
    assert "Same for all" in ran.out
    assert " time.wall: " in ran.out


def test_numbers_of_one_metric_have_one_unit(program: Program) -> None:
    over = "price=0.001 USD/accelerator/h,0.1 USD/accelerator/h,9 USD/accelerator/h"
    ran = program("compare", *PLAN, "--accelerator", "h100-sxm", "--over", over, "--metric", "cost.total")
    header, row = (line.split() for line in ran.out.splitlines()[:2])
    assert (header[-1], row[0], row[-1]) == ("unit", "cost.total", "MUSD")
    numbers = [float(text.replace(",", "")) for text in row[1:-1]]
    assert numbers[1] / numbers[0] == pytest.approx(100.0, rel=1e-3)
    assert numbers[2] / numbers[1] == pytest.approx(90.0, rel=1e-3)


def test_metrics_are_chosen(program: Program) -> None:
    ran = program("compare", *PRICED, "--metric", "cost.total", "--metric", "time.wall", "-f", "json")
    assert [each["metric"] for each in json.loads(ran.out)["comparison"]["metrics"]] == ["cost.total", "time.wall"]
    every = program("compare", *PRICED, "--metric", "all", "-f", "json")
    assert every.code == 0
    assert len(json.loads(every.out)["comparison"]["metrics"]) > 25
    none = program("compare", *PRICED, "--metric", "latency.ttft", "--metric", "cost.total")
    assert none.code == 2
    assert "error CC658: no estimate knows latency.ttft" in none.err


def test_samples_and_overrides_hold_for_all(program: Program) -> None:
    ran = program("compare", *PRICED, "--uncertainty", "mc", "--override", "goodput=0.5", "-f", "json")
    for scenario in json.loads(ran.out)["scenarios"]:
        assert scenario["uncertainty"]["method"] == "mc"
        assert scenario["outputs"]["goodput"]["value"] == 0.5


def test_a_variant_that_fails_is_told_and_the_others_are_compared(program: Program) -> None:
    ran = program("compare", *PLAN, "--over", "accelerator=h100-sxm,mtia-400,b999", "-f", "json")
    assert ran.code == 2
    assert "error CC501" in ran.err
    found = json.loads(ran.out)
    assert [scenario["status"] for scenario in found["scenarios"]] == ["ok", "ok", "error"]
    assert found["summary"]["exit_code"] == 2
    assert list(found["comparison"]["metrics"][0]["values"]) == ["h100-sxm", "mtia-400"]


def test_what_several_say_alike_is_said_once(program: Program) -> None:
    ran = program("compare", *PRICED, "--sharding", "full")
    assert len(ran.err.splitlines()) == len(set(ran.err.splitlines()))
    assert program("compare", *PRICED, "--sharding", "full", "-q").err == ""


def test_a_report_goes_to_a_file(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "comparison.md"
    ran = program("compare", *PRICED, "-o", f"md={path}")
    assert ran.code == 0
    assert path.read_text(encoding="utf-8").startswith("| metric |")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((*PLAN, "--accelerator", "h100-sxm"), "CC660", "there is one thing to compare"),
        ((*PLAN, "--over", "accelerator=h100-sxm"), "CC660", "there is one thing to compare"),
        ((*PLAN, "--over", "accelerator=h100-sxm,h100-sxm"), "CC660", "compared with itself: h100-sxm"),
        (
            (*PLAN, "--over", f"pue={','.join(f'1.{i:04}' for i in range(1001))}"),
            "CC660",
            "1,001 variants are too many",
        ),
        ((*PLAN, "--over", "acelerator=a,b"), "CC101", "--over knows no key 'acelerator'"),
        ((*PLAN, "--over", "accelerator=a,,b"), "CC101", "--over accelerator has an empty value"),
        ((*PLAN, "--over", "accelerator"), "CC101", "--over wants a name"),
        ((*PLAN, "--over", "a..b=1,2"), "CC208", "is not a path"),
        ((*PRICED, "--metric", "cost.totl"), "CC102", "there is no metric 'cost.totl'"),
        ((*PRICED, "-f", "xml"), "CC101", "there is no format 'xml'"),
        (("nothing.yaml",), "CC103", "nothing.yaml"),
    ],
)
def test_bad_questions_end_with_2(program: Program, arguments: tuple[str, ...], code: str, message: str) -> None:
    ran = program("compare", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert f"error {code}" in ran.err
    assert message in ran.err


def test_flags_of_a_scenario_do_not_go_with_a_file(program: Program, file: str) -> None:
    ran = program("compare", file, "--count", "3")
    assert ran.code == 2
    assert "--count: flags of a scenario go with a model, not with a file" in ran.err
    wrong = program("compare", file, "--scenario", "chep")
    assert "did you mean cheap?" in wrong.err
