"""What moves a metric: `--tornado` and `explain --sensitivity`, and the derivation as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from computecalc.estimators.metrics import METRICS
from computecalc.estimators.results import MetricValue
from computecalc.estimators.swings import Swing
from computecalc.reports.tornado_table import bar
from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

Program = Callable[..., Ran]

RUN = (
    *("llama-3.1-405b", "--accelerator", "h100-sxm", "--count", "16384", "--mfu", "0.35..0.40..0.45", "--pue", "1.1"),
    *("--goodput", "0.9", "--power", "700 W", "--host-overhead", "1.3", "--grid-intensity", "100..400..600 gCO2e/kWh"),
    *("--price", "2..2.5..4 USD/accelerator/h"),
)
SERVED = (
    *("llama-3.1-405b", "--input", "1500", "--output", "400", "--rate", "50 request/s"),
    *("--accelerator", "h100-sxm", "--precision", "fp8"),
)


def swings(ran: Ran) -> list[dict[str, Any]]:
    (found,) = json.loads(ran.out)["scenarios"]
    return list(found["swings"])


def test_both_ends_of_every_input_widest_first(program: Program) -> None:
    found = json.loads(program("train", *RUN, "--tornado", "cost.total", "-f", "json").out)["scenarios"][0]
    mid = found["value"]
    # Price alone: 2 / 2.5 and 4 / 2.5; MFU alone: 0.40 / 0.35 and 0.40 / 0.45. The grid does not move a cost.
    assert [(s["input"], s["at_low"] / mid, s["at_high"] / mid) for s in found["swings"]] == [
        ("money.price", pytest.approx(0.8), pytest.approx(1.6)),
        ("efficiency.mfu", pytest.approx(0.40 / 0.35), pytest.approx(0.40 / 0.45)),
    ]
    # 2.5 USD/h in USD/s.
    price = found["swings"][0]["inputs"]["money.price"]
    assert price["unit"] == "USD/accelerator/s"
    assert price["value"] * 3600.0 == pytest.approx(2.5)


def test_explain_says_the_same(program: Program) -> None:
    by_train = program("train", *RUN, "--tornado", "carbon.operational", "-f", "json")
    by_explain = program("explain", "carbon.operational", *RUN, "--sensitivity", "-f", "json")
    assert by_train.out == by_explain.out
    assert [s["input"] for s in swings(by_train)] == ["site.grid_intensity", "efficiency.mfu"]


@pytest.mark.parametrize("form", ["plain", "md", "csv", "jsonl", "table", "html"])
def test_every_format_has_the_same_rows(program: Program, form: str) -> None:
    text = program("train", *RUN, "--tornado", "cost.total", "-f", form).out
    assert text.index("money.price") < text.index("efficiency.mfu")
    assert "site.grid_intensity" not in text
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [float(row["at_high"]) / float(row["value"]) for row in rows] == pytest.approx([1.6, 0.4 / 0.45])
    elif form == "html":
        assert "+60.0 %" in text
    elif form != "jsonl":
        assert "+60%" in text


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("command", [("train", *RUN), ("infer", *SERVED)])
def test_bars_fit_the_terminal(
    program: Program, monkeypatch: pytest.MonkeyPatch, width: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    text = program(*command, "--tornado", "carbon.operational", "-f", "table").out
    assert max(map(len, text.splitlines())) <= int(width)
    assert "…" not in text
    assert "│" in text


def test_a_bar_runs_from_the_low_end_over_the_middle_to_the_high_end() -> None:
    swings = (Swing("a", 0.0, 10.0), Swing("b", 7.0, 4.0))
    value = MetricValue("cost.total", "USD", 0.0, 5.0, 10.0, swings=swings)
    # Eleven characters for 0 to 10: the middle is the sixth.
    assert bar(value, swings[0], 11) == "░░░░░│█████"
    # Falling with its input: the high end lies left of the middle.
    assert bar(value, swings[1], 11) == "    █│░░"


def test_a_metric_that_nothing_moves_says_so(program: Program) -> None:
    ran = program("train", *RUN, "--tornado", "compute.model")
    assert ran.code == 0
    assert ran.out.splitlines()[1].endswith(" FLOP, and no range moves it")


def test_an_unknown_one_is_no_answer(program: Program) -> None:
    ran = program("train", *RUN, "--tornado", "latency.ttft")
    assert ran.code == 2
    assert "latency.ttft is unknown: a scenario of kind train has no latency.ttft" in ran.out
    assert "error CC658: llama-3.1-405b has no latency.ttft" in ran.err
    wrong = program("train", *RUN, "--tornado", "cost.totl")
    assert (wrong.code, wrong.out) == (2, "")
    assert "error CC102" in wrong.err
    assert "did you mean cost.total" in wrong.err


@pytest.mark.parametrize(("command", "served"), [(("train", *RUN), False), (("infer", *SERVED), True)])
def test_every_metric_is_explained_to_its_leaves(program: Program, command: tuple[str, ...], served: bool) -> None:
    (scenario,) = json.loads(program(*command, "-f", "json").out)["scenarios"]
    for name, value in scenario["outputs"].items():
        flags = ("--served",) if served else ()
        ran = program("explain", name, *command[1:], *flags, "-f", "json")
        assert ran.code == 0
        found = json.loads(ran.out)
        assert found["meaning"] == METRICS[name].meaning
        if value["value"] is None:
            assert found["reason"]
            continue
        assert found["value"]["value"] == value["value"]
        steps = []
        check(found["derivation"], found["references"], steps)
        text = program("explain", name, *command[1:], *flags, "--depth", "40").out
        assert "more below" not in text
        assert text.startswith(f"{name}: {METRICS[name].meaning}")


def check(node: dict[str, Any], references: dict[str, str], steps: list[int]) -> None:
    """Every step has a formula, a citation and a unit; every leaf a value and, as an input, where it came from."""
    if "formula" in node:
        assert node["body"]
        assert node["unit"]
        assert node["cite"]
        assert all(references[key] for key in node["cite"])
        steps.append(node["step"])
        for argument in node["arguments"].values():
            for each in argument if isinstance(argument, list) else [argument]:
                check(each, references, steps)
    elif "input" in node:
        source = node["source"]
        assert source["kind"] in ("scenario", "flag", "catalog", "prior", "default", "search", "override")
        if source["kind"] in ("catalog", "prior"):
            assert source["entry"]
            assert source["as_of"]
            assert source["certainty"]
        if source["kind"] == "flag":
            assert source["flag"]
    elif "step" in node:
        assert node["step"] in steps
    else:
        assert isinstance(node["value"], float)


def test_a_derivation_has_two_formats(program: Program) -> None:
    ran = program("explain", "cost.total", *RUN, "-f", "csv")
    assert ran.code == 2
    assert "a derivation has no format 'csv'" in ran.err
