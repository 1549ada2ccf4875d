from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.checks.validation.cases import data_folder
from computecalc.checks.validation.cross_validation import COLUMNS, FILES, left_out, read_left_out
from computecalc.checks.validation.outcomes import Outcome
from computecalc.checks.validation.serving import serving_cases
from computecalc.checks.validation.training import training_cases
from computecalc.errors import UsageError

Make = Callable[..., Outcome]

FILE, SERVING = FILES

TABLE = """\
id,group_left_out,generation_left_out,constant_mfu
a-1,110,120,
a-2,95,80,50
"""


def test_predictions_that_did_not_see_the_case_take_its_place(tmp_path: Path, outcome: Make) -> None:
    (tmp_path / FILE).write_text(TABLE, encoding="utf-8")
    table = read_left_out(tmp_path)
    cases = [outcome("a-1", 100.0, 101.0, low=90.0, high=110.0), outcome("a-2", 100.0, 101.0), outcome("a-3")]
    by_column = {column: list(left_out(cases, table, column)) for column in COLUMNS}
    errors = {column: [round(each.error or 0.0, 6) for each in found] for column, found in by_column.items()}
    assert errors == {"group_left_out": [0.1, -0.05], "generation_left_out": [0.2, -0.2], "constant_mfu": [-0.5]}
    # From 90/101 to 110/101 of the prediction, whatever that is; a generation that was not measured has another range.
    first = by_column["group_left_out"][0]
    assert (first.low, first.high) == (pytest.approx(110.0 * 90.0 / 101.0), pytest.approx(110.0 * 110.0 / 101.0))
    assert by_column["generation_left_out"][0].low is by_column["constant_mfu"][0].low is None


def test_a_case_that_is_not_predicted_now_can_still_be_cross_validated(tmp_path: Path, outcome: Make) -> None:
    (tmp_path / FILE).write_text(TABLE.replace("a-2,95,80,50\n", ""), encoding="utf-8")
    (found,) = left_out([outcome("a-1", 100.0, None, reason="no")], read_left_out(tmp_path), "group_left_out")
    assert found.error == pytest.approx(0.1)


def test_a_stranger_in_the_table_is_an_error(tmp_path: Path, outcome: Make) -> None:
    (tmp_path / FILE).write_text(TABLE, encoding="utf-8")
    with pytest.raises(UsageError, match="a-2"):
        list(left_out([outcome("a-1")], read_left_out(tmp_path), "group_left_out"))


def test_without_the_table_nothing_is_cross_validated(tmp_path: Path) -> None:
    assert read_left_out(tmp_path) == {}


def test_the_shipped_table_is_of_shipped_cases() -> None:
    cases = (*training_cases(data_folder()), *serving_cases(data_folder()))
    assert set(read_left_out(data_folder())) <= {case.id for case in cases}


def test_serving_is_left_out_with_its_range(tmp_path: Path, outcome: Make) -> None:
    (tmp_path / SERVING).write_text("id,group_left_out,generation_left_out\na-1 tpot,50,\n", encoding="utf-8")
    table = read_left_out(tmp_path)
    present = outcome("a-1 tpot", 100.0, 80.0, low=60.0, high=120.0, kind="serving")
    (found,) = left_out([present], table, "group_left_out")
    # A quarter below and a half above the prediction, whatever that is.
    assert (found.low, found.predicted, found.high) == (37.5, 50.0, 75.0)
    assert list(left_out([present], table, "generation_left_out")) == []
    # One MFU for each accelerator is no prediction of serving.
    assert list(left_out([present], table, "constant_mfu")) == []


def test_a_serving_case_without_a_present_prediction_has_no_range(tmp_path: Path, outcome: Make) -> None:
    (tmp_path / SERVING).write_text("id,group_left_out,generation_left_out\na-1 tpot,50,60\n", encoding="utf-8")
    (found,) = left_out([outcome("a-1 tpot", 100.0, None, kind="serving")], read_left_out(tmp_path), "group_left_out")
    assert (found.low, found.predicted, found.high) == (None, 50.0, None)


def test_a_stranger_names_the_script_that_wrote_its_table(tmp_path: Path, outcome: Make) -> None:
    (tmp_path / SERVING).write_text("id,group_left_out,generation_left_out\nb tpot,50,60\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        list(left_out([outcome("a-1")], read_left_out(tmp_path), "group_left_out"))
    assert caught.value.diagnostics[0].hint == "run scripts/fit_inference.py again"
