"""The same sweep on a Dask cluster of two local processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from computecalc.errors import ComputecalcError, UsageError
from computecalc.sweeps import cluster
from computecalc.sweeps.cluster import mapped
from computecalc.sweeps.running import SweepResult
from tests.sweeps.plans import SMALL, content, swept

pytestmark = pytest.mark.filterwarnings("ignore")  # of the sockets and processes that a cluster leaves to its end


def test_two_workers_write_the_same_bytes_and_go_on_where_others_stopped(tmp_path: Path) -> None:
    here = swept(SMALL, tmp_path / "here", partition_rows=500)
    there = swept(SMALL, tmp_path / "there", partition_rows=500, engine="dask", workers=2)
    assert there.computed == 8
    assert content(tmp_path / "there") == content(here.folder)
    (tmp_path / "there" / "part-000005.parquet").unlink()
    again: SweepResult = swept(SMALL, tmp_path / "there", partition_rows=500)
    assert again.computed == 1
    assert content(tmp_path / "there") == content(here.folder)


def test_what_a_worker_meets_is_told_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = cluster.computed

    def without_folder(job: object, number: int, prove: object) -> object:
        import shutil

        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        return real(job, number, prove)  # type: ignore[arg-type]

    monkeypatch.setattr(cluster, "computed", without_folder)
    from computecalc.sweeps import running

    class Here:
        """A cluster in this process: it does what a worker does, on pickled jobs."""

    del Here
    plan_job: list[object] = []

    def keep(job: object, numbers: object, **_: object) -> object:
        plan_job.append(job)
        return iter(())

    monkeypatch.setattr(cluster, "mapped", keep)
    swept(SMALL, tmp_path / "out", partition_rows=500, engine="dask")
    assert running.run_sweep
    met = cluster._part(plan_job[0], cluster.__version__, 0)  # type: ignore[arg-type]
    assert isinstance(met, cluster._Met)
    with pytest.raises(UsageError) as caught:
        raise met.error()
    assert caught.value.diagnostics[0].code == "CC104"


def test_a_worker_of_another_version_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[object] = []

    def keep(job: object, numbers: object, **_: object) -> object:
        jobs.append(job)
        return iter(())

    monkeypatch.setattr(cluster, "mapped", keep)
    swept(SMALL, tmp_path / "out", partition_rows=500, engine="dask")
    met = cluster._part(jobs[0], "0.0.0", 0)  # type: ignore[arg-type]
    assert isinstance(met, cluster._Met)
    assert met.error().diagnostics[0].code == "CC762"


def test_a_scheduler_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    assert mapped
    with pytest.raises(ComputecalcError) as caught:
        swept(SMALL, tmp_path / "out", engine="dask", scheduler="tcp://127.0.0.1:9")
    assert caught.value.diagnostics[0].code == "CC761"
