"""What a sweep leaves in its folder: whole partitions, the same bytes however often it was stopped."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from computecalc.errors import ComputecalcError, UsageError
from computecalc.estimators.metrics import METRICS
from computecalc.sweeps.running import SweepResult
from tests.sweeps.plans import CATALOG, DENSE, SMALL, content, plan_of, swept

ROWS = 100
"""Of a partition: the small plan then has 40."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> SweepResult:
    """The small plan, swept without an interruption."""
    return swept(SMALL, tmp_path_factory.mktemp("whole") / "out", partition_rows=ROWS)


def started(folder: Path) -> subprocess.Popen[bytes]:
    """Start the sweep of the small plan in a process of its own."""
    (folder / "plan.yaml").write_text(SMALL, encoding="utf-8")
    program = "from computecalc.cli.main import main; main()"
    arguments = ["sweep", "plan.yaml", "--to", "out", "--partition-rows", str(ROWS)]
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for_a_partition(folder: Path) -> None:
    for _ in range(1200):
        if any(folder.glob("part-*.parquet")):
            return
        time.sleep(0.05)
    raise AssertionError("no partition within a minute")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_at_a_random_moment_and_started_again_it_comes_to_the_same_bytes(
    seed: int, whole: SweepResult, tmp_path: Path
) -> None:
    process = started(tmp_path)
    try:
        wait_for_a_partition(tmp_path / "out")
        time.sleep(random.Random(seed).uniform(0.0, 0.8))
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    there = list((tmp_path / "out").glob("part-*.parquet"))
    for path in there:  # what has its name is whole
        assert path.read_bytes() == (whole.folder / path.name).read_bytes()
    result = swept(SMALL, tmp_path / "out", partition_rows=ROWS)
    assert result.computed == 40 - len(there)
    assert content(tmp_path / "out") == content(whole.folder)


def test_an_interruption_leaves_whole_partitions_alone(whole: SweepResult, tmp_path: Path) -> None:
    process = started(tmp_path)
    try:
        wait_for_a_partition(tmp_path / "out")
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(timeout=60)
    assert code == 130
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert not any(name.startswith(".") for name in names)
    assert all(content(tmp_path / "out")[name] == content(whole.folder)[name] for name in names - {"sweep.json"})
    assert json.loads((tmp_path / "out" / "sweep.json").read_text())["complete"] is False


def test_damaged_partitions_are_computed_again(whole: SweepResult, tmp_path: Path) -> None:
    swept(SMALL, tmp_path / "out", partition_rows=ROWS)
    parts = [tmp_path / "out" / f"part-{number:06d}.parquet" for number in range(6)]
    parts[0].unlink()
    parts[1].write_bytes(parts[1].read_bytes()[:-100])  # cut short
    parts[2].write_bytes(b"")
    flipped = bytearray(parts[3].read_bytes())
    flipped[len(flipped) // 3] ^= 0xFF  # one byte in the middle of a page
    parts[3].write_bytes(bytes(flipped))
    parts[4].write_bytes(parts[5].read_bytes())  # whole, but of other cases
    result = swept(SMALL, tmp_path / "out", partition_rows=ROWS)
    assert result.computed == 5
    assert content(tmp_path / "out") == content(whole.folder)


def test_leavings_of_a_killed_run_are_removed(whole: SweepResult, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".part-000003.parquet.abcdef").write_bytes(b"half")
    swept(SMALL, tmp_path / "out", partition_rows=ROWS)
    assert content(tmp_path / "out") == content(whole.folder)


@pytest.mark.parametrize(
    ("text", "options", "named"),
    [
        (SMALL.replace("seed: 3", "seed: 4"), {}, "plan"),
        (SMALL.replace("1024]", "2048]"), {}, "plan"),
        (SMALL, {"metrics": ["cost.*"]}, "metrics"),
        (SMALL, {"partition_rows": ROWS + 1}, "partition_rows"),
    ],
)
def test_another_sweep_in_the_folder_is_refused_and_replaced_on_demand(
    text: str, options: dict[str, object], named: str, tmp_path: Path
) -> None:
    swept(SMALL, tmp_path / "out", partition_rows=ROWS)
    before = content(tmp_path / "out")
    with pytest.raises(UsageError, match=f"holds another sweep: its .*{named}") as caught:
        swept(text, tmp_path / "out", **{"partition_rows": ROWS, **options})
    assert caught.value.diagnostics[0].code == "CC755"
    assert content(tmp_path / "out") == before
    again = swept(text, tmp_path / "out", restart=True, **{"partition_rows": ROWS, **options})
    assert again.computed == again.partitions


@pytest.mark.parametrize("restart", [True, False])
def test_a_folder_with_other_things_is_left_alone(restart: bool, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("precious", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        swept(SMALL, tmp_path, restart=restart)
    assert caught.value.diagnostics[0].code == "CC756"
    assert content(tmp_path) == {"thesis.tex": b"precious"}


def test_a_record_that_cannot_be_read_is_no_sweep(tmp_path: Path) -> None:
    (tmp_path / "sweep.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        swept(SMALL, tmp_path)
    assert caught.value.diagnostics[0].code == "CC756"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        swept(SMALL, tmp_path / "file" / "out")
    assert caught.value.diagnostics[0].code == "CC104"


def test_a_disk_without_room_leaves_whole_partitions_alone(whole: SweepResult, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(SMALL, encoding="utf-8")
    limit = (whole.folder / "part-000000.parquet").stat().st_size - 1000
    script = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from computecalc.cli.main import main\n"
        f"main(['sweep', 'plan.yaml', '--to', 'out', '--partition-rows', '{ROWS}'])\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "CC104" in run.stderr
    assert "Traceback" not in run.stderr
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert not any(name.startswith(".") for name in names)
    swept(SMALL, tmp_path / "out", partition_rows=ROWS)
    assert content(tmp_path / "out") == content(whole.folder)


@pytest.mark.parametrize("rows", [1000, 4000, 100_000])
def test_rows_do_not_depend_on_the_partitions(rows: int, whole: SweepResult, tmp_path: Path) -> None:
    result = swept(SMALL, tmp_path / "out", partition_rows=rows)
    assert result.table().to_pydict() == whole.table().to_pydict()


def test_refused_cases_are_rows_that_say_why(whole: SweepResult) -> None:
    table = whole.table(["case", "cluster.count", "status", "reason", "cost.total"]).to_pylist()
    assert len(table) == 4000
    refused = [row for row in table if row["status"] != "ok"]
    # A count of 0 is one of four, and its 500 samples are taken for two accelerators.
    assert len(refused) == whole.failed == 1000
    assert {row["status"] for row in refused} == {"CC405"}
    assert all("more than 0" in row["reason"] and row["cost.total"] is None for row in refused)
    assert {row["cluster.count"] for row in refused} == {0.0}
    assert all(row["reason"] is None and row["cost.total"] > 0.0 for row in table if row["status"] == "ok")


def test_every_column_has_its_unit_and_every_file_its_digests(whole: SweepResult) -> None:
    for path in whole.files:
        schema = pq.read_schema(path)
        units = {field.name: (field.metadata or {}).get(b"unit", b"").decode() for field in schema}
        for name in whole.metrics:
            assert units[name] == METRICS[name].unit
        assert units["data.tokens"] == "token"
        assert units["cluster.count"] == "accelerator"
        assert units["efficiency.mfu"] == "1"
        assert units["cluster.accelerator"] == units["status"] == units["reason"] == ""
        metadata = {key.decode(): value.decode() for key, value in schema.metadata.items()}
        assert metadata["computecalc.plan"] == plan_of(SMALL).digest
        assert metadata["computecalc.catalog"] == f"{CATALOG.version} {CATALOG.digest}"
        assert json.loads(metadata["computecalc.partition"])["cases"] == ROWS
    manifest = json.loads((whole.folder / "sweep.json").read_text(encoding="utf-8"))
    assert manifest["counts"] == {"cases": 4000, "failed": 1000, "left_out": 0, "written": 4000}
    assert manifest["complete"] is True


def test_a_difference_from_single_estimates_ends_the_sweep(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from computecalc.estimators.columns import Judged, judged_columns
    from computecalc.sweeps import evaluating

    def wrong(*arguments: object) -> Judged:
        found = judged_columns(*arguments)  # type: ignore[arg-type]
        return Judged({**found.metrics, "cost.total": found.metrics["cost.total"] * 1.000001}, found.refused)

    monkeypatch.setattr(evaluating, "judged_columns", wrong)
    with pytest.raises(ComputecalcError, match=r"case \d+ of dense comes out differently .*cost\.total") as caught:
        swept(DENSE + "    matrix: {data.tokens: [1T tokens, 2T tokens]}\n", tmp_path / "out")
    assert caught.value.diagnostics[0].code == "CC754"
    assert os.listdir(tmp_path / "out") == ["sweep.json"]
