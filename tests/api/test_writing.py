"""Sweeps from Python: the cases of a mapping, as Parquet, with the numbers of single estimates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import computecalc as cc

SPACE: dict[str, Any] = {
    "kind": "train",
    "model": "llama-3.1-8b",
    "data": {"tokens": "1T tokens"},
    "cluster": {"accelerator": "h100-sxm", "count": 64},
    "efficiency": {"mfu": 0.4, "goodput": 0.9},
    "money": {"price": "2 USD/accelerator/h"},
    "matrix": {"cluster.count": [64, 128, 256], "efficiency.mfu": [0.3, 0.4]},
}


def test_cases_are_what_single_estimates_are(tmp_path: Path) -> None:
    found = cc.sweep(SPACE, tmp_path / "out", name="space", metrics=["time.wall", "cost.*"])
    assert isinstance(found, cc.SweepResult)
    assert (found.name, found.cases, found.rows, found.failed) == ("space", 6, 6, 0)
    rows = found.table().to_pylist()
    single = cc.estimate_all(SPACE)
    assert len(single) == 6
    expected = {(each.inputs["cluster.count"].mid, each.inputs["efficiency.mfu"].mid): each for each in single}
    for row in rows:
        each = expected[row["cluster.count"], row["efficiency.mfu"]]
        assert row["time.wall"] == pytest.approx(each["time.wall"].mid, rel=1e-12)
        assert row["cost.total"] == pytest.approx(each["cost.total"].mid, rel=1e-12)


def test_a_file_settings_limits_and_progress(tmp_path: Path) -> None:
    import yaml

    plan = tmp_path / "plan.yaml"
    plan.write_text(yaml.safe_dump({"version": 1, "scenarios": {"space": SPACE}}), encoding="utf-8")
    told: list[tuple[int, int]] = []
    found = cc.sweep(
        plan,
        tmp_path / "out",
        metrics="accelerators",
        where="accelerators >= 128 accelerator",
        partition_rows=2,
        settings={"efficiency.goodput": 0.8},
        progress=lambda done, whole: told.append((done, whole)),
    )
    assert (found.rows, found.left_out, found.partitions, found.computed) == (4, 2, 3, 3)
    assert told[-1] == (3, 3)
    assert sorted(found.table(["accelerators"])["accelerators"].to_pylist()) == [128.0, 128.0, 256.0, 256.0]
    again = cc.sweep(
        plan,
        str(tmp_path / "out"),
        metrics="accelerators",
        where=["accelerators >= 128 accelerator"],
        partition_rows=2,
        settings={"efficiency.goodput": 0.8},
    )
    assert (again.rows, again.computed) == (4, 0)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda out: cc.sweep({**SPACE, "matrix": {"cluster.count": []}}, out), "CC303"),
        (lambda out: cc.sweep({"kind": "train", "model": "llama-3.1-8b"}, out), "CC751"),
        (lambda out: cc.sweep(SPACE, out, where="cost <= 1 USD"), "CC102"),
        (lambda out: cc.sweep(SPACE, out, engine="spark"), "CC101"),
        (lambda out: cc.sweep(SPACE, out, workers=2), "CC101"),
        (lambda out: cc.sweep(SPACE, out, partition_rows=0), "CC101"),
        (lambda out: cc.sweep("-", out), "CC781"),
        (lambda out: cc.sweep("no-such.yaml", out), "CC103"),
    ],
)
def test_a_sweep_that_has_no_answer_says_why(call: Callable[[Path], object], code: str, tmp_path: Path) -> None:
    with pytest.raises(cc.ComputecalcError) as error:
        call(tmp_path / "out")
    assert error.value.diagnostics[0].code == code
    assert not (tmp_path / "out").exists()


def test_without_pyarrow_one_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("computecalc.sweeps.extras.find_spec", lambda name: None)
    with pytest.raises(cc.ComputecalcError) as error:
        cc.sweep(SPACE, tmp_path / "out")
    assert [each.code for each in error.value.diagnostics] == ["CC758"]
    assert "computecalc[sweep]" in error.value.diagnostics[0].hint
