"""Files, folders and standard input."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

pytestmark = pytest.mark.usefixtures("golden_catalog")

ONE = (
    "version: 1\nscenarios:\n"
    "  {name}: {{kind: train, model: llama-3.1-405b, cluster: {{accelerator: h100, count: 512}}}}\n"
)


def names(ran: Ran) -> list[str]:
    return [line.split()[1] for line in ran.out.splitlines() if line.startswith("scenario ")]


def test_files_and_folders_in_the_order_asked_for(tmp_path: Path, program: Callable[..., Ran]) -> None:
    for name in ("b.yaml", "a.yml", "ignored.txt"):
        (tmp_path / name).write_text(ONE.format(name=name[0]), encoding="utf-8")
    single = tmp_path / "single"
    single.mkdir()
    (single / "z.yaml").write_text(ONE.format(name="z"), encoding="utf-8")
    ran = program("run", str(single / "z.yaml"), str(tmp_path))
    assert (ran.code, names(ran)) == (0, ["z", "a", "b"])


def test_standard_input(monkeypatch: pytest.MonkeyPatch, program: Callable[..., Ran]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ONE.format(name="piped").encode())))
    assert names(program("run", "-")) == ["piped"]


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing.yaml", "{path} does not exist"), ("empty", "the folder {path} has no .yaml file")],
)
def test_what_cannot_be_read_is_cc103(tmp_path: Path, program: Callable[..., Ran], name: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    path = tmp_path / name
    ran = program("run", str(path))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"error CC103: {message.format(path=path)}\n")


def test_a_name_too_long_for_a_path(program: Callable[..., Ran]) -> None:
    ran = program("run", "a" * 5000)
    assert ran.code == 2
    assert ran.err.startswith("error CC103: cannot read aaa")


def test_a_bad_file_does_not_stop_the_good_one(tmp_path: Path, program: Callable[..., Ran]) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(ONE.format(name="good"), encoding="utf-8")
    bad.write_text("version: 2\nscenarios: {}\n", encoding="utf-8")
    ran = program("run", str(bad), str(good))
    assert (ran.code, names(ran)) == (2, ["good"])
    assert ran.err.startswith(f"{bad}:1:10: error CC306: expected `1`, found the number `2`")


def test_a_setting_reaches_every_scenario(tmp_path: Path, program: Callable[..., Ran]) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(ONE.format(name="one"), encoding="utf-8")
    ran = program("run", str(path), "--set", "cluster.count=x")
    assert ran.code == 2
    assert ran.err.startswith("--set cluster.count: error CC401: `x` does not start with a number")
    assert f"note: in scenario one {path}:3:3" in ran.err
