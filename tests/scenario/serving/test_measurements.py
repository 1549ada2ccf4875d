"""Tables of own measurements: what is read, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.errors import ScenarioError, UsageError
from computecalc.scenario.serving.measurements import Measurement, read_measurements


def read(tmp_path: Path, text: str) -> list[Measurement]:
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    return read_measurements(path, "own.csv", None)


def problems(tmp_path: Path, text: str) -> list[tuple[str, str, str, str]]:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, text)
    return [
        (found.code, found.span.label if found.span else "", found.message, found.hint)
        for found in caught.value.diagnostics
    ]


def test_units_stand_in_the_header_or_in_the_cell(tmp_path: Path) -> None:
    text = (
        "engine, tensor, input, output, concurrency, TPOT [ms], ttft [s], throughput\n"
        "vllm, 8, 1000, 300, 16, 9.5, 0.25,\n"
        ",2,1000,300,32,,80 ms,1.5 ktoken/s\n"
    )
    first, second = read(tmp_path, text)
    assert first.measured == {"tpot": pytest.approx(0.0095), "ttft": pytest.approx(0.25)}
    assert second.measured == {"ttft": pytest.approx(0.08), "throughput": pytest.approx(1500.0)}
    assert first.serving() == {"engine": "vllm", "tensor": 8, "data": 1, "expert": 1, "pipeline": 1, "batch": 16}
    # What is empty is left to the scenario.
    assert "engine" not in second.serving()
    assert first.traffic() == {"input": 1000, "output": 300}
    assert second.span.label == "own.csv:3:1"


def test_offline_rows_have_a_throughput_and_need_no_concurrency(tmp_path: Path) -> None:
    text = "tensor,input,output,offline,throughput [token/s]\n1,128,128,true,9000\n"
    (row,) = read(tmp_path, text)
    assert row.is_offline
    assert row.traffic()["offline"] is True
    assert "batch" not in row.serving()


@pytest.mark.parametrize(
    ("header", "said", "hint"),
    [
        ("tensor,input,output,concurency,tpot [ms]", "there is no column 'concurency'", "did you mean concurrency?"),
        ("tensor,input,input,output,tpot [ms]", "the column input is there twice", "keep one of them"),
        ("tensor [GPU],input,output,tpot [ms]", "the column tensor has no unit", "call it tensor"),
        ("input,output,tpot [ms]", "the header lacks tensor", ""),
        ("tensor,input,output,concurrency", "no column is a measurement", "tpot [ms]"),
        ("", "the header lacks tensor, input, output", ""),
    ],
)
def test_a_wrong_header_is_told_with_its_way_out(tmp_path: Path, header: str, said: str, hint: str) -> None:
    code, place, message, way = problems(tmp_path, f"{header}\n1,1,1,1,1\n")[0]
    assert (code, place) == ("CC621", "own.csv:1:1")
    assert said in message
    assert hint in way


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1,1000,300,16", "the line has 4 cells, the header 5"),
        (",1000,300,16,9.5", "tensor is empty"),
        ("1,1000,300,,9.5", "concurrency is empty"),
        ("1,1000,300,16,", "the line has no measurement"),
        ("1,1000,300,16,fast", "tpot: "),
        ("1,1000,300,16,-3", "tpot: "),
        ("1,1000,300,16,0", "tpot: "),
        ("1,1000,300,16,nan", "tpot: "),
        ("1,1000,300,16,9 token", "tpot: "),
    ],
)
def test_a_wrong_line_is_told_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    text = f"tensor,input,output,concurrency,tpot [ms]\n1,1000,300,16,9.5\n{line}\n"
    found = problems(tmp_path, text)
    assert [(code, place) for code, place, _, _ in found] == [("CC621", "own.csv:3:1")]
    assert said in found[0][2]


def test_all_lines_are_told_in_one_pass(tmp_path: Path) -> None:
    text = "tensor,input,output,concurrency,tpot [ms]\n1,1000,300,,9.5\n1,1000,300,16,x\n"
    assert [place for _, place, _, _ in problems(tmp_path, text)] == ["own.csv:2:1", "own.csv:3:1"]


def test_a_measurement_without_a_unit_is_refused(tmp_path: Path) -> None:
    ((_, _, message, hint),) = problems(tmp_path, "tensor,input,output,concurrency,tpot\n1,1000,300,16,9.5\n")
    assert message == "tpot: 9.5 has no unit"
    assert hint == "name the unit in the header: tpot [ms]"


def test_a_table_without_lines_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, "tensor,input,output,concurrency,tpot [ms]\n\n")
    assert found[0][2] == "there is no line below the header"


def test_latencies_of_offline_work_are_refused(tmp_path: Path) -> None:
    text = "tensor,input,output,offline,tpot [ms]\n1,128,128,true,9\n"
    assert problems(tmp_path, text)[0][2] == "offline work has no latencies"
    text = "tensor,input,output,offline,tpot [ms]\n1,128,128,yes,9\n"
    assert problems(tmp_path, text)[0][2] == "offline is 'yes'"


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "none.csv", "does not exist")):
        with pytest.raises(UsageError, match=said):
            read_measurements(path, "own.csv", None)
    binary = tmp_path / "own.csv"
    binary.write_bytes(b"tensor,input\xff")
    with pytest.raises(UsageError, match="no UTF-8 text"):
        read_measurements(binary, "own.csv", None)
