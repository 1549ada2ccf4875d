from __future__ import annotations

from collections import Counter

import pytest

from computecalc.catalog.lookup import Catalog
from computecalc.checks.validation.cases import data_folder
from computecalc.checks.validation.outcomes import outcomes
from computecalc.checks.validation.serving import OFFLINE, SERVED, serving_cases, serving_scenario
from computecalc.yamlio.nodes import plain

CASES = {case.id: case for case in serving_cases(data_folder())}

LINE = {
    "kind": "closed",
    "model": "deepseek-v3",
    "accelerator": "h200-sxm",
    "tensor": "1",
    "data": "8",
    "expert": "8",
    "precision": "fp8",
    "engine": "sglang",
    "input": "1024",
    "output": "8192",
    "concurrency": "64",
}


def test_a_line_becomes_what_its_source_states() -> None:
    scenario = serving_scenario(LINE)
    assert scenario["traffic"] == {"input": 1024, "output": 8192}
    assert scenario["serving"] == {
        "accelerator": "h200-sxm",
        "engine": "sglang",
        "precision": "fp8",
        "batch": 64,
        "tensor": 1,
        "data": 8,
        "expert": 8,
    }
    assert serving_scenario(LINE | {"kind": "offline"})["traffic"] == {"input": 1024, "output": 8192, "offline": True}


def test_every_figure_of_a_line_is_a_case_of_one_scenario() -> None:
    # 1561 + 2 + 12 closed loops with two latencies and the throughput that follows from them, 3 with their throughput
    # alone; 105 + 1 offline lines of replicas, 34 of whole systems.
    assert Counter(case.metric for case in CASES.values()) == {
        "latency.tpot": 1575,
        "latency.ttft": 1575,
        "throughput.replica": 1575 + 3 + 106,
        "throughput.per_accelerator": 34,
    }
    assert CASES["inferencex-0001 tpot"].raw is CASES["inferencex-0001 ttft"].raw
    # Printed: 7.237949 ms between tokens.
    assert CASES["inferencex-0001 tpot"].measured == 7.237949
    assert CASES["inferencex-0001 tpot"].unit == "ms"


def test_throughput_of_a_closed_loop_follows_from_its_latencies() -> None:
    # 4 requests of 1024 tokens in flight: 4 * 1024 / (0.061295773 + 1024 * 0.007237949) = 548.1 token/s.
    case = CASES["inferencex-0001 output_tokens_per_s"]
    assert case.measured == pytest.approx(548.1, rel=1e-4)
    assert case.subject == "throughput"


def test_systems_whose_layout_is_open_are_compared_by_accelerator() -> None:
    # Printed: 24524.9 token/s of 8 accelerators.
    case = CASES["mlperf41-0001 output_tokens_per_s"]
    assert case.measured == pytest.approx(24524.9 / 8)
    assert case.subject == OFFLINE
    scenario = plain(case.raw.node)
    assert isinstance(scenario, dict)
    assert scenario["serving"] == {"accelerator": "h100-sxm", "engine": "tensorrt-llm", "precision": "fp8"}


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("inferencex-0001 output_tokens_per_s", "throughput, MoE"),
        ("mlperf41-0001 output_tokens_per_s", "offline throughput, dense"),
        ("inferencex-0001 tpot", "time between tokens, MoE"),
        ("inferencex-0001 ttft", "time to first token, MoE"),
        ("trtllm-0001 output_tokens_per_s", "offline throughput, MoE"),
    ],
)
def test_cases_are_grouped_by_figure_and_experts(name: str, group: str) -> None:
    (found,) = outcomes([CASES[name]], Catalog.open())
    assert found.group == group
    assert found.basis == ""
    assert found.error is not None
    # Within a factor of two either way: a wrong unit would be out by a thousand.
    assert -0.5 < found.error < 1.0


def test_metrics_have_classes() -> None:
    assert {case.metric for case in CASES.values()} == set(SERVED)
