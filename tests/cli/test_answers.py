"""Writing what was asked for: whole or not at all, and links and pipes as they are."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from computecalc.cli.answers import write_atomically
from computecalc.errors import UsageError
from tests.conftest import Ran

TRAIN = ("train", "llama-3.1-405b", "--accelerator", "h100", "--count", "1024")


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    path.write_text("old and longer", encoding="utf-8")
    write_atomically(path, "new\n")
    assert path.read_text(encoding="utf-8") == "new\n"
    assert os.listdir(tmp_path) == ["result.json"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"


def test_a_device_is_written_to_and_not_replaced() -> None:
    write_atomically(Path(os.devnull), "gone")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["missing/result.json", "."])
def test_what_cannot_be_written_is_cc104(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        write_atomically(tmp_path / name, "text")
    assert [d.code for d in caught.value.diagnostics] == ["CC104"]
    assert os.listdir(tmp_path) == []


@pytest.mark.usefixtures("golden_catalog")
def test_one_format_may_go_to_two_files_and_one_bad_path_spoils_no_other(
    tmp_path: Path, program: Callable[..., Ran]
) -> None:
    good, also, bad = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "missing" / "c.csv"
    ran = program(*TRAIN, "-f", "csv", "-o", f"json={good}", "-o", f"csv={bad}", "-o", f"json={also}")
    assert ran.code == 2
    assert ran.err == (
        f"error CC104: cannot write {bad}: No such file or directory\n   hint: check the folder and its rights\n"
    )
    assert good.read_text(encoding="utf-8") == also.read_text(encoding="utf-8")
    assert json.loads(good.read_text(encoding="utf-8"))["scenarios"][0]["status"] == "ok"
    assert ran.out.startswith("scenario,kind,metric,low,value,high,unit,formula,driver,reason\n")


@pytest.mark.usefixtures("golden_catalog")
@pytest.mark.parametrize("output", ["result.json", "json=", "=result.json"])
def test_an_output_wants_format_and_path(program: Callable[..., Ran], output: str) -> None:
    ran = program(*TRAIN, "-o", output)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error CC101: --output wants a name, `=` and a value, not '{output}'")


@pytest.mark.usefixtures("golden_catalog")
def test_quiet_drops_warnings_but_no_errors(program: Callable[..., Ran]) -> None:
    few = ("train", "llama-3.1-405b", "--accelerator", "h100", "--count", "8")
    assert program(*few).err.startswith("--count: warning CC603: the model states alone need 92 accelerators")
    assert program(*few, "-q").err == ""
    assert program(*few, "-q", "--pue", "0.9").err.startswith("--pue: error CC405")


@pytest.mark.usefixtures("golden_catalog")
def test_a_note_says_what_is_stated_but_not_used(program: Callable[..., Ran]) -> None:
    ran = program(*TRAIN, "--set", "site.electricity_price=80 USD/MWh")
    assert ran.code == 0
    assert ran.err.startswith("--set site.electricity_price: note CC606: stated, but the estimate does not depend")
