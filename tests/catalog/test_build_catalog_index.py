from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "build_catalog_index.py"


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *arguments])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    assert isinstance(caught.value.code, int)
    return caught.value.code


def test_check_tells_a_fresh_index_from_a_stale_one(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run(monkeypatch, "--check", str(copied)) == 0
    file = copied / "grids" / "grids.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("name: Virginia", "name: Old Dominion"), encoding="utf-8")
    assert _run(monkeypatch, "--check", str(copied)) == 1
    assert _run(monkeypatch, str(copied)) == 0
    assert _run(monkeypatch, "--check", str(copied)) == 0
    assert '"name": "Old Dominion"' in (copied / "index.json").read_text(encoding="utf-8")


def test_a_missing_index_is_stale(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (copied / "index.json").unlink()
    assert _run(monkeypatch, "--check", str(copied)) == 1


def test_wrong_data_is_shown_with_its_place(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = copied / "sites" / "aws.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("pue: 1.15", "pue: 0.15", 1), encoding="utf-8")
    assert _run(monkeypatch, str(copied)) == 2
    error = capsys.readouterr().err
    assert "aws.yaml:10:10: error CC405" in error
    assert error.endswith("1 problem(s)\n")
