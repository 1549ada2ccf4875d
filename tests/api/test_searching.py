"""Searches from Python find what the command finds."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

import computecalc as cc
from tests.conftest import Ran

ROOT_FLAGS = (
    "--accelerator",
    "h100-sxm",
    "--global-batch",
    "512",
    "--tokens",
    "1T tokens",
    "--price",
    "2 USD/accelerator/h",
)


def test_a_search_is_the_one_of_the_command(program: Callable[..., Ran]) -> None:
    limit = "memory.per_accelerator <= 70 GB"
    ran = program(
        "optimize", "llama-3.1-8b", *ROOT_FLAGS, "--count", "64,128", "--by", "cost", "--limit", limit, "--pareto",
        "--top", "3", "-f", "json", "-q",
    )  # fmt: skip
    expected = json.loads(ran.out)["searches"][0]
    found = cc.optimize(
        "llama-3.1-8b",
        accelerator=["h100-sxm"],
        count=[64, 128],
        global_batch=512,
        tokens="1T tokens",
        price="2 USD/accelerator/h",
        by="cost",
        limits=limit,
        pareto=True,
        top=3,
    )
    assert found.to_dict()["searches"][0] | {"source": ""} == expected | {"source": ""}
    assert (found.by, found.limits, len(found)) == ("cost.total", (limit,), 3)
    assert [dict(option.layout) for option in found] == [each["layout"] for each in expected["best"]]
    best = expected["best"][0]
    assert found[0]["cost.total"].mid == best["outputs"]["cost.total"]["value"]
    assert found[0].reason == best["reason"]
    assert found[0]["cost.total"].low is None
    costs = [option["cost.total"].mid for option in found]
    assert costs == sorted(costs, key=lambda each: each or 0.0)
    assert len(found.front) == len(expected["front"]["runs"])
    assert found.considered == expected["considered"]


def test_a_service_of_a_mapping_is_searched_over_formats() -> None:
    service = {
        "kind": "infer",
        "model": "llama-3.1-8b",
        "traffic": {"input": "1500 token/request", "output": "400 token/request", "rate": "50 request/s"},
        "serving": {"accelerator": "h100-sxm"},
        "money": {"price": "2.50 USD/accelerator/h"},
        "targets": {"tpot": "50 ms"},
    }
    found = cc.optimize(service, precision=["fp8", "bf16"], top=4)
    assert found.by == "cost.per_request"
    assert {option.layout["precision"] for option in found} <= {"fp8", "bf16"}
    assert all((option["latency.tpot"].to("ms").mid or 99.0) <= 50.0 for option in found)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: cc.optimize("llama-3.1-8b", count=64, global_batch=512, accelerator=[]), "CC101"),
        (lambda: cc.optimize("llama-3.1-8b", count=64, accelerator="h100-sxm", top=0), "CC101"),
        (lambda: cc.optimize("llama-3.1-8b", count=64, accelerator="h100-sxm", by="speed"), "CC101"),
        (lambda: cc.optimize("llama-3.1-8b", count=64, accelerator="h100-sxm", limits="time <= 3 d"), "CC102"),
        (lambda: cc.optimize("llama-3.1-8b", count=64, accelerator="h100-smx", global_batch=512), "CC501"),
        (lambda: cc.optimize({"kind": "train"}, tokens="1T tokens"), "CC781"),
    ],
)
def test_a_search_that_has_no_answer_says_why(call: Callable[[], object], code: str) -> None:
    with pytest.raises(cc.ComputecalcError) as error:
        call()
    assert error.value.diagnostics[0].code == code
