"""Predictions corrected by own measurements, against derivations by hand on the golden catalog."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.errors import Diagnostic
from computecalc.estimators.inference.calibrating import left_range
from computecalc.estimators.inference.resolved import service_metrics
from computecalc.estimators.inputs import Resolved
from computecalc.units.ranges import Range

Served = Callable[..., Resolved]
Denied = Callable[..., tuple[Diagnostic, ...]]

HEADER = "tensor,input,output,concurrency,tpot [ms],ttft [ms]"
SERVING = "{accelerator: h100-sxm, tensor: 8, precision: fp8, engine: vllm, batch: 32"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Write a table beside the scenario, which the fixtures call s.yaml in the present folder."""
    monkeypatch.chdir(tmp_path)

    def write(*lines: str, header: str = HEADER) -> str:
        (tmp_path / "own.csv").write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return f"{SERVING}, calibration: own.csv}}"

    return write


def latencies(resolved: Resolved) -> tuple[float, float]:
    """Time between tokens and to the first, in ms."""
    found = service_metrics(resolved, lambda given: given.range.mid)
    return float(found["latency.tpot"]) * 1e3, float(found["latency.ttft"]) * 1e3


def test_rows_of_the_kind_correct_the_prediction(served: Served, table: Callable[..., str]) -> None:
    tpot, ttft = latencies(served())
    line = f"8,1500,400,32,{tpot * 1.5},{ttft * 0.5}"
    found = served(serving=table(line, line, line, line))
    residual = found.inputs["serving.residual"]
    # Four rows count 4 / 4.3: 1.5 ** 0.93023 = 1.45815.
    assert residual.range.mid == pytest.approx(1.5 ** (4 / 4.3))
    assert latencies(found)[0] == pytest.approx(tpot * 1.45815, rel=1e-4)
    assert found.inputs["serving.first_token_residual"].range.mid == pytest.approx(0.5 ** (4 / 4.3))
    # The range is what four rows leave of 0.80..1.25 with 0.90..1.10 within a kind; both are in the golden catalog.
    left = left_range(Range(0.8, 1.0, 1.25), Range(0.9, 1.0, 1.1), 4)
    assert residual.range.low == pytest.approx(residual.range.mid * left.low)
    assert residual.range.high == pytest.approx(residual.range.mid * left.high)
    assert residual.range.high / residual.range.low < 1.25 / 0.8


def test_the_origin_names_file_rows_and_errors(served: Served, table: Callable[..., str]) -> None:
    tpot, _ = latencies(served())
    found = served(serving=table(f"8,1500,400,32,{tpot * 1.25},"))
    origin = found.inputs["serving.residual"].origin
    # Predicted 1 / 1.25 of the measured: 20 % off. One row counts 1 / 1.3: 1.25 ** (1 / 1.3) / 1.25 = 0.9498.
    assert origin.text == "own.csv: 1 row, mean error 20.0% before and 5.0% after"
    assert origin.kind == "scenario"
    (note,) = [each for each in found.diagnostics if each.code == "CC620"]
    assert note.severity == "note"
    assert "calibrated on 1 of 1 rows of own.csv: time between tokens x 1.19" in note.message
    # What was not measured is as it was.
    assert found.inputs["serving.first_token_residual"].origin.kind == "prior"


def test_a_throughput_corrects_the_time_between_tokens(served: Served, table: Callable[..., str]) -> None:
    rate = float(service_metrics(served(), lambda given: given.range.mid)["throughput.replica"])
    text = table(f"8,1500,400,32,{rate / 2}", header="tensor,input,output,concurrency,throughput [token/s]")
    # Half the throughput is twice the time; one row counts 1 / 1.3.
    assert served(serving=text).inputs["serving.residual"].range.mid == pytest.approx(2.0 ** (1 / 1.3))


def test_a_factor_that_is_too_large_is_a_warning(served: Served, table: Callable[..., str]) -> None:
    tpot, _ = latencies(served())
    severities = []
    # One row counts 1 / 1.3: a factor of 2 is left of 2 ** 1.3 = 2.462.
    for factor in (2.4, 2.5, 1 / 2.4, 1 / 2.5):
        found = served(serving=table(f"8,1500,400,32,{tpot * factor},"))
        severities += [each.severity for each in found.diagnostics if each.code == "CC620"]
    assert severities == ["note", "warning", "note", "warning"]


def test_rows_of_the_kind_come_before_others(served: Served, table: Callable[..., str]) -> None:
    tpot, _ = latencies(served())
    header = "engine,tensor,input,output,concurrency,tpot [ms]"
    text = table(f"vllm,8,1500,400,32,{tpot * 1.2}", f"sglang,8,1500,400,32,{tpot * 9}", header=header)
    found = served(serving=text)
    assert found.inputs["serving.residual"].range.mid == pytest.approx(1.2 ** (1 / 1.3))
    (note,) = [each for each in found.diagnostics if each.code == "CC620"]
    assert "calibrated on 1 of 2 rows" in note.message


def test_other_kinds_on_the_accelerator_are_taken_over_in_part(served: Served, table: Callable[..., str]) -> None:
    sglang = latencies(served(serving=f"{SERVING.replace('vllm', 'sglang')}}}"))[0]
    header = "engine,tensor,input,output,concurrency,tpot [ms]"
    line = f"sglang,8,1500,400,32,{sglang * 4}"
    residual = served(serving=table(line, line, line, header=header)).inputs["serving.residual"]
    # One kind, however many rows, against one without deviation: the root of 4. The range stays.
    assert residual.range.mid == pytest.approx(2.0)
    assert residual.range.high == pytest.approx(2.0 * 1.25)
    assert "no rows of llama-3.1-405b in fp8 with vllm, but of 1 others on h100-sxm" in residual.origin.note


def test_rows_of_other_accelerators_are_refused(denied: Denied, table: Callable[..., str]) -> None:
    header = "accelerator,tensor,input,output,concurrency,tpot [ms]"
    (found,) = denied(serving=table("mtia-400,8,1500,400,32,9", header=header))
    assert found.code == "CC622"
    assert "no row of own.csv was measured on h100-sxm: they are of mtia-400" in found.message


def test_what_is_wrong_with_a_row_is_told_at_its_line(denied: Denied, table: Callable[..., str]) -> None:
    header = "model,tensor,input,output,concurrency,tpot [ms]"
    lines = (",8,1500,400,32,9", "lama-3.1-405b,8,1500,400,32,9", ",7,1500,400,32,9")
    found = denied(serving=table(*lines, header=header))
    # 7 ranks divide neither heads nor widths: the same place for each of them.
    assert {(each.code, each.span.label if each.span else "") for each in found} == {
        ("CC501", "own.csv:3:1"),
        ("CC311", "own.csv:4:1"),
    }


def test_a_file_outside_the_folder_is_refused(denied: Denied, table: Callable[..., str]) -> None:
    table()
    (found,) = denied(serving=f"{SERVING}, calibration: ../own.csv}}")
    assert found.code == "CC303"
    assert "lies outside the folder of the scenario file" in found.message
    assert "--calibrate" in found.hint


def test_unvalidated_hardware_is_not_called_so_once_it_is_measured(served: Served, table: Callable[..., str]) -> None:
    serving = "{accelerator: mtia-400, tensor: 8, precision: fp8, engine: vllm, batch: 32"
    before = served(serving=f"{serving}}}")
    codes = {each.code for each in before.diagnostics}
    table(f"8,1500,400,32,{latencies(before)[0]},")
    after = {each.code for each in served(serving=f"{serving}, calibration: own.csv}}").diagnostics}
    assert ("CC616" in codes, "CC616" in after, "CC620" in after) == (True, False, True)


def test_one_row_is_in_the_middle_of_what_it_leaves(served: Served, table: Callable[..., str]) -> None:
    tpot, _ = latencies(served())
    found = served(serving=table(f"8,1500,400,32,{tpot * 1.1},")).inputs["serving.residual"].range
    assert math.log(found.high / found.mid) == pytest.approx(
        math.log(left_range(Range(0.8, 1.0, 1.25), Range(0.9, 1.0, 1.1), 1).high)
    )
