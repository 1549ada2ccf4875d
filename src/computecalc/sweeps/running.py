"""Running a sweep: partition after partition into a folder, going on where an earlier run stopped.

::

    plan = read_plan(load_path(Path("sweep.yaml")))
    result = run_sweep(plan, Path("out"), catalog=Catalog.open())
    result.table(["case", "cost.total"])
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from computecalc import __version__
from computecalc.catalog.lookup import Catalog
from computecalc.errors import Diagnostic, UsageError
from computecalc.estimators.metrics import METRICS
from computecalc.records import record
from computecalc.sweeps.choosing import chosen_metrics
from computecalc.sweeps.extras import needed
from computecalc.sweeps.folder import opened, unwritable, write_manifest
from computecalc.sweeps.limits import Limit
from computecalc.sweeps.plan import Plan, digest_of

if TYPE_CHECKING:
    import pyarrow as pa

    from computecalc.sweeps.analysis import Analysis
    from computecalc.sweeps.evaluating import Prove
    from computecalc.sweeps.partitions import Counts, Layout

__all__ = ["PARTITION_ROWS", "Job", "SweepResult", "computed", "run_sweep"]

PARTITION_ROWS = 2**18
"""Cases of a partition unless it is said otherwise."""

MOST_PARTITIONS = 100_000
"""Files that a sweep may come to."""

Progress = Callable[[int, int], object]
"""Is told of partitions that are done, and of all."""


@record
class SweepResult:
    """A sweep in its folder."""

    folder: Path
    name: str
    """Of the scenario."""
    cases: int
    """All cases of the plan."""
    failed: int
    """Cases that cannot be estimated: rows without metrics that say why, or left out where there are limits."""
    left_out: int
    """Cases that do not keep the limits."""
    rows: int
    """Rows that were written."""
    partitions: int
    computed: int
    """Partitions that this run computed; the others were there."""
    axes: Mapping[str, str | None]
    """Unit of each axis; None for texts."""
    metrics: Mapping[str, str]
    """Unit of each metric."""

    @property
    def files(self) -> tuple[Path, ...]:
        """The Parquet files, in the order of the cases."""
        from computecalc.sweeps.partitions import partition_name

        return tuple(self.folder / partition_name(number) for number in range(self.partitions))

    @property
    def columns(self) -> dict[str, str | None]:
        """Unit of each column; None for texts."""
        return {"case": "1", **self.axes, "status": None, "reason": None, **self.metrics}

    def table(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Read the whole sweep, or some of its columns, into memory."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        read = [pq.read_table(path, columns=columns) for path in self.files]
        return pa.concat_tables(read).unify_dictionaries()


@record
class Job:
    """All that a partition needs; it travels to workers."""

    analysis: Analysis
    layout: Layout
    folder: Path
    rows: int

    def bounds(self, number: int) -> tuple[int, int]:
        """Return the first case of a partition, and the one after its last."""
        return number * self.rows, min((number + 1) * self.rows, self.analysis.plan.cases)


def computed(job: Job, number: int, prove: Prove) -> Counts:
    """Compute and write one partition.

    Raises
    ------
    EstimateError
        CC754 where a case comes out differently alone.
    UsageError
        CC104 when it cannot be written.
    """
    from computecalc.sweeps.evaluating import evaluated
    from computecalc.sweeps.partitions import write_partition

    wanted = dict.fromkeys((*job.layout.metrics, *(limit.metric for limit in job.layout.limits)))
    found = evaluated(job.analysis, *job.bounds(number), tuple(wanted), prove)
    try:
        return write_partition(job.folder, number, found, job.layout)
    except OSError as error:
        raise unwritable(job.folder, error) from error


def run_sweep(
    plan: Plan,
    folder: Path,
    *,
    catalog: Catalog,
    metrics: Sequence[str] = (),
    where: Sequence[Limit] = (),
    partition_rows: int = PARTITION_ROWS,
    restart: bool = False,
    engine: Literal["embedded", "dask"] = "embedded",
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> SweepResult:
    """Evaluate a sweep and write it to a folder; finished partitions of an earlier run are kept.

    Parameters
    ----------
    plan : Plan
        What is swept, from `computecalc.sweeps.reading.read_plan`.
    folder : Path
        Where the partitions are written; of Dask workers on several machines all must reach it.
    catalog : Catalog
        Where figures come from.
    metrics : sequence of str
        Metric ids, or patterns such as ``cost.*``; empty: all that are known.
    where : sequence of Limit
        Only rows that keep all of them are written.
    partition_rows : int
        Cases of a partition.
    restart : bool
        Whether another sweep in the folder is replaced.
    engine : {"embedded", "dask"}
        In this process, or on a Dask cluster.
    scheduler : str, optional
        Address of the cluster; absent: one of local processes.
    workers : int, optional
        Processes of a local cluster; absent: one for each processor.
    progress : callable, optional
        Is told of partitions that are done, and of all.

    Raises
    ------
    ComputecalcError
        What is wrong with the plan or the folder, see docs/sweeps.md; CC754 where a case comes out differently alone.
    """
    needed("pyarrow", *(("scipy",) if plan.sample is not None else ()))
    # Imported here: they need what may not be installed.
    from computecalc.sweeps.analysis import analysed
    from computecalc.sweeps.partitions import partition_name, read_counts

    analysis = analysed(plan, catalog)
    chosen = chosen_metrics(metrics, analysis.metrics, where)
    job = Job(analysis, _layout(analysis, catalog, chosen, where, partition_rows), folder.absolute(), partition_rows)
    count = -(-plan.cases // partition_rows)
    if count > MOST_PARTITIONS:
        message = f"{count:,} partitions are too many; at most {MOST_PARTITIONS:,} are written"
        raise UsageError(Diagnostic("CC101", message, hint=f"--partition-rows {-(-plan.cases // MOST_PARTITIONS)}"))
    manifest = _manifest(job, catalog, count)
    opened(folder, manifest["identity"], restart=restart)
    write_manifest(folder, manifest)
    found: dict[int, Counts] = {}
    for number in range(count):
        first, stop = job.bounds(number)
        there = read_counts(job.folder / partition_name(number), number, stop - first, job.layout)
        if there is not None:
            found[number] = there
    wanted = [number for number in range(count) if number not in found]
    if progress is not None:
        progress(len(found), count)
    for number, counts in _mapped(job, wanted, engine, scheduler, workers):
        found[number] = counts
        if progress is not None:
            progress(len(found), count)
    totals = _totals(found.values())
    write_manifest(folder, {**manifest, "complete": True, "counts": totals})
    return SweepResult(
        folder=folder,
        name=plan.name,
        cases=totals["cases"],
        failed=totals["failed"],
        left_out=totals["left_out"],
        rows=totals["written"],
        partitions=count,
        computed=len(wanted),
        axes={axis.path: axis.unit for axis in analysis.columns},
        metrics={name: METRICS[name].unit for name in chosen},
    )


def _mapped(
    job: Job, numbers: Sequence[int], engine: str, scheduler: str | None, workers: int | None
) -> Iterable[tuple[int, Counts]]:
    if engine == "dask":
        # Imported here: an extra that few have.
        needed("distributed")
        from computecalc.sweeps.cluster import mapped

        return mapped(job, numbers, scheduler=scheduler, workers=workers)
    if engine != "embedded":
        message = f"there is no engine {engine!r}"
        raise UsageError(Diagnostic("CC101", message, hint="there are embedded and dask"))
    return _here(job, numbers)


def _here(job: Job, numbers: Sequence[int]) -> Iterable[tuple[int, Counts]]:
    from computecalc.sweeps.proving import Prover

    prove = Prover(job.analysis)
    for number in numbers:
        yield number, computed(job, number, prove)


def _layout(
    analysis: Analysis, catalog: Catalog, metrics: tuple[str, ...], where: Sequence[Limit], rows: int
) -> Layout:
    from computecalc.sweeps.partitions import Layout

    metadata = {
        "computecalc.version": __version__,
        "computecalc.scenario": analysis.plan.name,
        "computecalc.plan": analysis.plan.digest,
        "computecalc.inputs": analysis.digest,
        "computecalc.catalog": f"{catalog.version} {catalog.digest}",
        "computecalc.formulas": _formulas_digest(),
        "computecalc.metrics": digest_of(list(metrics)),
        "computecalc.where": digest_of([limit.text for limit in where]),
        "computecalc.partition_rows": str(rows),
    }
    return Layout(analysis.columns, metrics, tuple(where), metadata)


def _formulas_digest() -> str:
    """Digest of all formulas with their versions."""
    from computecalc.formulas import every
    from computecalc.formulas.table import FORMULAS

    del every
    text = "\n".join(sorted(formula.reference for formula in FORMULAS.values()))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _manifest(job: Job, catalog: Catalog, partitions: int) -> dict[str, Any]:
    plan, layout = job.analysis.plan, job.layout
    drawn = {each.path: each for each in job.analysis.drawings}
    return {
        "schema_version": 1,
        "tool": {"name": "computecalc", "version": __version__},
        "catalog": {"version": catalog.version, "digest": catalog.digest},
        "identity": {key.removeprefix("computecalc."): value for key, value in layout.metadata.items()},
        "scenario": plan.name,
        "cases": plan.cases,
        "points": plan.points.count,
        "samples": None if plan.sample is None else plan.sample.model_dump(mode="json", exclude={"axes"}),
        "axes": [
            {"path": axis.path, "unit": axis.unit, **_extent(axis.texts, drawn.get(axis.path))} for axis in layout.axes
        ],
        "metrics": [{"id": name, "unit": METRICS[name].unit} for name in layout.metrics],
        "where": [limit.text for limit in layout.limits],
        "partitions": partitions,
        "complete": False,
        "counts": None,
    }


def _extent(texts: tuple[str, ...], drawing: Any) -> dict[str, Any]:
    if drawing is None:
        return {"values": list(texts)}
    extent = drawing.range
    return {"low": extent.low, "mid": extent.mid, "high": extent.high, "spread": drawing.axis.spread}


def _totals(counts: Iterable[Counts]) -> dict[str, int]:
    totals = {"cases": 0, "failed": 0, "left_out": 0, "written": 0}
    for each in counts:
        for key in totals:
            totals[key] += getattr(each, key)
    return totals
