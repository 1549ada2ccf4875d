"""Python, flags and files are one path to the same numbers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import computecalc as cc
from computecalc.api.arguments import ScenarioArguments, SearchArguments
from computecalc.scenario.flags import FLAGS, OVERRIDE, RECKONING_FLAGS, SERVING_FLAGS
from tests.cli.test_train import VALUES, scenario_file, without_sources
from tests.conftest import Ran

RUN: dict[str, Any] = {"tokens": "15T tokens", "accelerator": "h100-sxm", "count": 1024, "mfu": "0.35..0.40..0.45"}
RENT: dict[str, Any] = {"price": "2.50 USD/accelerator/h"}


def told(error: pytest.ExceptionInfo[cc.ComputecalcError]) -> list[tuple[str, str]]:
    return [(diagnostic.code, diagnostic.place) for diagnostic in error.value.diagnostics]


def keywords(values: dict[str, str]) -> dict[str, Any]:
    return {name.removeprefix("--").replace("-", "_"): value for name, value in values.items()}


@pytest.mark.usefixtures("golden_catalog")
def test_keywords_flags_a_file_and_a_mapping_give_equal_results(tmp_path: Path, program: Callable[..., Ran]) -> None:
    flags = [part for name, value in VALUES.items() for part in (name, value)]
    by_flags = json.loads(program("train", "llama-3.1-405b", *flags, "-f", "json", "-q").out)["scenarios"][0]
    file = scenario_file(tmp_path, VALUES)
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    ways = [
        cc.estimate("llama-3.1-405b", kind="train", **keywords(VALUES)),
        cc.estimate(file),
        cc.estimate(str(file), name="llama-3.1-405b"),
        cc.estimate(given),
        cc.estimate(given["scenarios"]["llama-3.1-405b"]),
    ]
    for found in ways:
        (scenario,) = found.to_dict()["scenarios"]
        assert without_sources(dict(scenario)) == without_sources(by_flags)
        assert json.loads(found.to_json())["scenarios"][0]["outputs"] == by_flags["outputs"]


def test_a_service_by_keywords_is_the_one_by_flags(program: Callable[..., Ran]) -> None:
    flags = ("--input", "1500", "--output", "400", "--rate", "50 request/s", "--accelerator", "h100-sxm")
    ran = program("infer", "llama-3.1-8b", *flags, "--precision", "fp8", "-f", "json", "-q")
    by_flags = json.loads(ran.out)["scenarios"][0]
    found = cc.estimate(
        "llama-3.1-8b", input=1500, output=400, rate="50 request/s", accelerator="h100-sxm", precision="fp8"
    )
    assert found.kind == "infer"
    assert without_sources(dict(found.to_dict()["scenarios"][0])) == without_sources(by_flags)


def test_numbers_are_what_their_texts_are() -> None:
    texts = cc.estimate("llama-3.1-8b", **RUN | {"count": "1024", "mfu": "0.4", "pue": "1.1"})
    numbers = cc.estimate("llama-3.1-8b", **RUN | {"count": np.int64(1024), "mfu": np.float64(0.4), "pue": 1.1})
    assert dict(texts) == dict(numbers)


def test_every_flag_is_a_keyword() -> None:
    flags = [*FLAGS, *SERVING_FLAGS, *(flag for flag in RECKONING_FLAGS if flag is not OVERRIDE)]
    names = {flag.parameter for flag in flags}
    assert set(ScenarioArguments.__annotations__) == names
    assert set(SearchArguments.__annotations__) == names


def test_the_rent_is_price_times_billed_time() -> None:
    found = cc.estimate("llama-3.1-8b", **RUN, **RENT)
    hours = found["accelerator_time.billed"].to("accelerator*h").mid
    assert hours is not None
    # 2.50 USD for each accelerator and hour, and no other cost is stated.
    assert found["cost.total"].mid == pytest.approx(2.5 * hours)
    assert found["cost.total"].to("kUSD").mid == pytest.approx(2.5e-3 * hours)
    assert found["cost.total"].unit == "USD"
    assert found["cost.total"].driver == "efficiency.mfu"
    assert found["cost.total"].formula == "total_cost@1"


def test_inputs_say_where_they_came_from() -> None:
    found = cc.estimate("llama-3.1-8b", **RUN, settings={"site.pue": 1.2})
    mfu, pue, peak = found.inputs["efficiency.mfu"], found.inputs["site.pue"], found.inputs["cluster.peak"]
    assert (mfu.low, mfu.mid, mfu.high, mfu.kind, mfu.source) == (0.35, 0.40, 0.45, "flag", "mfu")
    assert (pue.mid, pue.kind, pue.source) == (1.2, "flag", "settings site.pue")
    assert (peak.kind, peak.unit) == ("catalog", "FLOP/s")
    assert peak.as_of
    assert found.inputs["cluster.precision"].text == "bf16"


def test_an_override_takes_the_place_of_a_metric() -> None:
    found = cc.estimate("llama-3.1-8b", **RUN, overrides={"goodput": 0.9})
    assert found["goodput"].mid == 0.9
    assert found.inputs["overrides.goodput"].kind == "override"


def test_samples_have_percentiles() -> None:
    found = cc.estimate("llama-3.1-8b", **RUN, uncertainty="mc", samples=200, seed=7)
    shares = found["time.wall"].percentiles
    assert shares is not None
    assert shares[0] < shares[1] < shares[2]
    days = found["time.wall"].to("d").percentiles
    assert days is not None
    assert days[1] == pytest.approx(shares[1] / 86400)


def test_what_is_unknown_has_a_reason_and_is_no_number() -> None:
    found = cc.estimate("llama-3.1-8b", **RUN)
    latency = found["latency.ttft"]
    assert not latency.is_known
    assert "latency.ttft" not in found
    assert "a scenario of kind train has no latency.ttft" in latency.reason
    with pytest.raises(cc.ComputecalcError) as error:
        float(latency)
    assert told(error) == [("CC782", "")]


def test_every_problem_is_told_at_once_with_the_name_of_the_argument() -> None:
    with pytest.raises(cc.ComputecalcError) as error:
        cc.estimate("llama-3.1-8b", **RUN | {"accelerator": "h100-smx", "mfu": 40})
    assert told(error) == [("CC501", "accelerator"), ("CC405", "mfu")]
    assert "did you mean h100-sxm" in "\n".join(error.value.__notes__)


def test_a_mapping_is_told_by_its_paths() -> None:
    scenario = {"kind": "train", "model": "llama-3.1-8b", "cluster": {"acelerator": "h100-sxm", "count": 8}}
    with pytest.raises(cc.ComputecalcError) as error:
        cc.estimate(scenario)
    assert ("CC301", "cluster.acelerator") in told(error)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: cc.estimate("llama-3.1-8b", accelerator="h100-sxm"), "CC781"),
        (lambda: cc.estimate("llama-3.1-8b", count=8, rate="1 request/s"), "CC781"),
        (lambda: cc.estimate("llama-3.1-8b", kind="infer", count=8), "CC781"),
        (lambda: cc.estimate("llama-3.1-8b", kind="campus", count=8), "CC781"),
        (lambda: cc.estimate({"kind": "train"}, count=8), "CC781"),
        (lambda: cc.estimate("-"), "CC781"),
        (lambda: cc.estimate("llama-3.1-8b", tokens=""), "CC101"),
        (lambda: cc.estimate("llama-3.1-8b", count={8}), "CC780"),  # type: ignore[arg-type]
        (lambda: cc.estimate("llama-3.1-8b", count=float("nan")), "CC780"),
        (lambda: cc.estimate("llama-3.1-8b", count=float("inf")), "CC780"),
        (lambda: cc.estimate("llama-3.1-8b", count=10**5000), "CC780"),
        (lambda: cc.estimate({"kind": "train", 5: 1}), "CC780"),
        (lambda: cc.estimate("no-such.yaml"), "CC103"),
        (lambda: cc.estimate("llama-3.1-8b", **RUN)["cost.totl"], "CC102"),
        (lambda: cc.estimate("llama-3.1-8b", **RUN)["time.wall"].to("USD"), "CC404"),
        (lambda: cc.estimate("llama-3.1-8b", **RUN)["time.wall"].to("fortnights"), "CC403"),
        (lambda: cc.estimate("llama-3.1-8b", **RUN).report("pdf"), "CC101"),
    ],
)
def test_a_call_that_has_no_answer_says_why(call: Callable[[], object], code: str) -> None:
    with pytest.raises(cc.ComputecalcError) as error:
        call()
    assert error.value.diagnostics[0].code == code


def test_a_nested_mapping_has_an_end() -> None:
    scenario: dict[str, Any] = {"kind": "train"}
    scenario["model"] = scenario
    with pytest.raises(cc.ComputecalcError) as error:
        cc.estimate(scenario)
    assert told(error)[0][0] == "CC780"


def test_a_keyword_that_is_none_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="no keyword 'tokns': did you mean tokens"):
        cc.estimate("llama-3.1-8b", tokns=1)  # type: ignore[call-arg]


def test_a_metric_that_is_none_is_a_key_error_too() -> None:
    found = cc.estimate("llama-3.1-8b", **RUN)
    with pytest.raises(KeyError):
        found["cost.totl"]
    assert found.get("cost.totl") is None


MANY = {
    "version": 1,
    "defaults": {"kind": "train", "model": "llama-3.1-8b", "data": {"tokens": "1T tokens"}, "efficiency": {"mfu": 0.4}},
    "scenarios": {
        "small": {"cluster": {"accelerator": "h100-sxm", "count": 64}},
        "sizes": {"cluster": {"accelerator": "h100-sxm"}, "matrix": {"cluster.count": [128, 256]}},
    },
}


def test_a_file_of_several_needs_a_name_or_all() -> None:
    with pytest.raises(cc.ComputecalcError) as error:
        cc.estimate(MANY)
    assert told(error)[0][0] == "CC781"
    assert "'small', 'sizes/128', 'sizes/256'" in str(error.value)
    assert cc.estimate(MANY, name="sizes/256")["accelerators"].mid == 256
    found = cc.estimate_all(MANY)
    assert found.names == ("small", "sizes/128", "sizes/256")
    assert [each["accelerators"].mid for each in found] == [64, 128, 256]
    assert found["small"]["compute.model"].mid == found[1]["compute.model"].mid
    with pytest.raises(cc.ComputecalcError, match="there is no scenario 'smal'"):
        found["smal"]


def test_one_that_fails_fails_all_unless_it_is_to_be_kept() -> None:
    broken = {**MANY, "scenarios": {**MANY["scenarios"], "bad": {"cluster": {"accelerator": "h100-smx", "count": 8}}}}  # type: ignore[dict-item]
    with pytest.raises(cc.ComputecalcError, match="h100-smx"):
        cc.estimate_all(broken)
    found = cc.estimate_all(broken, keep_failures=True)
    assert len(found) == 3
    assert [diagnostic.code for diagnostic in found.failures["bad"]] == ["CC501"]
    assert found.to_dict()["summary"] == {"passed": 0, "risk": 0, "failed": 0, "errors": 1, "exit_code": 2}
    with pytest.raises(cc.ComputecalcError, match="h100-smx"):
        found["bad"]


def test_a_frame_has_a_row_a_metric() -> None:
    found = cc.estimate_all(MANY)
    frame = found.to_frame()
    assert list(frame.columns[:6]) == ["scenario", "kind", "metric", "low", "value", "high"]
    assert len(frame) == sum(len(each) for each in found)
    small = frame[(frame.scenario == "small") & (frame.metric == "accelerators")]
    assert small.value.tolist() == [64.0]


def test_a_folder_of_figures_lies_over_ours(custom_folder: Path) -> None:
    run = RUN | {"accelerator": "own-chip"}
    with pytest.raises(cc.ComputecalcError, match="own-chip"):
        cc.estimate("llama-3.1-8b", **run)
    assert cc.estimate("llama-3.1-8b", **run, catalog=custom_folder).inputs["cluster.peak"].kind == "catalog"
    assert cc.estimate("llama-3.1-8b", **run, catalog=[custom_folder])["accelerators"].mid == 1024


@pytest.fixture
def custom_folder() -> Path:
    return Path(__file__).resolve().parents[2] / "examples" / "custom-catalog"


def test_a_frame_without_pandas_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(cc.ComputecalcError) as error:
        cc.estimate("llama-3.1-8b", **RUN).to_frame()
    assert [(each.code, each.hint.partition(";")[0]) for each in error.value.diagnostics] == [
        ("CC783", "pip install pandas")
    ]
