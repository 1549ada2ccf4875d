"""`computecalc optimize` of a service, as its users run it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran

Program = Callable[..., Ran]

SERVED = (
    *("optimize", "llama-3.1-8b", "--served", "--input", "1500", "--output", "400", "--rate", "50 request/s"),
    *("--price", "2 USD/accelerator/h"),
)
ON_H100 = (*SERVED, "--accelerator", "h100-sxm", "--precision", "fp8")
FILE = """\
version: 1
scenarios:
  chat:
    kind: infer
    model: llama-3.1-8b
    traffic: {input: 1500, output: 400, rate: 50 request/s}
    serving: {accelerator: h100-sxm, tensor: 2}
    targets: {tpot: 20 ms}
    money: {price: 2 USD/accelerator/h}
"""
TRAINED = """\
  plan:
    kind: train
    model: llama-3.1-8b
    data: {tokens: 1T tokens, sequence_length: 4096, global_batch: 128}
    cluster: {accelerator: h100-sxm, count: 16}
"""


def searches(ran: Ran) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ran.out)["searches"]
    return found


def values(runs: list[dict[str, Any]], metric: str) -> list[float]:
    return [run["outputs"][metric]["value"] for run in runs]


def test_the_cheapest_comes_first_and_says_why(program: Program) -> None:
    (search,) = searches(program(*ON_H100, "--top", "3", "--format", "json"))
    assert (search["by"], search["front"]["runs"]) == ("cost.per_request", [])
    costs = values(search["best"], "cost.per_request")
    assert costs == sorted(costs)
    assert len(costs) == 3
    assert all("cost.per_request" in run["reason"] for run in search["best"])
    assert search["held"]["precision"] == "fp8"


def test_accelerators_formats_and_targets(program: Program) -> None:
    flags = ("--accelerator", "h100-sxm,b200-hgx", "--precision", "fp8,bf16", "--tpot", "15 ms", "--by", "throughput")
    ran = program(*SERVED, *flags, "--pareto", "--top", "99", "--format", "json")
    (search,) = searches(ran)
    found = {(run["accelerator"], run["layout"]["precision"]) for run in search["best"]}
    assert found == {(name, form) for name in ("h100-sxm", "b200-hgx") for form in ("fp8", "bf16")}
    assert search["limits"] == ["latency.tpot <= 15.0 ms"]
    assert max(values(search["best"], "latency.tpot")) <= 0.015
    rates = values(search["front"]["runs"], "throughput.per_accelerator")
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == values(search["best"], "throughput.per_accelerator")[0]


def test_infer_comes_to_the_same_numbers(program: Program) -> None:
    (search,) = searches(program(*ON_H100, "--ttft", "2 s", "--tpot", "20 ms", "--top", "1", "--format", "json"))
    (best,) = search["best"]
    layout = best["layout"]
    flags = [part for key in ("tensor", "pipeline", "batch") for part in (f"--{key}", str(layout[key]))]
    alone = program("infer", ON_H100[1], *ON_H100[3:], *flags, "--format", "json")
    outputs = json.loads(alone.out)["scenarios"][0]["outputs"]
    for name, each in best["outputs"].items():
        assert outputs[name]["value"] == pytest.approx(each["value"], rel=1e-9), name


def test_a_file_of_both_kinds_is_searched_scenario_by_scenario(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "plans.yaml"
    path.write_text(FILE + TRAINED, encoding="utf-8")
    ran = program("optimize", str(path), "--quick", "--format", "json", "--by", "cost", "--top", "1")
    served, trained = searches(ran)
    assert ran.code == 0
    assert (served["kind"], served["by"], trained["kind"], trained["by"]) == (
        "infer",
        "cost.per_request",
        "train",
        "cost.total",
    )
    assert served["held"]["tensor"] == "2"
    text = program("optimize", str(path), "--quick", "--format", "plain").out
    assert "latency and load" in text
    assert "parts of the step" in text


def test_reports_are_written_beside_the_tokens_of_an_answer(program: Program, tmp_path: Path) -> None:
    ran = program(*ON_H100, "-o", f"csv={tmp_path / 'best.csv'}", "--format", "plain")
    assert ran.code == 0
    assert (tmp_path / "best.csv").read_text(encoding="utf-8").startswith("scenario,list,rank,accelerator,name")


@pytest.mark.parametrize(
    ("flags", "code", "told"),
    [
        (("--by", "speed"), "CC101", "--by cannot be 'speed' where a model is served"),
        (("--count", "16"), "CC101", "--count is no flag of infer"),
        (("--output", "300"), "CC101", "--output is given twice: 400 and 300"),
        (("--tpot", "0.1 ms"), "CC609", "the nearest has "),
        (("--limit", "latency.request <= 1 ms"), "CC609", "keeps `latency.request <= 1 ms`"),
        (("--precision", "fp8,"), "CC101", "--precision has an empty part"),
        (("--precision", "fp9"), "CC501", "there is no precision called `fp9`"),
        (("--tensor", "3"), "CC311", "tensor 3 does not divide"),
    ],
)
def test_what_cannot_be_answered_ends_in_a_message(
    program: Program, flags: tuple[str, ...], code: str, told: str
) -> None:
    ran = program(*ON_H100, *flags)
    assert ran.code == 2
    assert f"error {code}" in ran.err
    assert told in ran.err


def test_what_goes_with_training_or_a_model_alone(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "chat.yaml"
    path.write_text(FILE, encoding="utf-8")
    counted = program("optimize", str(path), "--count", "16")
    assert "error CC101: --count goes with training" in counted.err
    stated = program("optimize", str(path), "--rate", "3 request/s")
    assert "--set traffic.rate=3 request/s" in stated.err
    path.write_text(FILE + TRAINED, encoding="utf-8")
    mixed = program("optimize", str(path), "--precision", "fp8")
    assert "plan is trained" in mixed.err
    assert {counted.code, stated.code, mixed.code} == {2}


def test_an_unknown_price_leaves_out_and_is_told(program: Program) -> None:
    flags = ("--accelerator", "h100-sxm,mtia-400", "--format", "json", "--by", "cost")
    ran = program(*SERVED[:-2], *flags)
    (search,) = searches(ran)
    assert {run["accelerator"] for run in search["best"]} == {"h100-sxm"}
    assert "CC624" in ran.err
    (counted,) = searches(program(*SERVED[:-2], *flags[:-2]))
    assert counted["by"] == "accelerators"


def test_accelerators_for_prompts_must_have_room_for_one(program: Program, tmp_path: Path) -> None:
    """405B weights in 8 bits take 405 GB, and an H100 has 80; an eighth of them fits."""
    plan = tmp_path / "plan.yaml"
    text = FILE.replace("llama-3.1-8b", "llama-3.1-405b").replace("tensor: 2", "precision: fp8, prefill: {tensor: 1}")
    plan.write_text(text.replace("20 ms", "200 ms"), encoding="utf-8")
    ran = program("optimize", str(plan))
    assert ran.code == 2
    assert "7:63: error CC614: h100-sxm in fp8: no prompt has room in a group of its own" in ran.err
    plan.write_text(text.replace("20 ms", "200 ms").replace("tensor: 1", "tensor: 8"), encoding="utf-8")
    assert program("optimize", str(plan)).code == 0
    wider = ("--accelerator", "h100-sxm,mi355x")
    plan.write_text(text.replace("20 ms", "200 ms").replace("tensor: 1", "tensor: 2"), encoding="utf-8")
    ran = program("optimize", str(plan), *wider)
    assert ran.code == 0
    assert "note CC614: left out: h100-sxm in fp8: no prompt has room" in ran.err
